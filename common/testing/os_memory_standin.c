/* The stand-in of os_memory: a table of live regions, guarded by one plain mutex.
 *
 * A region is taken at twice its alignment where odd addresses are asked for, and starts half way:
 *
 *   posix_memalign:  |◀─ alignment ─▶|◀──── bytes ────▶|     base = a multiple of 2 * alignment
 *                    base            start                   start is one of alignment only */
#include "common/testing/os_memory_standin.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "common/lock.h"
#include "common/testing/test.h"

enum {
    MOST_REGIONS = 65536,
    USUAL_PAGE_BYTES = 4096,
    MOST_HIDDEN_BYTES = 256 * 1024,
    LEAST_DOWNWARDS_BYTES = 1024 * 1024,
    LEAST_UNTOUCHED_BYTES = 64 * 1024 * 1024,
};

/* More fails here: Valgrind and the sanitizers stop a program that asks malloc for as much. */
static const size_t most_bytes = (size_t)1 << 36;

/* Addresses are kept inverted: this table must not be what keeps a region reachable for Valgrind's
 * leak check, only the layer under test. Larger regions are cut into spans, and a page cache knows
 * those by page number, which is no pointer: them the table does keep, and odd regions, to whose
 * base no layer has a pointer. */
struct region {
    uintptr_t hidden_start;
    uintptr_t hidden_base;
    void *known_base;
    size_t bytes;
    bool is_guarded;
};

static char *region_start(const struct region *region)
{
    return (char *)~region->hidden_start;
}

static struct {
    pthread_mutex_t mutex;
    struct region regions[MOST_REGIONS];
    size_t region_count;
    struct os_memory_stats stats;
    size_t peak_bytes;
    size_t fail_in;
    bool fail_all;
    bool odd;
    char *block;     /* for regions side by side, or NULL; it is never freed */
    char *block_end; /* where the lowest of them starts */
    size_t watched_bytes;
    size_t locked_calls;
    void (*purge_hook)(void);
    atomic_uint_fast64_t clock_ms;
} state = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* The page of the operating system that this stands in for: 4 KiB, or what STANDIN_PAGE_BYTES in the
 * environment says (16384, 65536), as on machines of other kinds. */
static size_t os_page_bytes(void)
{
    static size_t bytes; /* the same whoever finds it out */
    if (bytes == 0) {
        const char *setting = getenv("STANDIN_PAGE_BYTES");
        bytes = setting == NULL ? USUAL_PAGE_BYTES : strtoul(setting, NULL, 10);
    }
    return bytes;
}

static size_t whole_pages(size_t bytes)
{
    return (bytes + os_page_bytes() - 1) & ~(os_page_bytes() - 1);
}

static bool fails_now_locked(void)
{
    return state.fail_all || (state.fail_in != 0 && --state.fail_in == 0);
}

static void note_locked_call(size_t bytes)
{
    if (state.watched_bytes != 0 && bytes >= state.watched_bytes && lock_held_count() != 0)
        state.locked_calls++;
}

/* Right below the region that was placed last, or NULL. */
static char *place_below_locked(size_t whole, size_t alignment)
{
    if (whole < LEAST_DOWNWARDS_BYTES ||
        (size_t)(state.block_end - state.block) < whole + alignment)
        return NULL;
    state.block_end -= whole;
    state.block_end -= (uintptr_t)state.block_end % alignment;
    return state.block_end;
}

/* A large region becomes memory only where it is touched, as an operating system's does: a test may say
 * that much is in use. Valgrind has to see that it reads as zero. */
static void clear(void *start, size_t bytes)
{
    bool is_large = bytes >= LEAST_UNTOUCHED_BYTES && !test_is_slowed();
    if (!is_large || madvise(start, bytes, MADV_DONTNEED) != 0)
        memset(start, 0, bytes);
}

static void *map_locked(size_t bytes, size_t alignment, bool is_guarded)
{
    size_t whole = whole_pages(bytes);
    size_t skipped = state.odd ? alignment : 0;
    void *base = NULL;
    if (bytes == 0 || bytes > most_bytes || alignment > most_bytes || fails_now_locked())
        return NULL;
    char *start = place_below_locked(whole, alignment);
    if (start == NULL) {
        if (posix_memalign(&base, state.odd ? 2 * alignment : alignment, whole + skipped) != 0)
            return NULL;
        start = (char *)base + skipped;
    }
    clear(start, whole);
    CHECK(state.region_count < MOST_REGIONS, "more than %d regions are mapped", MOST_REGIONS);
    bool is_known = state.odd || whole > MOST_HIDDEN_BYTES;
    state.regions[state.region_count++] = (struct region){
        ~(uintptr_t)start, ~(uintptr_t)base, is_known ? base : NULL, whole, is_guarded};
    state.stats.map_calls++;
    state.stats.mapped_bytes += whole;
    if (state.stats.mapped_bytes > state.peak_bytes)
        state.peak_bytes = state.stats.mapped_bytes;
    return start;
}

static void *map(size_t bytes, size_t alignment, bool is_guarded)
{
    CHECK((alignment & (alignment - 1)) == 0, "os_memory_map: alignment %zu is no power of two",
          alignment);
    pthread_mutex_lock(&state.mutex);
    if (alignment < os_page_bytes())
        alignment = os_page_bytes();
    note_locked_call(bytes);
    void *start = map_locked(bytes, alignment, is_guarded);
    if (start == NULL)
        state.stats.failed_calls++;
    pthread_mutex_unlock(&state.mutex);
    if (start == NULL)
        errno = ENOMEM;
    return start;
}

