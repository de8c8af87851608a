/* trace-reader state: all layers after an event, as JSON. The replay page works the same out for itself,
 * in JavaScript; a test compares the two. */
#include <inttypes.h>

#include "common/os_memory.h"
#include "common/trace/reader.h"

static FILE *out;
static const char *separator;

/* Begin an element of the innermost list. */
static void element(void)
{
    fputs(separator, out);
    separator = ",";
}

static void open_list(const char *name)
{
    if (name != NULL)
        fprintf(out, ",\n\"%s\":[", name);
    else
        element(), fputc('[', out);
    separator = "";
}

static void close_list(void)
{
    fputc(']', out);
    separator = ",";
}

static void number(uint64_t value)
{
    element();
    fprintf(out, "%" PRIu64, value);
}

static void print_list(const struct object_list *list)
{
    open_list(NULL);
    for (const struct model_object *object = list->top; object != NULL; object = object->below)
        number(object->address);
    close_list();
}

static void print_threads(const struct model *model)
{
    open_list("threads");
    for (uint32_t i = 0; i < model->thread_room; i++) {
        const struct model_thread *thread = model->threads[i];
        for (unsigned class_id = 0; thread != NULL && class_id < SIZE_CLASS_COUNT; class_id++) {
            if (thread->active[class_id].count + thread->spare[class_id].count == 0)
                continue;
            open_list(NULL);
            number(i);
            number(class_id);
            print_list(&thread->active[class_id]);
            print_list(&thread->spare[class_id]);
            close_list();
        }
    }
    close_list();
}

static void print_ready(const struct model *model)
{
    open_list("ready");
    for (unsigned class_id = 1; class_id < SIZE_CLASS_COUNT; class_id++) {
        for (const struct batch *batch = model->classes[class_id].newest; batch != NULL;
             batch = batch->older) {
            open_list(NULL);
            number(class_id);
            print_list(&batch->objects);
            close_list();
        }
    }
    close_list();
}

static void print_spans(const struct model *model)
{
    open_list("spans");
    for (size_t i = 0; i < model->spans.count; i++) {
        const struct model_span *span = model->spans.items[i];
        open_list(NULL);
        number(span->first_page);
        number(span->page_count);
        number(span->class_id);
        for (enum place place = IN_PROGRAM; place <= IN_RESIZE; place++)
            number(span->objects[place]);
        close_list();
    }
    close_list();
}

static void print_runs(const char *name, const struct sorted *runs, bool with_purpose)
{
    open_list(name);
    for (size_t i = 0; i < runs->count; i++) {
        const struct model_run *run = runs->items[i];
        open_list(NULL);
        number(run->start);
        number(run->length);
        if (with_purpose)
            number(run->made_for);
        close_list();
    }
    close_list();
}

static void print_pools(const struct model *model)
{
    open_list("pools");
    for (size_t i = 0; i < model->pools.count; i++) {
        const struct model_pool *pool = model->pools.items[i];
        open_list(NULL);
        number(pool->address);
        number(pool->object_bytes);
        number(pool->generation);
        number(pool->live_count);
        print_list(&pool->free_objects);
        close_list();
    }
    close_list();
}

/* Those that are in no list, in no particular order. */
static void print_objects(const struct model *model)
{
    open_list("objects");
    for (size_t i = 0; i < model->bucket_count; i++) {
        for (const struct model_object *object = model->buckets[i]; object != NULL;
             object = object->next_in_bucket) {
            if (object->list != NULL || object->place == NOWHERE)
                continue;
            open_list(NULL);
            number(object->address);
            number(object->class_id);
            number(object->place);
            number(object->place == IN_SPAN ? 0 : object->thread);
            number(object->place == IN_SPAN ? 0 : object->bytes);
            close_list();
        }
    }
    close_list();
}

void reader_print_state(FILE *to, const struct model *model)
{
    out = to;
    fprintf(out,
            "{\"event\":%zu,\"live\":%" PRIu64 ",\"liveBytes\":%" PRIu64 ",\"purged\":%" PRIu64,
            model->event, model->live_count, model->live_bytes, model->purged_bytes);
    print_threads(model);
    print_ready(model);
    print_spans(model);
    print_runs("free", &model->free_runs, false);
    print_runs("regions", &model->regions, true);
    print_runs("leaves", &model->leaves, false);
    print_pools(model);
    print_objects(model);
    fputs("}\n", out);
}

int reader_state(const struct trace_file *trace, size_t event)
{
    struct model model;
    model_init(&model, trace);
    while (model.event < event)
        model_step(&model);
    reader_print_state(stdout, &model);
    return 0;
}
