/* trace-reader html: the replay page with a trace in it, as one file.
 *
 * The parts of the page lie in common/show/page. In its index.html these lines stand for other things:
 *
 *   <link rel="stylesheet" href="style.css">        that file, as a style element
 *   <script type="module" src="x.js"></script>      those files in this order, as one script, each in a
 *                                                   scope of its own
 *   <!-- trace -->                                  the records, as base64, and facts about them, as JSON
 *
 * Read order: reader_html, copy_page, write_facts. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/trace/reader.h"

enum { MOST_EVENTS = 200 * 1000, MOST_VIOLATIONS = 200, LINE_BYTES = 4096, PATH_BYTES = 1024 };

struct page {
    FILE *out;
    const struct trace_file *trace;
    const struct html_options *options;
    size_t first; /* the window, in events */
    size_t last;
    bool in_script;
};

static FILE *open_or_die(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (file == NULL)
        trace_die("%s: %s", path, strerror(errno));
    return file;
}

/* --- The trace --- */

/* As the contents of a JSON string in a script element: nothing in it can end either. */
static void write_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < ' ' || strchr("\"\\<>&", c) != NULL)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
}

static void write_command(FILE *out, const struct trace_header *header)
{
    const char *end = header->command + sizeof header->command;
    for (const char *at = header->command; at < end && *at != '\0'; at += strlen(at) + 1) {
        fputs(at == header->command ? "" : " ", out);
        write_text(out, at);
    }
}

struct violations {
    FILE *out;
    size_t count;
};

static void write_violation(const struct model *model, const char *what, void *context)
{
    struct violations *violations = context;
    if (violations->count++ >= MOST_VIOLATIONS)
        return;
    fprintf(violations->out, "%s[%zu,\"", violations->count == 1 ? "" : ",", model->event);
    write_text(violations->out, what);
    fputs("\"]", violations->out);
}

/* The state before the window, and what is wrong in it. */
static void write_model(const struct page *page)
{
    struct model model;
    struct violations violations = {.out = page->out};
    model_init(&model, page->trace);
    while (model.event + 1 < page->first)
        model_step(&model);
    fputs(",\n\"start\":", page->out);
    if (page->first > 1)
        reader_print_state(page->out, &model);
    else
        fputs("null", page->out);
    fputs(",\n\"violations\":[", page->out);
    model.violated = write_violation;
    model.context = &violations;
    while (model.event < page->last)
        model_step(&model);
    fprintf(page->out, "],\"violationCount\":%zu", violations.count);
}

static void write_classes(FILE *out)
{
    fputs(",\n\"classBytes\":[", out);
    for (unsigned class_id = 0; class_id < SIZE_CLASS_COUNT; class_id++)
        fprintf(out, "%s%zu", class_id == 0 ? "" : ",", size_class_bytes(class_id));
    fputs("],\n\"classBatch\":[", out);
    for (unsigned class_id = 0; class_id < SIZE_CLASS_COUNT; class_id++)
        fprintf(out, "%s%zu", class_id == 0 ? "" : ",", size_class_batch(class_id));
    fputs("]", out);
}

static void write_facts(const struct page *page)
{
    FILE *out = page->out;
    fputs("<script type=\"application/json\" id=\"facts\">{\"title\":\"", out);
    write_text(out, page->options->title == NULL ? "" : page->options->title);
    fputs("\",\"stage\":\"", out);
    write_text(out, page->options->stage == NULL ? "" : page->options->stage);
    fputs("\",\"command\":\"", out);
    write_command(out, page->trace->header);
    fprintf(out, "\",\"first\":%zu,\"last\":%zu,\"events\":%zu,\"dropped\":%zu,\"unfinished\":%zu",
            page->first, page->last, page->trace->event_count, page->trace->dropped,
            page->trace->unfinished);
    write_classes(out);
    write_model(page);
    fputs("}</script>\n", out);
}

static void write_base64(FILE *out, const unsigned char *bytes, size_t count)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i + 3 <= count; i += 3) { /* records are a multiple of 3 bytes long */
        unsigned group = (unsigned)bytes[i] << 16 | (unsigned)bytes[i + 1] << 8 | bytes[i + 2];
        char four[4] = {digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63],
                        digits[group & 63]};
        fwrite(four, 1, sizeof four, out);
    }
}

static void write_records(const struct page *page)
{
    const struct trace_file *trace = page->trace;
    size_t begin = page->first > page->last ? 0 : trace->events[page->first - 1];
    size_t end = page->last < trace->event_count ? trace->events[page->last] : trace->record_count;
    fputs("<script type=\"text/plain\" id=\"trace\">", page->out);
    if (page->first <= page->last)
        write_base64(page->out, (const unsigned char *)(trace->records + begin),
                     (end - begin) * TRACE_RECORD_BYTES);
    fputs("</script>\n", page->out);
}

