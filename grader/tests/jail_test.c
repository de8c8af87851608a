/* The jail, of both kinds: what a process in it can reach, and what it cannot. */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/jail.h"
#include "grader/keep.h"
#include "grader/process.h"
#include "grader/scratch.h"
#include "grader/tests/without_landlock.h"

static enum jail_choice kinds[] = {JAIL_BUBBLEWRAP, JAIL_LIMITS};

ParameterizedTestParameters(jail, lets_through_what_is_given)
{
    return cr_make_param_array(enum jail_choice, kinds, 2);
}

static struct process run_in_jail(const char *script, const struct jail *jail,
                                  struct process process)
{
    const char *arguments[] = {"/bin/sh", "-c", script, NULL};
    const char *environment[] = {"PATH=/usr/bin:/bin", NULL};
    process.arguments = arguments;
    process.environment = environment;
    process.jail = jail;
    process.folder = scratch_path("work/test");
    process_run(&process);
    return process;
}

static void open_jail(enum jail_choice kind)
{
    scratch_make();
    process_prepare();
    jail_open(kind);
}

/* Both say what went wrong. */
static void expect_output(const struct process *process, const char *output)
{
    cr_assert_eq(process->start_error, 0, "%s", strerror(process->start_error));
    cr_assert_str_eq(process->output.bytes, output);
}

ParameterizedTest(enum jail_choice *kind, jail, lets_through_what_is_given)
{
    open_jail(*kind);
    const char *read = scratch_path("given/read");
    folder_make(scratch_path("given"));
    file_write(read, "for you\n", 8);
    const char *const reads[] = {read, NULL};
    const char *const writes[] = {scratch_path("results"), NULL};
    struct jail jail = {reads, writes};
    struct process process =
        run_in_jail(keep_format("cat %s; echo new > %s/file; echo \"$PWD\"; echo x > here; "
                                "read token <&4; echo \"$token\" >&3",
                                read, writes[0]),
                    &jail, (struct process){.token = "secret\n"});
    expect_output(&process, keep_format("for you\n%s\n", scratch_path("work/test")));
    cr_assert_str_eq(process.report.bytes, "secret\n");
    cr_assert(process_succeeded(&process));
    cr_assert_str_eq(file_read(scratch_path("results/file"), 100, NULL), "new\n");
    cr_assert_not(file_exists(scratch_path("work/test")), "its folder is still there");
}

ParameterizedTestParameters(jail, hides_files_and_takes_none)
{
    return cr_make_param_array(enum jail_choice, kinds, 2);
}

ParameterizedTest(enum jail_choice *kind, jail, hides_files_and_takes_none)
{
    open_jail(*kind);
    static const struct jail empty = {NULL, NULL};
    char here[4096];
    const char *marks[] = {"/tmp/grade-jail-test", "/var/tmp/grade-jail-test",
                           "/dev/shm/grade-jail-test"};
    cr_assert_not_null(getcwd(here, sizeof here));
    file_write(scratch_path("secret"), "x", 1);
    struct process process = run_in_jail(
        keep_format("for f in %s/Makefile /etc/passwd %s /root/.profile; do cat $f && echo seen $f;"
                    " done 2>/dev/null; for f in %s %s %s %s/mark /usr/mark /mark; do echo x > $f; "
                    "done 2>/dev/null; exit 0",
                    here, scratch_path("secret"), marks[0], marks[1], marks[2], here),
        &empty, (struct process){0});
    expect_output(&process, "");
    for (size_t i = 0; i < 3; i++)
        cr_assert_not(file_exists(marks[i]), "%s was left", marks[i]);
    cr_assert_not(file_exists("mark"));
}

ParameterizedTestParameters(jail, tells_signals_from_ends)
{
    return cr_make_param_array(enum jail_choice, kinds, 2);
}

