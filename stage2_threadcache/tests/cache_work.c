/* cache_work: see cache_work.h. */
#include "stage2_threadcache/tests/cache_work.h"

#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"
#include "stage2_threadcache/thread_cache.h"

static size_t live_objects[SIZE_CLASS_COUNT];

size_t live(unsigned class_id)
{
    return live_objects[class_id];
}

size_t cached(unsigned class_id)
{
    size_t out = central_standin_counts(class_id).out;
    CHECK(out >= live_objects[class_id],
          "class %u: %zu objects are live, but only %zu are out of the central cache", class_id,
          live_objects[class_id], out);
    return out - live_objects[class_id];
}

size_t batch_of(unsigned class_id)
{
    size_t batch = size_class_batch(class_id);
    CHECK(batch >= 1 && batch <= SIZE_CLASS_MAX_BATCH,
          "size_class_batch(%u): expected 1 to 64, got %zu", class_id, batch);
    return batch;
}

size_t most_calls(size_t operations, unsigned class_id)
{
    return 2 * operations / batch_of(class_id) + 2 * batch_of(class_id);
}

void *alloc(unsigned class_id)
{
    void *object = thread_cache_alloc(class_id);
    CHECK(object != NULL, "thread_cache_alloc(%u): expected an object, got NULL", class_id);
    return object;
}

static void check_holds_two_batches(unsigned class_id)
{
    CHECK(cached(class_id) <= 2 * batch_of(class_id),
          "class %u: the thread holds %zu free objects; two batches are %zu", class_id,
          cached(class_id), 2 * batch_of(class_id));
}

void *take(unsigned class_id)
{
    size_t held = cached(class_id);
    size_t fetches = central_standin_counts(class_id).fetches;
    void *object = alloc(class_id);
    CHECK(central_standin_is_out(object, class_id),
          "thread_cache_alloc(%u) returned %p, which is no object of that class, or was given back",
          class_id, object);
    CHECK(held == 0 || central_standin_counts(class_id).fetches == fetches,
          "alloc of class %u called central_cache_fetch though the thread holds %zu free objects",
          class_id, held);
    live_objects[class_id]++;
    check_holds_two_batches(class_id);
    return object;
}

void give(void *object, unsigned class_id)
{
    live_objects[class_id]--;
    thread_cache_free(object, class_id);
    check_holds_two_batches(class_id);
}

void take_many(void **objects, size_t count, unsigned class_id)
{
    for (size_t i = 0; i < count; i++)
        objects[i] = take(class_id);
}

void give_many(void **objects, size_t count, unsigned class_id)
{
    for (size_t i = 0; i < count; i++)
        give(objects[i], class_id);
}

void use_some_objects(unsigned index, size_t count)
{
    static const unsigned classes[] = {1, 5, 20, 34};
    enum { MOST = 100, CLASSES = sizeof classes / sizeof *classes };
    void *objects[MOST];
    CHECK(count <= MOST, "at most %d objects", MOST);
    for (size_t n = 0; n < count; n++) {
        objects[n] = alloc(classes[n % CLASSES]);
        test_fill(objects[n], 8, index * MOST + n);
    }
    for (size_t n = 0; n < count; n++) {
        test_check_filled(objects[n], 8, index * MOST + n);
        thread_cache_free(objects[n], classes[n % CLASSES]);
    }
}
