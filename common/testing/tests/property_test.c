/* The property engine on a toy: a stack of numbers that loses its head when the third of a kind comes.
 * Each test looks for the failure in a child and reads what the engine says of it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/testing/property/property.h"

enum { KINDS = 5, MANY = 3 };

static size_t counts[KINDS];
static enum { COUNTS_WRONG, CRASHES, RUNS_FOR_EVER, IS_SOUND } trouble;

static void run_push(const uint64_t *arguments)
{
    size_t kind = arguments[0] % KINDS;
    if (++counts[kind] < MANY || arguments[1] < 10 || trouble == IS_SOUND)
        return;
    if (trouble == CRASHES)
        abort();
    for (volatile bool stays = trouble == RUNS_FOR_EVER; stays;)
        ;
    test_fail(__FILE__, __LINE__, "the third of kind %zu", kind);
}

static void run_pop(const uint64_t *arguments)
{
    size_t kind = arguments[0] % KINDS;
    if (counts[kind] == 0)
        property_skip();
    counts[kind]--;
}

static const struct property_operation operations[] = {
    {"push", 3, {{"slot", KINDS, NULL}, {"weight", 1000, NULL}}, run_push, false},
    {"pop", 1, {{"slot", KINDS, NULL}}, run_pop, false},
};
static const struct property toy = {
    .operations = operations, .operation_count = 2, .sequences = 20, .calls = 100};

static enum test_outcome check_in_child(char *message, size_t message_bytes)
{
    pid_t child = test_fork();
    if (child == 0) {
        alarm(300); /* a busy machine gives the seconds of its processor slowly */
        if (freopen("/dev/null", "w", stdout) == NULL) /* the script is not for today's reader */
            test_fail(__FILE__, __LINE__, "could not open /dev/null");
        property_check(&toy);
        test_pass();
    }
    return test_join_child(child, message, message_bytes);
}

/* Three pushes of one kind, the last with the least weight that fails, and nothing else. */
static void expect_three_pushes(const char *failure)
{
    static const char calls[] =
        "; the calls: 0 push slot=0 weight=0; 0 push slot=0 weight=0; 0 push slot=0 weight=10";
    char message[600];
    CHECK(check_in_child(message, sizeof message) == TEST_FAILED, "the toy's bug was not found");
    CHECK(strstr(message, failure) != NULL && strstr(message, calls) != NULL,
          "expected \"…%s%s\", got \"%s\"", failure, calls, message);
}

TEST(property, shrinks_a_failure_to_its_essence, .invariant = "-", .section = "common",
     .hint = "Calls are left out, numbers made smaller.")
{
    expect_three_pushes("the third of kind 0");
}

TEST(property, shrinks_a_crash_too, .invariant = "-", .section = "common",
     .hint = "Each attempt is a process of its own.")
{
    trouble = CRASHES;
    expect_three_pushes("Aborted");
}

TEST(property, ends_what_runs_for_ever, .invariant = "-", .section = "common",
     .hint = "A limit on processor time; few attempts after that.")
{
    char message[600];
    trouble = RUNS_FOR_EVER;
    CHECK(check_in_child(message, sizeof message) == TEST_FAILED, "an endless loop was not found");
    CHECK(strstr(message, strsignal(SIGXCPU)) != NULL ||
              strstr(message, strsignal(SIGALRM)) != NULL,
          "expected a limit that ended it, got \"%s\"", message);
}

TEST(property, finds_nothing_in_what_is_sound, .invariant = "-", .section = "common",
     .hint = "No false alarm.")
{
    trouble = IS_SOUND;
    property_check(&toy);
}
