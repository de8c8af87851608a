/* tsan_log: see tsan_log.h. A report:
 *
 *     WARNING: ThreadSanitizer: data race (pid=4711)
 *       Write of size 8 at 0x7b.. by thread T2:
 *         #0 central_cache_fetch /path/central_cache.c:88 (program+0x1234)
 *         ...
 *     SUMMARY: ThreadSanitizer: data race /path/central_cache.c:88 in central_cache_fetch
 *
 * clang's frames have the column too: central_cache.c:88:12. */
#include "grader/tsan_log.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "grader/keep.h"

static const char report_start[] = "WARNING: ThreadSanitizer: ";
static const char report_end[] = "SUMMARY: ThreadSanitizer: ";
static const char fatal_start[] = "FATAL: ThreadSanitizer: ";

/* Cuts ":12" or ":12:5" off a path; returns the line, 0 where there is none. */
static unsigned cut_line_number(char *path)
{
    unsigned line = 0;
    char *colon = NULL;
    while ((colon = strrchr(path, ':')) != NULL && isdigit((unsigned char)colon[1])) {
        line = (unsigned)strtoul(colon + 1, NULL, 10);
        *colon = '\0';
    }
    return line;
}

/* "    #0 function /path/file.c:12 (program+0x34)" */
static bool parse_frame(const char *text, struct finding *place)
{
    text += strspn(text, " ");
    if (*text != '#')
        return false;
    text += strcspn(text, " ");
    text += strspn(text, " ");
    size_t function_length = strcspn(text, " ");
    const char *path = text + function_length;
    path += strspn(path, " ");
    const char *end = strstr(path, " (");
    place->function = keep_part(text, function_length);
    place->file = keep_part(path, end == NULL ? strlen(path) : (size_t)(end - path));
    place->line = cut_line_number(place->file);
    return place->line != 0;
}

static void consider_place(const char *line, enum subject subject, struct finding *finding)
{
    struct finding place;
    if (!parse_frame(line, &place))
        return;
    const char *handin = stages_find_handin(place.file, subject);
    bool has_handin = finding->file != NULL && stages_find_handin(finding->file, subject) != NULL;
    if (finding->file != NULL && (has_handin || handin == NULL))
        return;
    finding->file = handin == NULL ? place.file : keep_text(handin);
    finding->function = place.function;
    finding->line = place.line;
}

static void start_report(const char *line, char *test, struct finding *finding)
{
    const char *kind = line + strlen(report_start);
    const char *end = strstr(kind, " (pid=");
    *finding = (struct finding){
        .kind = keep_part(kind, end == NULL ? strlen(kind) : (size_t)(end - kind)), .test = test};
    finding->what = finding->kind;
}

void tsan_log_read(const char *log, enum subject subject, char *test, struct tool_result *tool)
{
    struct finding finding = {.kind = NULL};
    while (*log != '\0') {
        size_t length = strcspn(log, "\n");
        char *line = keep_part(log, length);
        if (strncmp(line, report_start, strlen(report_start)) == 0) {
            start_report(line, test, &finding);
        } else if (strncmp(line, report_end, strlen(report_end)) == 0 && finding.kind != NULL) {
            finding_add(tool, &finding);
            finding.kind = NULL;
        } else if (finding.kind != NULL) {
            consider_place(line, subject, &finding);
        }
        log += length + (log[length] == '\n');
    }
    if (finding.kind != NULL) /* cut short */
        finding_add(tool, &finding);
}

char *tsan_log_fatal(const char *log)
{
    const char *at = strstr(log, fatal_start);
    return at == NULL ? NULL : keep_part(at, strcspn(at, "\n"));
}
