/* results: see results.h. */
#include "grader/results.h"

#include <string.h>

#include "grader/keep.h"

const char *status_name(enum status status)
{
    static const char *const names[] = {
        [STATUS_UNKNOWN] = "SKIPPED",
        [STATUS_PASSED] = "PASSED",
        [STATUS_FAILED] = "FAILED",
        [STATUS_NOT_DONE] = "NOT_DONE",
        [STATUS_CRASH] = "CRASH",
        [STATUS_TIMEOUT] = "TIMEOUT",
        [STATUS_MEMORY] = "MEMORY",
        [STATUS_OUTPUT] = "OUTPUT",
        [STATUS_COMPILE] = "COMPILE",
        [STATUS_FORBIDDEN] = "FORBIDDEN",
        [STATUS_UNSTABLE] = "UNSTABLE",
        [STATUS_SKIPPED] = "SKIPPED",
        [STATUS_GRADER_ERROR] = "GRADER_ERROR",
    };
    return names[status];
}

size_t stage_passed(const struct stage_result *result)
{
    size_t passed = 0;
    for (size_t i = 0; i < result->test_count; i++)
        passed += result->tests[i].status == STATUS_PASSED;
    return passed;
}

bool stage_has_threads(const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++)
        if (result->tests[i].facts.threads)
            return true;
    return false;
}

const char *stage_share_note(const struct stage_result *result)
{
    struct score tests = {0, 0};
    for (size_t i = 0; i < result->test_count; i++) {
        tests.earned += result->tests[i].score.earned;
        tests.most += result->tests[i].score.most;
    }
    if (result->memcheck.state != TOOL_RUN || tests.earned == tests.most)
        return NULL;
    return "points of tools and counts are in proportion to those of their tests";
}

bool stage_is_broken(const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++)
        if (result->tests[i].status == STATUS_GRADER_ERROR)
            return true;
    return result->broken != NULL || result->memcheck.state == TOOL_BROKEN ||
           result->races.state == TOOL_BROKEN;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_finding(const struct finding *a, const struct finding *b)
{
    return a->line == b->line && same_text(a->kind, b->kind) && same_text(a->file, b->file) &&
           same_text(a->function, b->function);
}

void finding_add(struct tool_result *tool, const struct finding *finding)
{
    for (size_t i = 0; i < tool->count; i++)
        if (same_finding(&tool->findings[i], finding)) {
            tool->findings[i].count++;
            return;
        }
    tool->findings = keep_room(tool->findings, tool->count, sizeof *tool->findings);
    tool->findings[tool->count] = *finding;
    tool->findings[tool->count++].count = 1;
}

void tool_not_run(struct tool_result *tool, const char *why)
{
    tool->state = TOOL_NOT_RUN;
    tool->why = keep_text(why);
}

void tool_broken(struct tool_result *tool, char *why)
{
    tool->state = TOOL_BROKEN;
    tool->why = why;
}

char *count_ratio(const struct count_result *count)
{
    if (count->is_missing)
        return keep_text("not counted");
    if (count->reference > 0)
        return keep_format("%.2f times", count->value / count->reference);
    return keep_text(count->value > 0 ? "reference: 0" : "1.00 times");
}
