/* mempool: see mempool.h. Sends each call to the layer that answers it.
 *
 *   size ≤ 256 KiB   ─▶ its class ─▶ thread cache
 *   larger           ─▶ a span of its own from the page cache; the object is the span's start
 *   free             ─▶ one byte of the page map says the class; 0 means: look at the span
 *
 * The common case falls straight through mempool_alloc and mempool_free; all that is rare, or wrong,
 * is in functions of its own, so that the fast paths stay short when the layers are fused.
 *
 * With MEMPOOL_CHECK=1 the page map shows class 0 for every page: each free comes to free_slowly,
 * looks at the span, and poisons the object.
 *
 * Read order: mempool_alloc, alloc_large, mempool_free, free_slowly, mempool_realloc. */
#include "stage4_pagecache/mempool.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#include "common/caller_bug.h"
#include "common/os_memory.h"
#include "common/poison.h"
#include "stage2_threadcache/size_class.h"
#include "stage2_threadcache/thread_cache.h"
#include "stage3_centralcache/central_cache.h"
#include "stage4_pagecache/page_cache.h"
#include "stage4_pagecache/page_map.h"

static bool ignore_foreign;         /* set once, while there is one thread */
static atomic_size_t foreign_frees; /* a statistic: it orders nothing, so relaxed */

