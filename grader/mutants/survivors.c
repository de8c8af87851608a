/* survivors: see survivors.h. */
#include "grader/mutants/survivors.h"

#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 1024 * 1024 };

static const char *trimmed(const char *line, size_t length)
{
    while (length > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        length--;
    }
    while (length > 0 && line[length - 1] == ' ')
        length--;
    return keep_part(line, length);
}

/* What follows the sign of a line: "- x" and "-" alone (the line became empty). */
static const char *after_sign(const char *text)
{
    return text + 1 + strspn(text + 1, " ");
}

/* One line of the file: it starts an entry, or adds to the last one. */
static void take_line(struct survivors *survivors, const char *raw, size_t length, unsigned number)
{
    const char *text = trimmed(raw, length);
    if (*text == '\0' || *text == '#')
        return;
    if (*raw != ' ') {
        survivors->list = keep_room(survivors->list, survivors->count, sizeof *survivors->list);
        survivors->list[survivors->count++] = (struct survivor){.place = text, .line = number};
        return;
    }
    struct survivor *entry = survivors->count == 0 ? NULL : &survivors->list[survivors->count - 1];
    if (entry == NULL)
        die_usage("survivors.txt:%u: a line before any entry", number);
    if (*text == '-' && entry->before == NULL)
        entry->before = after_sign(text);
    else if (*text == '+' && entry->after == NULL)
        entry->after = after_sign(text);
    else
        entry->reason = entry->reason == NULL ? text : keep_format("%s %s", entry->reason, text);
}

static bool has_reason(const struct survivor *entry)
{
    return entry->reason != NULL && (strncmp(entry->reason, "equivalent: ", 12) == 0 ||
                                     strncmp(entry->reason, "performance: ", 13) == 0);
}

struct survivors survivors_read(const char *path)
{
    struct survivors survivors = {0};
    const char *text = file_read(path, MOST_TEXT, NULL);
    unsigned number = 1;
    for (const char *line = text; line != NULL && *line != '\0'; number++) {
        size_t length = strcspn(line, "\n");
        take_line(&survivors, line, length, number);
        line += length + (line[length] == '\n');
    }
    for (size_t i = 0; i < survivors.count; i++) {
        const struct survivor *entry = &survivors.list[i];
        if (entry->before == NULL || entry->after == NULL || !has_reason(entry))
            die_usage(
                "%s:%u: an entry has a line with -, one with +, and a reason that starts with "
                "\"equivalent: \" or \"performance: \"",
                path, entry->line);
    }
    return survivors;
}

const char *survivor_place(const struct mutant *mutant)
{
    const char *slash = strrchr(mutant->source->path, '/');
    const char *file = slash == NULL ? mutant->source->path : slash + 1;
    const char *function = *mutant->function == '\0' ? "(top)" : mutant->function;
    return mutant->ordinal == 1 ? keep_format("%s %s", file, function)
                                : keep_format("%s %s (%u)", file, function, mutant->ordinal);
}

struct survivor *survivors_find(struct survivors *survivors, const struct mutant *mutant)
{
    const char *place = survivor_place(mutant);
    for (size_t i = 0; i < survivors->count; i++) {
        struct survivor *entry = &survivors->list[i];
        if (strcmp(entry->place, place) == 0 && strcmp(entry->before, mutant->before) == 0 &&
            strcmp(entry->after, mutant->after) == 0) {
            entry->is_used = true;
            return entry;
        }
    }
    return NULL;
}
