/* The trace of stage 3: thread caches fetch and release batches, most of them whole, of classes from 16
 * bytes to 32 KiB. */
#include "common/testing/counts/counts.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"
#include "stage3_centralcache/tests/program.h"

enum { CLASSES = 8, MOST_LISTS = 30, STEPS = 20000 };

static struct {
    struct free_list lists[MOST_LISTS];
    size_t count;
} held[CLASSES];

static size_t live_bytes;
static size_t most_live_bytes;

static unsigned class_of(size_t index)
{
    return (unsigned)(2 + 9 * index);
}

static void fetch(size_t index, struct test_random *random)
{
    unsigned class_id = class_of(index);
    size_t batch = size_class_batch(class_id);
    size_t want = test_random_below(random, 5) == 0 ? 1 + test_random_below(random, batch) : batch;
    struct free_list list = {0};
    if (held[index].count == MOST_LISTS)
        return;
    take(class_id, want, &list);
    live_bytes += list.count * size_class_bytes(class_id);
    held[index].lists[held[index].count++] = list;
}

/* Any of the lists, so that objects come back in another order than they went. */
static void release(size_t index, struct test_random *random)
{
    if (held[index].count == 0)
        return;
    struct free_list *list = &held[index].lists[test_random_below(random, held[index].count)];
    live_bytes -= list->count * size_class_bytes(class_of(index));
    give(class_of(index), list);
    *list = held[index].lists[--held[index].count];
}

TEST(counts, central_cache, .invariant = "I5", .section = "3.4",
     .hint =
         "A whole batch that is ready costs one lock and no span. Is a span given down that will "
         "be wanted at once, or a new one taken while others have objects left?")
{
    struct test_random random = counts_random();
    for (size_t step = 0; step < STEPS; step++) {
        size_t index = test_random_below(&random, CLASSES);
        bool mostly_fetches = step / 2000 % 2 == 0;
        if ((test_random_below(&random, 4) == 0) != mostly_fetches)
            fetch(index, &random);
        else
            release(index, &random);
        most_live_bytes = live_bytes > most_live_bytes ? live_bytes : most_live_bytes;
    }
    struct page_standin_counts counts = page_standin_counts();
    counts_tell_calls("calls of the page cache per 1,000 steps", counts.allocs + counts.frees,
                      STEPS, 5);
    counts_tell_calls("locks acquired per 1,000 steps", counts_locks(), STEPS, 1);
    test_count("most bytes in spans over most bytes out",
               (double)counts.peak_pages * PAGE_BYTES / (double)most_live_bytes);
}
