/* program: see program.h. */
#include "stage3_centralcache/tests/program.h"

#include "stage2_threadcache/size_class.h"
#include "stage3_centralcache/central_cache.h"
#include "stage3_centralcache/standin/page_cache_standin.h"

size_t take(unsigned class_id, size_t want, struct free_list *out)
{
    size_t object_bytes = size_class_bytes(class_id);
    size_t count = central_cache_fetch(class_id, want, out);
    CHECK(count >= 1 && count <= want, "fetch(class %u, %zu): expected 1..%zu objects, got %zu",
          class_id, want, want, count);
    CHECK_EQUAL(out->count, count, "count of the list that fetch filled");
    size_t length = 0;
    for (const char *object = out->head; object != NULL; object = free_list_next(object)) {
        CHECK(++length <= count, "fetch(class %u, %zu) returned %zu, but its list is longer",
              class_id, want, count);
        CHECK(page_standin_covers(object, object_bytes, class_id),
              "fetch(class %u): the object %p of %zu bytes does not lie whole inside a span of its "
              "class",
              class_id, (const void *)object, object_bytes);
    }
    CHECK_EQUAL(length, count, "length of the list that fetch filled");
    return count;
}

void take_exactly(unsigned class_id, size_t count, struct free_list *out)
{
    while (count > 0) {
        struct free_list some = {0};
        count -= take(class_id, count, &some);
        while (some.head != NULL)
            free_list_push(out, free_list_pop(&some));
    }
}

char *take_one(unsigned class_id)
{
    struct free_list one = {0};
    take(class_id, 1, &one);
    return one.head;
}

void give(unsigned class_id, struct free_list *objects)
{
    central_cache_release(class_id, objects);
    CHECK(objects->head == NULL && objects->count == 0,
          "release(class %u) must leave the list empty; it holds %zu", class_id, objects->count);
}

void give_one(unsigned class_id, void *object)
{
    struct free_list one = {0};
    free_list_push(&one, object);
    give(class_id, &one);
}

void give_some(unsigned class_id, struct free_list *from, size_t count, size_t at_once)
{
    while (count > 0) {
        struct free_list list = {0};
        for (; count > 0 && list.count < at_once; count--)
            free_list_push(&list, free_list_pop(from));
        give(class_id, &list);
    }
}

void expect_all_spans_back(void)
{
    page_standin_check_guards();
    CHECK_EQUAL(page_standin_counts().spans_out, 0, "spans out after every object came back");
}

/* --- Stamps --- */

enum { STAMPED_BYTES = 64 };

void stamp_object(char *start, unsigned class_id, uint64_t stamp)
{
    size_t bytes = size_class_bytes(class_id);
    if (bytes <= 2 * STAMPED_BYTES) {
        test_fill(start, bytes, stamp);
        return;
    }
    test_fill(start, STAMPED_BYTES, stamp);
    test_fill(start + bytes - STAMPED_BYTES, STAMPED_BYTES, ~stamp);
}

void check_stamp(const char *start, unsigned class_id, uint64_t stamp)
{
    size_t bytes = size_class_bytes(class_id);
    if (bytes <= 2 * STAMPED_BYTES) {
        test_check_filled(start, bytes, stamp);
        return;
    }
    test_check_filled(start, STAMPED_BYTES, stamp);
    test_check_filled(start + bytes - STAMPED_BYTES, STAMPED_BYTES, ~stamp);
}

/* --- Bags --- */

void bag_take(struct bag *bag, size_t want)
{
    if (want > BAG_PLACES - bag->count)
        want = BAG_PLACES - bag->count;
    if (want == 0)
        return;
    struct free_list list = {0};
    take(bag->class_id, want, &list);
    while (list.head != NULL) {
        char *object = free_list_pop(&list);
        uint64_t stamp = bag->owner << 32 | bag->serial++;
        stamp_object(object, bag->class_id, stamp);
        bag->objects[bag->count].start = object;
        bag->objects[bag->count].stamp = stamp;
        bag->count++;
    }
}

struct free_list bag_pick(struct bag *bag, size_t count, struct test_random *random)
{
    struct free_list list = {0};
    while (list.count < count && bag->count > 0) {
        size_t place = test_random_below(random, bag->count);
        check_stamp(bag->objects[place].start, bag->class_id, bag->objects[place].stamp);
        free_list_push(&list, bag->objects[place].start);
        bag->objects[place] = bag->objects[--bag->count];
    }
    return list;
}

void bag_give(struct bag *bag, size_t count, struct test_random *random)
{
    struct free_list list = bag_pick(bag, count, random);
    if (list.head != NULL)
        give(bag->class_id, &list);
}
