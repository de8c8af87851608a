/* property_run: see property_run.h. What a child finds out it writes to a page that it shares with
 * its parent, so that the parent knows how far it came, however it ended. */
#include "common/testing/property/property_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "common/testing/property/property_threads.h"

enum { RESULT_BYTES = 64, CPU_SECONDS = 1, HANG_SECONDS = 30 };

static struct notes {
    size_t calls_begun;
    struct {
        bool is_skipped;
        size_t calls_below;
        char text[RESULT_BYTES];
    } results[PROPERTY_MOST_CALLS + 1]; /* the last is for `finish` */
} * notes;

static size_t current_call;
static unsigned current_thread;
static _Thread_local sigjmp_buf skip_to;

/* --- Called by operations --- */

void property_result(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notes->results[current_call].text, RESULT_BYTES, format, arguments);
    va_end(arguments);
}

_Noreturn void property_skip(void)
{
    siglongjmp(skip_to, 1);
}

unsigned property_thread(void)
{
    return current_thread;
}

/* --- Running --- */

struct step {
    const struct property_operation *operation;
    const uint64_t *arguments;
};

static void run_call(const void *argument)
{
    const struct step *step = argument;
    if (sigsetjmp(skip_to, 0) == 0)
        step->operation->run(step->arguments);
    else
        notes->results[current_call].is_skipped = true;
}

static void print_call(const struct property *property, const struct property_call *call)
{
    char text[256];
    script_format_call(property, call, text, sizeof text);
    printf("%u %s", call->thread, text);
    fflush(stdout); /* the call may crash */
}

static void print_result(size_t i)
{
    printf(" -> %s\n", property_was_skipped(i) ? "skipped" : notes->results[i].text);
}

static void run_one(const struct property *property, const struct property_call *call)
{
    const struct property_operation *operation = script_operation(property, call);
    if (operation->run == NULL) {
        property->fail_below(call->arguments[0]);
        return;
    }
    struct step step = {operation, call->arguments};
    current_thread = call->thread;
    property_threads_run(call->thread, run_call, &step);
    if (operation->ends_thread)
        property_threads_end(call->thread);
}

static void open_notes(void)
{
    if (notes == NULL)
        notes =
            mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(notes != MAP_FAILED, "could not map a page for notes");
    memset(notes, 0, sizeof *notes);
}

static void run_noted(const struct property *property, const struct script *script, size_t i)
{
    current_call = i;
    notes->calls_begun = i + 1;
    run_one(property, &script->calls[i]);
    if (property->calls_below != NULL)
        notes->results[i].calls_below = property->calls_below();
}

void property_run_here(const struct property *property, const struct script *script, bool aloud)
{
    open_notes();
    if (property->start != NULL)
        property->start();
    for (size_t i = 0; i < script->count; i++) {
        if (aloud)
            print_call(property, &script->calls[i]);
        run_noted(property, script, i);
        if (aloud)
            print_result(i);
    }
    notes->calls_begun = script->count + 1; /* what fails from here on, no call is to blame for */
    current_call = PROPERTY_MOST_CALLS;
    current_thread = 0;
    for (unsigned thread = 1; thread < PROPERTY_MOST_THREADS; thread++)
        property_threads_end(thread);
    if (property->finish != NULL)
        property->finish();
}

/* A crash is a finding like any other, and leaves no core file; what hangs is ended. */
static void set_limits(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setrlimit(RLIMIT_CPU, &(struct rlimit){CPU_SECONDS, CPU_SECONDS + 1});
    alarm(HANG_SECONDS);
}

struct property_outcome property_try(const struct property *property, const struct script *script)
{
    struct property_outcome outcome;
    open_notes();
    pid_t child = test_fork();
    if (child == 0) {
        set_limits();
        property_run_here(property, script, false);
        test_pass();
    }
    outcome.outcome = test_join_child(child, outcome.message, sizeof outcome.message);
    outcome.calls_begun = notes->calls_begun;
    return outcome;
}

const char *property_last_result(size_t i)
{
    if (i < notes->calls_begun && notes->results[i].text[0] != '\0')
        return notes->results[i].text;
    return i + 1 == notes->calls_begun ? "failed" : NULL;
}

size_t property_calls_below(size_t i)
{
    return notes->results[i].calls_below;
}

bool property_was_skipped(size_t i)
{
    return notes->results[i].is_skipped;
}
