/* files: see files.h. */
#include "grader/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/keep.h"

static char *scratch;
static pid_t scratch_owner;

char *file_read(const char *path, size_t most_bytes, size_t *length)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    struct stat facts;
    size_t bytes = most_bytes;
    if (fstat(fileno(file), &facts) == 0 && S_ISREG(facts.st_mode))
        bytes = (size_t)facts.st_size < most_bytes ? (size_t)facts.st_size : most_bytes;
    char *text = keep_bytes(bytes + 1);
    size_t got = fread(text, 1, bytes, file);
    fclose(file);
    if (length != NULL)
        *length = got;
    return text;
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
    struct stat new;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0 || fstat(source, &old) != 0)
        return false;
    if (stat(to, &new) == 0 && new.st_size == old.st_size &&new.st_mtime >= old.st_mtime) {
        close(source);
        return true;
    }
    int copy = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, old.st_mode & 0777);
    bool good = copy >= 0 && copy_bytes(source, copy);
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

static int remove_entry(const char *path, const struct stat *facts, int kind, struct FTW *place)
{
    (void)facts;
    (void)place;
    if (kind == FTW_DP)
        rmdir(path);
    else
        unlink(path);
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Registered by the grader, but also reached by whatever it forks: only the owner removes. */
static void remove_scratch(void)
{
    if (getpid() == scratch_owner)
        folder_remove(scratch);
}

void scratch_make(void)
{
    if (scratch_owner == getpid())
        return;
    const char *above = getenv("TMPDIR");
    char *name = keep_format("%s/grade.XXXXXX", above == NULL || *above == '\0' ? "/tmp" : above);
    if (mkdtemp(name) == NULL)
        die_broken("cannot make a scratch folder %s: %s; set TMPDIR to a folder with room", name,
                   strerror(errno));
    char *whole = realpath(name, NULL); /* tools print paths without links */
    scratch = keep_text(whole == NULL ? name : whole);
    free(whole);
    scratch_owner = getpid();
    atexit(remove_scratch);
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
