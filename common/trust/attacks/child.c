/* child: see child.h. */
#include "common/trust/attacks/child.h"

#include <sys/wait.h>
#include <unistd.h>

int child_run(int descriptor, void (*work)(const void *context), const void *context, char *said,
              size_t most)
{
    int ends[2];
    int status = -1;
    size_t length = 0;
    ssize_t got = 0;
    said[0] = '\0';
    if (pipe(ends) != 0)
        return -1;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], descriptor);
        work(context);
        _exit(0);
    }
    close(ends[1]);
    while ((got = read(ends[0], said + length, most - 1 - length)) > 0)
        length += (size_t)got;
    said[length] = '\0';
    close(ends[0]);
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}
