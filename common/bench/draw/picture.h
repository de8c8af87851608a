/* picture: an SVG by gnuplot that reads well on a light page and on a dark one.
 *
 *   picture_open ── the drawing writes its script and data ── picture_close: gnuplot, then a style sheet
 *
 * gnuplot knows colours, not themes. Ink and paper are written in colours that nothing else has; the
 * style sheet gives these a second meaning where the reader's system is dark. Series have colours of
 * middle lightness, which both pages bear. */
#ifndef COMMON_BENCH_DRAW_PICTURE_H
#define COMMON_BENCH_DRAW_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define PICTURE_INK "#24292f"
#define PICTURE_FAINT "#c9d1d9"

/* Start DIR/NAME.svg; returns where the script goes (terminal and output are set), or NULL. */
FILE *picture_open(const char *folder, const char *name, unsigned width, unsigned height);

/* Draw what was written. Returns false, and says why, where gnuplot fails. */
bool picture_close(FILE *script, const char *folder, const char *name);

/* The colour of an allocator; those that are not known have one each, by their place. */
const char *picture_colour(const char *allocator, size_t place);

#endif
