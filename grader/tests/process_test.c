/* Processes: limits, captures, and that nothing outlives them. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/keep.h"
#include "grader/process.h"

static struct process run_shell(const char *script, struct process process)
{
    const char *arguments[] = {"/bin/sh", "-c", script, NULL};
    process.arguments = arguments;
    process_prepare();
    process_run(&process);
    return process;
}

Test(process, captures_both_outputs)
{
    struct process process = run_shell("echo one; echo two >&2", (struct process){0});
    cr_assert(process_succeeded(&process));
    cr_assert_str_eq(process.output.bytes, "one\ntwo\n");
    cr_assert_str_eq(process_last_line(&process), "two");
}

Test(process, keeps_the_start_and_the_end_of_much_output)
{
    struct process process = run_shell("echo first; yes | head -c 1000000; echo last",
                                       (struct process){.most_output = 100});
    cr_assert(process_succeeded(&process));
    cr_assert_eq(process.output.length, 100);
    cr_assert_eq(strncmp(process.output.bytes, "first\n", 6), 0);
    cr_assert_str_eq(process.output.bytes + 95, "last\n");
}

/* All of it may come in one read, or a byte in each. */
Test(process, keeps_the_start_and_the_end_however_they_come)
{
    static const char text[] = "first 0123456789 last";
    for (size_t at_once = 1; at_once <= sizeof text; at_once++) {
        struct capture capture;
        int ends[2];
        cr_assert_eq(pipe2(ends, O_NONBLOCK), 0);
        capture_start(&capture, 10);
        for (size_t at = 0; at < sizeof text - 1; at += at_once) {
            size_t left = sizeof text - 1 - at;
            size_t count = left < at_once ? left : at_once;
            cr_assert_eq(write(ends[1], text + at, count), (ssize_t)count);
            capture_drain(&ends[0], &capture);
        }
        cr_assert_str_eq(capture.bytes, "first last", "%zu bytes at once", at_once);
        cr_assert_eq(capture.total, sizeof text - 1);
        close(ends[0]);
        close(ends[1]);
    }
}

Test(process, hands_over_the_token_and_takes_the_report)
{
    struct process process = run_shell("read t <&4; echo \"got $t\" >&3; echo out",
                                       (struct process){.token = "secret\n"});
    cr_assert_str_eq(process.report.bytes, "got secret\n");
    cr_assert_str_eq(process.output.bytes, "out\n");
}

Test(process, leaves_no_other_descriptor_open)
{
    struct process process =
        run_shell("ls /proc/self/fd | tr '\\n' ' '", (struct process){.token = "x"});
    cr_assert_str_eq(process.output.bytes, "0 1 2 3 4 5 "); /* 5 is ls reading the folder */
}

Test(process, stops_at_the_limit_on_processor_time)
{
    struct process process =
        run_shell("while :; do :; done", (struct process){.token = "x", .cpu_seconds = 1});
    cr_assert(WIFSIGNALED(process.wait_status));
    cr_assert_eq(WTERMSIG(process.wait_status), SIGXCPU);
}

Test(process, stops_at_the_limit_on_wall_time, .timeout = 60)
{
    struct process process = run_shell("sleep 600", (struct process){.wall_seconds = 1});
    cr_assert(process.wall_expired);
    process = run_shell("kill -STOP $$", (struct process){.wall_seconds = 1});
    cr_assert(process.wall_expired);
}

Test(process, says_why_a_program_did_not_start)
{
    const char *arguments[] = {"/no/such/program", NULL};
    struct process process = {.arguments = arguments};
    process_prepare();
    process_run(&process);
    cr_assert_eq(process.start_error, 2);
    cr_assert_not(process_succeeded(&process));
}

/* The grandchild is in a session of its own, and holds the pipe open. */
Test(process, lets_nothing_outlive_it)
{
    struct process process =
        run_shell("setsid sh -c 'echo $$; exec sleep 600' & sleep 0.2", (struct process){0});
    pid_t fled = (pid_t)atoi(process.output.bytes);
    cr_assert_gt(fled, 0);
    cr_assert_neq(kill(fled, 0), 0, "process %ld still runs", (long)fled);
    cr_assert_lt(process.wall_ms, 60000);
}

Test(process, runs_several_at_once)
{
    const char *arguments[] = {"/bin/sleep", "2", NULL};
    struct process processes[4] = {{.arguments = arguments}};
    for (size_t i = 1; i < 4; i++)
        processes[i] = processes[0];
    long long started = now_ms();
    process_prepare();
    process_run_all(processes, 4, 4, NULL, NULL);
    cr_assert_lt(now_ms() - started, 7000);
    for (size_t i = 0; i < 4; i++)
        cr_assert(process_succeeded(&processes[i]));
}
