/* trace-reader: reads what the recorder wrote (recorder.h).
 *
 *   trace-reader summary FILE          what is in it: threads, calls, bytes, how often layers meet
 *   trace-reader check FILE            verify what must hold over the whole trace; status 1 if it does not
 *   trace-reader dump FILE             one line for each event
 *   trace-reader state FILE --at K     all layers after event K, as JSON
 *   trace-reader replay FILE [LIBRARY.so ...]
 *                                      the program's calls again: on glibc's malloc, and with each library
 *                                      preloaded; prints the processor time of each
 *   trace-reader html FILE --page DIR --out FILE [--window FIRST..LAST] [--title TEXT]
 *                                      the replay page: one file that needs nothing else; of a long trace
 *                                      the first 200,000 events, or those of the window
 *
 * Status 0; 1 where the file is no trace or does not check; 2 for wrong use. */
#include <stdlib.h>
#include <string.h>

#include "common/trace/reader.h"

static int usage(void)
{
    fputs("usage: trace-reader summary|check|dump FILE\n"
          "       trace-reader state FILE --at EVENT\n"
          "       trace-reader replay FILE [LIBRARY.so ...]\n"
          "       trace-reader html FILE --page DIR --out FILE [--window FIRST..LAST]\n",
          stderr);
    return 2;
}

static const char *option(char **arguments, const char *name, const char *otherwise)
{
    for (; *arguments != NULL; arguments++)
        if (strcmp(*arguments, name) == 0 && arguments[1] != NULL)
            return arguments[1];
    return otherwise;
}

static int state(const struct trace_file *trace, const char *at)
{
    char *end = NULL;
    unsigned long event = at == NULL ? 0 : strtoul(at, &end, 10);
    if (at == NULL || *at == '\0' || *end != '\0')
        return usage();
    if (event > trace->event_count)
        trace_die("there is no event %lu; the last one is %zu", event, trace->event_count);
    return reader_state(trace, event);
}

static int html(const struct trace_file *trace, char **rest)
{
    struct html_options options = {
        .page = option(rest, "--page", "common/show/page"),
        .out = option(rest, "--out", "trace.html"),
        .window = option(rest, "--window", NULL),
        .title = option(rest, "--title", NULL),
        .stage = option(rest, "--stage", NULL),
    };
    return reader_html(trace, &options);
}

int main(int count, char **arguments)
{
    if (count < 3)
        return usage();
    const char *command = arguments[1];
    char **rest = arguments + 3;
    static const char *const commands[] = {"summary", "check", "dump", "state", "replay", "html"};
    size_t known = 0;
    while (known < sizeof commands / sizeof *commands && strcmp(command, commands[known]) != 0)
        known++;
    if (known == sizeof commands / sizeof *commands)
        return usage();
    struct trace_file trace = trace_open(arguments[2]);
    switch (known) {
    case 0:
        return reader_summary(&trace);
    case 1:
        return reader_check(&trace);
    case 2:
        return reader_dump(&trace);
    case 3:
        return state(&trace, option(rest, "--at", NULL));
    case 4:
        return reader_replay(&trace, arguments[2], rest);
    default:
        return html(&trace, rest);
    }
}
