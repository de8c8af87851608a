/* object_table: see object_table.h. */
#include "stage2_threadcache/standin/object_table.h"

#include <stdlib.h>
#include <valgrind/memcheck.h>

#include "common/poison.h"
#include "common/testing/test.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/standin/central_cache_standin.h"

/* A place is the highest 17 bits of a product: 1 << 17 places. */
enum { MOST_RECORDS = 1 << 16, PLACES = 1 << 17, PLACE_SHIFT = 64 - 17, WATCHED_BYTES = 64 };

static struct record records[MOST_RECORDS];
static uint32_t last_record;
static uint32_t places[PLACES];

static struct {
    uint32_t oldest;
    uint32_t newest;
} shelves[SIZE_CLASS_COUNT];

/* Present only in programs built with AddressSanitizer. */
extern void __asan_poison_memory_region(const volatile void *start, size_t bytes)
    __attribute__((weak));
extern void __asan_unpoison_memory_region(const volatile void *start, size_t bytes)
    __attribute__((weak));

size_t central_standin_bytes(unsigned class_id)
{
    if (class_id <= 9)
        return class_id <= 1 ? 8 * class_id : 16 * (class_id - 1);
    size_t doubling = (size_t)128 << (class_id - 10) / 8;
    return doubling + doubling / 8 * ((class_id - 10) % 8 + 1);
}

/* --- Memory that is back --- */

static uint64_t hash_start(const struct record *record)
{
    size_t bytes = central_standin_bytes(record->class_id);
    uint64_t hash = 0xcbf29ce484222325u; /* FNV-1a */
    for (size_t i = 0; i < bytes && i < WATCHED_BYTES; i++)
        hash = (hash ^ (unsigned char)record->object[i]) * 0x100000001b3u;
    return hash;
}

static void open_memory(const struct record *record)
{
    size_t bytes = central_standin_bytes(record->class_id);
    (void)VALGRIND_MAKE_MEM_DEFINED(record->object, bytes);
    if (__asan_unpoison_memory_region != NULL)
        __asan_unpoison_memory_region(record->object, bytes);
}

/* Opened first: the program may never have written to it, and its hash is to be had all the same. */
static void close_memory(struct record *record)
{
    size_t bytes = central_standin_bytes(record->class_id);
    open_memory(record);
    record->left_as = hash_start(record);
    (void)VALGRIND_MAKE_MEM_NOACCESS(record->object, bytes);
    if (__asan_poison_memory_region != NULL)
        __asan_poison_memory_region(record->object, bytes);
}

/* --- The table --- */

static uint32_t *place_of(const void *object)
{
    size_t place = (uintptr_t)object * 0x9e3779b97f4a7c15u >> PLACE_SHIFT;
    while (places[place] != 0 && records[places[place]].object != object)
        place = (place + 1) % PLACES;
    return &places[place];
}

struct record *object_table_find(const void *object)
{
    uint32_t number = *place_of(object);
    return number == 0 ? NULL : &records[number];
}

static struct record *make_object(unsigned class_id)
{
    void *object = NULL;
    CHECK(last_record + 1 < MOST_RECORDS, "more than %d objects were fetched and not released",
          MOST_RECORDS - 1);
    CHECK(posix_memalign(&object, 16, central_standin_bytes(class_id)) == 0,
          "the stand-in of the central cache found no memory");
    uint32_t number = ++last_record;
    *place_of(object) = number;
    records[number] = (struct record){.object = object, .class_id = (unsigned char)class_id};
    open_memory(&records[number]);
    return &records[number];
}

static struct record *take_from_shelf(unsigned class_id)
{
    struct record *record = &records[shelves[class_id].oldest];
    shelves[class_id].oldest = record->newer;
    if (record->newer == 0)
        shelves[class_id].newest = 0;
    open_memory(record);
    CHECK(hash_start(record) == record->left_as,
          "object %p was written to after it was given to central_cache_release",
          (void *)record->object);
    return record;
}

/* Its contents are undefined, unless the thread cache is to verify its poison. */
struct record *object_table_hand_out(unsigned class_id)
{
    struct record *record =
        shelves[class_id].oldest != 0 ? take_from_shelf(class_id) : make_object(class_id);
    record->is_out = true;
    if (!poison_is_on())
        (void)VALGRIND_MAKE_MEM_UNDEFINED(record->object, central_standin_bytes(class_id));
    return record;
}

void object_table_take_back(struct record *record)
{
    uint32_t number = (uint32_t)(record - records);
    uint32_t newest = shelves[record->class_id].newest;
    close_memory(record);
    record->is_out = false;
    record->newer = 0;
    if (newest == 0)
        shelves[record->class_id].oldest = number;
    else
        records[newest].newer = number;
    shelves[record->class_id].newest = number;
}

void object_table_spoil(struct record *record, size_t at)
{
    open_memory(record);
    record->object[at] ^= 0x55;
    close_memory(record);
}
