/* own_tests_build: see own_tests_build.h. */
#include "grader/own_tests_build.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/files.h"
#include "grader/gate.h"
#include "grader/handin_jail.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/submission.h"
#include "grader/text.h"

/* What a test calls of the C library beside what a pool does. */
static const char *const library[] = {
    "malloc",
    "calloc",
    "realloc",
    "free",
    "aligned_alloc",
    "qsort",
    "bsearch",
    "abs",
    "rand",
    "srand",
    "rand_r",
    "strtol",
    "strtoul",
    "printf",
    "puts",
    "putchar",
    "fprintf",
    "fputs",
    "fflush",
    "stdout",
    "stderr",
    "snprintf",
    "vsnprintf",
    "strcmp",
    "strncmp",
    "strcpy",
    "strncpy",
    "strcat",
    "strchr",
    "strrchr",
    "strstr",
    "memmem",
    "strerror",
    "pthread_create",
    "pthread_join",
    "pthread_mutex_init",
    "pthread_mutex_lock",
    "pthread_mutex_unlock",
    "pthread_mutex_destroy",
    "pthread_mutex_trylock",
    "pthread_cond_init",
    "pthread_cond_wait",
    "pthread_cond_signal",
    "pthread_cond_broadcast",
    "pthread_cond_destroy",
    "pthread_barrier_init",
    "pthread_barrier_wait",
    "pthread_barrier_destroy",
    "sysconf",
    "getpagesize",
    "clock_gettime",
};

static const char *folder_of(const struct stage *stage)
{
    return scratch_path("own-tests/stage%u", stage->number);
}

const char *own_tests_object(const struct stage *stage, const char *name)
{
    return scratch_path("own-objects/stage%u/%.*s.o", stage->number, (int)strlen(name) - 2, name);
}

static void fail(struct own_file *file, enum status status, const char *problem)
{
    if (problem == NULL || file->problem != NULL)
        return;
    file->status = status;
    file->problem = text_start(problem, MOST_SHOWN_MESSAGE);
}

/* --- The gate --- */

/* Contracts, the testing headers, stand-ins; and of the C library what a test may need. */
static const struct gate_names *names_for_tests(void)
{
    static struct gate_names names;
    if (names.count != 0)
        return &names;
    const char *headers = handin_test_headers();
    gate_read_headers(keep_format("%s/common", headers), &names);
    gate_read_headers(keep_format("%s/common/testing", headers), &names);
    gate_read_headers(keep_format("%s/common/testing/property", headers), &names);
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        gate_read_headers(keep_format("%s/%s", headers, all_stages[i].folder), &names);
        gate_read_headers(keep_format("%s/%s/standin", headers, all_stages[i].folder), &names);
        gate_read_headers(keep_format("%s/%s/tests", headers, all_stages[i].folder), &names);
    }
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        gate_names_add(&names, library[i]);
    return &names;
}

/* A file on its way. */
struct work {
    struct own_file *file;
    struct gate_file gate;
    const char *base; /* of its object and the like, without an ending */
    struct gate_object object;
};

static void compile(const struct grading *grading, struct work *work, const char *folder,
                    bool only_preprocess)
{
    struct compile one = {
        .source = work->gate.path,
        .preprocessed = only_preprocess ? NULL : keep_format("%s.i", work->base),
        .output = keep_format("%s.%s", work->base, only_preprocess ? "i" : "o"),
        .headers = handin_test_headers(),
        .only_preprocess = only_preprocess,
    };
    if (work->file->problem == NULL)
        handin_compile(grading, "debug", folder, &one, 1);
    fail(work->file, one.status, one.error);
}

static void compile_and_look(const struct grading *grading, struct work *work, const char *folder)
{
    char *own = NULL;
    fail(work->file, STATUS_FORBIDDEN, gate_directives(&work->gate));
    compile(grading, work, folder, true);
    if (work->file->problem == NULL)
        fail(work->file, STATUS_FORBIDDEN,
             gate_text(&work->gate, keep_format("%s.i", work->base), &own));
    compile(grading, work, folder, false);
    if (work->file->problem == NULL)
        fail(work->file, STATUS_FORBIDDEN,
             gate_object(&work->gate, keep_format("%s.o", work->base), false, &work->object));
}

/* --- Names --- */

bool own_tests_take_out(const char *from, const char *to)
{
    struct stat facts;
    folder_make(keep_part(to, (size_t)(strrchr(to, '/') - to)));
    return lstat(from, &facts) == 0 && S_ISREG(facts.st_mode) && file_copy(from, to);
}

/* What one file defines others may call; so it gets a name that nothing else has. */
static struct gate_names shared_names(const struct work *works, size_t count)
{
    struct gate_names names = {NULL, 0};
    for (size_t i = 0; i < count; i++)
        for (size_t at = 0; works[i].file->problem == NULL && at < works[i].object.defines.count;
             at++)
            gate_names_add(&names, works[i].object.defines.items[at]);
    return names;
}

static void finish(const struct stage *stage, struct work *work, const struct gate_names *shared)
{
    struct gate_names none = {NULL, 0};
    const char *finished = keep_format("%s.finished.o", work->base);
    if (work->file->problem == NULL)
        fail(work->file, STATUS_FORBIDDEN,
             gate_calls(&work->gate, &work->object, names_for_tests(), shared, false));
    if (work->file->problem == NULL)
        fail(work->file, STATUS_GRADER_ERROR,
             handin_rename(stage, keep_format("%s.o", work->base), finished, &none, shared));
    if (work->file->problem == NULL &&
        !own_tests_take_out(finished, own_tests_object(stage, work->file->name)))
        fail(work->file, STATUS_GRADER_ERROR,
             keep_format("cannot copy %s: %s", finished, strerror(errno)));
}

size_t own_tests_compile(const struct grading *grading, struct stage_result *result,
                         long long end_ms)
{
    struct own_tests *own = &result->own_tests;
    const char *folder = folder_of(result->stage);
    struct work *works = keep_bytes((own->file_count + 1) * sizeof *works);
    size_t left = 0;
    for (size_t i = 0; i < own->file_count; i++) {
        const char *name = own->files[i].name;
        const char *shown = keep_format("%s/student/tests/%s", result->stage->folder, name);
        const char *path = keep_format("%s/%s", grading->student_root, shown);
        const char *source = file_read(path, MOST_HANDIN_BYTES, NULL);
        works[i] = (struct work){
            .file = &own->files[i],
            .gate = {shown, source == NULL ? "" : source, path, handin_test_headers(), true},
            .base = keep_format("%s/%.*s", folder, (int)strlen(name) - 2, name),
        };
        if (now_ms() >= end_ms)
            fail(&own->files[i], STATUS_TIMEOUT, "the time was up before it was compiled");
        compile_and_look(grading, &works[i], folder);
    }
    struct gate_names shared = shared_names(works, own->file_count);
    for (size_t i = 0; i < own->file_count; i++) {
        finish(result->stage, &works[i], &shared);
        left += own->files[i].problem == NULL;
    }
    return left;
}
