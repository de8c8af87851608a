/* page_map: from an address to its span, and to its size class, without a lock.
 *
 *   address   63 … 48 │ 47 … 31 │ 30 … 13 │ 12 … 0
 *              must be │ root    │ leaf    │ offset in
 *              zero    │ 17 bits │ 18 bits │ the page
 *
 *   root ──▶ [ · · ● · · ]          131,072 places; a leaf stands for 2 GiB of addresses
 *                  ▼
 *            ┌ class_ids [ 4 4 4 0 0 … ]      one byte a page: all that free() reads
 *            └ spans     [ ▪ ▪ ▪ · · … ]      one pointer a page
 *
 * A radix tree of two levels over 48-bit addresses. Leaves are mapped when first needed and never
 * given back; untouched parts of them cost no memory.
 *
 * Invariants:
 *   I1  each page of a span of small objects maps to that span and its class
 *   I2  the first and last page of a large or free span map to it, with class 0
 *   I3  every other page maps to no span and class 0
 *
 * Locking: page_map_reserve and page_map_set are called by the page cache, under its lock or on
 * pages only it knows. Reading takes no lock: leaves are published with release and read with
 * acquire; entries are relaxed, since who asks about an address has been given it, and with it
 * everything that was written before.
 *
 * Read next: solution/page_map.c, then page_cache.h. */
#ifndef STAGE4_PAGECACHE_PAGE_MAP_H
#define STAGE4_PAGECACHE_PAGE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* Make room for the entries of `page_count` pages from `first_page` (an address >> PAGE_SHIFT).
 * Returns false with errno = ENOMEM where a leaf cannot be mapped or the range leaves the 48 bits. */
bool page_map_reserve(uintptr_t first_page, size_t page_count);

/* Let each of these pages, all reserved, map to `span` (NULL: to none) and `class_id`. */
void page_map_set(uintptr_t first_page, size_t page_count, struct span *span, unsigned class_id);

/* The span that covers `address`, or NULL. Any address may be asked. */
struct span *page_map_span(const void *address);

/* The size class of the objects on the page of `address`; 0 for anything that is not a page of
 * small objects of this pool. Any address may be asked. */
unsigned page_map_class(const void *address);

/* From now on (true) page_map_set notes class 0 for every page, so that page_map_class sends each
 * free down the path that looks at the span. For MEMPOOL_CHECK=1, while there is one thread. */
void page_map_hide_classes(bool hide);

#endif