void *os_memory_map(size_t bytes, size_t alignment)
{
    return map(bytes, alignment, false);
}

/* Valgrind and the sanitizers know where a region ends: no guard is needed to see an overrun. */
void *os_memory_map_guarded(size_t bytes)
{
    return map(bytes, PAGE_BYTES, true);
}

static struct region *region_of_locked(const char *start, size_t bytes)
{
    for (size_t i = state.region_count; i-- > 0;) {
        struct region *region = &state.regions[i];
        if (start >= region_start(region) && bytes <= region->bytes &&
            (size_t)(start - region_start(region)) <= region->bytes - bytes)
            return region;
    }
    return NULL;
}

static void unmap(void *start, size_t bytes, bool is_guarded)
{
    int saved_errno = errno;
    pthread_mutex_lock(&state.mutex);
    size_t whole = whole_pages(bytes);
    note_locked_call(bytes);
    struct region *region = region_of_locked(start, whole);
    CHECK(region != NULL && whole != 0 && region_start(region) == start && region->bytes == whole,
          "os_memory_unmap(%p, %zu): no such region is mapped; it takes exactly what map returned",
          start, bytes);
    CHECK(region->is_guarded == is_guarded,
          "%p was mapped %s guards and is unmapped %s: each map has its own unmap", start,
          region->is_guarded ? "with" : "without", is_guarded ? "with" : "without");
    free((void *)~region->hidden_base);
    *region = state.regions[--state.region_count];
    state.stats.unmap_calls++;
    state.stats.mapped_bytes -= whole;
    pthread_mutex_unlock(&state.mutex);
    errno = saved_errno;
}

void os_memory_unmap(void *start, size_t bytes)
{
    unmap(start, bytes, false);
}

void os_memory_unmap_guarded(void *start, size_t bytes)
{
    unmap(start, bytes, true);
}

void os_memory_purge(void *start, size_t bytes)
{
    pthread_mutex_lock(&state.mutex);
    note_locked_call(bytes);
    CHECK((uintptr_t)start % PAGE_BYTES == 0 && bytes % PAGE_BYTES == 0 && bytes != 0,
          "os_memory_purge(%p, %zu): both must be multiples of the page, and not zero", start,
          bytes);
    /* A run of free pages may reach over regions that happen to lie side by side. */
    CHECK(region_of_locked(start, 1) != NULL &&
              region_of_locked((char *)start + bytes - 1, 1) != NULL,
          "os_memory_purge(%p, %zu): not mapped", start, bytes);
    state.stats.purge_calls++;
    state.stats.purged_bytes += bytes;
    void (*hook)(void) = state.purge_hook;
    state.purge_hook = NULL;
    pthread_mutex_unlock(&state.mutex);
    if (hook != NULL)
        hook();
    memset(start, 0, bytes);
}

void os_memory_stats(struct os_memory_stats *out)
{
    pthread_mutex_lock(&state.mutex);
    *out = state.stats;
    pthread_mutex_unlock(&state.mutex);
}

void os_standin_fail_map(size_t nth)
{
    pthread_mutex_lock(&state.mutex);
    state.fail_in = nth;
    pthread_mutex_unlock(&state.mutex);
}

void os_standin_fail_all_maps(bool fail)
{
    pthread_mutex_lock(&state.mutex);
    state.fail_all = fail;
    pthread_mutex_unlock(&state.mutex);
}

void os_standin_give_odd_addresses(bool odd)
{
    pthread_mutex_lock(&state.mutex);
    state.odd = odd;
    pthread_mutex_unlock(&state.mutex);
}

void os_standin_map_downwards(size_t bytes)
{
    pthread_mutex_lock(&state.mutex);
    state.block = calloc(1, bytes);
    CHECK(state.block != NULL, "no %zu bytes for regions side by side", bytes);
    state.block_end = state.block + bytes;
    pthread_mutex_unlock(&state.mutex);
}

uint64_t os_memory_clock_ms(void)
{
    return atomic_load(&state.clock_ms);
}

void os_standin_pass_time(unsigned milliseconds)
{
    atomic_fetch_add(&state.clock_ms, milliseconds);
}

void os_standin_call_in_purge(void (*hook)(void))
{
    pthread_mutex_lock(&state.mutex);
    state.purge_hook = hook;
    pthread_mutex_unlock(&state.mutex);
}

static size_t value_of(const size_t *value)
{
    pthread_mutex_lock(&state.mutex);
    size_t seen = *value;
    pthread_mutex_unlock(&state.mutex);
    return seen;
}

size_t os_standin_live_regions(void)
{
    return value_of(&state.region_count);
}

size_t os_standin_peak_bytes(void)
{
    return value_of(&state.peak_bytes);
}

void os_standin_watch_locked_calls(size_t bytes)
{
    pthread_mutex_lock(&state.mutex);
    state.watched_bytes = bytes;
    state.locked_calls = 0;
    pthread_mutex_unlock(&state.mutex);
}

size_t os_standin_locked_calls(void)
{
    return value_of(&state.locked_calls);
}

bool os_standin_covers(const void *start, size_t bytes)
{
    pthread_mutex_lock(&state.mutex);
    bool covered = region_of_locked(start, bytes) != NULL;
    pthread_mutex_unlock(&state.mutex);
    return covered;
}
