/* launch: starts one program and writes what it cost to descriptor 3.
 *
 *   bench ── fork, exec ──▶ launch (static, tiny) ── fork, exec ──▶ program
 *                              └─ "wait status, user us, system us, peak KB, page faults" ──▶ 3
 *
 * The kernel counts to a process's peak what it was before exec: a copy of whoever forked it. Behind
 * this program, which has half a megabyte, small programs show their own memory and not the bench's.
 * It is static, so that LD_PRELOAD means the program only. Called by process.c. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT = 3, MOST_SECONDS = 300, COULD_NOT_START = 126 };

static _Noreturn void become(char *const *arguments)
{
    close(REPORT);
    alarm(MOST_SECONDS);
    execvp(arguments[0], arguments);
    _exit(COULD_NOT_START);
}

static long microseconds(struct timeval time)
{
    return time.tv_sec * 1000000L + time.tv_usec;
}

int main(int count, char **arguments)
{
    int status = COULD_NOT_START << 8;
    struct rusage usage = {0};
    pid_t program = count < 2 ? -1 : fork();
    if (program == 0)
        become(arguments + 1);
    if (program < 0 || wait4(program, &status, 0, &usage) != program)
        return EXIT_FAILURE;
    dprintf(REPORT, "%d %ld %ld %ld %ld\n", status, microseconds(usage.ru_utime),
            microseconds(usage.ru_stime), usage.ru_maxrss, usage.ru_minflt);
    return EXIT_SUCCESS;
}
