/* record_watch: counts which pages of an array are touched, by taking away the right to do so.
 *
 * Each first access of a page faults; the handler counts it and gives the right back. No clock, no
 * cooperation of the watched code, and the same count every time. */
#ifndef STAGE3_CENTRALCACHE_STANDIN_RECORD_WATCH_H
#define STAGE3_CENTRALCACHE_STANDIN_RECORD_WATCH_H

#include <stddef.h>

/* `start` and `bytes` are multiples of the operating system's page. */
void record_watch_start(void *start, size_t bytes);

/* The stand-in itself is about to touch this: not counted. */
void record_watch_allow(void *record, size_t bytes);

/* Returns the pages counted. */
size_t record_watch_stop(void);

#endif
