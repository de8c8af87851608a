/* scratch: see scratch.h. */
#include "common/demo/scratch.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[PATH_MAX];

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    return remove(path);
}

/* Links are removed, not followed; what a folder holds goes before the folder. */
static void remove_tree(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static bool make_temporary_folder(void)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || parent[0] != '/' || strpbrk(parent, " :") != NULL)
        parent = "/tmp";
    int length = snprintf(folder, sizeof folder, "%s/mempool-demo.XXXXXX", parent);
    if (length < 0 || (size_t)length >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    return mkdtemp(folder) != NULL;
}

static bool link_file(const char *file, const char *name)
{
    char *path = realpath(file, NULL);
    char place[PATH_MAX + 32];
    snprintf(place, sizeof place, "%s/%s", folder, name);
    bool linked = path != NULL && symlink(path, place) == 0;
    free(path);
    return linked;
}

bool scratch_enter(const char *library, const char *scripts)
{
    if (!make_temporary_folder())
        return false;
    if (link_file(library, "libmempool.so") && link_file(scripts, "programs") && chdir(folder) == 0)
        return true;
    int saved_errno = errno;
    remove_tree(folder);
    errno = saved_errno;
    return false;
}

const char *scratch_path(void)
{
    return folder;
}

void scratch_remove(void)
{
    if (chdir("/") == 0)
        remove_tree(folder);
}

bool scratch_make_folder(const char *name)
{
    remove_tree(name);
    return mkdir(name, 0755) == 0;
}

bool files_are_same(const char *one, const char *other, size_t *offset)
{
    FILE *left = fopen(one, "rb");
    FILE *right = fopen(other, "rb");
    int left_byte = left == NULL ? EOF : 0;
    int right_byte = left_byte;
    *offset = 0;
    while (left != NULL && right != NULL) {
        left_byte = getc_unlocked(left);
        right_byte = getc_unlocked(right);
        if (left_byte != right_byte || left_byte == EOF)
            break;
        (*offset)++;
    }
    bool whole = left != NULL && right != NULL && ferror(left) == 0 && ferror(right) == 0;
    if (left != NULL)
        fclose(left);
    if (right != NULL)
        fclose(right);
    return whole && left_byte == right_byte;
}

size_t count_lines(const char *name, const char *start)
{
    char line[256];
    size_t count = 0;
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, start, strlen(start)) == 0)
            count++;
    fclose(file);
    return count;
}

void read_first_line(const char *name, char *line, size_t line_bytes)
{
    line[0] = '\0';
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return;
    while (line[0] == '\0' && fgets(line, (int)line_bytes, file) != NULL)
        line[strcspn(line, "\n")] = '\0';
    fclose(file);
}
