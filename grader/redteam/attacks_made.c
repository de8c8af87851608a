/* attacks_made: archives and folders that are not what they should be. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"
#include "grader/redteam/attacks.h"
#include "grader/tests/archive_maker.h"

#define POOL "stage1_objectpool/student/object_pool.c"
#define MAP "stage4_pagecache/student/page_map.c"

/* So that there is something to take from each. */
static const struct archive_item honest = {.name = MAP, .text = "/* mine */\n"};

static const struct {
    const char *name;
    const char *ending;
    struct archive_item item;
    const char *status;
    const char *words;
} archives[] = {
    {"archive_leads_up", ".tar", {"../" POOL, 0, "x", 0, false}, "NOT_DONE", "leads out of"},
    {"archive_leads_up_later",
     ".zip",
     {"a/../../object_pool.c", 0, "x", 0, false},
     "NOT_DONE",
     "leads out of"},
    {"archive_leads_to_the_root",
     ".tgz",
     {"/tmp/grade-redteam-mark", 0, "x", 0, false},
     "NOT_DONE",
     "leads out of"},
    {"archive_links_to_a_file",
     ".tar",
     {POOL, S_IFLNK, "/etc/passwd", 0, false},
     "NOT_DONE",
     "is a symbolic link"},
    {"archive_links_a_folder",
     ".tar.gz",
     {"stage1_objectpool", S_IFLNK, "/", 0, false},
     "NOT_DONE",
     "is a symbolic link"},
    {"archive_has_a_hard_link",
     ".tar",
     {POOL, 0, "/etc/passwd", 0, true},
     "NOT_DONE",
     "is a hard link"},
    {"archive_has_a_device",
     ".tar",
     {POOL, S_IFCHR, NULL, 0, false},
     "NOT_DONE",
     "is not a regular file"},
    {"archive_has_a_pipe",
     ".tar",
     {POOL, S_IFIFO, NULL, 0, false},
     "NOT_DONE",
     "is not a regular file"},
    {"archive_has_a_large_file",
     ".zip",
     {POOL, 0, "x", 10 << 20, false},
     "NOT_DONE",
     "is larger than 256 KiB"},
    {"archive_has_a_folder_for_a_file",
     ".tar",
     {POOL, S_IFDIR, NULL, 0, false},
     "NOT_DONE",
     "is a folder"},
    /* No submission at all: one line, and status 1. */
    {"archive_unpacks_without_end",
     ".tgz",
     {"zeros", 0, "x", (size_t)100 << 20, false},
     NULL,
     "unpacks to more than 64 MiB"},
};

static void make_archive(struct attacks *attacks, const char *folder, size_t at)
{
    struct archive_item items[] = {honest, archives[at].item, {.name = NULL}};
    struct attack attack = {
        .name = archives[at].name,
        .path = keep_format("%s/%s%s", folder, archives[at].name, archives[at].ending),
        .status = archives[at].status,
        .words = archives[at].words};
    archive_make(attack.path, items);
    attacks_add(attacks, &attack);
}

/* Each of ten names would stand in the report, once a stage: a few kilobytes make megabytes. */
static void make_long_names(struct attacks *attacks, const char *folder)
{
    enum { NAMES = 10, LENGTH = 990000 };
    struct archive_item items[NAMES + 2] = {honest};
    char *name = keep_bytes(LENGTH + 1);
    memset(name, '\1', LENGTH);
    memcpy(name, "../", strlen("../"));
    for (size_t i = 1; i <= NAMES; i++)
        items[i] = (struct archive_item){.name = name, .text = "x"};
    struct attack attack = {.name = "archive_has_names_without_end",
                            .path = keep_format("%s/archive_has_names_without_end.tgz", folder),
                            .status = "NOT_DONE",
                            .words = "bytes more) leads out of"};
    archive_make(attack.path, items);
    attacks_add(attacks, &attack);
}

/* A folder with an honest file; returns where object_pool.c would be. */
static const char *start_folder(struct attacks *attacks, const char *folder, const char *name,
                                const char *status, const char *words)
{
    struct attack attack = {
        .name = name, .path = keep_format("%s/%s", folder, name), .status = status, .words = words};
    const char *map = keep_format("%s/" MAP, attack.path);
    folder_make(keep_format("%s/stage1_objectpool/student", attack.path));
    folder_make(keep_format("%s/stage4_pagecache/student", attack.path));
    if (!file_write(map, honest.text, strlen(honest.text)))
        die_broken("cannot write %s: %s", map, strerror(errno));
    attacks_add(attacks, &attack);
    return keep_format("%s/" POOL, attack.path);
}

static void write_file(const char *path, const char *text)
{
    if (!file_write(path, text, strlen(text)))
        die_broken("cannot write %s: %s", path, strerror(errno));
}

static void make_special_files(struct attacks *attacks, const char *folder)
{
    const char *file =
        start_folder(attacks, folder, "folder_has_a_link", "NOT_DONE", "is a symbolic link");
    bool good = symlink("/etc/passwd", file) == 0;
    file = start_folder(attacks, folder, "folder_has_a_folder_for_a_file", "NOT_DONE",
                        "is not a regular file");
    good &= mkdir(file, 0755) == 0;
    file = start_folder(attacks, folder, "folder_has_a_pipe", "NOT_DONE", "is not a regular file");
    good &= mkfifo(file, 0644) == 0;
    file = start_folder(attacks, folder, "folder_has_a_huge_hole", "NOT_DONE",
                        "is larger than 256 KiB");
    write_file(file, "");
    good &= truncate(file, (off_t)1 << 40) == 0;
    if (!good)
        die_broken("cannot make the submissions: %s", strerror(errno));
}

static void make_odd_texts(struct attacks *attacks, const char *folder)
{
    static const char binary[] = "\177ELF\2\1\1\0\0\0\0";
    const char *file = start_folder(attacks, folder, "file_is_empty", "COMPILE", "undefined");
    write_file(file, "");
    file = start_folder(attacks, folder, "file_is_binary", "NOT_DONE", "is not a text");
    file_write(file, binary, sizeof binary);
}

/* A skeleton whose header, tests and Makefile would give it everything. */
static void make_edited_tree(struct attacks *attacks, const char *folder)
{
    const char *file =
        start_folder(attacks, folder, "folder_brings_its_own_tests", "NOT_DONE", "done yet");
    const char *skeleton = file_read("stage1_objectpool/student/object_pool.c", 1 << 20, NULL);
    const char *top = keep_part(file, strlen(file) - strlen("/" POOL));
    write_file(file, skeleton == NULL ? "" : skeleton);
    folder_make(keep_format("%s/stage1_objectpool/tests", top));
    folder_make(keep_format("%s/common", top));
    write_file(keep_format("%s/Makefile", top), "all:\n\ttouch /tmp/grade-redteam-mark\n");
    write_file(keep_format("%s/stage1_objectpool/object_pool.h", top), "#error mine\n");
    write_file(keep_format("%s/common/todo.h", top), "#define todo(task) (void)0\n");
    write_file(keep_format("%s/stage1_objectpool/tests/object_pool_test.c", top), "int main;\n");
}

void attacks_made(struct attacks *attacks, const char *folder)
{
    for (size_t i = 0; i < sizeof archives / sizeof *archives; i++)
        make_archive(attacks, folder, i);
    make_long_names(attacks, folder);
    make_special_files(attacks, folder);
    make_odd_texts(attacks, folder);
    make_edited_tree(attacks, folder);
}