ParameterizedTest(enum jail_choice *kind, jail, tells_signals_from_ends)
{
    open_jail(*kind);
    static const struct jail empty = {NULL, NULL};
    struct process process =
        run_in_jail("while :; do :; done", &empty, (struct process){.cpu_seconds = 1});
    cr_assert(WIFSIGNALED(process.wait_status));
    cr_assert_eq(WTERMSIG(process.wait_status), SIGXCPU);
    cr_assert_geq(process.cpu_ms, 200); /* the kernel counts the limit by coarser ticks */
    process = run_in_jail("exit 7", &empty, (struct process){0});
    cr_assert_eq(WEXITSTATUS(process.wait_status), 7);
    process = run_in_jail("sleep 100", &empty, (struct process){.wall_seconds = 1});
    cr_assert(process.wall_expired);
}

ParameterizedTestParameters(jail, has_a_user_of_its_own)
{
    return cr_make_param_array(enum jail_choice, kinds, 2);
}

ParameterizedTest(enum jail_choice *kind, jail, has_a_user_of_its_own)
{
    open_jail(*kind);
    static const struct jail empty = {NULL, NULL};
    struct process process = run_in_jail("id -u; id -g; id -G", &empty, (struct process){0});
    if (getuid() != 0)
        cr_skip_test("only root can give it one");
    expect_output(&process, keep_format("%u\n%u\n%u\n", jail_user(0), jail_user(0), jail_user(0)));
    cr_assert_neq(jail_user(0), jail_user(1));
    cr_assert_neq(jail_user(0), 0);
}

Test(jail, works_on_a_kernel_without_landlock_and_says_what_is_off)
{
    static const struct jail empty = {NULL, NULL};
    cr_assert(without_landlock());
    open_jail(JAIL_LIMITS);
    cr_assert_not_null(strstr(jail_what_is_off(), "any hiding of files"));
    cr_assert_null(strstr(jail_what_is_off(), "Landlock"));
    struct process process = run_in_jail(
        "echo runs; (unshare -U true || echo no namespaces) 2>/dev/null; kill -9 $$ 2>/dev/null || "
        "echo no signals; ulimit -c",
        &empty, (struct process){0});
    expect_output(&process, "runs\nno namespaces\nno signals\n0\n");
}

/* Put a bubblewrap of ours before the real one: it fails the first `times` times. */
static void let_bubblewrap_fail(unsigned times)
{
    const char *folder = scratch_path("programs");
    const char *count = scratch_path("programs/count");
    const char *program = scratch_path("programs/bwrap");
    char *script = keep_format("#!/bin/sh\necho x >> %s\n[ $(wc -l < %s) -gt %u ] || "
                               "{ echo 'bwrap: no namespace left' >&2; exit 1; }\n"
                               "exec /usr/bin/bwrap \"$@\"\n",
                               count, count, times);
    folder_make(folder);
    file_write(program, script, strlen(script));
    file_write(count, "", 0);
    chmod(folder, 0755);
    chmod(program, 0755);
    chmod(count, 0666);
    setenv("PATH", keep_format("%s:/usr/bin:/bin", folder), 1);
}

Test(jail, is_made_again_where_it_could_not_be_made)
{
    open_jail(JAIL_BUBBLEWRAP);
    static const struct jail empty = {NULL, NULL};
    let_bubblewrap_fail(2);
    struct process process = run_in_jail("read token <&4; echo \"$token\" >&3; echo here", &empty,
                                         (struct process){.token = "secret\n"});
    expect_output(&process, "here\n");
    cr_assert_str_eq(process.report.bytes, "secret\n");
    cr_assert_eq(process.starts, 3);
}

Test(jail, says_why_it_cannot_be_made)
{
    open_jail(JAIL_BUBBLEWRAP);
    static const struct jail empty = {NULL, NULL};
    let_bubblewrap_fail(100);
    struct process process = run_in_jail("echo here", &empty, (struct process){.token = "x\n"});
    cr_assert_eq(process.start_error, ECANCELED);
    cr_assert_eq(process.starts, 3);
    cr_assert_str_eq(process_start_failure(&process),
                     "no jail could be made: bwrap: no namespace left");
}

Test(jail, says_which_protections_are_off)
{
    open_jail(JAIL_BUBBLEWRAP);
    if (getuid() == 0)
        cr_assert_null(jail_what_is_off());
    jail_open(JAIL_LIMITS);
    cr_assert_not_null(strstr(jail_what_is_off(), "no bubblewrap here. Off: namespaces"));
    cr_assert_not_null(strstr(jail_what_is_off(), ", Landlock for files"));
}
