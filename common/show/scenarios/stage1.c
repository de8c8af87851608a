/* The scenario of stage 1, for `make show STAGE=1`: what object_pool's handout tells, on a real pool. */
#include "common/trace/recorder.h"
#include "stage1_objectpool/object_pool.h"

enum { OBJECTS = 6, PAGES_IN_CHUNK = 31 };

static void small_objects(struct object_pool *pool)
{
    void *objects[OBJECTS];
    trace_note(
        "A pool hands out objects of one size, here 48 bytes. object_pool_init maps nothing: a "
        "pool that is never used costs nothing.");
    object_pool_init(pool, 48, 16);
    trace_note(
        "The first object needs memory: a chunk of 128 KiB is mapped. Objects are cut off its "
        "untouched tail, one after the other.");
    for (int i = 0; i < OBJECTS; i++)
        objects[i] = object_pool_alloc(pool);
    trace_note(
        "Two objects come back. The free list is a stack, and the link to the next one lives in "
        "the free object's own first word.");
    object_pool_free(pool, objects[1]);
    object_pool_free(pool, objects[4]);
    trace_note("The object freed last is handed out first (I3): its memory is still warm. While an "
               "object is free, the tail stays untouched.");
    objects[4] = object_pool_alloc(pool);
    objects[1] = object_pool_alloc(pool);
    trace_note("The free list is empty again: back to the tail.");
    (void)object_pool_alloc(pool);
}

static void whole_pages(struct object_pool *pool)
{
    trace_note(
        "A second pool, of 4 KiB objects at multiples of 4 KiB. The two share nothing. A chunk "
        "holds 31 of these: the header takes the first 4 KiB.");
    object_pool_init(pool, 4096, 4096);
    void *last = NULL;
    for (int i = 0; i < PAGES_IN_CHUNK; i++)
        last = object_pool_alloc(pool);
    trace_note("The chunk is used up: no whole object is left in it (I2). The next one maps a new "
               "chunk.");
    (void)object_pool_alloc(pool);
    object_pool_free(pool, last);
}

int main(void)
{
    static struct object_pool small;
    static struct object_pool large;
    small_objects(&small);
    whole_pages(&large);
    trace_note("object_pool_destroy gives every chunk back (I4), whether or not objects are live.");
    object_pool_destroy(&large);
    object_pool_destroy(&small);
    return 0;
}
