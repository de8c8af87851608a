/* The scenario of stage 4, for `make show STAGE=4`: spans are split and coalesced, large objects grow in
 * place, small ones go through all layers, idle pages go back. */
#include <stddef.h>

#include "common/trace/recorder.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/page_cache.h"

enum { KIB = 1024, SMALL = 40 };

static void split_and_coalesce(void)
{
    trace_note(
        "Three pages are wanted, and there is no memory yet: a region of 2 MiB is mapped, 256 "
        "pages, one free span. It is split: three pages go out, the rest goes back into its bin.");
    struct span *a = page_cache_alloc(3, 1, 0);
    struct span *b = page_cache_alloc(5, 1, 0);
    struct span *c = page_cache_alloc(2, 1, 0);
    struct span *wall = page_cache_alloc(1, 1, 0);
    trace_note("Three spans A, B and C side by side, and a fourth one behind them. A is freed: its "
               "neighbour is in use, so it stays alone, in the bin of 3 pages.");
    page_cache_free(a);
    trace_note("C is freed. Both its neighbours are in use as well.");
    page_cache_free(c);
    trace_note(
        "B lies between them. The page map names both neighbours in O(1), and the three become "
        "one free span of 10 pages (I5).");
    page_cache_free(b);
    trace_note("Best fit (I8): 4 pages come out of the span of 10, not out of the long one.");
    a = page_cache_alloc(4, 1, 0);
    trace_note("Everything comes back, and everything coalesces: one span of 256 pages again.");
    page_cache_free(a);
    page_cache_free(wall);
}

static void large_objects(void)
{
    trace_note(
        "A large object, above 256 KiB, is a span of its own. realloc makes it longer without "
        "moving it, since the pages behind it are free.");
    char *large = mempool_alloc(300 * KIB);
    char *grown = mempool_realloc(large, 500 * KIB);
    trace_note("With another object behind it, it has to move.");
    char *behind = mempool_alloc(280 * KIB);
    grown = mempool_realloc(grown, 900 * KIB);
    mempool_free(behind);
    trace_note("An object at a multiple of 256 KiB: what lies before and behind it goes back.");
    char *aligned = mempool_aligned_alloc(256 * KIB, 270 * KIB);
    mempool_free(aligned);
    mempool_free(grown);
}

static void small_objects(void)
{
    static void *objects[SMALL];
    trace_note(
        "A small object goes through all layers: the class of its size, a batch, a span for the "
        "batch. For free, one byte of the page map says the class.");
    for (int i = 0; i < SMALL; i++)
        objects[i] = mempool_alloc(i % 2 == 0 ? 200 : 1500);
    trace_note("They are freed, and stay near: in this thread's lists and in ready batches.");
    for (int i = 0; i < SMALL; i++)
        mempool_free(objects[i]);
    trace_note(
        "mempool_purge: lists and batches go back into their spans, empty spans go down and "
        "coalesce, and the memory behind free pages goes back to the system. Addresses stay.");
    (void)mempool_purge();
}

int main(void)
{
    split_and_coalesce();
    large_objects();
    small_objects();
    return 0;
}
