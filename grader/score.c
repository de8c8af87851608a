/* score: see score.h. */
#include "grader/score.h"

#include "grader/keep.h"

char *score_text(unsigned half_points)
{
    return keep_format("%u%s", half_points / 2, half_points % 2 == 0 ? "" : ".5");
}

/* --- Splitting points into parts that add up --- */

/* The part of `all` for what lies from `before` to `after` of `whole`. Parts that border on each
 * other add up to `all` without a rest. */
static unsigned part(unsigned all, unsigned before, unsigned after, unsigned whole)
{
    unsigned long long to = (unsigned long long)all * after / whole;
    unsigned long long from = (unsigned long long)all * before / whole;
    return (unsigned)(to - from);
}

/* Races are looked for only where tests start threads. */
static bool phase_counts(const struct stage_result *result, enum phase phase)
{
    return phase != PHASE_RACES || stage_has_threads(result);
}

static void split_stage(const struct stage_result *result, const struct rubric_stage *stage,
                        unsigned split[PHASE_COUNT])
{
    unsigned whole = 0;
    unsigned before = 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        whole += phase_counts(result, phase) ? stage->weights[phase] : 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++) {
        unsigned weight = phase_counts(result, phase) ? stage->weights[phase] : 0;
        split[phase] = part(stage->half_points, before, before + weight, whole);
        before += weight;
    }
}

static void split_tests(struct stage_result *result, unsigned half_points)
{
    unsigned whole = 0;
    unsigned before = 0;
    for (size_t i = 0; i < result->test_count; i++)
        whole += result->tests[i].facts.points;
    for (size_t i = 0; whole != 0 && i < result->test_count; i++) {
        unsigned points = result->tests[i].facts.points;
        result->tests[i].score.most = part(half_points, before, before + points, whole);
        before += points;
    }
}

/* --- Earning them --- */

static void add(struct score *sum, const struct score *more)
{
    sum->earned += more->earned;
    sum->most += more->most;
}

static unsigned earned_by(const struct test_result *test, const struct rubric *rubric)
{
    if (test->status == STATUS_UNSTABLE)
        return (unsigned)(test->score.most * rubric->unstable);
    return test->status == STATUS_PASSED ? test->score.most : 0;
}

/* `watched` and `passed`: the points of the tests that the tool is there for, and of those that
 * passed, with the tool too. */
static void score_tool(struct tool_result *tool, unsigned most, unsigned cost, unsigned watched,
                       unsigned passed)
{
    tool->score = (struct score){0, most};
    if (tool->state != TOOL_RUN || watched == 0)
        return;
    unsigned earned = part(most, 0, passed, watched);
    size_t lost = cost * tool->count;
    tool->score.earned = lost < earned ? earned - (unsigned)lost : 0;
}

static void score_tools(struct stage_result *result, const struct rubric *rubric,
                        const unsigned split[PHASE_COUNT])
{
    unsigned all = 0;
    unsigned all_passed = 0;
    unsigned threaded = 0;
    unsigned threaded_passed = 0;
    for (size_t i = 0; i < result->test_count; i++) {
        const struct test_result *test = &result->tests[i];
        all += test->score.most;
        all_passed += test->passed_memcheck ? test->score.earned : 0;
        threaded += test->facts.threads ? test->score.most : 0;
        threaded_passed += test->facts.threads && test->passed_races ? test->score.earned : 0;
    }
    score_tool(&result->memcheck, split[PHASE_MEMORY], rubric->half_points_per_memory_error, all,
               all_passed);
    score_tool(&result->races, split[PHASE_RACES], rubric->half_points_per_race, threaded,
               threaded_passed);
}

/* Each count has the same share of the phase's points; of that, as much can be earned as of the
 * tests' points, since who does nothing calls nobody. */
static void score_counts(struct stage_result *result, const struct rubric *rubric, unsigned most)
{
    unsigned count = (unsigned)result->count_count;
    struct score tests = {0, 0};
    for (size_t i = 0; i < result->test_count; i++)
        add(&tests, &result->tests[i].score);
    for (unsigned i = 0; i < count; i++) {
        struct count_result *counted = &result->counts[i];
        unsigned share = part(most, i, i + 1, count);
        bool full = counted->value <= rubric->full_up_to * counted->reference;
        bool half = counted->value <= rubric->half_up_to * counted->reference;
        unsigned earned = full ? share : half ? share / 2 : 0;
        counted->score.most = share;
        counted->score.earned = tests.most == 0 ? 0 : part(earned, 0, tests.earned, tests.most);
    }
}

static double percent(unsigned part_run, unsigned whole)
{
    return whole == 0 ? 100 : 100.0 * part_run / whole;
}

static bool covers_too_little(const struct coverage *coverage, const struct rubric *rubric)
{
    return coverage->state == TOOL_RUN &&
           (percent(coverage->lines_run, coverage->lines) < rubric->least_lines ||
            percent(coverage->branches_run, coverage->branches) < rubric->least_branches);
}

/* `not_counted`: the points for counts of code that was not run so far. */
static void add_up(struct stage_result *result, unsigned not_counted)
{
    result->score = (struct score){0, not_counted};
    add(&result->score, &result->memcheck.score);
    add(&result->score, &result->races.score);
    for (size_t i = 0; i < result->test_count; i++)
        add(&result->score, &result->tests[i].score);
    for (size_t i = 0; i < result->count_count; i++)
        add(&result->score, &result->counts[i].score);
    unsigned lost = result->coverage.lost_half_points;
    result->score.earned -= lost < result->score.earned ? lost : result->score.earned;
}

void score_stage(struct stage_result *result, const struct rubric *rubric, bool quick)
{
    unsigned split[PHASE_COUNT];
    split_stage(result, &rubric->stages[result->stage->number - 1], split);
    split_tests(result, split[PHASE_TESTS]);
    for (size_t i = 0; i < result->test_count; i++)
        result->tests[i].score.earned = earned_by(&result->tests[i], rubric);
    if (!quick) {
        score_tools(result, rubric, split);
        score_counts(result, rubric, split[PHASE_COUNTS]);
        if (covers_too_little(&result->coverage, rubric))
            result->coverage.lost_half_points = rubric->half_points_for_low_coverage;
    }
    add_up(result, !quick && result->count_count == 0 ? split[PHASE_COUNTS] : 0);
}
