/* phase_matrix: which stage's code makes which later test fail.
 *
 *   stage 4's tests that pass over   1 2 3 of the reference
 *     once more over                 ① 2 3    1 ② 3    1 2 ③    ①②③         ○ the submission's own
 *
 * A test that fails over one of the submission's earlier stages, and over the reference's does not, is that
 * stage's doing. It is shown and costs nothing: the bug has been charged where it is.
 *
 * Read next: matrix.h, what the table of it says. */
#include <string.h>

#include "grader/keep.h"
#include "grader/matrix.h"
#include "grader/phases.h"
#include "grader/process.h"
#include "grader/programs.h"
#include "grader/progress.h"
#include "grader/test_runs.h"

enum { MATRIX_FLOOR_SECONDS = 2 };

static const size_t matrix_memory_bytes = (size_t)4 << 30;

static struct mix *add_mix(struct stage_result *result, unsigned own)
{
    struct mix *mix = &result->mixes[result->mix_count++];
    *mix = (struct mix){.own = own};
    return mix;
}

static void blame(struct stage_result *result, const struct test_result *test, unsigned own,
                  const struct test_end *end)
{
    for (size_t i = 0; i < result->blame_count; i++)
        if (result->blames[i].test == test &&
            (result->blames[i].own & own) == result->blames[i].own)
            return; /* it fails over fewer stages already */
    result->blames = keep_room(result->blames, result->blame_count, sizeof *result->blames);
    result->blames[result->blame_count++] =
        (struct blame){.test = test, .own = own, .status = end->status, .message = end->message};
}

/* The tests that pass over the reference: only they can tell. */
static size_t choose(const struct stage_result *result, size_t *chosen, const char **names)
{
    size_t count = 0;
    for (size_t i = 0; i < result->test_count; i++)
        if (result->tests[i].status == STATUS_PASSED) {
            chosen[count] = i;
            names[count++] = result->tests[i].facts.name;
        }
    return count;
}

static void run_mix(const struct grading *grading, struct stage_result *result, struct mix *mix)
{
    struct program reference = program_reference(result->stage, "debug", "");
    struct program subject = program_subject(grading, result->stage, "debug", "");
    size_t *chosen = keep_bytes(result->test_count * sizeof *chosen);
    const char **names = keep_bytes(result->test_count * sizeof *names);
    struct test_end *ends = keep_bytes(result->test_count * sizeof *ends);
    size_t count = choose(result, chosen, names);
    struct test_runs runs = {
        .grading = grading,
        .stage = result->stage,
        .phase = "tests",
        .memory_bytes = matrix_memory_bytes,
        .floor_seconds = MATRIX_FLOOR_SECONDS,
    };
    struct calibration limits;
    struct build build;
    subject.own = mix->own;
    program_build(grading, &subject, &build);
    mix->why = build.done ? NULL : build.error;
    if (mix->why != NULL)
        return;
    test_runs_calibrate(&runs, program_to_run(grading, &reference), names, count, &limits);
    test_runs_do(&runs, program_to_run(grading, &subject), &limits, names, count, ends);
    for (size_t i = 0; i < count; i++) {
        mix->passed += ends[i].status == STATUS_PASSED;
        if (ends[i].status != STATUS_PASSED)
            blame(result, &result->tests[chosen[i]], mix->own, &ends[i]);
    }
}

/* `all` below: the results of stages 1 to this one. Each earlier stage alone, then all of them. */
static void run_mixes(const struct grading *grading, const struct stage_result *all,
                      struct stage_result *result)
{
    unsigned together = 0;
    for (const struct stage_result *below = all; below < result; below++)
        if (matrix_can_stand(below)) {
            unsigned own = 1U << (below->stage->number - 1);
            together |= own;
            run_mix(grading, result, add_mix(result, own));
        }
    if (!matrix_is_one(together))
        run_mix(grading, result, add_mix(result, together));
}

void phase_matrix(const struct grading *grading, struct stage_result *results, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        progress_start(results[i].stage, "matrix");
        if (matrix_can_stand(&results[i]))
            run_mixes(grading, results, &results[i]);
        progress_end("%zu tests fail over own stages", results[i].blame_count);
    }
}
