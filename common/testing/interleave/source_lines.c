/* source_lines: asks addr2line, once for each address. */
#include "common/testing/interleave/source_lines.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_LINES = 256, MOST_PATH = 512 };

static struct source_line known[MOST_LINES];
static size_t known_count;

static void read_text(const char *path, struct source_line *line)
{
    char text[MOST_PATH] = "";
    FILE *in = fopen(path, "r");
    for (unsigned i = 0; in != NULL && i < line->line; i++)
        if (fgets(text, sizeof text, in) == NULL)
            *text = '\0';
    if (in != NULL)
        fclose(in);
    char *start = text;
    while (isspace((unsigned char)*start))
        start++;
    start[strcspn(start, "\n")] = '\0';
    snprintf(line->text, sizeof line->text, "%.99s", start);
}

/* "/path/to/file.c:31 (discriminator 2)" */
static void read_place(char *place, struct source_line *line)
{
    char *colon = strrchr(place, ':');
    if (colon == NULL)
        return;
    *colon = '\0';
    line->line = (unsigned)strtoul(colon + 1, NULL, 10);
    const char *name = strrchr(place, '/');
    snprintf(line->file, sizeof line->file, "%.79s", name == NULL ? place : name + 1);
    read_text(place, line);
}

static void ask(struct source_line *line)
{
    char program[MOST_PATH] = "";
    char command[MOST_PATH + 64];
    char place[MOST_PATH];
    if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
        return;
    /* The call itself, and not what it returns to. */
    snprintf(command, sizeof command, "addr2line -f -e '%s' 0x%jx 2>/dev/null", program,
             (uintmax_t)((uintptr_t)line->pc - 1));
    FILE *in = popen(command, "r"); // NOLINT(cert-env33-c): the name is that of this program
    if (in == NULL)
        return;
    if (fgets(line->function, sizeof line->function, in) != NULL)
        line->function[strcspn(line->function, "\n.")] = '\0'; /* also of "name.part.0" */
    if (fgets(place, sizeof place, in) != NULL)
        read_place(place, line);
    pclose(in);
}

const struct source_line *source_line_of(const void *pc)
{
    static struct source_line unknown;
    for (size_t i = 0; i < known_count; i++)
        if (known[i].pc == pc)
            return &known[i];
    if (known_count == MOST_LINES || pc == NULL)
        return &unknown;
    struct source_line *line = &known[known_count++];
    *line = (struct source_line){.pc = pc};
    ask(line);
    return line;
}
