/* jail_filter: the system calls that nothing in a jail needs, refused with EPERM by a seccomp filter,
 * which libseccomp writes. All others are left alone: Valgrind, the sanitizers and the compiler need
 * many, and what these may do is for the namespaces, Landlock and the limits to say.
 *
 *   refused                        because it would
 *   ----------------------------   --------------------------------------------------------------
 *   ptrace, process_vm_*, ...      read or steer a process of the same user: the grader's own
 *   unshare, setns, clone(NEW*)    open namespaces, with new privileges over them
 *   mount and its kin, chroot      change what files are to be seen
 *   keyctl, add_key, request_key   leave something in the kernel that outlives the process
 *   shmget, semget, msgget, mq     the same; and speak with others by it
 *   bpf, perf_event_open,          reach parts of the kernel that have had many holes; io_uring also
 *     userfaultfd, io_uring          goes round this filter
 *   setsid, setpgid                leave the group that is killed at the end
 *   ioctl(TIOCSTI)                 type into the terminal that the grader was called from
 *   only without namespaces:
 *   socket                         speak with the network (a namespace has none)
 *   kill and its kin               stop the grader (a namespace holds nobody else); abort() and
 *                                    raise() need tgkill, which is left for SIGABRT and the like */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/jail_parts.h"

enum { OUT_OF_THE_WAY = 64 }; /* of what process_child.c puts in place */

static scmp_filter_ctx filter;
static int filter_file = -1;

static void refuse_all(const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++)
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
}

static void refuse_everywhere(void)
{
    static const int calls[] = {
        SCMP_SYS(ptrace),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(kcmp),
        SCMP_SYS(pidfd_getfd),
        SCMP_SYS(unshare),
        SCMP_SYS(setns),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(move_mount),
        SCMP_SYS(open_tree),
        SCMP_SYS(fsopen),
        SCMP_SYS(mount_setattr),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(shmget),
        SCMP_SYS(semget),
        SCMP_SYS(msgget),
        SCMP_SYS(mq_open),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(io_uring_setup),
        SCMP_SYS(io_uring_enter),
        SCMP_SYS(io_uring_register),
        SCMP_SYS(setsid),
        SCMP_SYS(setpgid),
    };
    refuse_all(calls, sizeof calls / sizeof *calls);
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                     SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCSTI));
}

/* clone3 has its flags in memory, where no filter sees them: without it, glibc takes clone. */
static void refuse_namespaces(void)
{
    static const unsigned long flags[] = {CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS,    CLONE_NEWNET,
                                          CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                         SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static void refuse_what_namespaces_would(void)
{
    static const int calls[] = {
        SCMP_SYS(socket),
        SCMP_SYS(kill),
        SCMP_SYS(tkill),
        SCMP_SYS(rt_sigqueueinfo),
        SCMP_SYS(rt_tgsigqueueinfo),
        SCMP_SYS(pidfd_send_signal),
    };
    static const int stopping[] = {SIGKILL, SIGSTOP, SIGTSTP, SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    refuse_all(calls, sizeof calls / sizeof *calls);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++)
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1,
                         SCMP_A2(SCMP_CMP_EQ, (scmp_datum_t)stopping[i], 0));
}

/* The file has the filter in the form that the kernel takes. */
void filter_make(bool has_namespaces)
{
    if (filter != NULL)
        seccomp_release(filter);
    if (filter_file >= 0)
        close(filter_file);
    filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL)
        die_broken("cannot make a filter of system calls");
    refuse_everywhere();
    refuse_namespaces();
    if (!has_namespaces)
        refuse_what_namespaces_would();
    int file = memfd_create("filter", MFD_CLOEXEC);
    filter_file = fcntl(file, F_DUPFD_CLOEXEC, OUT_OF_THE_WAY);
    close(file);
    if (filter_file < 0 || seccomp_export_bpf(filter, filter_file) != 0)
        die_broken("cannot write a filter of system calls");
}

/* Opened anew, since whoever shares a descriptor shares its place in the file. */
bool filter_open(int as)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", filter_file);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool opened = fd >= 0 && (fd == as ? fcntl(fd, F_SETFD, 0) == 0 : dup2(fd, as) == as);
    if (fd >= 0 && fd != as)
        close(fd);
    return opened;
}

bool filter_enter(void)
{
    return seccomp_load(filter) == 0;
}
