/* valgrind_xml: see valgrind_xml.h.
 *
 *     <error> <kind>InvalidWrite</kind> <what>Invalid write of size 8</what>
 *       <stack> <frame> <fn>..</fn> <dir>..</dir> <file>..</file> <line>..</line> </frame> ...
 *       </stack> ... </error>
 *
 * Leaks have <xwhat><text>..</text>..</xwhat> in place of <what>. The first stack is where it
 * happened; further ones are about the address. */
#include "grader/valgrind_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "grader/files.h"
#include "grader/keep.h"
#include "grader/text.h"

/* Valgrind ends its reports after 1,000 different errors, in a few megabytes. What has more was not
 * written by Valgrind: code in the jail may have put anything in the file's place. */
enum {
    MOST_XML_BYTES = 16 * 1024 * 1024,
    MOST_TEXT_BYTES = 1000,
    MOST_ERRORS = 2000,
};

/* NULL where it cannot be read. Valgrind writes no document type, and so no entities, which could make
 * much out of little. */
static xmlDoc *read_document(const char *path)
{
    size_t length = 0;
    const char *text = file_read_regular(path, MOST_XML_BYTES, &length);
    if (text == NULL)
        return NULL;
    xmlDoc *document = xmlReadMemory(text, (int)length, path, NULL,
                                     XML_PARSE_RECOVER | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                         XML_PARSE_NONET);
    if (document == NULL || document->intSubset == NULL)
        return document;
    xmlFreeDoc(document);
    return NULL;
}

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNode *find_child(const xmlNode *node, const char *name)
{
    xmlNode *child = node == NULL ? NULL : node->children;
    while (child != NULL && !is_named(child, name))
        child = child->next;
    return child;
}

/* Kept; NULL where there is no such child. */
static char *child_text(const xmlNode *node, const char *name)
{
    xmlNode *child = find_child(node, name);
    if (child == NULL)
        return NULL;
    xmlChar *text = xmlNodeGetContent(child);
    char *kept = text == NULL ? NULL : text_cut((const char *)text, MOST_TEXT_BYTES);
    xmlFree(text);
    return kept;
}

/* Returns whether the frame has a place. */
static bool read_frame(const xmlNode *frame, struct finding *place)
{
    const char *folder = child_text(frame, "dir");
    const char *file = child_text(frame, "file");
    const char *line = child_text(frame, "line");
    if (file == NULL || line == NULL)
        return false;
    place->file =
        keep_format("%s%s%s", folder == NULL ? "" : folder, folder == NULL ? "" : "/", file);
    place->line = (unsigned)strtoul(line, NULL, 10);
    place->function = child_text(frame, "fn");
    return true;
}

static void set_place(struct finding *finding, const struct finding *place, const char *file)
{
    finding->file = keep_text(file);
    finding->line = place->line;
    finding->function = place->function;
}

static void find_place(const xmlNode *error, enum subject subject, struct finding *finding)
{
    xmlNode *stack = find_child(error, "stack");
    struct finding place;
    for (xmlNode *frame = stack == NULL ? NULL : stack->children; frame != NULL;
         frame = frame->next) {
        if (!is_named(frame, "frame") || !read_frame(frame, &place))
            continue;
        const char *handin = stages_find_handin(place.file, subject);
        if (handin != NULL) {
            set_place(finding, &place, handin);
            return;
        }
        if (finding->file == NULL)
            set_place(finding, &place, place.file);
    }
}

static void read_error(const xmlNode *error, enum subject subject, char *test,
                       valgrind_counts *counts, struct tool_result *tool)
{
    struct finding finding = {.kind = child_text(error, "kind"), .test = test};
    if (finding.kind == NULL)
        return;
    finding.what = child_text(error, "what");
    if (finding.what == NULL)
        finding.what = child_text(find_child(error, "xwhat"), "text");
    if (finding.what == NULL)
        finding.what = finding.kind;
    find_place(error, subject, &finding);
    if (counts(&finding, subject))
        finding_add(tool, &finding);
}

bool valgrind_xml_read(const char *path, enum subject subject, char *test, valgrind_counts *counts,
                       struct tool_result *tool)
{
    xmlDoc *document = read_document(path);
    if (document == NULL)
        return false;
    xmlNode *root = xmlDocGetRootElement(document);
    xmlNode *node = root == NULL ? NULL : root->children;
    for (unsigned errors = 0; node != NULL && errors < MOST_ERRORS; node = node->next)
        if (is_named(node, "error")) {
            read_error(node, subject, test, counts, tool);
            errors++;
        }
    xmlFreeDoc(document);
    return root != NULL;
}

/* What is lost only through something else that is lost is no second error; what may still be
 * reached by a pointer into its middle is none. */
bool valgrind_counts_memcheck(const struct finding *finding, enum subject subject)
{
    (void)subject;
    return strncmp(finding->kind, "Leak_", 5) != 0 ||
           strcmp(finding->kind, "Leak_DefinitelyLost") == 0;
}

/* A test that ends, or is ended, while its other threads still work leaves their locks held. */
bool valgrind_counts_helgrind(const struct finding *finding, enum subject subject)
{
    return strcmp(finding->kind, "Race") != 0 && finding->file != NULL &&
           strstr(finding->what, "Exiting thread still holds") == NULL &&
           stages_find_handin(finding->file, subject) != NULL;
}

/* Only a place in a hand-in file says something to the student. */
bool valgrind_xml_crash(const char *path, enum subject subject, struct finding *place)
{
    xmlDoc *document = read_document(path);
    xmlNode *root = document == NULL ? NULL : xmlDocGetRootElement(document);
    bool found = false;
    for (xmlNode *node = root == NULL ? NULL : root->children; node != NULL; node = node->next) {
        struct finding last = {.file = NULL};
        if (!is_named(node, "error") && !is_named(node, "fatal_signal"))
            continue;
        find_place(node, subject, &last);
        if (last.file == NULL || stages_find_handin(last.file, subject) == NULL)
            continue;
        *place = last;
        found = true;
    }
    xmlFreeDoc(document);
    return found;
}
