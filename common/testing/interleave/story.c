/* story: see story.h. A step is what a thread did from one switch to the next. */
#include "common/testing/interleave/story.h"

#include <stdbool.h>
#include <string.h>

#include "common/testing/interleave/source_lines.h"

enum { WORDS_BYTES = 4096, MOST_WORDS = 8, LINE_COLUMNS = 80 };

/* --- The words of a step --- */

struct words {
    char texts[MOST_WORDS][80];
    unsigned times[MOST_WORDS];
    size_t count;
    size_t left_out;
};

/* Calls that repeat are counted; of many, the first and the last are told. */
static void add(struct words *words, const char *text)
{
    size_t last = words->count - 1;
    if (words->count > 0 && strcmp(words->texts[last], text) == 0) {
        words->times[last]++;
        return;
    }
    if (words->count == MOST_WORDS) {
        memmove(words->texts[MOST_WORDS / 2], words->texts[MOST_WORDS / 2 + 1],
                (MOST_WORDS / 2 - 1) * sizeof words->texts[0]);
        memmove(&words->times[MOST_WORDS / 2], &words->times[MOST_WORDS / 2 + 1],
                (MOST_WORDS / 2 - 1) * sizeof words->times[0]);
        words->count--;
        words->left_out++;
    }
    snprintf(words->texts[words->count], sizeof words->texts[0], "%s", text);
    words->times[words->count++] = 1;
}

static void add_event(struct words *words, const struct event *event)
{
    if (event->kind == EVENT_CALL)
        add(words, source_line_of(event->pc)->function);
    if (event->kind == EVENT_SAY)
        add(words, event->words);
}

/* --- Printing --- */

struct printer {
    FILE *out;
    size_t column;
    bool has_words;
};

/* A word more, on a new line where this one is full. */
static void print_words(struct printer *printer, const char *text)
{
    const char *before = printer->has_words ? "; " : "";
    if (printer->has_words && printer->column + 2 + strlen(text) > LINE_COLUMNS) {
        fprintf(printer->out, ";\n           ");
        printer->column = 11;
        before = "";
    }
    printer->column += (size_t)fprintf(printer->out, "%s%s", before, text);
    printer->has_words = true;
}

static void print_calls(struct printer *printer, const struct words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        char text[100];
        if (i == MOST_WORDS / 2 && words->left_out != 0) {
            snprintf(text, sizeof text, "(%zu more)", words->left_out);
            print_words(printer, text);
        }
        snprintf(text, sizeof text, words->times[i] == 1 ? "%s" : "%s ×%u", words->texts[i],
                 words->times[i]);
        print_words(printer, text);
    }
}

static void print_place(FILE *out, const char *verb, const void *pc)
{
    const struct source_line *line = source_line_of(pc);
    fprintf(out, "\n           %s %s:%u, in %s:\n             %.66s", verb, line->file, line->line,
            line->function, line->text);
}

static bool is_stop(const struct event *event)
{
    return event->kind >= EVENT_PREEMPT;
}

/* Returns the place of the first event after the step. */
static size_t print_step(FILE *out, const struct record *told, size_t first, unsigned number,
                         bool goes_on)
{
    struct words words = {.count = 0};
    unsigned thread = told->events[first].thread;
    size_t end = first;
    while (end < told->event_count && told->events[end].thread == thread &&
           !is_stop(&told->events[end]))
        add_event(&words, &told->events[end++]);
    struct printer printer = {out, 11, false};
    fprintf(out, "  %2u   T%u   ", number, thread);
    if (goes_on)
        print_words(&printer, "goes on");
    print_calls(&printer, &words);
    bool has_stop = end < told->event_count && told->events[end].thread == thread;
    const struct event *stop = &told->events[end];
    if (has_stop && stop->kind == EVENT_END)
        print_words(&printer, "ends");
    if (has_stop && stop->kind == EVENT_PREEMPT)
        print_place(out, stop->words, stop->pc);
    if (has_stop && stop->kind == EVENT_WAIT)
        print_place(out, "waits for the lock at", stop->pc);
    if (end == told->event_count && told->last_thread == thread)
        print_place(out, "was last seen at", told->last_pc);
    fprintf(out, "\n");
    return end + has_stop;
}

unsigned story_print(FILE *out, const struct record *told)
{
    bool has_begun[SCHEDULE_MOST_THREADS + 1] = {false};
    unsigned steps = 0;
    for (size_t at = 0; at < told->event_count;) {
        unsigned thread = told->events[at].thread;
        at = print_step(out, told, at, ++steps, has_begun[thread]);
        has_begun[thread] = true;
    }
    return steps;
}
