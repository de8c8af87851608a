/* fuzz: lets libFuzzer choose the calls of a stage's property tests. It sees which branches a sequence of calls reached, and
 * makes the next one from those that reached new ones.
 *
 *   bytes ─▶ which property │ operation, thread, arguments │ operation, thread, … ─▶ a script of calls
 *                                                      property_run_here ─▶ the layer under test
 *
 * The tests are the files *_property_test.c of the stage, unchanged: property_check and
 * property_check_failures, which they call, are defined here, and only note what they are given. Under
 * AddressSanitizer and UndefinedBehaviorSanitizer. A layer is never reset: each script frees what it
 * took, in `finish`, and the next one finds the layer as this one left it.
 *
 * What is found ends the process; the calls are printed as a script that `--replay` of the stage's
 * tests takes. One thread, but what the operations start. Read next: ../../testing/property/property.h. */
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/testing/property/property.h"
#include "common/testing/property/property_run.h"
#include "common/testing/property/script.h"

int LLVMFuzzerInitialize(int *count, char ***arguments);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MOST_TARGETS = 16, CALLS_AT_THE_END = 20 };

static struct target {
    const struct property *property;
    const struct test *test;
} targets[MOST_TARGETS];

static size_t target_count;
static struct test *tests;
static const struct test *test_under_way; /* while targets are being noted */
static jmp_buf noted;
static const struct target *target; /* under test */
static struct script script;

/* --- What the tests think is the harness --- */

void test_register(struct test *test)
{
    test->next = tests;
    tests = test;
}

static void note(const struct property *property)
{
    for (size_t i = 0; i < target_count; i++)
        if (targets[i].property == property)
            return;
    if (target_count < MOST_TARGETS)
        targets[target_count++] = (struct target){property, test_under_way};
}

void property_check(const struct property *property)
{
    note(property);
}

void property_check_failures(const struct property *property, size_t sequences)
{
    (void)sequences;
    note(property);
}

bool test_prints_debug(void)
{
    return false;
}

static void print_script(const char *message)
{
    printf("# mempool script 1\n# test %s/%s\n# seed 1\n# failure %s\n", target->test->suite,
           target->test->name, message);
    for (size_t i = 0; i < script.count; i++) {
        char text[256];
        script_format_call(target->property, &script.calls[i], text, sizeof text);
        printf("%u %s\n", script.calls[i].thread, text);
    }
    fflush(stdout);
}

/* A test that noted its property ends well; anything else is a finding. */
_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    if (test_under_way != NULL)
        longjmp(noted, 1);
    fprintf(stderr, "fuzz: outcome %d: %s\n", (int)outcome, message);
    print_script(message);
    abort();
}

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count;
    (void)arguments;
    for (struct test *test = tests; test != NULL; test = test->next) {
        test_under_way = test;
        if (setjmp(noted) == 0)
            test->body();
    }
    test_under_way = NULL;
    return 0;
}

/* --- From bytes to calls --- */

struct input {
    const uint8_t *next;
    size_t left;
};

static unsigned take_byte(struct input *from)
{
    if (from->left == 0)
        return 0;
    from->left--;
    return *from->next++;
}

static uint64_t take_argument(struct input *from, const struct property_argument *argument)
{
    uint64_t value = take_byte(from) * 256;
    value += take_byte(from);
    struct test_random random = {.state = value};
    return argument->draw != NULL ? argument->draw(&random) : value % argument->limit;
}

/* Just behind the operations comes fail-below, where the property has it. */
static void add_call(const struct property *property, struct input *from)
{
    struct property_call *call = &script.calls[script.count++];
    size_t kinds = property->operation_count + (property->fail_below != NULL);
    unsigned threads = property->thread_count == 0 ? 1 : property->thread_count;
    *call = (struct property_call){.operation = (unsigned)(take_byte(from) % kinds)};
    if (call->operation == property->operation_count) {
        call->arguments[0] = take_byte(from) % 8;
        return;
    }
    call->thread = threads == 1 ? 0 : take_byte(from) % threads;
    const struct property_operation *operation = &property->operations[call->operation];
    for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS && operation->arguments[i].name != NULL; i++)
        call->arguments[i] = take_argument(from, &operation->arguments[i]);
}

/* Nothing fails any more; and what has a `destroy` is destroyed, since the next script starts with it. */
static void add_last_calls(const struct property *property)
{
    if (property->fail_below != NULL)
        script.calls[script.count++].operation = (unsigned)property->operation_count;
    for (unsigned i = 0; i < property->operation_count; i++) {
        const struct property_operation *operation = &property->operations[i];
        if (strcmp(operation->name, "destroy") != 0)
            continue;
        for (uint64_t which = 0; which < operation->arguments[0].limit; which++)
            script.calls[script.count++] =
                (struct property_call){.operation = i, .arguments = {which}};
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct input input = {bytes, length};
    memset(&script, 0, sizeof script);
    target = &targets[take_byte(&input) % target_count];
    while (input.left != 0 && script.count < PROPERTY_MOST_CALLS - CALLS_AT_THE_END)
        add_call(target->property, &input);
    add_last_calls(target->property);
    property_run_here(target->property, &script, false);
    return 0;
}
