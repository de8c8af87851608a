/* handins_folder: looks for hand-in files in a folder. Every step is taken from an open folder to the
 * next, and none through a symbolic link: nothing outside is ever reached. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/handins.h"
#include "grader/keep.h"
#include "grader/submission.h"

enum { MOST_ENTRIES = 1000 }; /* of a folder, to look at */

/* Takes the steps of `name` from the open folder. Returns -1 with errno. */
static int open_inside(int folder, const char *name)
{
    int at = dup(folder);
    while (at >= 0 && *name != '\0') {
        size_t length = strcspn(name, "/");
        bool is_last = name[length] == '\0';
        int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | (is_last ? 0 : O_DIRECTORY);
        int next = openat(at, keep_part(name, length), flags);
        int error = errno;
        close(at);
        errno = error;
        at = next;
        name += length + !is_last;
    }
    return at;
}

/* One byte more than is allowed tells that there is more. */
static void read_file(int fd, struct handin *handin)
{
    char *bytes = keep_bytes(MOST_HANDIN_BYTES + 1);
    size_t length = 0;
    ssize_t got = 0;
    struct stat facts;
    if (fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        handin->why = "is not a regular file";
        return;
    }
    while (length <= MOST_HANDIN_BYTES &&
           (got = read(fd, bytes + length, MOST_HANDIN_BYTES + 1 - length)) > 0)
        length += (size_t)got;
    handin_take(handin, bytes, length);
}

static void look_for(struct handins *handins, int folder, const char *name)
{
    int fd = open_inside(folder, name);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return;
    int error = errno;
    struct handin *handin = handins_at(handins, name);
    if (handin != NULL && fd < 0)
        handin->why = error == ELOOP ? "is a symbolic link" : keep_text(strerror(error));
    else if (handin != NULL)
        read_file(fd, handin);
    if (fd >= 0)
        close(fd);
}

/* Own tests have names of their own: what is in that folder tells which there are. */
static void look_for_tests(struct handins *handins, int folder, const char *name)
{
    int fd = open_inside(folder, name);
    struct stat facts;
    bool is_folder_there = fd >= 0 && fstat(fd, &facts) == 0 && S_ISDIR(facts.st_mode);
    DIR *listing = is_folder_there ? fdopendir(fd) : NULL;
    struct dirent *entry = NULL;
    for (unsigned entries = 0;
         entries < MOST_ENTRIES && listing != NULL && (entry = readdir(listing)) != NULL; entries++)
        if (entry->d_name[0] != '.')
            look_for(handins, folder, keep_format("%s/%s", name, entry->d_name));
    if (listing != NULL)
        closedir(listing);
    else if (fd >= 0)
        close(fd);
}

static void look_under(struct handins *handins, int folder, const char *before)
{
    look_for_tests(handins, folder, keep_format("%stests", before));
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        look_for_tests(handins, folder,
                       keep_format("%s%s/student/tests", before, all_stages[i].folder));
        for (const char *const *file = all_stages[i].handin; *file != NULL; file++) {
            look_for(handins, folder,
                     keep_format("%s%s/student/%s", before, all_stages[i].folder, *file));
            look_for(handins, folder, keep_format("%s%s", before, *file));
        }
    }
}

/* Only real folders: what is behind a link is not part of the submission. */
static bool is_folder(int above, const char *name)
{
    struct stat facts;
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
           fstatat(above, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode);
}

const char *handins_read_folder(struct handins *handins, const char *folder)
{
    DIR *listing = opendir(folder);
    if (listing == NULL)
        return keep_format("cannot be read: %s", strerror(errno));
    look_under(handins, dirfd(listing), "");
    struct dirent *entry = NULL;
    for (unsigned entries = 0; entries < MOST_ENTRIES && (entry = readdir(listing)) != NULL;
         entries++)
        if (is_folder(dirfd(listing), entry->d_name))
            look_under(handins, dirfd(listing), keep_format("%s/", entry->d_name));
    closedir(listing);
    return NULL;
}
