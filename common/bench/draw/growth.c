/* growth: what a malloc and a free cost with more live objects and with more threads. See draw.h.
 *
 *   time, live objects      time, threads
 *   work, live objects      work, threads        instructions, and calls down per 1,000 */
#include "common/bench/draw/draw.h"
#include "common/bench/draw/picture.h"

enum { WIDTH_PIXELS = 860, HEIGHT_PIXELS = 560, POINTS = 4 };

static const double STEPS = 1000000; /* as in flat.c */

struct axis {
    const char *label;
    const char *points[POINTS];
    const char *marks[POINTS];
};

static const struct axis axes[] = {
    {"live objects",
     {"live-10^4", "live-10^5", "live-10^6", "live-10^7"},
     {"10⁴", "10⁵", "10⁶", "10⁷"}},
    {"threads", {"threads-1", "threads-4", "threads-16", "threads-64"}, {"1", "4", "16", "64"}},
};

static double value_of(const json_t *scale, const char *point, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s.%s", point, name);
    return json_number_value(json_object_get(scale, key));
}

/* Place, ns, ns of glibc, instructions, calls per 1,000. */
static void write_data(FILE *script, const json_t *scale, size_t which)
{
    fprintf(script, "$data%zu << END\n", which);
    for (int i = 0; i < POINTS; i++) {
        const char *point = axes[which].points[i];
        if (value_of(scale, point, "seconds") == 0)
            continue;
        fprintf(
            script, "%d %.2f %.2f %.2f %.3f\n", i, 1e9 * value_of(scale, point, "seconds") / STEPS,
            1e9 * value_of(scale, point, "glibc.seconds") / STEPS,
            value_of(scale, point, "instructions"), 1000 * value_of(scale, point, "calls") / STEPS);
    }
    fputs("END\n", script);
}

static void write_axis(FILE *script, const struct axis *axis)
{
    fprintf(script, "set xrange [-0.2:%.1f]\nset xtics (", POINTS - 0.8);
    for (int i = 0; i < POINTS; i++)
        fprintf(script, "%s'%s' %d", i == 0 ? "" : ", ", axis->marks[i], i);
    fprintf(script, ")\nset xlabel '%s' textcolor rgb '" PICTURE_INK "'\nset yrange [0:*]\n",
            axis->label);
}

/* Two columns of an axis's data, the first ours, as a plot of their own. */
struct panel {
    const char *label;
    int columns[2];
    const char *names[2];
};

static const struct panel panels[] = {
    {"CPU time, ns", {2, 3}, {"mempool", "glibc"}},
    {"work for each", {4, 5}, {"instructions", "calls per 1,000"}},
};

static void write_line(FILE *script, size_t which, const struct panel *panel, int line)
{
    fprintf(script,
            "%s $data%zu using 1:%d with linespoints pointtype 7 pointsize 0.6 linewidth %d "
            "linecolor rgb '%s' title '%s'",
            line == 0 ? "plot" : ",", which, panel->columns[line], 3 - line,
            line == 0 ? picture_colour("mempool", 0) : picture_colour(panel->names[1], 1),
            panel->names[line]);
}

static void write_panel(FILE *script, size_t which, const struct panel *panel)
{
    write_axis(script, &axes[which]);
    fprintf(script, "set ylabel '%s' textcolor rgb '" PICTURE_INK "'\n", panel->label);
    write_line(script, which, panel, 0);
    write_line(script, which, panel, 1);
    putc('\n', script);
}

bool draw_growth(const json_t *scale, const char *folder)
{
    FILE *script = picture_open(folder, "growth", WIDTH_PIXELS, HEIGHT_PIXELS);
    if (script == NULL)
        return false;
    for (size_t which = 0; which < sizeof axes / sizeof *axes; which++)
        write_data(script, scale, which);
    fputs("set multiplot layout 2,2 margins 0.08,0.98,0.1,0.87 spacing 0.1,0.2 title 'A malloc "
          "and a free, 16 bytes to 4 KiB' textcolor rgb "
          "'" PICTURE_INK "'\nset key at graph 0, graph 1.14 left top horizontal Left reverse "
          "samplen 2\nunset title\n",
          script);
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++)
        for (size_t which = 0; which < sizeof axes / sizeof *axes; which++)
            write_panel(script, which, &panels[i]);
    fputs("unset multiplot\n", script);
    return picture_close(script, folder, "growth");
}
