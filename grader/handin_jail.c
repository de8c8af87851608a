/* handin_jail: see handin_jail.h. */
#include "grader/handin_jail.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/make_output.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/test_runs.h"

enum {
    COMPILE_CPU_SECONDS = 60,
    TOOL_WALL_SECONDS = 600,
    COMPILE_OUTPUT = 256 * 1024,
    MOST_FLAGS = 128,
    MOST_VARIANTS = 8,
};

/* Far more than the compiler needs for 256 KiB of C. */
static const size_t compile_memory_bytes = (size_t)3 << 30;

/* --- Headers --- */

static void copy_headers(const char *from, const char *to)
{
    DIR *listing = opendir(from);
    struct dirent *entry = NULL;
    folder_make(to);
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        size_t length = strlen(entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".h") == 0 &&
            !file_copy(keep_format("%s/%s", from, entry->d_name),
                       keep_format("%s/%s", to, entry->d_name)))
            die_broken("cannot copy %s/%s: %s", from, entry->d_name, strerror(errno));
    }
    if (listing != NULL)
        closedir(listing);
}

static void copy_contracts(const char *headers)
{
    copy_headers("common", keep_format("%s/common", headers));
    for (size_t i = 0; i < STAGE_COUNT; i++)
        copy_headers(all_stages[i].folder, keep_format("%s/%s", headers, all_stages[i].folder));
}

const char *handin_headers(void)
{
    static const char *headers;
    if (headers == NULL) {
        headers = scratch_path("headers");
        copy_contracts(headers);
    }
    return headers;
}

const char *handin_test_headers(void)
{
    static const char *headers;
    if (headers != NULL)
        return headers;
    headers = scratch_path("test-headers");
    copy_contracts(headers);
    copy_headers("common/testing", keep_format("%s/common/testing", headers));
    copy_headers("common/testing/property", keep_format("%s/common/testing/property", headers));
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        static const char *const folders[] = {"standin", "tests"};
        for (size_t at = 0; at < sizeof folders / sizeof *folders; at++) {
            const char *from = keep_format("%s/%s", all_stages[i].folder, folders[at]);
            copy_headers(from, keep_format("%s/%s", headers, from));
        }
    }
    return headers;
}

/* --- The compiler --- */

/* As the Makefile has it: the compiler, then its flags. Returns the count of words. */
static size_t ask_make(const struct grading *grading, const char *variant,
                       const char *words[MOST_FLAGS])
{
    const char *arguments[] = {"make",
                               "-s",
                               "--no-print-directory",
                               keep_format("VARIANT=%s", variant),
                               keep_format("BUILD=%s", grading->build),
                               "STAGE=",
                               "V=",
                               "student-flags",
                               NULL};
    struct process make = {.arguments = arguments, .wall_seconds = TOOL_WALL_SECONDS};
    process_run(&make);
    if (!process_succeeded(&make))
        die_broken("make student-flags: %s", process_last_line(&make));
    size_t count = 0;
    for (const char *at = process_last_line(&make); *at != '\0' && count < MOST_FLAGS;) {
        size_t length = strcspn(at, " ");
        if (length > 0)
            words[count++] = keep_part(at, length);
        at += length + (at[length] == ' ');
    }
    return count;
}

struct flags {
    const char *variant;
    const char *words[MOST_FLAGS];
    size_t count;
};

/* Make is asked once for each variant. */
static const struct flags *flags_of(const struct grading *grading, const char *variant)
{
    static struct flags known[MOST_VARIANTS];
    struct flags *flags = known;
    while (flags < known + MOST_VARIANTS - 1 && flags->variant != NULL &&
           strcmp(flags->variant, variant) != 0)
        flags++;
    if (flags->variant == NULL || strcmp(flags->variant, variant) != 0) {
        flags->variant = variant;
        flags->count = ask_make(grading, variant, flags->words);
    }
    return flags;
}

static const char *headers_for(const struct compile *compile)
{
    return compile->headers == NULL ? handin_headers() : compile->headers;
}

/* The Makefile's -I. is where the headers are. Of what is preprocessed already the compiler wants to hear
 * nothing more about that; and the comments that allow a case to fall through are gone from it. */
static const char *const *arguments_for(const char *const *words, size_t count,
                                        const struct compile *compile)
{
    const char **arguments = keep_bytes((count + 7) * sizeof *arguments);
    bool is_text = compile->preprocessed != NULL;
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (is_text && (strncmp(words[i], "-I", 2) == 0 || strncmp(words[i], "-D", 2) == 0))
            continue;
        else if (strcmp(words[i], "-I.") == 0)
            arguments[used++] = keep_format("-I%s", headers_for(compile));
        else
            arguments[used++] = words[i];
    if (is_text)
        arguments[used++] = "-Wno-implicit-fallthrough";
    arguments[used++] = compile->only_preprocess ? "-E" : "-c";
    arguments[used++] = is_text ? compile->preprocessed : compile->source;
    arguments[used++] = "-o";
    arguments[used++] = compile->output;
    return arguments;
}

