/* draw: pictures for the READMEs, from what the bench commands wrote.
 *
 *   make bench         ── build/bench/bench.json ──▶ cpu.svg, memory.svg
 *   make bench-scale   ── build/bench/scale.json ──▶ growth.svg
 *   sample.c           ── build/bench/samples.json ▶ idle.svg, fragment.svg
 *
 *   draw FOLDER KIND FILE...       KIND: bars, growth or time
 *
 * Status 0 where all was drawn, 1 otherwise, 2 where it was called wrongly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/bench/draw/draw.h"

static bool draw(const char *kind, const char *path, const char *folder)
{
    json_error_t error;
    json_t *json = json_load_file(path, 0, &error);
    bool is_drawn = false;
    if (json == NULL)
        fprintf(stderr, "%s: %s\n", path, error.text);
    else if (strcmp(kind, "bars") == 0)
        is_drawn = draw_bars(json, folder);
    else if (strcmp(kind, "growth") == 0)
        is_drawn = draw_growth(json, folder);
    else if (strcmp(kind, "time") == 0)
        is_drawn = draw_over_time(json, folder);
    json_decref(json);
    return is_drawn;
}

int main(int count, char **arguments)
{
    bool all_drawn = true;
    if (count < 4 || count % 2 != 0) {
        fputs("draw FOLDER (bars|growth|time FILE)...\n", stderr);
        return 2;
    }
    for (int i = 2; i < count; i += 2)
        all_drawn &= draw(arguments[i], arguments[i + 1], arguments[1]);
    return all_drawn ? EXIT_SUCCESS : EXIT_FAILURE;
}
