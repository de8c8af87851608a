/* left: see left.h. */
#include "grader/redteam/left.h"

#include <dirent.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/redteam/redteam.h"
#include "grader/scratch.h"

enum { MOST_TRIES = 1000 };

/* It has the path of the test program, in our scratch folder, as its name. Returns the name (kept), or NULL
 * where there is no such process. */
static const char *find_left(void)
{
    const char *found = NULL;
    const char *place = scratch_path("tmp");
    DIR *processes = opendir("/proc");
    struct dirent *entry = NULL;
    while (processes != NULL && (entry = readdir(processes)) != NULL) {
        size_t length = 0;
        char *command = file_read(keep_format("/proc/%s/cmdline", entry->d_name), 4096, &length);
        bool is_other = command != NULL && atoi(entry->d_name) != (int)getpid();
        if (is_other && memmem(command, length, place, strlen(place)) != NULL)
            found = keep_format("%s is left: %s", entry->d_name, command);
    }
    if (processes != NULL)
        closedir(processes);
    return found;
}

void left_try(void)
{
    char *const command[] = {keep_format("%s/left", scratch_path("tmp")), keep_text("600"), NULL};
    pid_t left = 0;
    if (posix_spawn(&left, "/bin/sleep", NULL, NULL, command, environ) != 0) {
        fail("processes", "cannot leave one behind on purpose");
        return;
    }
    bool is_seen = false;
    for (int tries = 0; !is_seen && tries < MOST_TRIES; tries++) {
        usleep(1000); /* it has its name a moment after it is there */
        is_seen = find_left() != NULL;
    }
    if (!is_seen)
        fail("processes", "one that is left behind on purpose is not seen");
    kill(left, SIGKILL);
    waitpid(left, NULL, 0);
}

void left_processes(void)
{
    const char *left = find_left();
    if (left != NULL)
        fail("processes", left);
}

void left_files(void)
{
    static const char *const folders[] = {"/tmp", "/var/tmp", "/dev/shm", "/", "."};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *mark = keep_format("%s/grade-redteam-mark", folders[i]);
        bool is_open = setting.is_alone && strcmp(folders[i], "/") != 0 && folders[i][0] == '/';
        if (file_exists(mark) && !is_open)
            fail("files", keep_format("%s is left", mark));
        unlink(mark);
    }
    DIR *scratch = opendir(scratch_path("tmp"));
    struct dirent *entry = NULL;
    while (scratch != NULL && (entry = readdir(scratch)) != NULL)
        if (entry->d_name[0] != '.')
            fail("files", keep_format("the grader's %s is left", entry->d_name));
    if (scratch != NULL)
        closedir(scratch);
}
