/* document: a Markdown file, read by libcmark, as what a check of it wants to know.
 *
 * Tables and <details> are no part of plain CommonMark: libcmark sees their text as paragraphs or HTML,
 * and the links and code in them all the same. */
#ifndef COMMON_COURSE_HANDOUTS_DOCUMENT_H
#define COMMON_COURSE_HANDOUTS_DOCUMENT_H

#include <stddef.h>

enum piece_kind { PIECE_HEADING, PIECE_BLOCK, PIECE_LINK, PIECE_CODE };

struct piece {
    enum piece_kind kind;
    const char
        *text; /* of a heading, a block of code, a piece of code in a line; a link's address */
    const char *info; /* of a block: what stands behind ``` */
    int level;        /* of a heading */
    int line;
};

struct document {
    const char *path;
    const char *folder; /* where links start from: "." or "stage1_objectpool" */
    const char *source;
    struct piece *pieces;
    size_t count;
    size_t words;      /* of prose, blocks of code apart */
    size_t characters; /* of Chinese prose */
};

/* Ends the program where the file cannot be read. */
struct document document_read(const char *path);

/* The name that GitHub gives a heading: "What must hold" -> "what-must-hold". */
const char *document_anchor(const char *heading);

#endif
