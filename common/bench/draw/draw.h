/* draw: the pictures, each from one JSON file of a bench command. Each function returns false, and says
 * why on stderr, where it cannot draw. */
#ifndef COMMON_BENCH_DRAW_DRAW_H
#define COMMON_BENCH_DRAW_DRAW_H

#include <jansson.h>
#include <stdbool.h>

/* bars.c: cpu.svg and memory.svg, from make bench. */
bool draw_bars(const json_t *bench, const char *folder);

/* growth.c: growth.svg, from make bench-scale. */
bool draw_growth(const json_t *scale, const char *folder);

/* over_time.c: idle.svg and fragment.svg, from sample.c. */
bool draw_over_time(const json_t *samples, const char *folder);

#endif
