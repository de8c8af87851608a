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

#define STATS_TABLE_START "mempool: process "

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

static void path_in_folder(char *path, size_t path_bytes, const char *name)
{
    (void)snprintf(path, path_bytes, "%s/%s", folder, name);
}

static bool link_folder(const char *target, const char *name)
{
    char *absolute = realpath(target, NULL);
    char place[PATH_MAX + 32];
    path_in_folder(place, sizeof place, name);
    bool linked = absolute != NULL && symlink(absolute, place) == 0;
    free(absolute);
    return linked;
}

static bool copy_bytes(FILE *from, FILE *to)
{
    char bytes[16384];
    size_t length = 0;
    while ((length = fread(bytes, 1, sizeof bytes, from)) != 0)
        if (fwrite(bytes, 1, length, to) != length)
            return false;
    return ferror(from) == 0;
}

static bool copy_file(const char *original, const char *name)
{
    char place[PATH_MAX + 32];
    path_in_folder(place, sizeof place, name);
    FILE *from = fopen(original, "rb");
    FILE *to = from == NULL ? NULL : fopen(place, "wb");
    bool copied = to != NULL && copy_bytes(from, to);
    if (to != NULL && fclose(to) != 0)
        copied = false;
    if (from != NULL)
        fclose(from);
    return copied;
}

bool scratch_enter(const char *library, const char *scripts)
{
    if (!make_temporary_folder())
        return false;
    if (copy_file(library, "libmempool.so") && link_folder(scripts, "programs") &&
        chdir(folder) == 0)
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

size_t count_stats_tables(const char *name)
{
    char line[256];
    size_t count = 0;
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return 0;
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, STATS_TABLE_START, strlen(STATS_TABLE_START)) == 0)
            count++;
    fclose(file);
    return count;
}

/* Only letters that a terminal shows as they are: a program's words may be anything. */
static void make_plain(char *line)
{
    line[strcspn(line, "\n")] = '\0';
    for (char *letter = line; *letter != '\0'; letter++)
        if ((unsigned char)*letter < ' ' || (unsigned char)*letter > '~')
            *letter = '?';
}

static bool is_of_table(const char *line)
{
    return line[0] == ' ' || strncmp(line, STATS_TABLE_START, strlen(STATS_TABLE_START)) == 0;
}

void read_message(const char *name, char *line, size_t line_bytes)
{
    line[0] = '\0';
    FILE *file = fopen(name, "r");
    if (file == NULL)
        return;
    while (fgets(line, (int)line_bytes, file) != NULL) {
        make_plain(line);
        if (line[0] != '\0' && !is_of_table(line))
            break;
        line[0] = '\0';
    }
    fclose(file);
}
