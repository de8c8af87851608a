/* stage_tests: see stage_tests.h. What is remembered of a stage is one line in
 * build/course/stageN: a hash of the test program and the count of scored tests that it passed. */
#include "common/course/stage_tests.h"

#include <glob.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/course/command.h"
#include "grader/files.h"
#include "grader/keep.h"

enum {
    MOST_FILE_BYTES = 64 * 1024 * 1024,
    AT_ONCE = 4,     /* more than processors: many of the tests wait for threads */
    CPU_SECONDS = 3, /* the longest test of the reference takes a third of one */
    WALL_SECONDS = 20,
    STATUS_NOT_DONE = 3,
    LIST_FIELDS = 9,
};

const char *stage_tests_program(const struct course_options *options, const struct stage *stage)
{
    const char *out = options->student_build != NULL ? options->student_build : options->build;
    return keep_format("%s/debug/tests/stage%u-student", out, stage->number);
}

const char *stage_tests_build(const struct course_options *options, const char *program)
{
    const char *root = options->student_root != NULL ? options->student_root : ".";
    const char *out = options->student_build != NULL ? options->student_build : options->build;
    const char *const arguments[] = {"make",
                                     "-s",
                                     "-j2",
                                     "IMPL=student",
                                     keep_format("BUILD=%s", options->build),
                                     keep_format("STUDENT_ROOT=%s", root),
                                     keep_format("STUDENT_BUILD=%s", out),
                                     program,
                                     NULL};
    struct command make = {.arguments = arguments};
    command_run(&make);
    return command_succeeded(&make) ? NULL : make.output;
}

unsigned task_number(const char *section)
{
    char *point = NULL;
    unsigned stage = (unsigned)strtoul(section, &point, 10);
    return stage * 100 + (*point == '.' ? (unsigned)strtoul(point + 1, NULL, 10) : 0);
}

/* --- The list --- */

static bool parse_line(char *line, struct course_test *test)
{
    char *fields[LIST_FIELDS] = {line};
    size_t count = 1;
    for (; count < LIST_FIELDS && (line = strchr(line, '\t')) != NULL; count++) {
        *line++ = '\0';
        fields[count] = line;
    }
    if (count != LIST_FIELDS)
        return false;
    *test = (struct course_test){.name = fields[0],
                                 .points = (unsigned)strtoul(fields[1], NULL, 10),
                                 .invariant = fields[3],
                                 .section = fields[4],
                                 .file = fields[5],
                                 .line = (unsigned)strtoul(fields[6], NULL, 10),
                                 .hint = fields[7]};
    return true;
}

/* By task; tests of one task stay in the order of the list, which goes from the plain to the rare. */
static int compare_tests(const void *left, const void *right)
{
    const struct course_test *a = left;
    const struct course_test *b = right;
    unsigned a_task = task_number(a->section);
    unsigned b_task = task_number(b->section);
    if (a_task != b_task)
        return a_task < b_task ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void parse_list(struct stage_tests *tests, char *text)
{
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        struct course_test test;
        if (!parse_line(line, &test))
            continue;
        tests->tests = keep_room(tests->tests, tests->count, sizeof *tests->tests);
        test.place = tests->count;
        tests->tests[tests->count++] = test;
        tests->scored += test.points != 0;
    }
    if (tests->count != 0)
        qsort(tests->tests, tests->count, sizeof *tests->tests, compare_tests);
}

/* make would use what it compiled when the file was there. Returns NULL where none is missing. */
static const char *name_missing_file(const struct course_options *options,
                                     const struct stage *stage)
{
    const char *root = options->student_root != NULL ? options->student_root : ".";
    for (const char *const *file = stage->handin; *file != NULL; file++)
        if (!file_exists(keep_format("%s/%s/student/%s", root, stage->folder, *file)))
            return keep_format("%s/student/%s is missing: make reset STAGE=%u brings it back as "
                               "its skeleton\n",
                               stage->folder, *file, stage->number);
    return NULL;
}

struct stage_tests stage_tests_load(const struct course_options *options, const struct stage *stage)
{
    struct stage_tests tests = {.stage = stage, .program = stage_tests_program(options, stage)};
    tests.build_errors = name_missing_file(options, stage);
    if (tests.build_errors == NULL)
        tests.build_errors = stage_tests_build(options, tests.program);
    if (tests.build_errors != NULL)
        return tests;
    const char *const arguments[] = {tests.program, "--list", NULL};
    struct command list = {.arguments = arguments, .cpu_seconds = CPU_SECONDS};
    command_run(&list);
    parse_list(&tests, list.output);
    return tests;
}

/* --- What is remembered --- */

