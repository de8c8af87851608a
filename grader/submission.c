/* submission: see submission.h. */
#include "grader/submission.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_HANDIN_BYTES = 1024 * 1024 };

/* Opens `folder`/stage/student/file step by step: no step may be a link. Returns -1 with errno. */
static int open_handin(const char *folder, const struct stage *stage, const char *file)
{
    const char *steps[] = {stage->folder, "student", file};
    int at = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; i < 3 && at >= 0; i++) {
        int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (i < 2 ? O_DIRECTORY : 0);
        int next = openat(at, steps[i], flags);
        int error = errno;
        close(at);
        errno = error;
        at = next;
    }
    return at;
}

/* Returns the file's text, or NULL with the reason in `why`. */
static char *read_handin(int fd, size_t *length, const char **why)
{
    struct stat facts;
    char *text = NULL;
    *length = 0;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        *why = "is not a regular file";
    } else if (facts.st_size > MOST_HANDIN_BYTES) {
        *why = "is larger than 1 MiB";
    } else {
        text = keep_bytes((size_t)facts.st_size + 1);
        ssize_t got = 0;
        while (*length < (size_t)facts.st_size &&
               (got = read(fd, text + *length, (size_t)facts.st_size - *length)) > 0)
            *length += (size_t)got;
    }
    return text;
}

static char *take_file(const char *folder, const struct stage *stage, const char *file,
                       size_t *length, const char **why)
{
    *why = "is not there";
    int fd = open_handin(folder, stage, file);
    if (fd < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            *why = errno == ELOOP ? "is a symbolic link" : strerror(errno);
        return NULL;
    }
    char *text = read_handin(fd, length, why);
    close(fd);
    return text;
}

static void add_note(struct stage_result *result, char *note)
{
    result->notes = keep_room(result->notes, result->note_count, sizeof *result->notes);
    result->notes[result->note_count++] = note;
}

/* Returns whether the file was taken from the submission. */
static bool place_file(const char *folder, const char *to, struct stage_result *result,
                       const char *file)
{
    const struct stage *stage = result->stage;
    const char *name = keep_format("%s/student/%s", stage->folder, file);
    const char *why = NULL;
    size_t length = 0;
    char *text = take_file(folder, stage, file, &length, &why);
    bool taken = text != NULL;
    if (!taken) {
        add_note(result, keep_format("%s %s: it counts as not done", name, why));
        text = file_read(name, MOST_HANDIN_BYTES, &length);
    }
    if (text == NULL)
        text = "";
    if (!file_write(keep_format("%s/%s", to, name), text, length))
        die_broken("cannot copy %s: %s", name, strerror(errno));
    return taken;
}

unsigned submission_take(const char *folder, const char *to, struct stage_result *results)
{
    unsigned taken = 0;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        folder_make(keep_format("%s/%s/student", to, results[i].stage->folder));
        for (const char *const *file = results[i].stage->handin; *file != NULL; file++)
            taken += place_file(folder, to, &results[i], *file);
    }
    return taken;
}
