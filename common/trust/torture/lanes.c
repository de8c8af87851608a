/* lanes: see lanes.h. */
#include "common/trust/torture/lanes.h"

#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/demo/run.h"

enum { MOST_LANES = 8 };

struct lanes_tally *lanes_tally(void)
{
    void *shared = mmap(NULL, sizeof(struct lanes_tally), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED ? NULL : shared;
}

/* Takes in those that have ended; returns how many. */
static unsigned take_ended(bool *all_went)
{
    unsigned ended = 0;
    int status = 0;
    while (waitpid(-1, &status, WNOHANG) > 0) {
        ended++;
        *all_went = *all_went && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    return ended;
}

static bool wait_for_lanes(const pid_t *lanes, unsigned count)
{
    sigset_t awaited;
    bool all_went = true;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGHUP);
    for (unsigned left = count; left > 0;) {
        int caught = sigwaitinfo(&awaited, NULL);
        for (unsigned lane = 0; caught > 0 && caught != SIGCHLD && lane < count; lane++)
            kill(lanes[lane], SIGTERM);
        unsigned ended = take_ended(&all_went);
        left -= ended < left ? ended : left;
    }
    return all_went;
}

bool lanes_run(unsigned count, bool (*work)(const void *context, unsigned lane),
               const void *context)
{
    pid_t lanes[MOST_LANES];
    unsigned started = 0;
    for (; started < count && started < MOST_LANES; started++) {
        fflush(NULL);
        lanes[started] = fork();
        if (lanes[started] < 0)
            break;
        if (lanes[started] != 0)
            continue;
        run_prepare(); /* what a lane leaves behind is the lane's to wait for */
        bool went = work(context, started);
        fflush(NULL);
        _exit(went ? 0 : 1);
    }
    return wait_for_lanes(lanes, started) && started == count;
}
