/* redteam: grades attacks, and looks at what became of them.
 *
 *   redteam PROGRAM-grade BUILD-folder bubblewrap|limits|limits-alone [all | NAME...]
 *
 * For each: the attacked test has no points and the expected reason, nothing that the student wrote is
 * shown as it is, and the grader has graded. After all: no process is left, no file outside of the
 * scratch folder, and a stage beside an attack has its points. Without "all", those that take long are
 * left out. "limits-alone" plays a kernel without Landlock, where some attacks are known to get through.
 * Status 0: all held. Read next: attacks.h, what attacks there are; left.h, what none may leave. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/redteam/attacks.h"
#include "grader/redteam/left.h"
#include "grader/redteam/redteam.h"
#include "grader/scratch.h"
#include "grader/tests/without_landlock.h"

#define FIXTURES "grader/redteam/fixtures"
#define TEST "object_pool/hands_out_an_object"

enum { AT_ONCE = 3, WALL_SECONDS = 600, MOST_OUTPUT = 256 * 1024 };

struct run {
    const struct attack *attack;
    const char *json;
};

struct setting setting;

void fail(const char *name, const char *why)
{
    printf("FAIL  %s: %s\n", name, why);
    setting.failures++;
}

enum { JSON_ARGUMENT = 8 };

static void prepare(const char *stage, const char *path, const char *json, bool quick,
                    struct process *process)
{
    const char *first[] = {setting.grade, "--stage",      stage,         "--jail",
                           setting.jail,  "--submission", path,          "--json",
                           json,          "--build",      setting.build, quick ? "--quick" : NULL,
                           NULL};
    const char **arguments = keep_bytes(sizeof first);
    memcpy(arguments, first, sizeof first);
    *process = (struct process){
        .arguments = arguments, .wall_seconds = WALL_SECONDS, .most_output = MOST_OUTPUT};
}

/* --- What the grader said --- */

static json_t *find_test(json_t *report)
{
    json_t *stage = json_array_get(json_object_get(report, "stages"), 0);
    size_t index = 0;
    json_t *test = NULL;
    json_array_foreach(json_object_get(stage, "tests"), index, test)
    {
        if (strcmp(json_string_value(json_object_get(test, "name")), TEST) == 0)
            return test;
    }
    return NULL;
}

/* The report is wrapped to 80 columns: words may be anywhere in it, with any blanks between. */
static char *one_line(const char *text)
{
    char *line = keep_bytes(strlen(text) + 1);
    char *to = line;
    for (; *text != '\0'; text++)
        if (!strchr(" \n", *text))
            *to++ = *text;
        else if (to > line && to[-1] != ' ')
            *to++ = ' ';
    return line;
}

static void check_report(const struct attack *attack, json_t *report)
{
    json_t *test = find_test(report);
    if (test == NULL) {
        fail(attack->name, "the test is not in the report");
        return;
    }
    const char *status = json_string_value(json_object_get(test, "status"));
    if (strcmp(status, attack->status) != 0)
        fail(attack->name, keep_format("expected %s, got %s (%s)", attack->status, status,
                                       json_string_value(json_object_get(test, "message"))));
    if (json_number_value(json_object_get(test, "points")) != 0)
        fail(attack->name, "it has points");
}

/* Whatever an attack does, the grader grades on and shows nothing of it as it is. */
static void check_grader(const struct attack *attack, const struct process *process)
{
    int status = WIFEXITED(process->wait_status) ? WEXITSTATUS(process->wait_status) : -1;
    const char *text = process->output.bytes;
    if (status != (attack->status == NULL ? 1 : 0))
        fail(attack->name, keep_format("the grader ended with status %d: %s", status, text));
    if (strpbrk(text, "\033\a\r") != NULL)
        fail(attack->name, "terminal escapes are shown");
}

static void check_attack(const struct attack *attack, const char *text, const char *json)
{
    if (strstr(one_line(text), attack->words) == NULL)
        fail(attack->name, keep_format("no word of \"%s\" in: %s", attack->words, text));
    if (attack->status == NULL)
        return;
    json_t *report = json_load_file(json, 0, NULL);
    if (report != NULL)
        check_report(attack, report);
    else
        fail(attack->name, "there is no report");
    json_decref(report);
}

static void check_end(struct process *process, void *context)
{
    const struct run *run = context;
    while (run->json != process->arguments[JSON_ARGUMENT])
        run++;
    const struct attack *attack = run->attack;
    bool is_open = setting.is_alone && attack->is_open;
    unsigned before = setting.failures;
    check_grader(attack, process);
    if (!is_open)
        check_attack(attack, process->output.bytes, run->json);
    if (setting.failures == before)
        printf("%-5s %-42s %-10s %5.1f s\n", is_open ? "open" : "ok", attack->name,
               attack->status == NULL ? "refused" : attack->status, process->wall_ms / 1000.0);
    fflush(stdout);
}

