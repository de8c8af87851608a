/* handin_build: see handin_build.h. Read order: build, compile_all, pass_gate, finish_item. */
#include "grader/handin_build.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "grader/files.h"
#include "grader/gate.h"
#include "grader/handin_jail.h"
#include "grader/keep.h"
#include "grader/programs.h"
#include "grader/scratch.h"
#include "grader/submission.h"
#include "grader/text.h"

enum { MOST_BUILDS = 64 };

/* A file of the stage, in one variant. */
struct item {
    struct gate_file file;
    const char *base; /* of its object and the like, without an ending */
    char *own;        /* what is left of it after preprocessing */
    struct gate_object object;
};

/* What is known of a stage's files in one variant. */
struct work {
    const struct stage *stage;
    const char *variant;
    struct item items[MOST_HANDIN];
    size_t count;
    struct handin_build result;
};

static struct work *builds[MOST_BUILDS];
static size_t build_count;

const char *handin_folder(const struct stage *stage, const char *variant)
{
    return scratch_path("compiled/%s/%s", variant, stage->folder);
}

static bool is_instrumented(const char *variant)
{
    return strcmp(variant, "debug") != 0 && strcmp(variant, "release") != 0;
}

static void fail(struct work *work, enum status status, char *error)
{
    if (error == NULL || work->result.error != NULL)
        return;
    work->result.error = keep_text(text_start(error, MOST_SHOWN_MESSAGE));
    work->result.status = status;
}

static void start_items(const struct grading *grading, struct work *work)
{
    for (; work->stage->handin[work->count] != NULL; work->count++) {
        const char *file = work->stage->handin[work->count];
        const char *name = keep_format("%s/student/%s", work->stage->folder, file);
        const char *path = keep_format("%s/%s", grading->student_root, name);
        const char *source = file_read(path, MOST_HANDIN_BYTES, NULL);
        struct item *item = &work->items[work->count];
        item->file =
            (struct gate_file){name, source == NULL ? "" : source, path, handin_headers(), false};
        item->base = keep_format("%s/%.*s", handin_folder(work->stage, work->variant),
                                 (int)strlen(file) - 2, file);
        fail(work, STATUS_FORBIDDEN, gate_directives(&item->file));
    }
}

/* --- In the jail: the compiler --- */

/* First into the text that the gate reads, and then that text into an object: a file that was preprocessed
 * twice could look around (__has_include) and be another the second time. */
static void compile_all(const struct grading *grading, struct work *work, bool only_preprocess)
{
    struct compile compiles[MOST_HANDIN];
    for (size_t i = 0; i < work->count; i++)
        compiles[i] = (struct compile){
            .source = work->items[i].file.path,
            .preprocessed = only_preprocess ? NULL : keep_format("%s.i", work->items[i].base),
            .output = keep_format("%s.%s", work->items[i].base, only_preprocess ? "i" : "o"),
            .only_preprocess = only_preprocess,
            .diagnostics = keep_text(""),
        };
    handin_compile(grading, work->variant, handin_folder(work->stage, work->variant), compiles,
                   work->count);
    for (size_t i = 0; i < work->count; i++) {
        fail(work, compiles[i].status, compiles[i].error);
        work->result.diagnostics =
            keep_format("%s%s", work->result.diagnostics, compiles[i].diagnostics);
    }
}

/* --- The gate --- */

static void read_words(struct work *work, struct item *item)
{
    fail(work, STATUS_FORBIDDEN,
         gate_text(&item->file, keep_format("%s.i", item->base), &item->own));
}

/* For whichever tool a file is built, it must be the same code. */
static void compare(const struct grading *grading, struct work *work, const char *variant)
{
    for (size_t i = 0; i < work->count && work->result.error == NULL; i++) {
        struct item *item = &work->items[i];
        char *own = NULL;
        const char *output = keep_format("%s.%s.i", item->base, variant);
        struct compile compile = {
            .source = item->file.path, .output = output, .only_preprocess = true};
        handin_compile(grading, variant, handin_folder(work->stage, work->variant), &compile, 1);
        fail(work, compile.status, compile.error);
        if (work->result.error != NULL)
            return;
        fail(work, STATUS_FORBIDDEN, gate_text(&item->file, output, &own));
        if (work->result.error == NULL)
            fail(work, STATUS_FORBIDDEN, gate_same(&item->file, item->own, own));
    }
}

