/* document: see document.h. */
#include "common/course/handouts/document.h"

#include <cmark.h>
#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "grader/die.h"
#include "grader/files.h"
#include "grader/keep.h"

enum { MOST_TEXT = 4 * 1024 * 1024, FIRST_CHINESE_BYTE = 0xe3, LAST_CHINESE_BYTE = 0xe9 };

static void add(struct document *document, struct piece piece)
{
    document->pieces = keep_room(document->pieces, document->count, sizeof piece);
    document->pieces[document->count++] = piece;
}

/* A Chinese character is three bytes, the first of them e3 to e9. */
static void count_words(struct document *document, const char *text)
{
    bool in_word = false;
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        bool is_chinese = byte >= FIRST_CHINESE_BYTE && byte <= LAST_CHINESE_BYTE;
        document->characters += is_chinese;
        bool is_word = byte < 0x80 && isalnum(byte);
        document->words += is_word && !in_word;
        in_word = is_word || (in_word && (byte == '_' || byte == '\''));
    }
}

/* All text below a node, code included. */
static const char *text_below(cmark_node *node)
{
    const char *text = "";
    for (cmark_node *child = cmark_node_first_child(node); child != NULL;
         child = cmark_node_next(child)) {
        const char *literal = cmark_node_get_literal(child);
        text = keep_format("%s%s", text, literal != NULL ? literal : text_below(child));
    }
    return text;
}

/* The line of the nearest block round a node: pieces of a line have no number of their own. */
static int line_of(cmark_node *node)
{
    while (node != NULL && cmark_node_get_start_line(node) == 0)
        node = cmark_node_parent(node);
    return node == NULL ? 0 : cmark_node_get_start_line(node);
}

static void take_node(struct document *document, cmark_node *node)
{
    const char *literal = cmark_node_get_literal(node);
    struct piece piece = {.line = line_of(node)};
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        piece.kind = PIECE_HEADING;
        piece.text = text_below(node);
        piece.level = cmark_node_get_heading_level(node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        piece.kind = PIECE_BLOCK;
        piece.text = keep_text(literal);
        piece.info = keep_text(cmark_node_get_fence_info(node));
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE:
        piece.kind = PIECE_LINK;
        piece.text = keep_text(cmark_node_get_url(node));
        break;
    case CMARK_NODE_CODE:
        piece.kind = PIECE_CODE;
        piece.text = keep_text(literal);
        count_words(document, literal);
        break;
    default:
        if (literal != NULL)
            count_words(document, literal);
        return;
    }
    add(document, piece);
}

struct document document_read(const char *path)
{
    size_t length = 0;
    struct document document = {.path = path, .source = file_read(path, MOST_TEXT, &length)};
    if (document.source == NULL)
        die_usage("cannot read %s", path);
    const char *slash = strrchr(path, '/');
    document.folder = slash == NULL ? "." : keep_part(path, (size_t)(slash - path));
    cmark_node *root = cmark_parse_document(document.source, length, CMARK_OPT_DEFAULT);
    cmark_iter *iterator = cmark_iter_new(root);
    cmark_event_type event = CMARK_EVENT_NONE;
    while ((event = cmark_iter_next(iterator)) != CMARK_EVENT_DONE)
        if (event == CMARK_EVENT_ENTER)
            take_node(&document, cmark_iter_get_node(iterator));
    cmark_iter_free(iterator);
    cmark_node_free(root);
    return document;
}

const char *document_anchor(const char *heading)
{
    char *anchor = keep_text(heading);
    char *to = anchor;
    for (const char *from = heading; *from != '\0'; from++) {
        unsigned char byte = (unsigned char)*from;
        if (isalnum(byte) || byte == '_' || byte == '-' || byte >= 0x80)
            *to++ = (char)tolower(byte);
        else if (byte == ' ')
            *to++ = '-';
    }
    *to = '\0';
    return anchor;
}