static void run_all(const struct attacks *attacks, char **names, size_t name_count, bool with_slow)
{
    struct process *processes = keep_bytes(attacks->count * sizeof *processes);
    struct run *runs = keep_bytes(attacks->count * sizeof *runs);
    size_t count = 0;
    for (size_t i = 0; i < attacks->count; i++) {
        bool is_named = false;
        for (size_t name = 0; name < name_count; name++)
            is_named |= strcmp(attacks->items[i].name, names[name]) == 0;
        if (name_count > 0 ? !is_named : attacks->items[i].is_slow && !with_slow)
            continue;
        const char *json = scratch_path("%s.json", attacks->items[i].name);
        runs[count] = (struct run){&attacks->items[i], json};
        prepare("1", attacks->items[i].path, json, !attacks->items[i].is_own_test,
                &processes[count++]);
    }
    if (count == 0)
        die_usage("no attack has that name: they are the files in " FIXTURES
                  ", and those in attacks_made.c");
    process_run_all(processes, count, AT_ONCE, check_end, runs);
    printf("%zu attacks, jail %s%s, user %u: %u failures\n", count, setting.jail,
           setting.is_alone ? " without Landlock" : "", getuid(), setting.failures);
}

/* --- Beside an attack, and before all --- */

/* Stage 2 beside an attack in stage 1. */
static void check_neighbour(const struct attacks *attacks)
{
    static const char *const files[] = {"size_class.c", "thread_cache.c"};
    const char *folder = attacks->items[0].path;
    const char *json = scratch_path("neighbour.json");
    for (size_t i = 0; i < 2; i++)
        file_copy(keep_format("stage2_threadcache/solution/%s", files[i]),
                  keep_format("%s/%s", folder, files[i]));
    struct process process;
    prepare("2", folder, json, true, &process);
    process_run(&process);
    json_t *report = json_load_file(json, 0, NULL);
    double points = json_number_value(json_object_get(report, "points"));
    if (points == 0 || points != json_number_value(json_object_get(report, "max_points")))
        fail("neighbour", keep_format("stage 2 lost points to stage 1: %s", process.output.bytes));
    else
        printf("ok    stage 2 beside an attack has its %.0f points\n", points);
    json_decref(report);
}

/* The reference's programs and times, before anything is measured by them. */
static void warm_up(void)
{
    const char *arguments[] = {setting.grade, "--quick", "--stage",     "1", "--jail",
                               setting.jail,  "--build", setting.build, NULL};
    struct process process = {
        .arguments = arguments, .wall_seconds = WALL_SECONDS, .most_output = MOST_OUTPUT};
    process_run(&process);
    if (!process_succeeded(&process))
        die_broken("the reference is not graded: %s", process.output.bytes);
    const char *off = strcmp(setting.jail, "limits") == 0 ? "Off: namespaces" : "";
    const char *hiding = setting.is_alone ? "any hiding of files" : "";
    const char *note = one_line(process.output.bytes);
    if (strstr(note, off) == NULL || strstr(note, hiding) == NULL)
        fail("note", keep_format("the report does not say what is off: %s", note));
}

int main(int count, char **arguments)
{
    atexit(keep_free_all);
    if (count < 4)
        die_usage("usage: redteam PROGRAM BUILD bubblewrap|limits|limits-alone [all | NAME...]");
    scratch_make();
    chmod(scratch_path("."), 0711);
    folder_make(scratch_path("tmp"));
    setenv("TMPDIR", scratch_path("tmp"), 1);
    bool may_build = access(arguments[2], W_OK) == 0;
    setting.grade = arguments[1];
    setting.build = may_build ? arguments[2] : scratch_path("build");
    setting.is_alone = strcmp(arguments[3], "limits-alone") == 0;
    setting.jail = setting.is_alone ? "limits" : arguments[3];
    if (setting.is_alone && !without_landlock())
        die_broken("cannot play a kernel without Landlock");
    char tree[4096];
    const char *results = scratch_path("results.json");
    if (getcwd(tree, sizeof tree) == NULL || !file_write(results, "{}\n", 3))
        die_broken("cannot write the results that are to be kept");
    chmod(results, 0600);
    struct attacks attacks = {NULL, 0};
    attacks_from_files(&attacks, FIXTURES, scratch_path("attacks"), tree, results);
    attacks_from_files(&attacks, FIXTURES "/own_tests", scratch_path("attacks"), tree, results);
    attacks_made(&attacks, scratch_path("attacks"));
    bool all = count > 4 && strcmp(arguments[4], "all") == 0;
    left_try();
    warm_up();
    run_all(&attacks, arguments + 4, count > 4 && !all ? (size_t)count - 4 : 0, all);
    left_processes();
    left_files();
    check_neighbour(&attacks);
    return setting.failures == 0 ? 0 : 1;
}
