/* scratch: see scratch.h. */
#include "grader/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

static const char living[] = "living";
static char *scratch;
static pid_t scratch_owner;

/* --- Folders of graders that were killed --- */

static bool is_own(int fd, mode_t kind)
{
    struct stat facts;
    return fstat(fd, &facts) == 0 && facts.st_uid == geteuid() &&
           (facts.st_mode & S_IFMT) == kind &&
           facts.st_nlink != 0; /* else another grader has just removed it */
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, living) != 0)
            folder_remove(keep_format("%s/%s", path, entry->d_name));
    if (folder != NULL)
        closedir(folder);
    /* Last, so that what could not be removed today can be tomorrow. */
    if (rmdir(path) != 0 && errno == ENOTEMPTY) {
        unlink(keep_format("%s/%s", path, living));
        rmdir(path);
    }
}

/* Only what is a folder of this user's own, with a file of his own in it that can be locked. */
static void remove_if_dead(int above, const char *path, const char *name)
{
    int folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return;
    int lock = openat(folder, living, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock >= 0 && is_own(folder, S_IFDIR) && is_own(lock, S_IFREG) &&
        flock(lock, LOCK_EX | LOCK_NB) == 0 && is_own(lock, S_IFREG))
        remove_folder(keep_format("%s/%s", path, name));
    if (lock >= 0)
        close(lock);
    close(folder);
}

static void remove_dead(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry = NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (fnmatch("grade.??????", entry->d_name, 0) == 0)
            remove_if_dead(dirfd(folder), path, entry->d_name);
    if (folder != NULL)
        closedir(folder);
}

/* --- This grader's own --- */

/* It gets its name when it is locked: before, another grader would take it for a dead one's. The
 * descriptor stays open until the grader ends, however it ends; what it starts does not get it. */
static void lock_as_living(void)
{
    const char *unnamed = scratch_path("locked");
    int lock = open(unnamed, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0 || rename(unnamed, scratch_path("%s", living)) != 0)
        die_broken("cannot lock %s: %s; set TMPDIR to a folder on another disk", unnamed,
                   strerror(errno));
}

/* Registered by the grader, but also reached by whatever it forks: only the owner removes. */
static void remove_scratch(void)
{
    if (getpid() == scratch_owner)
        remove_folder(scratch);
}

void scratch_make(void)
{
    if (scratch_owner == getpid())
        return;
    const char *above = getenv("TMPDIR");
    if (above == NULL || *above == '\0')
        above = "/tmp";
    remove_dead(above);
    char *name = keep_format("%s/grade.XXXXXX", above);
    if (mkdtemp(name) == NULL)
        die_broken("cannot make a scratch folder %s: %s; set TMPDIR to a folder with room", name,
                   strerror(errno));
    char *whole = realpath(name, NULL); /* tools print paths without links */
    scratch = keep_text(whole == NULL ? name : whole);
    free(whole);
    scratch_owner = getpid();
    atexit(remove_scratch);
    lock_as_living();
}

void scratch_share(gid_t group)
{
    if (getuid() == 0 && chown(scratch, 0, group) == 0)
        chmod(scratch, 0710);
}

const char *scratch_path(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *name = keep_vformat(format, arguments);
    va_end(arguments);
    return keep_format("%s/%s", scratch, name);
}

char *scratch_hide(const char *text)
{
    char *shown = keep_text(text);
    if (scratch == NULL)
        return shown;
    const char *hidden[] = {scratch_path("submission/"), scratch_path("headers/"),
                            scratch_path("%s", "")};
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++) {
        size_t length = strlen(hidden[i]);
        char *at = shown;
        while ((at = strstr(at, hidden[i])) != NULL)
            memmove(at, at + length, strlen(at + length) + 1);
    }
    return shown;
}