static const struct jail *compile_jail(const struct compile *compile, const char *folder)
{
    struct jail *jail = keep_bytes(sizeof *jail);
    const char **reads = keep_bytes(3 * sizeof *reads);
    reads[0] = headers_for(compile);
    reads[1] = compile->source;
    *jail = (struct jail){reads, jail_with(NULL, folder)->writes};
    return jail;
}

/* The compiler that was killed by a limit says so by its driver, which ends with a status. */
static void judge(const struct process *process, struct compile *compile)
{
    char *output = scratch_hide(process->output.bytes);
    compile->diagnostics = build_diagnostics(output);
    if (process_succeeded(process))
        return;
    compile->status = STATUS_COMPILE;
    compile->error = build_first_error(output);
    if (process->start_error != 0) {
        compile->status = STATUS_GRADER_ERROR;
        compile->error =
            keep_format("the compiler could not be started: %s", process_start_failure(process));
    } else if (process->wall_expired || WIFSIGNALED(process->wait_status) ||
               strstr(output, "CPU time limit") != NULL || strstr(output, "Killed") != NULL)
        compile->error =
            keep_format("not compiled within %d s of processor time", COMPILE_CPU_SECONDS);
    else if (*compile->error == '\0')
        compile->error = scratch_hide(process_last_line(process));
}

/* One folder has one user: the files go there by one slot after the other. */
void handin_compile(const struct grading *grading, const char *variant, const char *folder,
                    struct compile *compiles, size_t count)
{
    const struct flags *flags = flags_of(grading, variant);
    for (size_t i = 0; i < count; i++) {
        struct process process = {
            .arguments = arguments_for(flags->words, flags->count, &compiles[i]),
            .environment = test_environment(NULL),
            .folder = test_folder(),
            .jail = compile_jail(&compiles[i], folder),
            .cpu_seconds = COMPILE_CPU_SECONDS,
            .wall_seconds = TOOL_WALL_SECONDS,
            .memory_bytes = compile_memory_bytes,
            .most_output = COMPILE_OUTPUT,
        };
        process_run(&process);
        judge(&process, &compiles[i]);
        if (compiles[i].error != NULL)
            return;
    }
}

/* --- Names --- */

/* objcopy takes no empty list for one; no name begins with a dot. */
static void write_list(const char *path, const struct gate_names *names, const char *new_start)
{
    char *text = keep_text(new_start != NULL ? "" : ".nothing\n");
    for (size_t i = 0; i < names->count; i++)
        text = new_start != NULL
                   ? keep_format("%s%s %s%s\n", text, names->items[i], new_start, names->items[i])
                   : keep_format("%s%s\n", text, names->items[i]);
    if (!file_write(path, text, strlen(text)))
        die_broken("cannot write %s: %s", path, strerror(errno));
}

char *handin_rename(const struct stage *stage, const char *object, const char *finished,
                    const struct gate_names *kept, const struct gate_names *renamed)
{
    const char *folder = keep_part(object, (size_t)(strrchr(object, '/') - object));
    const char *lists = scratch_path("names");
    const char *arguments[] = {"objcopy",
                               keep_format("--keep-global-symbols=%s/kept", lists),
                               keep_format("--redefine-syms=%s/renamed", lists),
                               object,
                               finished,
                               NULL};
    const char *new_start = keep_format("handin%u.", stage->number);
    struct gate_names globals = {NULL, 0};
    for (size_t i = 0; i < kept->count; i++)
        gate_names_add(&globals, kept->items[i]);
    for (size_t i = 0; i < renamed->count; i++)
        gate_names_add(&globals, keep_format("%s%s", new_start, renamed->items[i]));
    folder_make(lists);
    write_list(keep_format("%s/kept", lists), &globals, NULL);
    write_list(keep_format("%s/renamed", lists), renamed, new_start);
    struct process process = {.arguments = arguments,
                              .environment = test_environment(NULL),
                              .folder = test_folder(),
                              .jail = jail_with(lists, folder),
                              .cpu_seconds = COMPILE_CPU_SECONDS,
                              .wall_seconds = TOOL_WALL_SECONDS};
    process_run(&process);
    return process_succeeded(&process) ? NULL
                                       : keep_format("objcopy: %s", process_last_line(&process));
}
