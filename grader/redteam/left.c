/* left: see left.h. */
#include "grader/redteam/left.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/redteam/redteam.h"
#include "grader/scratch.h"

/* It has the path of the test program, in our scratch folder, as its name. */
void left_processes(void)
{
    DIR *processes = opendir("/proc");
    struct dirent *entry = NULL;
    while (processes != NULL && (entry = readdir(processes)) != NULL) {
        size_t length = 0;
        char *command = file_read(keep_format("/proc/%s/cmdline", entry->d_name), 4096, &length);
        if (command == NULL || atoi(entry->d_name) == (int)getpid())
            continue;
        if (memmem(command, length, scratch_path("tmp"), strlen(scratch_path("tmp"))) != NULL)
            fail("processes", keep_format("%s is left: %s", entry->d_name, command));
    }
    if (processes != NULL)
        closedir(processes);
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
