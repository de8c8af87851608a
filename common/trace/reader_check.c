/* trace-reader check: does what must hold hold at every event? The rules are in the model, beside what
 * they are about; each line says the event, what is wrong, and which invariant of which stage it is. */
#include "common/trace/reader.h"

enum { MOST_PRINTED = 20 };

static void print_violation(const struct model *model, const char *what, void *context)
{
    size_t *count = context;
    if ((*count)++ < MOST_PRINTED) {
        printf("event %zu: %s\n    in ", model->event, what);
        reader_print_event(stdout, model->trace, model->event);
        putchar('\n');
    }
}

int reader_check(const struct trace_file *trace)
{
    struct model model;
    size_t count = 0;
    model_init(&model, trace);
    model.violated = print_violation;
    model.context = &count;
    while (model.event < trace->event_count)
        model_step(&model);
    if (count > MOST_PRINTED)
        printf("… and %zu more\n", count - MOST_PRINTED);
    printf("%zu events, %zu %s\n", trace->event_count, count,
           count == 1 ? "broken invariant" : "broken invariants");
    return count != 0;
}
