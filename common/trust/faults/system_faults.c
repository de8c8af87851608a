/* system_faults: the built library, where the kernel itself says no. See trace.h.
 *
 *   limit     RLIMIT_AS at what the process has: every map fails for a tenth of the trace
 *   seccomp   a filter hands each mmap, mprotect, munmap and madvise of the child to its parent, which
 *             answers ENOMEM to the n-th, or to twenty from the n-th on, and lets all others pass
 *
 * The two processes share their table of descriptors, so the filter's is the parent's too. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/trust/faults/trace.h"

/* --- limit --- */

static size_t address_space_bytes(void)
{
    size_t pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%zu", &pages) != 1)
        exit(2);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void set_limit(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = bytes;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        exit(2);
}

static void start_nothing(size_t nth)
{
    (void)nth;
}

static void step_limit(size_t nth, size_t step)
{
    if (step == nth)
        set_limit(address_space_bytes());
    if (step == nth + TRACE_STEPS / 10)
        set_limit(RLIM_INFINITY);
}

static void end_limit(void)
{
    set_limit(RLIM_INFINITY);
}

static size_t fail_by_limit(void)
{
    static const struct fault limit = {start_nothing, step_limit, end_limit};
    size_t failed = 0;
    size_t runs = 0;
    trace_result->refused = 0;
    for (size_t step = 0; step < TRACE_STEPS; step += TRACE_STEPS / 25, runs++)
        failed += !trace_run_in_child(&limit, step);
    trace_report("RLIMIT_AS: no more addresses for a while", runs, failed, trace_result->refused);
    return failed;
}

/* --- seccomp: the child --- */

static int descriptor_pipe[2];

static void install_filter(size_t nth)
{
    (void)nth;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL || seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(mmap), 0) != 0 ||
        seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(mprotect), 0) != 0 ||
        seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(munmap), 0) != 0 ||
        seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(madvise), 0) != 0 ||
        seccomp_load(filter) != 0)
        _exit(3);
    int descriptor = seccomp_notify_fd(filter);
    if (write(descriptor_pipe[1], &descriptor, sizeof descriptor) != sizeof descriptor)
        _exit(3);
    seccomp_release(filter);
}

/* An advice that there is not tells the parent that memory is back. */
enum { ADVICE_MEMORY_IS_BACK = 0x7fff };

static void announce_end(void)
{
    (void)madvise(NULL, 0, ADVICE_MEMORY_IS_BACK);
}

/* --- seccomp: its parent --- */

struct answers {
    size_t first;
    size_t length;
    size_t calls; /* until memory is back */
    bool is_back;
};

static bool answer_one(int descriptor, struct seccomp_notif *request,
                       struct seccomp_notif_resp *response, struct answers *answers)
{
    *request = (struct seccomp_notif){0};
    if (seccomp_notify_receive(descriptor, request) != 0)
        return errno == EINTR;
    answers->is_back = answers->is_back || request->data.args[2] == ADVICE_MEMORY_IS_BACK;
    answers->calls += !answers->is_back;
    *response = (struct seccomp_notif_resp){.id = request->id};
    if (!answers->is_back && answers->calls >= answers->first &&
        answers->calls - answers->first < answers->length)
        response->error = -ENOMEM;
    else
        response->flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    (void)seccomp_notify_respond(descriptor, response);
    return true;
}

/* Until the child has ended: then the descriptor hangs up. */
static void answer_all(int descriptor, struct answers *answers)
{
    struct seccomp_notif *request = NULL;
    struct seccomp_notif_resp *response = NULL;
    if (seccomp_notify_alloc(&request, &response) != 0)
        exit(2);
    struct pollfd waiting = {.fd = descriptor, .events = POLLIN};
    while (poll(&waiting, 1, -1) >= 0 && (waiting.revents & POLLIN) != 0)
        if (!answer_one(descriptor, request, response, answers))
            break;
    seccomp_notify_free(request, response);
    close(descriptor);
}

/* Returns whether the child ended well. */
static bool run_answered(struct answers *answers)
{
    static const struct fault filtered = {install_filter, NULL, announce_end};
    pid_t child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0) {
        trace_run(&filtered, 0);
        _exit(0);
    }
    int descriptor = -1;
    if (child > 0 && read(descriptor_pipe[0], &descriptor, sizeof descriptor) == sizeof descriptor)
        answer_all(descriptor, answers);
    return trace_child_ended_well(child, answers->first);
}

static size_t fail_by_filter(size_t length, size_t stride, const char *what)
{
    size_t failed = 0;
    size_t runs = 0;
    size_t nth = 1;
    struct answers answers = {0};
    trace_result->refused = 0;
    do {
        answers = (struct answers){.first = nth, .length = length};
        failed += !run_answered(&answers);
        runs++;
        nth += stride;
    } while (nth <= answers.calls && failed < 5);
    trace_report(what, runs, failed, trace_result->refused);
    return failed;
}

int main(void)
{
    trace_prepare();
    size_t failed = fail_by_limit();
    if (pipe(descriptor_pipe) != 0)
        return 2;
    failed += fail_by_filter(1, 1, "seccomp: the n-th call of the kernel fails, for every n");
    failed += fail_by_filter(20, 7, "seccomp: twenty calls in a row fail");
    return failed == 0 ? 0 : 1;
}
