/* names: see names.h. All words of all sources in one hash table; a target is a word that starts a
 * line of a Makefile and is followed, there, by a colon. */
#include "common/course/handouts/names.h"

#include <ctype.h>
#include <fts.h>
#include <stdint.h>
#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { PLACES = 1 << 16, MOST_TEXT = 4 * 1024 * 1024 };

struct table {
    const char *words[PLACES];
    unsigned count;
};

static struct table words;
static struct table targets;

static const char **place_of(struct table *table, const char *word, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)word[i]) * 0x100000001b3u;
    for (size_t at = hash % PLACES;; at = (at + 1) % PLACES)
        if (table->words[at] == NULL ||
            (strncmp(table->words[at], word, length) == 0 && table->words[at][length] == '\0'))
            return &table->words[at];
}

static void add(struct table *table, const char *word, size_t length)
{
    const char **place = place_of(table, word, length);
    if (*place != NULL)
        return;
    if (++table->count == PLACES - 1)
        die_broken("more than %d words", PLACES - 1);
    *place = keep_part(word, length);
}

static bool is_word_byte(char byte)
{
    return isalnum((unsigned char)byte) || byte == '_';
}

static void add_words(const char *text)
{
    while (*text != '\0') {
        size_t length = 0;
        while (is_word_byte(text[length]))
            length++;
        if (length > 1)
            add(&words, text, length);
        text += length == 0 ? 1 : length;
    }
}

static void add_targets(const char *text)
{
    for (const char *line = text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *colon = memchr(line, ':', length);
        if (colon != NULL && isalpha((unsigned char)*line) && colon[1] != '=')
            for (const char *at = line; at < colon;) {
                size_t word = strcspn(at, " :");
                add(&targets, at, word);
                at += word + 1;
            }
        line += length + (line[length] == '\n');
    }
}

static bool ends_in(const char *name, const char *ending)
{
    size_t length = strlen(name);
    size_t ending_length = strlen(ending);
    return length >= ending_length && strcmp(name + length - ending_length, ending) == 0;
}

static void read_source(const char *path, const char *name)
{
    static const char *const endings[] = {".c", ".h", ".cpp", ".sh", ".mk", ".gdb", "Makefile"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (!ends_in(name, endings[i]))
            continue;
        const char *text = file_read(path, MOST_TEXT, NULL);
        if (text == NULL)
            continue;
        add_words(text);
        if (ends_in(name, ".mk") || ends_in(name, "Makefile"))
            add_targets(text);
    }
}

void names_read_tree(void)
{
    char *roots[] = {"Makefile",
                     "common",
                     "grader",
                     "stage1_objectpool",
                     "stage2_threadcache",
                     "stage3_centralcache",
                     "stage4_pagecache",
                     NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (tree == NULL)
        die_broken("cannot read the tree");
    for (FTSENT *entry = fts_read(tree); entry != NULL; entry = fts_read(tree))
        if (entry->fts_info == FTS_F)
            read_source(entry->fts_path, entry->fts_name);
    fts_close(tree);
}

bool names_has_word(const char *word)
{
    return *place_of(&words, word, strlen(word)) != NULL;
}

/* "programs-stage2" is written as "programs-stage$(1)". */
bool names_has_target(const char *target)
{
    size_t length = strlen(target);
    const char *of_a_stage = keep_format("%.*s$(1)", (int)length - 1, target);
    return *place_of(&targets, target, length) != NULL ||
           (length > 0 && isdigit((unsigned char)target[length - 1]) &&
            *place_of(&targets, of_a_stage, strlen(of_a_stage)) != NULL);
}
