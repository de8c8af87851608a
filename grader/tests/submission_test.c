/* What is taken from a submission, and what is not: the hand-in files. */
#include <criterion/criterion.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grader/files.h"
#include "grader/handins.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tests/submission_support.h"

#define MAP "stage4_pagecache/student/page_map.c"

static void expect_skeleton(const struct taken *taken, const char *why)
{
    expect_note(taken, keep_format(POOL " %s", why));
    cr_assert_not_null(strstr(taken->pool, "todo("));
}

/* --- Layouts --- */

static const char *const endings[] = {".tar", ".tar.gz", ".tgz", ".zip"};

Test(submission, is_taken_from_every_kind_of_archive_and_layout)
{
    static const char *const names[] = {POOL, "object_pool.c", "./" POOL, ("homework/" POOL),
                                        "homework/object_pool.c"};
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            struct archive_item items[] = {{.name = "README", .text = "x"},
                                           {.name = names[n], .text = "mine\n"},
                                           {.name = NULL}};
            struct taken taken = take_archive(endings[e], items);
            cr_assert_null(taken.wrong, "%s", taken.wrong);
            cr_assert_str_eq(taken.pool, "mine\n", "%s in %s", names[n], endings[e]);
            cr_assert_eq(taken.results[0].note_count, 0);
            cr_assert_eq(taken.results[3].note_count, 3); /* each file is not there */
        }
}

Test(submission, is_taken_from_every_layout_of_a_folder)
{
    static const char *const names[] = {POOL, "object_pool.c", ("homework/" POOL),
                                        "homework/object_pool.c"};
    for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
        scratch_make();
        const char *folder = scratch_path("layout-%zu", n);
        write_text(keep_format("%s/%s", folder, names[n]), "mine\n");
        struct taken taken = take(folder);
        cr_assert_null(taken.wrong, "%s", taken.wrong);
        cr_assert_str_eq(taken.pool, "mine\n", "%s", names[n]);
    }
}

Test(submission, prefers_the_tree_to_a_flat_folder)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/object_pool.c", folder), "flat\n");
    write_text(keep_format("%s/" POOL, folder), "tree\n");
    write_text(keep_format("%s/old/" POOL, folder), "wrapped\n");
    cr_assert_str_eq(take(folder).pool, "tree\n");
}

Test(submission, in_two_folders_is_refused_with_both_names)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/one/object_pool.c", folder), "x\n");
    write_text(keep_format("%s/two/object_pool.c", folder), "x\n");
    struct taken taken = take(folder);
    cr_assert_not_null(strstr(taken.wrong, "hand in one"));
    cr_assert_not_null(strstr(taken.wrong, "one"));
    cr_assert_not_null(strstr(taken.wrong, "two"));
}

Test(submission, without_any_of_the_files_is_refused)
{
    const char *folder = new_folder();
    write_text(keep_format("%s/a/b/c/object_pool.c", folder), "too deep\n");
    write_text(keep_format("%s/__MACOSX/object_pool.c", folder), "not by the student\n");
    cr_assert_not_null(strstr(take(folder).wrong, "none of the hand-in files"));
    cr_assert_not_null(strstr(take("/dev/null").wrong, "neither a folder nor an archive"));
    cr_assert_not_null(strstr(take("/no/such").wrong, "there is no such folder"));
}

/* --- What stands in a file's place --- */

Test(submission, takes_no_link_folder_pipe_or_large_file_from_a_folder)
{
    const char *folder = new_folder();
    const char *file = keep_format("%s/object_pool.c", folder);
    cr_assert_eq(symlink("/etc/passwd", file), 0);
    struct taken taken = take(folder);
    expect_skeleton(&taken, "is a symbolic link");
    unlink(file);
    mkdir(file, 0755);
    taken = take(folder);
    expect_skeleton(&taken, "is not a regular file");
    rmdir(file);
    mkfifo(file, 0644);
    taken = take(folder);
    expect_skeleton(&taken, "is not a regular file");
    unlink(file);
    write_text(file, "");
    cr_assert_eq(truncate(file, (off_t)1 << 40), 0); /* a hole */
    taken = take(folder);
    expect_skeleton(&taken, "is larger than 256 KiB");
}

Test(submission, goes_through_no_linked_folder)
{
    const char *folder = new_folder();
    write_text(scratch_path("elsewhere/student/object_pool.c"), "not handed in\n");
    symlink(scratch_path("elsewhere"), keep_format("%s/stage1_objectpool", folder));
    symlink(scratch_path("elsewhere/student"), keep_format("%s/wrapper", folder));
    write_text(keep_format("%s/" MAP, folder), "x\n");
    struct taken taken = take(folder);
    expect_skeleton(&taken, "is not there");
}

