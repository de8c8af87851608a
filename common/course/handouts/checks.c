/* checks: see checks.h; those of commands are in commands.c. */
#include "common/course/handouts/checks.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/course/handouts/names.h"
#include "grader/files.h"
#include "grader/keep.h"

/* Prose of this kind is read at about 200 words a minute; in these handouts it takes 340 Chinese
 * characters to say the same. */
enum { MOST_MINUTES = 25, WORDS_A_MINUTE = 200, CHARACTERS_A_MINUTE = 340 };

static unsigned wrong(const struct document *document, int line, const char *what, const char *text)
{
    printf("%s:%d: %s: %s\n", document->path, line, what, text);
    return 1;
}

/* --- Links --- */

static bool has_anchor(const char *path, const char *anchor)
{
    struct document target = document_read(path);
    for (size_t i = 0; i < target.count; i++)
        if (target.pieces[i].kind == PIECE_HEADING &&
            strcmp(document_anchor(target.pieces[i].text), anchor) == 0)
            return true;
    return false;
}

static unsigned check_link(const struct document *document, const struct piece *piece)
{
    if (strstr(piece->text, "://") != NULL || strncmp(piece->text, "mailto:", 7) == 0)
        return 0;
    size_t length = strcspn(piece->text, "#");
    const char *path = length == 0
                           ? document->path
                           : keep_format("%s/%.*s", document->folder, (int)length, piece->text);
    if (!file_exists(path))
        return wrong(document, piece->line, "a link to nothing", piece->text);
    if (piece->text[length] == '#' && strstr(path, ".md") != NULL &&
        !has_anchor(path, piece->text + length + 1))
        return wrong(document, piece->line, "a link to no heading", piece->text);
    return 0;
}

unsigned check_links(const struct document *document)
{
    unsigned count = 0;
    for (size_t i = 0; i < document->count; i++)
        if (document->pieces[i].kind == PIECE_LINK)
            count += check_link(document, &document->pieces[i]);
    return count;
}

/* --- Names --- */

/* "page_map_class" or "page_map_class()": a name of ours has an underscore and no capitals. */
static bool is_our_name(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return islower((unsigned char)*text) && memchr(text, '_', length) != NULL &&
           text[length - 1] != '_' && (text[length] == '\0' || strcmp(text + length, "()") == 0);
}

/* "common/lock.h" or, in a stage's handout, "student/object_pool.c": no placeholder in it, and a folder
 * of ours. */
static bool is_our_path(const struct document *document, const char *text)
{
    static const char *const folders[] = {"common/",  "grader/",  "stage1_",  "stage2_",
                                          "stage3_",  "stage4_",  "student/", "tests/",
                                          "standin/", "solution/"};
    enum { OF_THE_TREE = 6 };
    bool is_of_a_stage = strncmp(document->folder, "stage", 5) == 0;
    size_t count = is_of_a_stage ? sizeof folders / sizeof *folders : OF_THE_TREE;
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_./-+");
    if (text[length] != '\0' || strchr(text, '/') == NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strncmp(text, folders[i], strlen(folders[i])) == 0)
            return true;
    return false;
}

static unsigned check_code(const struct document *document, const struct piece *piece)
{
    const char *text = piece->text;
    if (is_our_name(text)) {
        const char *name = keep_part(text, strcspn(text, "("));
        return names_has_word(name)
                   ? 0
                   : wrong(document, piece->line, "no such name in the tree", name);
    }
    if (is_our_path(document, text) && !file_exists(text) &&
        !file_exists(keep_format("%s/%s", document->folder, text)))
        return wrong(document, piece->line, "no such file", text);
    if (strncmp(text, "make ", 5) == 0 && islower((unsigned char)text[5])) {
        const char *target = keep_part(text + 5, strcspn(text + 5, " "));
        if (!names_has_target(target))
            return wrong(document, piece->line, "make has no such target", target);
    }
    return 0;
}

unsigned check_names(const struct document *document)
{
    unsigned count = 0;
    for (size_t i = 0; i < document->count; i++)
        if (document->pieces[i].kind == PIECE_CODE)
            count += check_code(document, &document->pieces[i]);
    return count;
}

/* --- Length --- */

unsigned check_length(const struct document *document)
{
    size_t minutes = document->words / WORDS_A_MINUTE + document->characters / CHARACTERS_A_MINUTE;
    printf("%-36s %5zu words, %zu minutes\n", document->path,
           document->words + document->characters, minutes);
    if (minutes <= MOST_MINUTES)
        return 0;
    return wrong(document, 1, "too long to read in one sitting, in minutes",
                 keep_format("%zu, at most %d", minutes, MOST_MINUTES));
}

/* --- The translation --- */

static uint64_t hash_of(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return hash;
}

/* Of a block of commands, without the words behind a #: those are translated. */
static const char *comparable(const struct piece *piece)
{
    if (piece->kind == PIECE_HEADING)
        return keep_format("heading %d", piece->level);
    if (strcmp(piece->info, "sh") != 0)
        return piece->text;
    const char *code = "";
    for (const char *line = piece->text; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *one = keep_part(line, length);
        const char *words = strstr(one, "#");
        size_t kept = words == NULL ? length : (size_t)(words - one);
        while (kept > 0 && one[kept - 1] == ' ')
            kept--;
        code = keep_format("%s%.*s\n", code, (int)kept, one);
        line += length + (line[length] == '\n');
    }
    return code;
}

static const struct piece *next_compared(const struct document *document, size_t *at)
{
    while (*at < document->count && document->pieces[*at].kind != PIECE_HEADING &&
           document->pieces[*at].kind != PIECE_BLOCK)
        ++*at;
    return *at < document->count ? &document->pieces[(*at)++] : NULL;
}

static unsigned compare(const struct document *english, const struct document *chinese)
{
    size_t at = 0;
    size_t other_at = 0;
    for (;;) {
        const struct piece *piece = next_compared(english, &at);
        const struct piece *other = next_compared(chinese, &other_at);
        if (piece == NULL && other == NULL)
            return 0;
        if (piece == NULL || other == NULL)
            return wrong(chinese, other == NULL ? 1 : other->line,
                         "not the same number of headings and blocks as", english->path);
        if (strcmp(comparable(piece), comparable(other)) != 0)
            return wrong(chinese, other->line, "not the heading or block of",
                         keep_format("%s:%d", english->path, piece->line));
    }
}

/* It lies beside the handout, but for that of the top README.md: the top level of the tree has eight
 * names, and this is not to be the ninth. */
static const char *path_of_translation(const struct document *document)
{
    bool is_top = strcmp(document->folder, ".") == 0;
    return keep_format("%s/README.zh-CN.md", is_top ? "common/course" : document->folder);
}

unsigned check_translation(const struct document *document)
{
    const char *path = path_of_translation(document);
    if (!file_exists(path))
        return wrong(document, 1, "there is no translation", path);
    struct document chinese = document_read(path);
    const char *mark =
        keep_format("<!-- of README.md %016" PRIx64 " -->", hash_of(document->source));
    unsigned count = compare(document, &chinese) + check_links(&chinese) + check_names(&chinese) +
                     check_length(&chinese);
    if (strstr(chinese.source, mark) == NULL)
        count +=
            wrong(&chinese, 1,
                  "README.md has changed: bring this into step, then let its last line be", mark);
    return count;
}
