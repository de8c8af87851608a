/* The scenario of stage 3, for `make show STAGE=3`: ready batches, spans that are cut up and exhausted, and
 * the way of a span back down. The caller is the program itself, where a thread cache would be. */
#include <stddef.h>

#include "common/trace/recorder.h"
#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"

enum { BYTES = 1024, BATCHES = 4 };

static struct free_list batches[BATCHES];

static void fetch(int index, size_t want)
{
    batches[index] = (struct free_list){0};
    central_cache_fetch(size_class_of(BYTES), want, &batches[index]);
}

static void release(int index)
{
    if (batches[index].count != 0)
        central_cache_release(size_class_of(BYTES), &batches[index]);
}

static struct free_list first_of(struct free_list *list, size_t count)
{
    struct free_list part = {0};
    for (size_t i = 0; i < count; i++)
        free_list_push(&part, free_list_pop(list));
    return part;
}

int main(void)
{
    size_t batch = size_class_batch(size_class_of(BYTES));
    trace_note(
        "Objects of 1 KiB, 8 to a batch. The first fetch finds no span with an object left: one "
        "comes from the page cache, and as many objects as are wanted are cut off its tail.");
    fetch(0, batch);
    trace_note("The span is exhausted now: fetch does not look at it any more (I5). The next batch "
               "needs another span.");
    fetch(1, batch);
    fetch(2, 3);
    trace_note(
        "A whole batch comes back. It is kept ready as it is: nobody walks it, nobody puts it "
        "into its span (I3).");
    release(0);
    trace_note(
        "The next fetch of a batch is answered by the ready one, in O(1) under the lock. That is "
        "how objects go from one thread to another.");
    fetch(0, batch);
    trace_note(
        "Three objects are no batch: each goes back into its span. There the live count falls, "
        "and when it is 0 the span goes down to the page cache at once (I4).");
    release(2);
    trace_note("Half a batch comes back, and then the other half: again object by object.");
    batches[2] = first_of(&batches[1], 4);
    release(2);
    release(1);
    trace_note("The last whole batch comes back and waits.");
    release(0);
    trace_note(
        "Only 2 objects are wanted, and all there is is a ready batch: it is broken up, and what "
        "is left of it goes into its span.");
    fetch(3, 2);
    release(3);
    fetch(0, batch);
    release(0);
    trace_note(
        "central_cache_flush puts ready batches back into their spans. Spans that become empty "
        "go down.");
    central_cache_flush();
    return 0;
}
