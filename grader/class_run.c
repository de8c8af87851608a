/* class_run: grades the submissions that are not finished, by GNU parallel: on this machine, or on
 * all that --sshlogin names, which then must have the tree, the submissions and OUT under the same
 * paths (a shared file system).
 *
 * parallel gets nothing but the students' ids, which no shell can misread; the paths wait in files
 * (class_one.sh). It prints an id for each job that has ended. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/class.h"
#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/progress.h"
#include "grader/text.h"

enum { MOST_ARGUMENTS = 64, MOST_LINE = 256 };

/* --- Calling GNU parallel --- */

struct call {
    const char *arguments[MOST_ARGUMENTS + 1];
    size_t count;
};

static void add(struct call *call, const char *argument)
{
    if (call->count == MOST_ARGUMENTS)
        die_broken("too many arguments for parallel");
    call->arguments[call->count++] = argument;
}

static void add_all(struct call *call, const char *const *arguments)
{
    for (; *arguments != NULL; arguments++)
        add(call, *arguments);
}

static void add_where(struct call *call, const struct options *options, const char *root)
{
    add_all(call, (const char *const[]){"parallel", "--will-cite", "--plain", "--quote", NULL});
    if (options->sshlogin != NULL)
        add_all(call, (const char *const[]){"--sshlogin", options->sshlogin, "--workdir", root,
                                            "--controlmaster", NULL});
}

/* What each grading is told of the options of the class. */
static void add_options(struct call *call, const struct options *options)
{
    static const char *const jails[] = {
        [JAIL_AUTO] = "auto", [JAIL_BUBBLEWRAP] = "bubblewrap", [JAIL_LIMITS] = "limits"};
    add_all(call, (const char *const[]){"--jobs", "1", "--seed", options->seed, "--jail",
                                        jails[options->jail], NULL});
    if (options->stage != 0)
        add_all(call, (const char *const[]){"--stage", keep_format("%u", options->stage), NULL});
    if (options->rubric != NULL)
        add_all(call, (const char *const[]){"--rubric", options->rubric, NULL});
    if (options->hidden != NULL)
        add_all(call, (const char *const[]){"--hidden", options->hidden, NULL});
    if (options->own_layers)
        add(call, "--own-layers");
    if (options->quick)
        add(call, "--quick");
}

static const char *build_for(const struct options *options)
{
    return options->sshlogin == NULL ? options->build : keep_format("%s/hosts/%%h", options->build);
}

/* Start it with `input` as its standard input and a pipe from its output, which is returned. */
static FILE *start(const struct call *call, const char *input, pid_t *pid)
{
    int ends[2];
    posix_spawn_file_actions_t actions;
    if (pipe(ends) != 0 || posix_spawn_file_actions_init(&actions) != 0)
        die_broken("cannot start parallel: %s", strerror(errno));
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    int error =
        posix_spawnp(pid, call->arguments[0], &actions, NULL, (char **)call->arguments, environ);
    if (error != 0)
        die_usage("parallel cannot be started: %s: install it with  apt install parallel",
                  strerror(error));
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    return fdopen(ends[0], "r");
}

/* --- Before: each host builds and measures the reference --- */

static void prepare(const struct class *class, const struct options *options, const char *root)
{
    struct call call = {.count = 0};
    if (options->sshlogin != NULL) {
        add_where(&call, options, root);
        add(&call, "--nonall");
    }
    add_all(&call, (const char *const[]){keep_format("%s/grader/class_prepare.sh", root),
                                         class->out, build_for(options), options->program, NULL});
    add_options(&call, options);
    printf("grading the reference first, for the limits\n");
    fflush(stdout);
    pid_t pid = 0;
    FILE *said = start(&call, "/dev/null", &pid);
    char line[MOST_LINE];
    while (fgets(line, sizeof line, said) != NULL)
        fprintf(stderr, "%s", line);
    fclose(said);
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || status != 0)
        die_broken("the reference could not be graded, so nobody is");
}

