/* picture: see picture.h. */
#include "common/bench/draw/picture.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

static const char style[] = "<style>\n"
                            "  text { font-variant-numeric: tabular-nums }\n"
                            "  @media (prefers-color-scheme: dark) {\n"
                            "    [fill=\"#ffffff\"] { fill: #0d1117 }\n"
                            "    [fill=\"rgb(36,41,47)\"] { fill: #e6edf3 }\n"
                            "    [stroke=\"rgb( 36,  41,  47)\"] { stroke: #e6edf3 }\n"
                            "    [stroke=\"rgb(201, 209, 217)\"] { stroke: #30363d }\n"
                            "  }\n"
                            "</style>\n";

static void make_path(char *path, const char *folder, const char *name, const char *ending)
{
    snprintf(path, PATH_BYTES, "%s/%s.%s", folder, name, ending);
}

FILE *picture_open(const char *folder, const char *name, unsigned width, unsigned height)
{
    char path[PATH_BYTES];
    make_path(path, folder, name, "gnuplot");
    FILE *script = fopen(path, "w");
    if (script == NULL) {
        perror(path);
        return NULL;
    }
    fprintf(script,
            "set terminal svg size %u,%u font 'sans-serif,13' background rgb 'white' dynamic\n"
            "set output '%s/%s.svg'\n"
            "set encoding utf8\n"
            "set border 0 linecolor rgb '" PICTURE_INK "'\n"
            "set tics nomirror scale 0 textcolor rgb '" PICTURE_INK "'\n"
            "set key textcolor rgb '" PICTURE_INK "'\n"
            "set title textcolor rgb '" PICTURE_INK "'\n"
            "set grid linetype 1 linecolor rgb '" PICTURE_FAINT "' linewidth 0.7\n"
            "set style fill solid 1 noborder\n",
            width, height, folder, name);
    return script;
}

/* Copy an SVG with the style sheet before its title. */
static bool add_style(const char *from, const char *to)
{
    char line[16384];
    bool is_added = false;
    FILE *in = fopen(from, "r");
    FILE *out = fopen(to, "w");
    while (in != NULL && out != NULL && fgets(line, sizeof line, in) != NULL) {
        if (!is_added && strncmp(line, "<title>", 7) == 0) {
            fputs(style, out);
            is_added = true;
        }
        fputs(line, out);
    }
    if (in != NULL)
        fclose(in);
    return out != NULL && fclose(out) == 0 && is_added;
}

bool picture_close(FILE *script, const char *folder, const char *name)
{
    char script_path[PATH_BYTES];
    char plain_path[PATH_BYTES];
    char svg_path[PATH_BYTES];
    char command[PATH_BYTES + 32];
    make_path(script_path, folder, name, "gnuplot");
    make_path(svg_path, folder, name, "svg");
    make_path(plain_path, folder, name, "plain");
    fprintf(script, "set output\n");
    if (fclose(script) != 0)
        return false;
    snprintf(command, sizeof command, "gnuplot '%s'", script_path);
    if (system(command) != 0 || rename(svg_path, plain_path) != 0) {
        fprintf(stderr, "gnuplot could not draw %s (make deps-bench installs it)\n", script_path);
        return false;
    }
    bool is_whole = add_style(plain_path, svg_path);
    (void)remove(plain_path);
    (void)remove(script_path);
    if (is_whole)
        printf("%s\n", svg_path);
    return is_whole;
}

const char *picture_colour(const char *allocator, size_t place)
{
    static const char *const known[][2] = {{"mempool", "#2f81f7"},
                                           {"glibc", "#8b949e"},
                                           {"jemalloc", "#d29922"},
                                           {"tcmalloc", "#2da44e"},
                                           {"mimalloc", "#a475f9"}};
    static const char *const others[] = {"#e5534b", "#39c5cf", "#db61a2", "#9e6a03"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i][0], allocator) == 0)
            return known[i][1];
    return others[place % (sizeof others / sizeof *others)];
}
