/* report_rows: see report_rows.h. */
#include "grader/report_rows.h"

#include <string.h>

#include "grader/keep.h"
#include "grader/text.h"

enum { MOST_FINDINGS = 5 };

static enum outcome outcome_of(enum status status)
{
    switch (status) {
    case STATUS_PASSED:
        return OUTCOME_PASSED;
    case STATUS_UNKNOWN:
    case STATUS_SKIPPED:
    case STATUS_NOT_DONE:
        return OUTCOME_SKIPPED;
    case STATUS_GRADER_ERROR:
        return OUTCOME_ERROR;
    default:
        return OUTCOME_FAILED;
    }
}

/* What happened, why it matters, where to look; for a test that passed, nothing. */
static const char *message_of(const struct stage *stage, const struct test_result *test)
{
    const char *what = test->message == NULL ? "" : text_clean(test->message);
    if (test->status == STATUS_PASSED)
        return what;
    return keep_format("%s%sInvariant %s. Hint: %s Read: %s/README.md, task %s.", what,
                       *what == '\0' ? "" : "\n", text_clean(test->facts.invariant),
                       text_clean(test->facts.hint), stage->folder,
                       text_clean(test->facts.section));
}

static struct report_row row_of_test(const struct stage *stage, const struct test_result *test)
{
    const char *name = text_clean(test->facts.name);
    size_t suite = strcspn(name, "/");
    return (struct report_row){
        .suite = keep_format("stage%u.%.*s", stage->number, (int)suite, name),
        .name = name[suite] == '/' ? name + suite + 1 : name,
        .outcome = outcome_of(test->status),
        .reason = status_name(test->status),
        .message = message_of(stage, test),
        .file = text_clean(test->facts.file),
        .line = test->facts.line,
        .seconds = test->cpu_ms / 1000.0,
        .visibility = test->facts.visibility == NULL ? "visible" : test->facts.visibility,
        .score = test->score,
    };
}

static const char *list_findings(const struct tool_result *tool)
{
    const char *text = "";
    for (size_t i = 0; i < tool->count && i < MOST_FINDINGS; i++) {
        const struct finding *finding = &tool->findings[i];
        text = keep_format(
            "%s%s%s, %s:%u in %s (%u times)", text, i == 0 ? "" : "\n", text_clean(finding->what),
            finding->file == NULL ? "?" : text_clean(finding->file), finding->line,
            finding->function == NULL ? "?" : text_clean(finding->function), finding->count);
    }
    return tool->count <= MOST_FINDINGS
               ? text
               : keep_format("%s\nand %zu more", text, tool->count - MOST_FINDINGS);
}

static struct report_row row_of_tool(const struct stage *stage, const char *name,
                                     const struct tool_result *tool)
{
    struct report_row row = {
        .suite = keep_format("stage%u.tools", stage->number),
        .name = name,
        .visibility = "visible",
        .score = tool->score,
    };
    if (tool->state == TOOL_RUN) {
        row.outcome = tool->count == 0 ? OUTCOME_PASSED : OUTCOME_FAILED;
        row.message = list_findings(tool);
        row.reason = status_name(tool->count == 0 ? STATUS_PASSED : STATUS_FAILED);
    } else {
        bool broken = tool->state == TOOL_BROKEN;
        row.outcome = broken ? OUTCOME_ERROR : OUTCOME_SKIPPED;
        row.message = tool->why == NULL ? "" : text_clean(tool->why);
        row.reason = status_name(broken ? STATUS_GRADER_ERROR : STATUS_SKIPPED);
    }
    return row;
}

static struct report_row row_of_count(const struct stage *stage, const struct count_result *count)
{
    bool full = count->score.earned == count->score.most;
    return (struct report_row){
        .suite = keep_format("stage%u.counts", stage->number),
        .name = text_clean(count->name),
        .outcome = full ? OUTCOME_PASSED : OUTCOME_FAILED,
        .reason = status_name(full ? STATUS_PASSED : STATUS_FAILED),
        .message = count->is_missing
                       ? "not counted: the calls did not get to their end"
                       : keep_format("%.4g; the reference: %.4g", count->value, count->reference),
        .visibility = "visible",
        .score = count->score,
    };
}

struct report_row *report_rows(const struct stage_result *result, size_t *count)
{
    const struct stage *stage = result->stage;
    struct report_row *rows =
        keep_bytes((result->test_count + result->count_count + 2) * sizeof *rows);
    size_t used = 0;
    for (size_t i = 0; i < result->test_count; i++)
        rows[used++] = row_of_test(stage, &result->tests[i]);
    if (result->memcheck.score.most != 0)
        rows[used++] = row_of_tool(stage, "memory errors (Valgrind)", &result->memcheck);
    if (result->races.score.most != 0)
        rows[used++] = row_of_tool(stage, "races (ThreadSanitizer)", &result->races);
    for (size_t i = 0; i < result->count_count; i++)
        rows[used++] = row_of_count(stage, &result->counts[i]);
    for (size_t i = 0; i < used; i++)
        rows[i].number = keep_format("%u.%zu", stage->number, i + 1);
    *count = used;
    return rows;
}