/* --- The page --- */

/* Between the first pair of double quotes after `before`; false where the line has none. */
static bool quoted(const char *line, const char *before, char *name, size_t bytes)
{
    const char *start = strstr(line, before);
    const char *end = start == NULL ? NULL : strchr(start + strlen(before), '"');
    if (end == NULL || (size_t)(end - start) >= bytes)
        return false;
    start += strlen(before);
    memcpy(name, start, (size_t)(end - start));
    name[end - start] = '\0';
    return true;
}

static FILE *open_part(const struct page *page, const char *name)
{
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/%s", page->options->page, name);
    return open_or_die(path, "r");
}

static void copy_style(const struct page *page, const char *name)
{
    char line[LINE_BYTES];
    FILE *part = open_part(page, name);
    fputs("<style>\n", page->out);
    while (fgets(line, sizeof line, part) != NULL)
        fputs(line, page->out);
    fputs("</style>\n", page->out);
    fclose(part);
}

/* import { A, B } from './x.js';  becomes  const { A, B } = x_js; */
static void copy_import(FILE *out, const char *line)
{
    const char *from = strstr(line, " from './");
    const char *end = from == NULL ? NULL : strstr(from, ".js'");
    if (end == NULL)
        trace_die("an import of the page is not of the form that is inlined: %s", line);
    fprintf(out, "const%.*s = %.*s_js;\n", (int)(from - line - 6), line + 6, (int)(end - from - 9),
            from + 9);
}

/* export class A …  becomes  class A …, and A is appended to `exports`. */
static void copy_export(FILE *out, const char *line, char *exports, size_t bytes)
{
    const char *name = strchr(line + 7, ' ');
    size_t length = name == NULL ? 0 : strcspn(name + 1, " (=;{");
    size_t used = strlen(exports);
    if (length == 0 || used + length + 3 > bytes)
        trace_die("an export of the page is not of the form that is inlined: %s", line);
    snprintf(exports + used, bytes - used, "%.*s, ", (int)length, name + 1);
    fputs(line + 7, out);
}

/* Each module keeps a scope of its own: a function that returns what it exports. */
static void copy_module(const struct page *page, const char *name)
{
    char line[LINE_BYTES];
    char exports[LINE_BYTES] = "";
    FILE *part = open_part(page, name);
    fprintf(page->out, "const %.*s_js = (() => {\n", (int)(strlen(name) - 3), name);
    while (fgets(line, sizeof line, part) != NULL) {
        if (strncmp(line, "import ", 7) == 0)
            copy_import(page->out, line);
        else if (strncmp(line, "export ", 7) == 0)
            copy_export(page->out, line, exports, sizeof exports);
        else
            fputs(line, page->out);
    }
    fprintf(page->out, "return { %s};\n})();\n", exports);
    fclose(part);
}

static void copy_line(struct page *page, const char *line)
{
    char name[256];
    bool is_script = quoted(line, "<script type=\"module\" src=\"", name, sizeof name);
    if (is_script != page->in_script)
        fputs(is_script ? "<script type=\"module\">\n" : "</script>\n", page->out);
    page->in_script = is_script;
    if (is_script) {
        copy_module(page, name);
    } else if (quoted(line, "<link rel=\"stylesheet\" href=\"", name, sizeof name)) {
        copy_style(page, name);
    } else if (strstr(line, "<!-- trace -->") != NULL) {
        write_facts(page);
        write_records(page);
    } else {
        fputs(line, page->out);
    }
}

static void copy_page(struct page *page)
{
    char line[LINE_BYTES];
    FILE *index = open_part(page, "index.html");
    while (fgets(line, sizeof line, index) != NULL)
        copy_line(page, line);
    fclose(index);
}

/* All of a short trace, the beginning of a long one, or what was asked for. */
static void set_window(struct page *page)
{
    page->first = 1;
    page->last = page->trace->event_count < MOST_EVENTS ? page->trace->event_count : MOST_EVENTS;
    if (page->options->window == NULL)
        return;
    char *end = NULL;
    page->first = strtoul(page->options->window, &end, 10);
    page->last = strncmp(end, "..", 2) == 0 ? strtoul(end + 2, &end, 10) : 0;
    if (*end != '\0' || page->first == 0 || page->last < page->first ||
        page->last > page->trace->event_count)
        trace_die("--window %s: give two events, as in 1..%zu", page->options->window,
                  page->trace->event_count);
}

int reader_html(const struct trace_file *trace, const struct html_options *options)
{
    struct page page = {.trace = trace, .options = options};
    set_window(&page);
    page.out = open_or_die(options->out, "w");
    copy_page(&page);
    if (fclose(page.out) != 0)
        trace_die("%s: %s", options->out, strerror(errno));
    return 0;
}
