/* What counts as a verdict, and how the end of a process is judged. */
#include <criterion/criterion.h>
#include <signal.h>

#include "grader/process.h"
#include "grader/verdict.h"

static const char token[] = "0123456789abcdef0123456789abcdef";

/* A process that ended with this wait status and report. */
static struct process ended(int wait_status, const char *report)
{
    return (struct process){
        .token = token,
        .pid = 42,
        .inner_pid = 42,
        .wait_status = wait_status,
        .cpu_seconds = 2,
        .report = {.bytes = (char *)(size_t)report},
        .output = {.bytes = (char[]){""}},
    };
}

static enum status judge(int wait_status, const char *report)
{
    static char nothing[] = "";
    struct process process = ended(wait_status, report);
    char *message = NULL;
    process.output.bytes = nothing;
    return verdict_judge(&process, "pool/works", 66, "tests", &message);
}

enum { EXITED_0 = 0, EXITED_1 = 1 << 8, EXITED_3 = 3 << 8, EXITED_66 = 66 << 8 };

#define LINE(kind, pid, name) "0123456789abcdef0123456789abcdef\t" kind "\t" pid "\t" name "\t\n"

Test(verdict, believes_a_pass_with_token_and_status_0)
{
    cr_assert_eq(
        judge(EXITED_0, LINE("STARTED", "42", "pool/works") LINE("PASSED", "42", "pool/works")),
        STATUS_PASSED);
}

Test(verdict, believes_no_pass_without_its_token)
{
    cr_assert_eq(judge(EXITED_0, "PASSED\t42\tpool/works\t\n"), STATUS_FAILED);
    cr_assert_eq(judge(EXITED_0, "0123456789abcdef0123456789abcdee\tPASSED\t42\tpool/works\t\n"),
                 STATUS_FAILED);
    cr_assert_eq(judge(EXITED_0, "0123456789abcdef0123456789abcdefff\tPASSED\t42\tpool/works\t\n"),
                 STATUS_FAILED);
}

Test(verdict, believes_no_pass_of_another_test_or_process)
{
    cr_assert_eq(judge(EXITED_0, LINE("PASSED", "42", "pool/other")), STATUS_FAILED);
    cr_assert_eq(judge(EXITED_0, LINE("PASSED", "43", "pool/works")), STATUS_FAILED);
}

Test(verdict, believes_no_pass_that_was_cut_short)
{
    cr_assert_eq(judge(EXITED_0, "0123456789abcdef0123456789abcdef\tPASSED\t42\tpool/works\t"),
                 STATUS_FAILED);
}

Test(verdict, believes_no_pass_with_another_status)
{
    cr_assert_eq(judge(EXITED_1, LINE("PASSED", "42", "pool/works")), STATUS_FAILED);
    cr_assert_eq(judge(SIGSEGV, LINE("PASSED", "42", "pool/works")), STATUS_CRASH);
}

Test(verdict, takes_the_exit_status_of_a_race_for_a_pass)
{
    cr_assert_eq(judge(EXITED_66, LINE("PASSED", "42", "pool/works")), STATUS_PASSED);
    cr_assert_eq(judge(EXITED_66, ""), STATUS_FAILED);
}

Test(verdict, takes_the_first_word_on_a_test)
{
    cr_assert_eq(
        judge(EXITED_0, LINE("FAILED", "42", "pool/works") LINE("PASSED", "42", "pool/works")),
        STATUS_FAILED);
}

Test(verdict, tells_not_done_from_failed)
{
    cr_assert_eq(judge(EXITED_3, LINE("NOT_DONE", "42", "pool/works")), STATUS_NOT_DONE);
    cr_assert_eq(judge(EXITED_3, ""), STATUS_FAILED);
}

Test(verdict, takes_an_early_end_for_failed)
{
    cr_assert_eq(judge(EXITED_0, LINE("STARTED", "42", "pool/works")), STATUS_FAILED);
}

Test(verdict, tells_limits_from_crashes)
{
    cr_assert_eq(judge(SIGABRT, ""), STATUS_CRASH);
    cr_assert_eq(judge(SIGKILL, ""), STATUS_CRASH);
    cr_assert_eq(judge(SIGXCPU, ""), STATUS_TIMEOUT);
    cr_assert_eq(judge(SIGALRM, ""), STATUS_TIMEOUT);
    struct process process = ended(SIGKILL, "");
    char *message = NULL;
    process.cpu_ms = 2900;
    cr_assert_eq(verdict_judge(&process, "pool/works", 0, "tests", &message), STATUS_TIMEOUT);
    cr_assert_not_null(strstr(message, "\"tests\""));
}

Test(verdict, says_that_the_fault_is_ours_where_nothing_started)
{
    struct process process = ended(EXITED_0, "");
    char *message = NULL;
    process.start_error = 2;
    cr_assert_eq(verdict_judge(&process, "pool/works", 0, "tests", &message), STATUS_GRADER_ERROR);
}

Test(verdict, makes_a_new_token_each_time)
{
    cr_assert_eq(strlen(verdict_token()), TOKEN_LENGTH);
    cr_assert_str_neq(verdict_token(), verdict_token());
}
