/* property: draws scripts, tries them, and reports the shortest that fails. See property.h. */
#include "common/testing/property/property.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <valgrind/valgrind.h>

#include "common/testing/property/property_run.h"
#include "common/testing/property/script.h"
#include "common/testing/property/shrink.h"

/* --- Drawing --- */

static unsigned draw_operation(const struct property *property, struct test_random *random)
{
    size_t total = 0;
    for (size_t i = 0; i < property->operation_count; i++)
        total += property->operations[i].weight;
    size_t at = test_random_below(random, total);
    unsigned operation = 0;
    while (at >= property->operations[operation].weight)
        at -= property->operations[operation++].weight;
    return operation;
}

static void draw_call(const struct property *property, struct test_random *random,
                      struct property_call *call)
{
    call->thread = (unsigned)test_random_below(
        random, property->thread_count == 0 ? 1 : property->thread_count);
    call->operation = draw_operation(property, random);
    const struct property_operation *operation = &property->operations[call->operation];
    for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS && operation->arguments[i].name != NULL; i++)
        call->arguments[i] = operation->arguments[i].draw != NULL
                                 ? operation->arguments[i].draw(random)
                                 : test_random_below(random, operation->arguments[i].limit);
}

/* Depends on the seed, the test's name and the number of the sequence. */
static void draw_script(const struct property *property, size_t sequence, struct script *script)
{
    uint64_t stream = 14695981039346656037u; /* FNV-1a */
    for (const char *at = test_current()->name; *at != '\0'; at++)
        stream = (stream ^ (unsigned char)*at) * 1099511628211u;
    struct test_random random = test_random_start(stream + sequence);
    CHECK(property->calls < PROPERTY_MOST_CALLS, "at most %d calls", PROPERTY_MOST_CALLS - 1);
    *script = (struct script){.count = property->calls};
    for (size_t i = 0; i < script->count; i++)
        draw_call(property, &random, &script->calls[i]);
}

/* --- Reporting --- */

/* build/last-failure/SUITE.NAME.script; a place where nothing can be written is no misfortune. */
static bool keep_script(const struct property *property, const struct script *script,
                        const char *failure, char *file, size_t file_bytes)
{
    mkdir("build/last-failure", 0777);
    snprintf(file, file_bytes, "build/last-failure/%s.%s.script", test_current()->suite,
             test_current()->name);
    FILE *out = fopen(file, "w");
    if (out == NULL)
        return false;
    script_write(out, property, script, failure, property_last_result);
    fclose(out);
    return true;
}

/* The calls in one line, for a message: as many as there is room for. */
static void format_calls(const struct property *property, const struct script *script, char *text,
                         size_t text_bytes)
{
    size_t used = 0;
    for (size_t i = 0; i < script->count && used + 40 < text_bytes; i++) {
        char call[256];
        script_format_call(property, &script->calls[i], call, sizeof call);
        int length = snprintf(text + used, text_bytes - used, "%s%u %s", i == 0 ? "" : "; ",
                              script->calls[i].thread, call);
        used += (size_t)length < text_bytes - used ? (size_t)length : text_bytes - used - 1;
    }
}

static void print_script(const struct property *property, const struct script *script,
                         const char *failure, size_t calls_at_first)
{
    char file[256];
    if (!test_prints_debug())
        return;
    bool is_kept = keep_script(property, script, failure, file, sizeof file);
    printf("\nThe shortest script that still fails, %zu of %zu calls%s%s:\n\n", script->count,
           calls_at_first, is_kept ? ", kept in " : "", is_kept ? file : "");
    script_write(stdout, property, script, failure, property_last_result);
    printf("\n");
    fflush(stdout);
}

_Noreturn static void report(const struct property *property, struct script *script,
                             struct property_outcome *outcome)
{
    if (outcome->outcome == TEST_NOT_DONE)
        test_end_as(TEST_NOT_DONE, outcome->message);
    size_t calls_at_first = script->count;
    shrink(property, script, outcome);
    print_script(property, script, outcome->message, calls_at_first);
    char calls[300] = "";
    char message[sizeof outcome->message + sizeof calls + 16];
    format_calls(property, script, calls, sizeof calls);
    snprintf(message, sizeof message, "%s; the calls: %s", outcome->message, calls);
    test_end_as(TEST_FAILED, message);
}

/* --- Trying --- */

/* Put `fail-below nth` before a call of a script that has room for it. */
static void let_fail(const struct property *property, const struct script *script, size_t call,
                     size_t nth, struct script *failing)
{
    *failing = *script;
    memmove(&failing->calls[call + 1], &failing->calls[call],
            (failing->count - call) * sizeof *failing->calls);
    failing->calls[call] = (struct property_call){.operation = (unsigned)property->operation_count,
                                                  .arguments = {nth}};
    failing->count++;
}

/* A run in this process: what was asked for, or what Valgrind is to see. */
static bool runs_here(const struct property *property, bool with_failure)
{
    static struct script script;
    static struct script failing;
    if (test_replay() == NULL && !RUNNING_ON_VALGRIND)
        return false;
    if (test_replay() != NULL)
        script_read(property, test_replay(), &script);
    else
        draw_script(property, 0, &script);
    failing = script;
    if (test_replay() == NULL && with_failure)
        let_fail(property, &script, script.count / 2, 1, &failing);
    property_run_here(property, &failing, test_replay() != NULL);
    return true;
}

static void try_or_report(const struct property *property, struct script *script)
{
    struct property_outcome outcome = property_try(property, script);
    if (outcome.outcome != TEST_PASSED)
        report(property, script, &outcome);
}

void property_check(const struct property *property)
{
    static struct script script;
    if (runs_here(property, false))
        return;
    size_t sequences = test_is_slowed() ? property->sequences / 4 + 1 : property->sequences;
    for (size_t sequence = 0; sequence < sequences; sequence++) {
        draw_script(property, sequence, &script);
        try_or_report(property, &script);
    }
}

/* --- Failures of the layer below --- */

/* Tries at most MOST_TRIED of the places, evenly spread. */
static void try_each_failure(const struct property *property, const struct script *script,
                             const size_t *below_at_end_of)
{
    enum { MOST_TRIED = 60 };
    static struct script failing;
    size_t total = below_at_end_of[script->count - 1];
    size_t stride = total / MOST_TRIED + 1;
    size_t before = 0;
    for (size_t call = 0; call < script->count; call++) {
        for (size_t nth = 1; before + nth <= below_at_end_of[call]; nth++) {
            if ((before + nth) % stride != 0)
                continue;
            let_fail(property, script, call, nth, &failing);
            try_or_report(property, &failing);
        }
        before = below_at_end_of[call];
    }
}

void property_check_failures(const struct property *property, size_t sequences)
{
    static struct script script;
    static size_t below_at_end_of[PROPERTY_MOST_CALLS];
    if (runs_here(property, true))
        return;
    for (size_t sequence = 0; sequence < sequences; sequence++) {
        draw_script(property, sequence, &script);
        try_or_report(property, &script);
        for (size_t call = 0; call < script.count; call++)
            below_at_end_of[call] = property_calls_below(call);
        try_each_failure(property, &script, below_at_end_of);
    }
}
