/* bars: a group of bars for each row, one for each allocator, with the 95% interval on each. See draw.h.
 *
 * Ratios are to the row's best peer. Bars lie, so that names can be read; those that are longer than the
 * picture end at its edge, with their figure beside them. */
#include <math.h>

#include "common/bench/draw/draw.h"
#include "common/bench/draw/picture.h"

static const double WIDEST = 3;
enum { BAR_PIXELS = 6, GAP_PIXELS = 10, FRAME_PIXELS = 110, WIDTH_PIXELS = 860 };

static double number(const json_t *object, const char *name)
{
    return json_number_value(json_object_get(object, name));
}

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));
    return value == NULL ? "" : value;
}

static double height_of_group(size_t allocators)
{
    return (double)(allocators * BAR_PIXELS + GAP_PIXELS);
}

/* Of bar `place` in group `row`, in pixels from the top, downwards negative. */
static double position(size_t row, size_t place, size_t allocators)
{
    return -((double)row * height_of_group(allocators) + (double)place * BAR_PIXELS);
}

/* One line: ratio (cut off), position, low, high, bottom, top, and the ratio as text if cut off. */
static void write_bar(FILE *script, const json_t *metric, double at)
{
    double ratio = number(metric, "ratio");
    if (ratio <= 0)
        return;
    fprintf(script, "%.4f %.1f %.4f %.4f %.1f %.1f ", fmin(ratio, WIDEST), at,
            fmin(number(metric, "low"), WIDEST), fmin(number(metric, "high"), WIDEST),
            at - BAR_PIXELS / 2.0 + 0.5, at + BAR_PIXELS / 2.0 - 0.5);
    if (ratio > WIDEST)
        fprintf(script, "\"%.1f\"\n", ratio);
    else
        fputs("\"\"\n", script);
}

static void write_data(FILE *script, const json_t *rows, const char *metric, size_t place,
                       size_t allocators)
{
    size_t index = 0;
    const json_t *row = NULL;
    fprintf(script, "$data%zu << END\n", place);
    json_array_foreach(rows, index, row)
    {
        const json_t *allocator = json_array_get(json_object_get(row, "allocators"), place);
        write_bar(script, json_object_get(allocator, metric), position(index, place, allocators));
    }
    fputs("END\n", script);
}

static void write_names(FILE *script, const json_t *rows, size_t allocators)
{
    size_t index = 0;
    const json_t *row = NULL;
    fputs("set ytics (", script);
    json_array_foreach(rows, index, row)
    {
        double middle = position(index, 0, allocators) - (double)(allocators - 1) * BAR_PIXELS / 2;
        fprintf(script, "%s\"%s\" %.1f", index == 0 ? "" : ", ", text(row, "name"), middle);
    }
    fputs(")\n", script);
}

static void write_plots(FILE *script, const json_t *allocators)
{
    size_t place = 0;
    const json_t *allocator = NULL;
    fputs("plot NaN notitle", script);
    json_array_foreach(allocators, place, allocator)
    {
        const char *name = text(allocator, "name");
        fprintf(script,
                ", $data%zu using (0):2:(0):1:5:6 with boxxyerror linecolor rgb '%s' title '%s'"
                ", $data%zu using 1:2:3:4 with xerrorbars pointtype 0 linewidth 0.8 linecolor rgb "
                "'" PICTURE_INK "' notitle"
                ", $data%zu using 1:2:7 with labels left offset 0.3,0 font ',9' textcolor rgb "
                "'" PICTURE_INK "' notitle",
                place, picture_colour(name, place), name, place, place);
    }
    putc('\n', script);
}

static bool draw_metric(const json_t *bench, const char *folder, const char *metric,
                        const char *title)
{
    const json_t *rows = json_object_get(bench, "rows");
    const json_t *allocators = json_object_get(bench, "allocators");
    size_t count = json_array_size(allocators);
    double pixels = (double)json_array_size(rows) * height_of_group(count);
    FILE *script = picture_open(folder, metric, WIDTH_PIXELS, (unsigned)(pixels + FRAME_PIXELS));
    if (script == NULL)
        return false;
    fprintf(script,
            "set title \"%s, as a multiple of each row's best peer; shorter is better\"\n"
            "set xrange [0:%g]\nset yrange [%.1f:%d]\nunset grid\nset grid xtics linetype 1 "
            "linecolor rgb '" PICTURE_FAINT "'\n"
            "set xtics 0.5 format '%%.1f'\nset rmargin 6\nset key above horizontal\n"
            "set arrow from 1, graph 0 to 1, graph 1 nohead linewidth 1.5 linecolor rgb "
            "'" PICTURE_INK "'\n",
            title, WIDEST, -pixels + GAP_PIXELS / 2.0, GAP_PIXELS);
    write_names(script, rows, count);
    for (size_t place = 0; place < count; place++)
        write_data(script, rows, metric, place, count);
    write_plots(script, allocators);
    return picture_close(script, folder, metric);
}

bool draw_bars(const json_t *bench, const char *folder)
{
    return draw_metric(bench, folder, "cpu", "CPU time") &&
           draw_metric(bench, folder, "memory", "Peak memory");
}