/* FNV-1a: a fingerprint, not a proof. */
static uint64_t hash_of_file(const char *path)
{
    size_t length = 0;
    const char *bytes = file_read(path, MOST_FILE_BYTES, &length);
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; bytes != NULL && i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

static const char *memory_path(const struct course_options *options, const struct stage *stage)
{
    return course_path(options, keep_format("stage%u", stage->number));
}

static bool recall(const struct course_options *options, const struct stage *stage, uint64_t *hash,
                   size_t *passed)
{
    const char *text = file_read(memory_path(options, stage), 200, NULL);
    return text != NULL && sscanf(text, "%" SCNx64 " %zu", hash, passed) == 2;
}

static void remember(const struct course_options *options, const struct stage_tests *tests)
{
    const char *text =
        keep_format("%" PRIx64 " %zu\n", hash_of_file(tests->program), tests->passed);
    file_write(memory_path(options, tests->stage), text, strlen(text));
}

size_t stage_tests_count_remembered(const struct course_options *options, const struct stage *stage)
{
    uint64_t hash = 0;
    size_t passed = 0;
    return recall(options, stage, &hash, &passed) ? passed : 0;
}

/* --- Running --- */

static enum test_state state_of(const struct command *command)
{
    if (command_succeeded(command))
        return TEST_STATE_PASSED;
    bool not_done =
        WIFEXITED(command->wait_status) && WEXITSTATUS(command->wait_status) == STATUS_NOT_DONE;
    return not_done ? TEST_STATE_NOT_DONE : TEST_STATE_FAILED;
}

/* A test that says it failed, or was stopped on the way: the difference is in the status. */
static bool ended_itself(const struct command *command)
{
    return WIFEXITED(command->wait_status) && strstr(command->output, "FAILED ") != NULL;
}

static void note_result(struct course_test *test, const struct command *command)
{
    if (command->output == NULL) {
        test->state = TEST_STATE_FAILED;
        test->said = "";
        test->ended = "it was not run, because another test never came to its end";
        return;
    }
    test->state = state_of(command);
    test->said = command->output;
    if (test->state == TEST_STATE_FAILED && !ended_itself(command))
        test->ended = command_end_in_words(command);
}

/* What is remembered is of the student's own tree and of all tests. */
static bool is_whole(const struct course_options *options, const struct stage_tests *tests)
{
    for (size_t i = 0; i < tests->count; i++)
        if (tests->tests[i].skip)
            return false;
    return options->student_root == NULL;
}

static bool is_known_to_pass(const struct course_options *options, struct stage_tests *tests)
{
    uint64_t hash = 0;
    size_t passed = 0;
    return recall(options, tests->stage, &hash, &passed) && passed == tests->scored &&
           hash == hash_of_file(tests->program);
}

void stage_tests_run(const struct course_options *options, struct stage_tests *tests)
{
    bool is_known = is_whole(options, tests) && is_known_to_pass(options, tests);
    struct command *commands = keep_bytes((tests->count + 1) * sizeof *commands);
    size_t count = 0;
    for (size_t i = 0; i < tests->count; i++) {
        if (tests->tests[i].skip || (is_known && tests->tests[i].points != 0))
            continue;
        const char **arguments = keep_bytes(4 * sizeof *arguments);
        arguments[0] = tests->program;
        arguments[1] = "--run";
        arguments[2] = tests->tests[i].name;
        commands[count++] = (struct command){
            .arguments = arguments, .cpu_seconds = CPU_SECONDS, .wall_seconds = WALL_SECONDS};
    }
    command_run_all(commands, count, AT_ONCE);
    tests->passed = 0;
    count = 0;
    for (size_t i = 0; i < tests->count; i++) {
        struct course_test *test = &tests->tests[i];
        if (test->skip)
            continue;
        if (is_known && test->points != 0)
            test->state = TEST_STATE_PASSED;
        else
            note_result(test, &commands[count++]);
        tests->passed += test->points != 0 && test->state == TEST_STATE_PASSED;
    }
    if (is_whole(options, tests))
        remember(options, tests);
}

struct course_test *stage_tests_first_open(struct stage_tests *tests)
{
    for (int scored = 1; scored >= 0; scored--)
        for (size_t i = 0; i < tests->count; i++)
            if ((tests->tests[i].points != 0) == (scored == 1) &&
                tests->tests[i].state != TEST_STATE_PASSED)
                return &tests->tests[i];
    return NULL;
}

/* --- Counting without building --- */

static size_t count_in_file(const char *text)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "\nTEST(")) != NULL; at++) {
        const char *body = strstr(at, "\n{");
        const char *unscored = strstr(at, ".points = 0");
        count += unscored == NULL || (body != NULL && unscored > body);
    }
    return count;
}

/* Those that count work and those that try interleavings are in programs of their own. */
static bool is_of_stage_program(const char *path)
{
    return strstr(path, "/counts.c") == NULL && strstr(path, "_interleave_test.c") == NULL;
}

size_t stage_tests_count_declared(const struct stage *stage)
{
    glob_t found;
    size_t count = 0;
    if (glob(keep_format("%s/tests/*.c", stage->folder), 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (!is_of_stage_program(found.gl_pathv[i]))
            continue;
        const char *text = file_read(found.gl_pathv[i], MOST_FILE_BYTES, NULL);
        count += text == NULL ? 0 : count_in_file(text);
    }
    globfree(&found);
    return count;
}
