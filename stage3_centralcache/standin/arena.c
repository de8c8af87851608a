/* arena: see arena.h. */
#include "stage3_centralcache/standin/arena.h"

#include <sanitizer/asan_interface.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <valgrind/memcheck.h>

#include "common/testing/test.h"

enum {
    GUARD_BYTES = 4096, /* of the guard page so many are filled and checked */
    GUARD_BYTE = 0x6b,
    JUNK_BYTES = 4096, /* so that nobody takes a new span for zeroed memory */
    JUNK_BYTE = 0xa5,
};

static struct {
    _Atomic(char *) start; /* relaxed: who asks about an object was handed it */
    size_t next_page;      /* from here on nothing is used yet */
    _Atomic(size_t) place_count;
    size_t hand; /* the place to look at next for one to use again */
    struct place places[ARENA_MOST_PLACES];
} arena;

void arena_hide(void *start, size_t bytes)
{
    (void)VALGRIND_MAKE_MEM_NOACCESS(start, bytes);
    ASAN_POISON_MEMORY_REGION(start, bytes);
}

void arena_show(void *start, size_t bytes)
{
    ASAN_UNPOISON_MEMORY_REGION(start, bytes);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(start, bytes);
}

void *arena_map(size_t bytes)
{
    void *start = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(start != MAP_FAILED, "the stand-in of the page cache could not map %zu bytes", bytes);
    return start;
}

static void open_arena(void)
{
    if (atomic_load_explicit(&arena.start, memory_order_relaxed) != NULL)
        return;
    char *start = arena_map(((size_t)ARENA_PAGES + 1) * PAGE_BYTES);
    start += -(uintptr_t)start & (PAGE_BYTES - 1);
    (void)VALGRIND_MAKE_MEM_NOACCESS(start, (size_t)ARENA_PAGES * PAGE_BYTES);
    atomic_store_explicit(&arena.start, start, memory_order_relaxed);
}

uintptr_t arena_page(const void *address)
{
    char *start = atomic_load_explicit(&arena.start, memory_order_relaxed);
    return start == NULL ? ARENA_PAGES : ((uintptr_t)address - (uintptr_t)start) >> PAGE_SHIFT;
}

struct place *arena_place(size_t index)
{
    size_t count = atomic_load_explicit(&arena.place_count, memory_order_relaxed);
    return index < count ? &arena.places[index] : NULL;
}

size_t arena_index(const struct place *place)
{
    return (size_t)(place - arena.places);
}

/* --- Taking --- */

static struct place *take_new(size_t page_count, size_t alignment)
{
    uintptr_t base =
        (uintptr_t)atomic_load_explicit(&arena.start, memory_order_relaxed) >> PAGE_SHIFT;
    uintptr_t first = (base + arena.next_page + alignment - 1) & ~(uintptr_t)(alignment - 1);
    if (arena.place_count == ARENA_MOST_PLACES || first + page_count + 1 > base + ARENA_PAGES)
        return NULL;
    arena.next_page = first + page_count + 1 - base;
    struct place *place = &arena.places[arena.place_count++];
    *place = (struct place){.first_page = first, .page_count = page_count};
    arena_show(place_end(place), GUARD_BYTES);
    memset(place_end(place), GUARD_BYTE, GUARD_BYTES);
    arena_hide(place_end(place), GUARD_BYTES);
    return place;
}

static struct place *take_idle(size_t page_count, size_t alignment)
{
    for (size_t tried = 0; tried < arena.place_count; tried++) {
        struct place *place = &arena.places[arena.hand++ % arena.place_count];
        if (!place->is_out && place->page_count == page_count && place->first_page % alignment == 0)
            return place;
    }
    return NULL;
}

struct place *arena_take(size_t page_count, size_t alignment, bool again)
{
    open_arena();
    struct place *place = again ? take_idle(page_count, alignment) : NULL;
    bool is_used = place != NULL;
    if (place == NULL)
        place = take_new(page_count, alignment);
    if (place == NULL)
        place = take_idle(page_count, alignment);
    if (place == NULL)
        return NULL;
    place->is_out = true;
    arena_show(place_start(place), page_count * PAGE_BYTES);
    if (!is_used)
        memset(place_start(place), JUNK_BYTE, JUNK_BYTES);
    (void)VALGRIND_MAKE_MEM_UNDEFINED(place_start(place), JUNK_BYTES);
    return place;
}

void arena_give_back(struct place *place, bool keep)
{
    place->is_out = false;
    if (!keep)
        madvise(place_start(place), place->page_count * PAGE_BYTES, MADV_DONTNEED);
    arena_hide(place_start(place), place->page_count * PAGE_BYTES);
}

/* --- Checking --- */

static bool is_filled_with(void *start, size_t bytes, unsigned char value)
{
    const unsigned char *byte = start;
    ASAN_UNPOISON_MEMORY_REGION(start, bytes);
    (void)VALGRIND_MAKE_MEM_DEFINED(start, bytes);
    return bytes == 0 || (byte[0] == value && memcmp(byte, byte + 1, bytes - 1) == 0);
}

void arena_check_guard(const struct place *place)
{
    char *guard = place_end(place);
    CHECK(is_filled_with(guard, GUARD_BYTES, GUARD_BYTE),
          "bytes were written behind the end, %p, of a span of class %u: an object reached over it",
          (void *)guard, place->class_id);
    arena_hide(guard, GUARD_BYTES);
}

bool arena_is_untouched(const struct place *place, uintptr_t start)
{
    uintptr_t second_page = (uintptr_t)place_start(place) + PAGE_BYTES;
    if (start < second_page)
        start = second_page;
    return is_filled_with((void *)start, (uintptr_t)place_end(place) - start, 0);
}