static const struct gate_names *contracts_of(const struct stage *stage)
{
    static struct gate_names all;
    static struct gate_names of_stages[STAGE_COUNT];
    if (all.count == 0) {
        gate_read_headers(keep_format("%s/common", handin_headers()), &all);
        for (size_t i = 0; i < STAGE_COUNT; i++) {
            const char *folder = keep_format("%s/%s", handin_headers(), all_stages[i].folder);
            gate_read_headers(folder, &all);
            gate_read_headers(folder, &of_stages[i]);
        }
    }
    return stage == NULL ? &all : &of_stages[stage - all_stages];
}

/* What other files of the stage define, beside the contract: helpers that they share. */
static struct gate_names siblings_of(const struct work *work, size_t place)
{
    struct gate_names names = {NULL, 0};
    for (size_t i = 0; i < work->count; i++)
        for (size_t at = 0; i != place && at < work->items[i].object.defines.count; at++)
            gate_names_add(&names, work->items[i].object.defines.items[at]);
    return names;
}

static void pass_gate(struct work *work)
{
    bool instrumented = is_instrumented(work->variant);
    for (size_t i = 0; i < work->count; i++) {
        struct item *item = &work->items[i];
        fail(
            work, STATUS_FORBIDDEN,
            gate_object(&item->file, keep_format("%s.o", item->base), instrumented, &item->object));
    }
    for (size_t i = 0; i < work->count; i++) {
        struct gate_names siblings = siblings_of(work, i);
        fail(work, STATUS_FORBIDDEN,
             gate_calls(&work->items[i].file, &work->items[i].object, contracts_of(NULL), &siblings,
                        instrumented));
    }
}

/* --- Names, and where make looks for the objects --- */

/* Names that stay global; a helper that files share gets a name that nothing else can have. */
static void sort_names(const struct work *work, const struct item *item, struct gate_names *kept,
                       struct gate_names *renamed)
{
    const struct gate_names *contract = contracts_of(work->stage);
    for (size_t i = 0; i < work->count; i++)
        for (size_t at = 0; at < work->items[i].object.defines.count; at++) {
            const char *name = work->items[i].object.defines.items[at];
            if (gate_names_have(contract, name))
                gate_names_add(kept, name);
            else if (gate_names_have(&item->object.calls, name) || &work->items[i] == item)
                gate_names_add(renamed, name);
        }
}

static void finish_item(const struct grading *grading, struct work *work, struct item *item)
{
    struct gate_names kept = {NULL, 0};
    struct gate_names renamed = {NULL, 0};
    const char *into = keep_format("%s/%s/obj/%s/student", grading->student_build, work->variant,
                                   work->stage->folder);
    const char *object = keep_format("%s.o", item->base);
    const char *finished = keep_format("%s.finished.o", item->base);
    struct stat facts;
    sort_names(work, item, &kept, &renamed);
    fail(work, STATUS_GRADER_ERROR, handin_rename(work->stage, object, finished, &kept, &renamed));
    folder_make(into);
    if (work->result.error == NULL &&
        (lstat(finished, &facts) != 0 || !S_ISREG(facts.st_mode) ||
         !file_copy(finished, keep_format("%s%s.o", into, strrchr(item->base, '/')))))
        fail(work, STATUS_GRADER_ERROR,
             keep_format("cannot copy %s: %s", finished, strerror(errno)));
}

static void build(const struct grading *grading, struct work *work)
{
    work->result.diagnostics = keep_text("");
    start_items(grading, work);
    if (work->result.error == NULL)
        compile_all(grading, work, true);
    for (size_t i = 0; i < work->count && work->result.error == NULL; i++)
        read_words(work, &work->items[i]);
    if (work->result.error == NULL)
        compile_all(grading, work, false);
    if (work->result.error == NULL)
        pass_gate(work);
    if (strcmp(work->variant, "debug") == 0) { /* the first that is built */
        compare(grading, work, "tsan");
        compare(grading, work, "coverage");
    }
    for (size_t i = 0; i < work->count && work->result.error == NULL; i++)
        finish_item(grading, work, &work->items[i]);
}

const struct handin_build *handin_build(const struct grading *grading, const struct stage *stage,
                                        const char *variant)
{
    for (size_t i = 0; i < build_count; i++)
        if (builds[i]->stage == stage && strcmp(builds[i]->variant, variant) == 0)
            return &builds[i]->result;
    struct work *work = keep_bytes(sizeof *work);
    work->stage = stage;
    work->variant = variant;
    if (build_count < MOST_BUILDS)
        builds[build_count++] = work;
    build(grading, work);
    return &work->result;
}
