/* files: see files.h. */
#include "grader/files.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/keep.h"

/* Files in /proc do not say how long they are. */
static char *read_and_close(int file, const struct stat *facts, size_t most_bytes, size_t *length)
{
    bool says_its_length = S_ISREG(facts->st_mode) && facts->st_size != 0;
    size_t bytes = most_bytes;
    if (says_its_length && (size_t)facts->st_size < most_bytes)
        bytes = (size_t)facts->st_size;
    char *text = keep_bytes(bytes + 1);
    size_t got = 0;
    ssize_t more = 0;
    do {
        got += (size_t)more;
        more = read(file, text + got, bytes - got);
    } while (more > 0);
    close(file);
    if (length != NULL)
        *length = got;
    return text;
}

char *file_read(const char *path, size_t most_bytes, size_t *length)
{
    struct stat facts = {0};
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    (void)fstat(file, &facts);
    return read_and_close(file, &facts, most_bytes, length);
}

/* Opened without waiting: a pipe has perhaps nobody at its other end. */
char *file_read_regular(const char *path, size_t most_bytes, size_t *length)
{
    struct stat facts;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return NULL;
    if (fstat(file, &facts) == 0 && S_ISREG(facts.st_mode))
        return read_and_close(file, &facts, most_bytes, length);
    close(file);
    errno = EINVAL;
    return NULL;
}

bool file_write(const char *path, const char *bytes, size_t length)
{
    char *beside = keep_format("%s.%ld.part", path, (long)getpid());
    FILE *file = fopen(beside, "we");
    if (file == NULL)
        return false;
    bool good = fwrite(bytes, 1, length, file) == length;
    good &= fclose(file) == 0;
    good = good && rename(beside, path) == 0;
    if (!good) {
        int error = errno;
        unlink(beside);
        errno = error;
    }
    return good;
}

static bool copy_bytes(int from, int to)
{
    enum { AT_A_TIME = 1 << 30 };
    ssize_t sent = 0;
    do
        sent = sendfile(to, from, NULL, AT_A_TIME);
    while (sent > 0);
    return sent == 0;
}

bool file_copy(const char *from, const char *to)
{
    struct stat old;
    struct stat made;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0 || fstat(source, &old) != 0)
        return false;
    if (stat(to, &made) == 0 && made.st_size == old.st_size && made.st_mtime >= old.st_mtime) {
        close(source);
        return true;
    }
    int copy = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, old.st_mode & 0777);
    const struct timespec times[] = {old.st_atim, old.st_mtim};
    bool good = copy >= 0 && copy_bytes(source, copy) && futimens(copy, times) == 0;
    close(source);
    if (copy >= 0)
        good &= close(copy) == 0;
    return good;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

void folder_make(const char *path)
{
    char *partial = keep_text(path);
    for (char *at = partial + 1; *at != '\0'; at++) {
        if (*at != '/')
            continue;
        *at = '\0';
        mkdir(partial, 0755);
        *at = '/';
    }
    if (mkdir(partial, 0755) != 0 && errno != EEXIST)
        die_broken("cannot make the folder %s: %s", path, strerror(errno));
}

bool file_in_path(const char *program)
{
    if (strchr(program, '/') != NULL)
        return access(program, X_OK) == 0;
    const char *path = getenv("PATH");
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        char *candidate = keep_format("%.*s/%s", (int)length, path, program);
        if (access(candidate, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

/* fts walks from folder to folder and looks whether it came where it meant to: a link that takes a
 * folder's place meanwhile leads it nowhere. */
void folder_remove(const char *path)
{
    char *const roots[] = {keep_text(path), NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL, NULL);
    FTSENT *entry = NULL;
    while (walk != NULL && (entry = fts_read(walk)) != NULL)
        if (entry->fts_info == FTS_DP || entry->fts_info == FTS_DNR)
            rmdir(entry->fts_accpath);
        else if (entry->fts_info != FTS_D)
            unlink(entry->fts_accpath);
    if (walk != NULL)
        fts_close(walk);
}
