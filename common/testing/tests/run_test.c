/* How the demo and torture run a program: nothing of it is left when it has ended. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "common/demo/run.h"
#include "common/testing/test.h"

static char *const environment[] = {"PATH=/usr/bin:/bin", NULL};

/* Runs `command`, which writes the number of a process into the file `pid`; returns that number. */
static pid_t run_and_read_pid(const char *command, unsigned most_seconds, enum run_end expected)
{
    char folder[] = "/tmp/run-test-XXXXXX";
    struct run run;
    long pid = 0;
    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0, "no folder");
    run_prepare();
    CHECK(run_command(command, ".", environment, most_seconds, &run), "it was not started");
    CHECK_EQUAL(run.end, expected, "how the run ended");
    FILE *file = fopen("pid", "r");
    CHECK(file != NULL && fscanf(file, "%ld", &pid) == 1, "the command wrote no number");
    fclose(file);
    for (size_t i = 0; i < 3; i++)
        (void)unlink((const char *const[]){"pid", "result", "errors"}[i]);
    (void)rmdir(folder);
    return (pid_t)pid;
}

TEST(
    run, leaves_no_process_that_left_its_group, .invariant = "-", .section = "common",
    .hint =
        "A process with a session of its own is in no group that is killed, but an orphan of ours.")
{
    static const char command[] = "setsid sh -c 'echo $$ > new; mv new pid; exec sleep 100' &"
                                  "while ! [ -s pid ]; do sleep 0.01; done";
    pid_t pid = run_and_read_pid(command, 60, RUN_DONE);
    CHECK(kill(pid, 0) != 0 && errno == ESRCH, "process %d is still there", (int)pid);
}

TEST(run, gives_a_program_the_usual_signals, .invariant = "-", .section = "common",
     .hint = "A shell's background job ignores SIGINT, and what it starts inherits that.")
{
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    pid_t ignored = run_and_read_pid(
        "echo $((0x$(sed -n 's/^SigIgn:.*\\(..\\)$/\\1/p' /proc/self/status))) > pid", 60,
        RUN_DONE);
    CHECK_EQUAL(ignored, 0, "the set of ignored signals below 9");
}

TEST(run, leaves_no_process_of_one_that_took_too_long, .invariant = "-", .section = "common",
     .hint = "The children of one that is killed become ours: look again until there are none.")
{
    static const char command[] =
        "setsid sh -c 'sh -c \"echo \\$\\$ > pid; exec sleep 100\" & sleep 100' & wait";
    pid_t pid = run_and_read_pid(command, 5, RUN_TOOK_LONG);
    CHECK(kill(pid, 0) != 0 && errno == ESRCH, "process %d is still there", (int)pid);
}
