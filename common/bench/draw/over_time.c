/* over_time: resident memory of a program while it runs, a line for each allocator. See draw.h. */
#include "common/bench/draw/draw.h"
#include "common/bench/draw/picture.h"

enum { WIDTH_PIXELS = 860, HEIGHT_PIXELS = 340 };

static void write_series(FILE *script, size_t place, const json_t *points)
{
    size_t index = 0;
    const json_t *point = NULL;
    fprintf(script, "$data%zu << END\n", place);
    json_array_foreach(points, index, point)
    {
        fprintf(script, "%.3f %.2f\n", json_number_value(json_array_get(point, 0)),
                json_number_value(json_array_get(point, 1)));
    }
    fputs("END\n", script);
}

static bool draw_program(const json_t *samples, const char *folder, const char *program,
                         const char *title)
{
    size_t place = 0;
    FILE *script = picture_open(folder, program, WIDTH_PIXELS, HEIGHT_PIXELS);
    if (script == NULL)
        return false;
    json_t *series = json_object_get(samples, program);
    for (void *at = json_object_iter(series); at != NULL; at = json_object_iter_next(series, at))
        write_series(script, place++, json_object_iter_value(at));
    fprintf(script,
            "set title \"%s\"\nset xlabel 'seconds' textcolor rgb '" PICTURE_INK "'\n"
            "set ylabel 'MiB resident' textcolor rgb '" PICTURE_INK "'\n"
            "set yrange [0:*]\nset key outside right top\nplot NaN notitle",
            title);
    place = 0;
    for (void *at = json_object_iter(series); at != NULL; at = json_object_iter_next(series, at)) {
        const char *name = json_object_iter_key(at);
        fprintf(script, ", $data%zu with lines linewidth %d linecolor rgb '%s' title '%s'", place,
                place == 0 ? 3 : 2, picture_colour(name, place), name);
        place++;
    }
    putc('\n', script);
    return picture_close(script, folder, program);
}

bool draw_over_time(const json_t *samples, const char *folder)
{
    return draw_program(samples, folder, "idle",
                        "Memory after a peak: 450 MiB taken and freed, then two quiet seconds") &&
           draw_program(samples, folder, "fragment",
                        "Memory of a program whose objects change size from phase to phase");
}
