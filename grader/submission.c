/* submission: see submission.h. */
#include "grader/submission.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/handins.h"
#include "grader/keep.h"

static void add_note(struct stage_result *result, char *note)
{
    result->notes = keep_room(result->notes, result->note_count, sizeof *result->notes);
    result->notes[result->note_count++] = note;
}

/* The hand-in file, or the tree's own skeleton. */
static void place_file(const struct handin *handin, const char *to, struct stage_result *result,
                       const char *file)
{
    const char *name = keep_format("%s/student/%s", result->stage->folder, file);
    const char *text = handin->bytes;
    size_t length = handin->length;
    if (text == NULL) {
        const char *why = handin->why == NULL ? "is not there" : handin->why;
        add_note(result, keep_format("%s %s: it counts as not done", name, why));
        text = file_read(name, MOST_HANDIN_BYTES, &length);
    }
    if (text == NULL)
        text = "";
    if (!file_write(keep_format("%s/%s", to, name), text, length))
        die_broken("cannot copy %s: %s", name, strerror(errno));
}

static int compare_tests(const void *left, const void *right)
{
    return strcmp(((const struct handin_test *)left)->name,
                  ((const struct handin_test *)right)->name);
}

/* Own tests, in the order of their names: the same at every grading. */
static void place_tests(const struct handin_test *tests, size_t count, const char *to,
                        struct stage_result *result)
{
    struct own_tests *own = &result->own_tests;
    struct handin_test *sorted = keep_bytes((count + 1) * sizeof *sorted);
    memcpy(sorted, tests, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare_tests);
    folder_make(keep_format("%s/%s/student/tests", to, result->stage->folder));
    for (size_t i = 0; i < count; i++) {
        const struct handin *file = &sorted[i].file;
        const char *path =
            keep_format("%s/%s/student/tests/%s", to, result->stage->folder, sorted[i].name);
        own->files = keep_room(own->files, own->file_count, sizeof *own->files);
        own->files[own->file_count++] = (struct own_file){
            .name = sorted[i].name, .status = STATUS_FORBIDDEN, .problem = file->why};
        if (file->bytes != NULL && !file_write(path, file->bytes, file->length))
            die_broken("cannot copy %s: %s", sorted[i].name, strerror(errno));
    }
}

/* The name of a submission is the instructor's: where it is a link, it is meant. */
static const char *read_handins(const char *path, struct handins *handins)
{
    struct stat facts;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const char *wrong = NULL;
    if (fd < 0 || fstat(fd, &facts) != 0)
        wrong = errno == ENOENT ? "there is no such folder or archive" : strerror(errno);
    else if (S_ISDIR(facts.st_mode))
        wrong = handins_read_folder(handins, path);
    else if (S_ISREG(facts.st_mode))
        wrong = handins_read_archive(handins, fd);
    else
        wrong = "is neither a folder nor an archive";
    if (fd >= 0)
        close(fd);
    return wrong;
}

const char *submission_take(const char *path, const char *to, struct stage_result *results)
{
    struct handins handins = {.places = NULL};
    const char *wrong = read_handins(path, &handins);
    const struct handin_place *place = wrong == NULL ? handins_choose(&handins, &wrong) : NULL;
    if (place == NULL)
        return keep_format("%s: %s", path, wrong);
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        folder_make(keep_format("%s/%s/student", to, results[i].stage->folder));
        for (size_t at = 0; results[i].stage->handin[at] != NULL; at++)
            place_file(&place->files[i][at], to, &results[i], results[i].stage->handin[at]);
        place_tests(place->tests[i], place->test_count[i], to, &results[i]);
        for (size_t note = 0; note < handins.note_count; note++)
            add_note(&results[i], handins.notes[note]);
    }
    return NULL;
}