static bool is_power_of_two(size_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static void *out_of_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

/* --- Handing out --- */

/* An object of 0 bytes has an address of its own, and so a page. */
static size_t pages_for(size_t bytes)
{
    return bytes == 0 ? 1 : (bytes + PAGE_BYTES - 1) >> PAGE_SHIFT;
}

static struct span *large_span(size_t bytes, size_t alignment)
{
    if (bytes > PTRDIFF_MAX - PAGE_BYTES || alignment > PTRDIFF_MAX) {
        errno = ENOMEM;
        return NULL;
    }
    size_t page_alignment = alignment <= PAGE_BYTES ? 1 : alignment >> PAGE_SHIFT;
    return page_cache_alloc(pages_for(bytes), page_alignment, 0);
}

static void *alloc_large(size_t bytes, size_t alignment)
{
    struct span *span = large_span(bytes, alignment);
    return span == NULL ? NULL : span_start(span);
}

/* Not inlined, nor is free_slowly: they would make the fast paths save registers on every call. */
__attribute__((noinline)) static void *alloc_slowly(size_t bytes)
{
    if (bytes > SIZE_CLASS_MAX_BYTES)
        return alloc_large(bytes, 1);
    page_cache_tick();
    return thread_cache_alloc(size_class_of(bytes));
}

void *mempool_alloc(size_t bytes)
{
    if (__builtin_expect(bytes > SIZE_CLASS_COMMON_BYTES, 0))
        return alloc_slowly(bytes);
    return thread_cache_alloc(size_class_of(bytes));
}

/* A large object's fresh pages are zero already: clearing them would only touch them. */
static void *calloc_large(size_t bytes)
{
    struct span *span = large_span(bytes, 1);
    if (span == NULL)
        return NULL;
    size_t dirty_bytes = (span->page_count - span->fresh_page_count) * PAGE_BYTES;
    return memset(span_start(span), 0, dirty_bytes < bytes ? dirty_bytes : bytes);
}

void *mempool_calloc(size_t count, size_t bytes)
{
    size_t total = 0;
    if (__builtin_mul_overflow(count, bytes, &total))
        return out_of_memory();
    if (total > SIZE_CLASS_MAX_BYTES)
        return calloc_large(total);
    void *object = mempool_alloc(total);
    return object == NULL ? NULL : memset(object, 0, total);
}

/* The class whose objects hold `bytes` and all start at multiples of `alignment`, at most a page;
 * 0 if there is none. Spans start at a page, so that is where the object's size is a multiple. The
 * powers of two are classes: the search takes at most eight steps. */
static unsigned aligned_class(size_t alignment, size_t bytes)
{
    if (alignment > PAGE_BYTES || bytes > SIZE_CLASS_MAX_BYTES)
        return 0;
    unsigned class_id = size_class_of(bytes < alignment ? alignment : bytes);
    while ((size_class_bytes(class_id) & (alignment - 1)) != 0)
        class_id++;
    return class_id;
}

void *mempool_aligned_alloc(size_t alignment, size_t bytes)
{
    if (!is_power_of_two(alignment)) {
        errno = EINVAL;
        return NULL;
    }
    unsigned class_id = aligned_class(alignment, bytes);
    return class_id == 0 ? alloc_large(bytes, alignment) : thread_cache_alloc(class_id);
}

/* --- Taking back --- */

/* The span of an object that is in use, for all calls that may look before they act. Whatever can
 * be known to be wrong with the address ends the process here; NULL is an address to ignore. */
static struct span *span_of(const void *object)
{
    struct span *span = page_map_span(object);
    if (span == NULL) {
        if (!ignore_foreign)
            caller_bug(CALLER_BUG_NOT_OURS, object);
        return NULL;
    }
    size_t offset = (size_t)((const char *)object - span_start(span));
    if (span->state == SPAN_SMALL && offset % size_class_bytes(span->class_id) != 0)
        caller_bug(CALLER_BUG_INTERIOR, object);
    if (span->state == SPAN_LARGE && offset != 0)
        caller_bug(CALLER_BUG_INTERIOR, object);
    if (span->state != SPAN_SMALL && span->state != SPAN_LARGE)
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    return span;
}

static size_t object_bytes(const struct span *span)
{
    return span->state == SPAN_SMALL ? size_class_bytes(span->class_id) : span_bytes(span);
}

/* Small objects come here only with MEMPOOL_CHECK=1. */
static void free_checked(void *object, unsigned class_id)
{
    size_t bytes = size_class_bytes(class_id);
    if (poison_is_stamped(object, bytes))
        caller_bug(CALLER_BUG_DOUBLE_FREE, object);
    poison_fill(object, bytes);
    thread_cache_free(object, class_id);
}

/* No class: NULL, a large object, an address that is not ours, or any object in checking mode. */
__attribute__((noinline)) static void free_slowly(void *object)
{
    if (object == NULL)
        return;
    struct span *span = span_of(object);
    if (span == NULL)
        atomic_fetch_add_explicit(&foreign_frees, 1, memory_order_relaxed);
    else if (span->state == SPAN_SMALL)
        free_checked(object, span->class_id);
    else
        page_cache_free(span);
}

void mempool_free(void *object)
{
    unsigned class_id = page_map_class(object);
    if (__builtin_expect(class_id == 0, 0)) {
        free_slowly(object);
        return;
    }
    thread_cache_free(object, class_id);
}

/* Whether `bytes` is a size that an object of `usable` bytes can have been asked for: realloc leaves
 * an object where it is while it is at least half used, or of the smallest class. */
static bool is_possible_size(size_t bytes, size_t usable)
{
    return bytes <= usable && (bytes >= usable / 2 || usable <= size_class_bytes(1));
}

static bool has_size(const struct span *span, const void *object, size_t bytes, size_t alignment)
{
    if (!is_power_of_two(alignment) || (uintptr_t)object % alignment != 0)
        return false;
    if (span->state == SPAN_SMALL && span->class_id == aligned_class(alignment, bytes))
        return true;
    if (span->state == SPAN_LARGE && span->page_count == pages_for(bytes))
        return true;
    return is_possible_size(bytes, object_bytes(span));
}

void mempool_free_sized(void *object, size_t bytes, size_t alignment)
{
    struct span *span = object == NULL ? NULL : span_of(object);
    if (span != NULL && !has_size(span, object, bytes, alignment == 0 ? 1 : alignment))
        caller_bug(CALLER_BUG_WRONG_SIZE, object);
    mempool_free(object);
}

size_t mempool_usable_size(void *object)
{
    struct span *span = object == NULL ? NULL : span_of(object);
    return span == NULL ? 0 : object_bytes(span);
}

/* --- realloc --- */

/* A large object that has to move because it grows will grow again: it gets a quarter more room,
 * which costs addresses but no memory until it is used. */
static size_t bytes_to_move_to(size_t old_usable, size_t bytes)
{
    bool grows_large = bytes > SIZE_CLASS_MAX_BYTES && bytes > old_usable;
    return grows_large && bytes < PTRDIFF_MAX / 2 ? bytes + bytes / 4 : bytes;
}

static void *move_to(void *object, size_t usable, size_t bytes)
{
    void *moved = mempool_alloc(bytes_to_move_to(usable, bytes));
    if (moved == NULL)
        moved = mempool_alloc(bytes); /* no room for more than was asked for */
    if (moved == NULL)
        return NULL;
    memcpy(moved, object, usable < bytes ? usable : bytes);
    mempool_free(object);
    return moved;
}

void *mempool_realloc(void *object, size_t bytes)
{
    if (object == NULL)
        return mempool_alloc(bytes);
    if (bytes > PTRDIFF_MAX - PAGE_BYTES)
        return out_of_memory();
    struct span *span = span_of(object);
    if (span == NULL)
        return out_of_memory();
    size_t usable = object_bytes(span);
    if (is_possible_size(bytes, usable))
        return object;
    if (span->state == SPAN_LARGE && bytes > SIZE_CLASS_MAX_BYTES &&
        page_cache_resize(span, pages_for(bytes)))
        return object;
    return move_to(object, usable, bytes);
}

/* --- The whole pool --- */

size_t mempool_purge(void)
{
    thread_cache_flush();
    central_cache_flush();
    return page_cache_purge(0);
}

/* The layers are asked one after the other, and other threads work meanwhile: where two of their
 * numbers do not fit together, the difference is nothing, and not an enormous number. */
static size_t difference(size_t whole, size_t part)
{
    return whole > part ? whole - part : 0;
}

void mempool_stats(struct mempool_stats *out)
{
    struct thread_cache_stats threads;
    struct central_cache_stats central;
    struct page_cache_stats pages;
    struct os_memory_stats os;
    thread_cache_stats(&threads);
    central_cache_stats(&central);
    page_cache_stats(&pages);
    os_memory_stats(&os);
    *out = (struct mempool_stats){
        .mapped_bytes = os.mapped_bytes,
        .metadata_bytes = difference(os.mapped_bytes, pages.mapped_bytes),
        .handed_bytes = central.handed_bytes,
        .large_bytes = difference(pages.mapped_bytes - pages.free_bytes, central.span_bytes),
        .thread_bytes = threads.cached_bytes,
        .ready_bytes = central.ready_bytes,
        .span_free_bytes = central.span_bytes - central.handed_bytes - central.ready_bytes,
        .page_free_bytes = pages.free_bytes,
        .page_dirty_bytes = pages.dirty_bytes,
        .purged_bytes = os.purged_bytes,
        .threads = threads.threads,
        .thread_fetches = threads.fetches,
        .thread_releases = threads.releases,
        .central_fetches = central.fetches,
        .central_releases = central.releases,
        .central_ready_hits = central.ready_hits,
        .page_allocs = pages.allocs,
        .page_frees = pages.frees,
        .page_grows = pages.grows,
        .os_maps = os.map_calls,
        .os_unmaps = os.unmap_calls,
        .os_purges = os.purge_calls,
        .lock_acquisitions = central.lock_acquisitions + pages.lock_acquisitions,
        .lock_contended = central.lock_contended + pages.lock_contended,
        .foreign_frees = atomic_load_explicit(&foreign_frees, memory_order_relaxed),
    };
}

unsigned mempool_check(void)
{
    unsigned broken = thread_cache_check();
    if (broken != 0)
        return 200 + broken;
    broken = central_cache_check();
    if (broken != 0)
        return 300 + broken;
    broken = page_cache_check();
    return broken == 0 ? 0 : 400 + broken;
}

void mempool_set_checking(bool on)
{
    if (!on)
        central_cache_flush(); /* emptied spans that wait to be verified */
    poison_switch(on);
    thread_cache_bypass(on);
    page_map_hide_classes(on);
}

void mempool_ignore_foreign(bool on)
{
    ignore_foreign = on;
}

/* --- fork: the locks of all layers, from the top down --- */

void mempool_fork_prepare(void)
{
    thread_cache_fork_prepare();
    central_cache_fork_prepare();
    page_cache_fork_prepare();
}

void mempool_fork_parent(void)
{
    page_cache_fork_parent();
    central_cache_fork_parent();
    thread_cache_fork_parent();
}

void mempool_fork_child(void)
{
    page_cache_fork_child();
    central_cache_fork_child();
    thread_cache_fork_child();
}
