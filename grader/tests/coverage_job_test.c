/* Where gcovr runs. gcov writes a file for each header into the folder that it runs in, under the header's
 * name: two of them in one folder mix up each other's counts, and nothing fails but the figures. */
#include <criterion/criterion.h>
#include <string.h>

#include "grader/scratch.h"
#include "grader/tool_jobs.h"

static void add_job(unsigned number, struct tool_jobs *jobs, struct stage_result *result)
{
    *result = (struct stage_result){.stage = &all_stages[number - 1]};
    result->coverage.state = TOOL_RUN;
    static const struct options options = {.subject = SUBJECT_SOLUTION};
    const struct grading grading = {.options = &options, .root = "/root-of-the-tree"};
    jobs_gcovr(&grading, result, jobs);
}

static const char *value_of(const struct process *process, const char *option)
{
    for (const char *const *argument = process->arguments; *argument != NULL; argument++)
        if (strcmp(*argument, option) == 0)
            return argument[1];
    return NULL;
}

static bool is_scratch(const char *path)
{
    const char *scratch = scratch_path("%s", "");
    return path != NULL && strncmp(path, scratch, strlen(scratch)) == 0;
}

Test(coverage_job, each_gcovr_runs_in_a_scratch_folder_of_its_own)
{
    scratch_make();
    struct tool_jobs jobs = {NULL, 0};
    struct stage_result first;
    struct stage_result second;
    add_job(2, &jobs, &first);
    add_job(3, &jobs, &second);
    cr_assert_eq(jobs.count, 2);
    for (size_t i = 0; i < jobs.count; i++)
        cr_assert(is_scratch(jobs.items[i].process.folder));
    cr_assert_str_neq(jobs.items[0].process.folder, jobs.items[1].process.folder);
}

/* gcovr starts gcov in its root. */
Test(coverage_job, the_root_of_each_gcovr_is_the_folder_that_it_runs_in)
{
    scratch_make();
    struct tool_jobs jobs = {NULL, 0};
    struct stage_result result;
    add_job(2, &jobs, &result);
    cr_assert_str_eq(value_of(&jobs.items[0].process, "--root"), ".");
}

/* What gcov reads was written by code of the student's. */
Test(coverage_job, gcovr_runs_in_a_jail_and_writes_in_its_folder_alone)
{
    scratch_make();
    struct tool_jobs jobs = {NULL, 0};
    struct stage_result result;
    add_job(2, &jobs, &result);
    const struct process *gcovr = &jobs.items[0].process;
    cr_assert_not_null(gcovr->jail);
    cr_assert_str_eq(gcovr->jail->writes[0], gcovr->folder);
    cr_assert_null(gcovr->jail->writes[1]);
}
