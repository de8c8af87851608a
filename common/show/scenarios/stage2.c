/* The scenario of stage 2, for `make show STAGE=2`: two lists a class, and what they are for. A batch of
 * the class used here is 4 objects, as in the handout's picture. */
#include <pthread.h>
#include <stddef.h>

#include "common/trace/recorder.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/thread_cache.h"

enum { OBJECTS = 16, BYTES = 2048 };

static void *objects[OBJECTS];

static void take(int first, int count)
{
    for (int i = first; i < first + count; i++)
        objects[i] = thread_cache_alloc(size_class_of(BYTES));
}

static void give(int first, int count)
{
    for (int i = first; i < first + count; i++)
        thread_cache_free(objects[i], size_class_of(BYTES));
}

static void fill_and_empty(void)
{
    trace_note(
        "Objects of 2 KiB; a batch of this class is 4. The thread asks for its first one: both "
        "lists are empty, so a whole batch comes up from the central cache (I6).");
    take(0, 1);
    trace_note("The next three are in the active list already: no lock, no call.");
    take(1, 3);
    trace_note("Empty again: the next batch.");
    take(4, 4);
    trace_note(
        "Objects come back. Each is pushed on the active list, so the one freed last is on top "
        "(I7).");
    give(0, 4);
    trace_note(
        "The active list is full. At the next free it becomes the spare, and a new active list "
        "begins.");
    give(4, 1);
}

static void to_and_fro(void)
{
    trace_note(
        "To and fro across the border: active and spare change places, and not one call goes "
        "down. With a single list each turn would send it down and fetch it again.");
    for (int turn = 0; turn < 2; turn++) {
        take(0, 2);
        give(0, 2);
    }
    trace_note(
        "More comes back than two lists hold: both are full, and the spare goes down, a whole "
        "batch at once. A thread holds at most two batches of a class (I5).");
    give(5, 3);
    take(0, 8);
    take(8, 8);
    give(0, 9);
}

static void *consumer(void *unused)
{
    (void)unused;
    trace_note(
        "A second thread frees what the first one took. It never asked for anything: its first "
        "call is a free, and builds its cache. The objects go into its own lists.");
    give(9, 7);
    trace_note(
        "The thread ends. All that it holds is given back (I8), or it would be lost for good.");
    return NULL;
}

int main(void)
{
    pthread_t thread;
    fill_and_empty();
    to_and_fro();
    if (pthread_create(&thread, NULL, consumer, NULL) != 0)
        return 1;
    pthread_join(thread, NULL);
    trace_note("What the second thread left is ready for the first: a batch changes hands whole.");
    take(0, 1);
    give(0, 1);
    trace_note("thread_cache_flush: everything goes down.");
    thread_cache_flush();
    return 0;
}
