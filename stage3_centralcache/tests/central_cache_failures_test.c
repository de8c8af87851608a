/* When there is no memory, and what must not be locked meanwhile. */
#include <errno.h>

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"

/* Whether the fetch failed, as a fetch must fail. */
static bool fetch_fails(unsigned class_id, size_t want)
{
    struct free_list out = {0};
    errno = 0;
    if (central_cache_fetch(class_id, want, &out) != 0)
        return false;
    CHECK_EQUAL(errno, ENOMEM, "errno after a fetch that got nothing");
    CHECK(out.head == NULL && out.count == 0, "a fetch that got nothing must leave `out` empty");
    return true;
}

TEST(central_cache_failures, reports_ENOMEM_and_goes_on, .points = 2, .invariant = "I1",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Where page_cache_alloc returns NULL, return 0: it set errno. Change nothing before "
             "you know that you have the span.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id += 5) {
        size_t fit = size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
        size_t batch = size_class_batch(class_id);
        for (int round = 0; round < 2; round++) {
            page_standin_fail_alloc(1);
            CHECK(fetch_fails(class_id, batch), "expected 0 while the page cache gives no span");
            struct free_list out = {0};
            take_exactly(class_id, fit, &out);
        }
    }
}

TEST(central_cache_failures, gives_what_is_left_when_no_span_comes, .points = 2, .invariant = "I1",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "fetch may give fewer than `want`, as long as it gives something.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        size_t fit = size_class_pages(class_id) * PAGE_BYTES / size_class_bytes(class_id);
        size_t total = 1;
        (void)take_one(class_id);
        page_standin_fail_all_allocs(true);
        while (total < fit) {
            struct free_list out = {0};
            total += take(class_id, size_class_batch(class_id), &out);
        }
        CHECK(fetch_fails(class_id, 1), "expected 0 when all %zu objects of the span are out", fit);
        page_standin_fail_all_allocs(false);
    }
}

TEST(central_cache_failures, asks_for_spans_with_no_lock_held, .points = 2, .invariant = "I6",
     .section = "3.1", .needs = "central_cache_spans/hands_out_an_object",
     .hint = "Release the class's lock, call page_cache_alloc, acquire the lock again, and put the "
             "span in.")
{
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++)
        (void)take_one(class_id);
    CHECK_EQUAL(page_standin_counts().allocs, SIZE_CLASS_COUNT - 1, "spans asked for");
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "page_cache_alloc calls with a lock held");
}

TEST(central_cache_failures, gives_spans_down_with_no_lock_held, .points = 2, .invariant = "I6",
     .section = "3.2", .needs = "central_cache_spans/hands_out_an_object",
     .hint =
         "Collect the spans that became empty in a list of your own; when the lock is released, "
         "give each of them down.")
{
    for (unsigned class_id = 1; class_id <= size_class_of(32 * 1024); class_id++)
        give_one(class_id, take_one(class_id));
    CHECK_EQUAL(page_standin_counts().spans_out, 0, "spans out after their only object came back");
    CHECK_EQUAL(page_standin_counts().locked_calls, 0, "page cache calls with a lock held");
}