Test(submission, takes_a_binary_for_no_text)
{
    const char *folder = new_folder();
    file_write(keep_format("%s/object_pool.c", folder), "a\0b", 3);
    struct taken taken = take(folder);
    expect_skeleton(&taken, "is not a text");
}

Test(submission, takes_no_link_device_or_folder_from_an_archive)
{
    static const struct {
        struct archive_item item;
        const char *why;
    } cases[] = {
        {{POOL, S_IFLNK, "/etc/passwd", 0, false}, "is a symbolic link"},
        {{POOL, 0, "/etc/passwd", 0, true}, "is a hard link"},
        {{POOL, S_IFCHR, NULL, 0, false}, "is not a regular file"},
        {{POOL, S_IFIFO, NULL, 0, false}, "is not a regular file"},
        {{POOL, S_IFDIR, NULL, 0, false}, "is a folder"},
        {{POOL, 0, "x", 300 * 1024, false}, "is larger than 256 KiB"},
        {{POOL, 0, "x", 3, false}, "is not a text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct archive_item items[] = {cases[i].item, {.name = MAP, .text = "x"}, {.name = NULL}};
        struct taken taken = take_archive(".tar", items);
        expect_skeleton(&taken, cases[i].why);
    }
}

Test(submission, names_what_would_lead_out_of_an_archive)
{
    static const char *const names[] = {"../object_pool.c", "/object_pool.c",
                                        "a/../../object_pool.c", ("../" POOL)};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct archive_item items[] = {
            {.name = names[i], .text = "out\n"}, {.name = MAP, .text = "x"}, {.name = NULL}};
        struct taken taken = take_archive(".tar", items);
        expect_skeleton(&taken, "is not there");
        expect_note(&taken, keep_format("%s leads out of the archive", names[i]));
        cr_assert_not(file_exists(scratch_path("object_pool.c")));
    }
}

static char *long_name(const char *start, size_t length, const char *end)
{
    char *name = keep_format("%s%*s%s", start, (int)length, "", end);
    memset(name + strlen(start), '\1', length);
    return name;
}

/* Some kilobytes of archive hold megabytes of names. */
Test(submission, shows_the_start_of_a_long_name)
{
    const struct archive_item items[] = {{.name = long_name("../", 990000, "")},
                                         {.name = long_name("x/../../", 100, "")},
                                         {.name = MAP, .text = "x"},
                                         {.name = NULL}};
    struct taken taken = take_archive(".tar.gz", items);
    expect_note(&taken, "\1... (and 989803 bytes more) leads out of the archive");
    for (size_t i = 0; i < taken.results[0].note_count; i++)
        cr_assert_lt(strlen(taken.results[0].notes[i]), 300);
    const struct archive_item two[] = {
        {.name = long_name("a", 2000, "/object_pool.c"), .text = "x"},
        {.name = long_name("b", 2000, "/object_pool.c"), .text = "x"},
        {.name = NULL}};
    taken = take_archive(".tar.gz", two);
    cr_assert_not_null(strstr(taken.wrong, "in two folders"), "%s", taken.wrong);
    cr_assert_lt(strlen(taken.wrong), 700);
}

Test(submission, counts_names_to_what_an_archive_unpacks_to)
{
    enum { NAMES = 70 };
    struct archive_item items[NAMES + 1] = {{.name = NULL}};
    for (size_t i = 0; i < NAMES; i++)
        items[i] = (struct archive_item){.name = long_name("x", 990000, "")};
    const char *wrong = take_archive(".tar.gz", items).wrong;
    cr_assert_not_null(strstr(wrong, "unpacks to more than 64 MiB"), "%s", wrong);
}

Test(submission, stops_at_an_archive_that_unpacks_without_end)
{
    struct archive_item items[] = {
        {.name = "zeros", .hole = (size_t)100 << 20}, {.name = POOL, .text = "x"}, {.name = NULL}};
    for (size_t e = 1; e < sizeof endings / sizeof *endings; e++)
        cr_assert_not_null(
            strstr(take_archive(endings[e], items).wrong, "unpacks to more than 64 MiB"));
}

Test(submission, says_so_of_what_is_no_archive)
{
    scratch_make();
    const char *path = scratch_path("handed-in.zip");
    write_text(path, "PK\3\4 but no zip");
    cr_assert_not_null(strstr(take(path).wrong, "cannot be read as a .tar, .tar.gz or .zip"));
    write_text(path, "");
    cr_assert_not_null(take(path).wrong);
}
