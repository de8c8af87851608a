/* class: see class.h. */
#include "grader/class.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/report.h"

/* Held by this process and by all that it starts: what an interrupted run left at work ends first. */
static void lock_out(const char *out)
{
    int fd = open(keep_format("%s/lock", out), O_RDWR | O_CREAT, 0666);
    if (fd < 0)
        die_usage("cannot write in %s: %s", out, strerror(errno));
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return;
    printf("waiting for gradings that an earlier run has left at work in %s\n", out);
    fflush(stdout);
    while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
        ;
}

static void write_table(const struct class *class, const char *name,
                        void write(const struct class *class, FILE *out))
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        die_broken("no memory for %s", name);
    write(class, out);
    fclose(out);
    const char *file = keep_format("%s/%s", class->out, name);
    if (!file_write(file, text, length))
        die_broken("cannot write %s: %s", file, strerror(errno));
    free(text);
}

static void write_summary(const struct class *class, FILE *out)
{
    class_summary(class, out);
    class_groups(class, out);
}

int class_grade(const struct options *options, const char *root)
{
    struct class class = {.source = options->class_source, .out = options->out};
    class_list(&class, options->class_source);
    folder_make(class.out);
    lock_out(class.out);
    class_check_settings(&class, options);
    class_run(&class, options, root);
    int status = EXIT_GRADED;
    for (size_t i = 0; i < class.count; i++)
        if (!class_load(&class, &class.students[i]))
            status = EXIT_BROKEN;
    write_table(&class, "results.csv", class_csv);
    write_table(&class, "summary.txt", write_summary);
    write_table(&class, "index.html", class_page);
    write_summary(&class, stdout);
    printf("\nAll of it in %s: index.html, results.csv, summary.txt, and each student's folder\n",
           class.out);
    for (size_t i = 0; i < class.count; i++)
        json_decref(class.students[i].result);
    return status;
}
