/* Each kind of mistake that Valgrind is there for, seen in the student's own file, line and function. The
 * line is the one that the fixture marks with HERE. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/scratch.h"
#include "grader/tests/end_to_end.h"

static long long marked_line(const char *file)
{
    const char *text = file_read(file, 1 << 20, NULL);
    const char *mark = text == NULL ? NULL : strstr(text, "/* HERE */");
    cr_assert_not_null(mark, "%s marks no line", file);
    long long line = 1;
    for (const char *at = text; at < mark; at++)
        line += *at == '\n';
    return line;
}

static bool is_text(const json_t *finding, const char *key, const char *part)
{
    const char *text = json_string_value(json_object_get(finding, key));
    return text != NULL && strstr(text, part) != NULL;
}

/* The fixture is graded on `stage` alone; among the findings must be one that says `what` there. */
static void check_finding(const char *fixture, const char *stage, const char *file,
                          const char *what, const char *function)
{
    const char *folder = keep_format("grader/fixtures/%s", fixture);
    struct graded graded = grade_with("--stage", stage, "--submission", folder, NULL);
    cr_assert_eq(graded.status, 0, "%s", graded.text);
    long long line = marked_line(keep_format("%s/%s", folder, file));
    json_t *findings =
        json_object_get(json_object_get(stage_at(&graded, 0), "valgrind"), "findings");
    size_t index = 0;
    json_t *finding = NULL;
    json_array_foreach(findings, index, finding)
    {
        if (is_text(finding, "what", what) && is_text(finding, "file", file) &&
            is_text(finding, "function", function) &&
            json_integer_value(json_object_get(finding, "line")) == line)
            return;
    }
    cr_assert_fail("%s: no \"%s\" at %s:%lld in %s\n%s", fixture, what, file, line, function,
                   graded.text);
}

Test(valgrind_kinds, use_after_release_to_the_layer_below)
{
    check_finding("uses_an_unmapped_chunk", "1", "stage1_objectpool/student/object_pool.c",
                  "Invalid read", "object_pool_destroy");
}

Test(valgrind_kinds, overrun_of_a_region)
{
    check_finding("writes_behind_a_chunk", "1", "stage1_objectpool/student/object_pool.c",
                  "Invalid write", "add_chunk");
}

Test(valgrind_kinds, lost_chunks)
{
    check_finding("loses_chunks", "1", "stage1_objectpool/student/object_pool.c", "lost",
                  "add_chunk");
}

Test(valgrind_kinds, use_of_a_span_that_went_down)
{
    check_finding("uses_a_span_given_down", "3", "stage3_centralcache/student/central_cache.c",
                  "Invalid read", "give_down");
}

/* The fixture has one file of the stage; the reference's others are put beside it. */
static const char *complete_stage_4(const char *fixture, const char *file)
{
    static const char *const files[] = {"page_map.c", "page_cache.c", "mempool.c"};
    scratch_make();
    const char *folder = scratch_path("handed-in");
    folder_make(folder);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        bool is_fixture = strcmp(files[i], file) == 0;
        const char *from =
            is_fixture
                ? keep_format("grader/fixtures/%s/stage4_pagecache/student/%s", fixture, file)
                : keep_format("stage4_pagecache/solution/%s", files[i]);
        cr_assert(file_copy(from, keep_format("%s/%s", folder, files[i])), "%s", from);
    }
    return folder;
}

/* A page cache knows its regions by page number, and no leak check follows that: the stand-in keeps them
 * all reachable, and a test counts what is lost. All of stage 4 takes long: only where GRADE_SLOWLY is in
 * the environment. */
Test(valgrind_kinds, lost_regions_are_counted_by_a_test)
{
    if (getenv("GRADE_SLOWLY") == NULL)
        cr_skip_test("set GRADE_SLOWLY=1 to grade stage 4 too");
    const char *folder = complete_stage_4("loses_regions", "page_cache.c");
    struct graded graded = grade_with("--stage", "4", "--quick", "--submission", folder, NULL);
    const json_t *test = find_test(&graded, "page_cache_alloc/survives_failing_maps");
    cr_assert(is_text(test, "status", "FAILED"), "%s", graded.text);
    cr_assert(is_text(test, "message", "bytes mapped after"), "%s", graded.text);
}
