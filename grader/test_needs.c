/* test_needs: see test_needs.h. */
#include "grader/test_needs.h"

#include <string.h>

#include "grader/keep.h"

static const struct test_result *find_test(const struct stage_result *result, const char *name)
{
    for (size_t i = 0; name != NULL && i < result->test_count; i++)
        if (strcmp(result->tests[i].facts.name, name) == 0)
            return &result->tests[i];
    return NULL;
}

static bool holds_up(const struct test_result *need)
{
    return need->status != STATUS_PASSED && need->status != STATUS_UNSTABLE &&
           need->status != STATUS_NOT_DONE && need->status != STATUS_GRADER_ERROR;
}

static void skip(struct test_result *test, const struct test_result *need)
{
    test->status = STATUS_SKIPPED;
    test->message =
        need->status == STATUS_SKIPPED
            ? need->message
            : keep_format("skipped: %s failed (%s)", need->facts.name, status_name(need->status));
}

size_t test_needs_wave(struct stage_result *result, size_t *wave)
{
    size_t count = 0;
    for (size_t i = 0; i < result->test_count; i++) {
        struct test_result *test = &result->tests[i];
        const struct test_result *need = find_test(result, test->facts.needs);
        if (test->status != STATUS_UNKNOWN)
            continue;
        if (need == NULL || (need->status != STATUS_UNKNOWN && !holds_up(need)))
            wave[count++] = i;
        else if (need->status != STATUS_UNKNOWN)
            skip(test, need);
    }
    if (count != 0)
        return count;
    for (size_t i = 0; i < result->test_count; i++) /* of a chain, what was skipped just now */
        if (result->tests[i].status == STATUS_UNKNOWN)
            return test_needs_wave(result, wave);
    return 0;
}

const char *test_needs_unknown(const struct stage_result *result)
{
    for (size_t i = 0; i < result->test_count; i++) {
        const char *name = result->tests[i].facts.needs;
        for (size_t steps = 0; name != NULL; steps++) {
            const struct test_result *need = find_test(result, name);
            if (need == NULL || steps > result->test_count)
                return name;
            name = need->facts.needs;
        }
    }
    return NULL;
}