/* --- The jobs --- */

/* Nothing of an earlier grading stays: it may have been another student's. First the result goes, then
 * the folder is this student's, so that a run that is cut off here leaves nothing that looks finished. */
static void make_folder(const struct class *class, const struct student *student)
{
    static const char *const left[] = {"result.json", "report.html", "report.txt", "status"};
    const char *folder = keep_format("%s/%s", class->out, student->id);
    const char *path = keep_format("%s/submission", folder);
    folder_make(folder);
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        unlink(keep_format("%s/%s", folder, left[i]));
    if (!file_write(path, student->submission, strlen(student->submission)))
        die_broken("cannot write %s: %s", path, strerror(errno));
}

/* Writes what is left to do as a list of ids. Returns how many there are. */
static size_t list_jobs(struct class *class, const char *file)
{
    char *ids = keep_text("");
    size_t count = 0;
    for (size_t i = 0; i < class->count; i++) {
        struct student *student = &class->students[i];
        if (class_load(class, student))
            continue;
        make_folder(class, student);
        ids = keep_format("%s%s\n", ids, student->id);
        count++;
    }
    if (!file_write(file, ids, strlen(ids)))
        die_broken("cannot write %s: %s", file, strerror(errno));
    return count;
}

static struct student *find(const struct class *class, char *line)
{
    line[strcspn(line, "\n")] = '\0';
    for (size_t i = 0; i < class->count; i++)
        if (strcmp(class->students[i].id, line) == 0)
            return &class->students[i];
    return NULL;
}

static const char *time_left(long long started_ms, size_t done, size_t count)
{
    long long seconds =
        (now_ms() - started_ms) / 1000 * (long long)(count - done) / (long long)done;
    if (done == count)
        return "";
    return seconds < 90 ? keep_format("about %lld s left", seconds)
                        : keep_format("about %lld min left", (seconds + 30) / 60);
}

/* One line a submission: a class is long, and a log of it is read later. */
static void follow(struct class *class, FILE *said, size_t count)
{
    char line[MOST_LINE];
    size_t done = 0;
    long long started_ms = now_ms();
    while (fgets(line, sizeof line, said) != NULL) {
        struct student *student = find(class, line);
        if (student == NULL)
            continue;
        done++;
        bool graded = class_load(class, student);
        const char *points =
            graded ? keep_format("%7.4g points",
                                 class_points(json_object_get(student->result, "points")))
                   : "could not be graded";
        printf("  %3zu of %zu  %-30s %-20s %s\n", done, count, text_cut(student->id, 30), points,
               time_left(started_ms, done, count));
        fflush(stdout);
    }
}

void class_run(struct class *class, const struct options *options, const char *root)
{
    const char *jobs = keep_format("%s/jobs", class->out);
    size_t count = list_jobs(class, jobs);
    printf("%zu submission%s, %zu finished\n", class->count, class->count == 1 ? "" : "s",
           class->count - count);
    if (count == 0)
        return;
    prepare(class, options, root);
    class_keep_settings(class, options);
    /* One more than there are cores: a grading that waits, for a deadlock's time limit say, leaves no
     * core idle. */
    const char *at_once = options->jobs == 0 ? "+1" : keep_format("%u", options->jobs);
    struct call call = {.count = 0};
    add_where(&call, options, root);
    add_all(&call, (const char *const[]){"-I", "@id@", "--jobs", at_once, "--joblog",
                                         keep_format("%s/jobs.log", class->out),
                                         keep_format("%s/grader/class_one.sh", root), class->out,
                                         "@id@", build_for(options), options->program, NULL});
    add_options(&call, options);
    if (options->matrix) /* not for the reference, which it compares with */
        add(&call, "--matrix");
    pid_t pid = 0;
    FILE *said = start(&call, jobs, &pid);
    follow(class, said, count);
    fclose(said);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
