/* model: the state of all layers, worked out from a trace event by event.
 *
 *   object   is in one place:  the program's hands, a thread's lists, a ready batch, its span
 *   span     is alive from span alloc to span free; free pages lie in runs, united as they come
 *
 * The trace shows what crosses a boundary, not what happens behind it. So two things are assumed as the
 * handouts have them, and put right by the next event that shows otherwise: a thread has two lists a
 * class, active and spare; a whole batch that goes down stays ready if there is room. The replay page
 * (common/show) has the same model in JavaScript, and a test compares the two.
 *
 * What must hold is verified on the way: where it does not, `model->violated` is called.
 *
 * Read order: model.c (events), model_caches.c (objects, lists), model_batches.c, model_pages.c (spans). */
#ifndef COMMON_TRACE_MODEL_H
#define COMMON_TRACE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/trace/trace_file.h"
#include "stage2_threadcache/size_class.h"

enum place {
    NOWHERE,
    IN_PROGRAM,  /* handed out */
    IN_THREAD,   /* in a thread's lists */
    IN_READY,    /* in a ready batch of the central cache */
    IN_SPAN,     /* free in its span */
    IN_RESIZE,   /* between two records of a realloc */
    RECORD_LIVE, /* an object of an object pool, handed out */
    RECORD_FREE,
    PLACE_COUNT,
};

struct model_object {
    uint64_t address;
    uint64_t bytes; /* asked for, while it is the program's; of a record, its pool's generation */
    unsigned class_id;
    enum place place;
    uint32_t thread;          /* that has it, where it is a thread's or the program's */
    struct model_span *span;  /* NULL where no span is known */
    struct object_list *list; /* that it is in, or NULL */
    struct model_object *above;
    struct model_object *below;
    struct model_object *next_in_bucket;
};

struct object_list {
    struct model_object *top;
    struct model_object *bottom;
    size_t count;
};

struct batch {
    struct object_list objects; /* first: a list's address is its batch's */
    struct batch *newer;
    struct batch *older;
};

struct model_thread {
    struct object_list active[SIZE_CLASS_COUNT];
    struct object_list spare[SIZE_CLASS_COUNT];
};

struct model_class {
    struct batch *newest;
    size_t ready_count;
};

struct model_span {
    uint64_t first_page;
    uint64_t page_count;
    unsigned class_id; /* 0: a large object */
    size_t objects[PLACE_COUNT];
};

/* A run of free pages, or a region of the operating system. */
struct model_run {
    uint64_t start; /* run: a page; region: an address */
    uint64_t length;
    enum trace_call made_for; /* region: what was going on when it was mapped */
};

struct model_pool {
    uint64_t address;
    uint64_t object_bytes;
    uint64_t generation; /* goes up when the pool is destroyed: what was live is not any more */
    size_t live_count;
    struct object_list free_objects;
};

/* Sorted arrays of pointers, by the first field of what they point to, a uint64_t. */
struct sorted {
    void **items;
    size_t count;
    size_t room;
};

struct model {
    const struct trace_file *trace;
    size_t event; /* applied so far */
    struct model_object **buckets;
    size_t bucket_count;
    size_t object_count;
    struct model_thread **threads; /* by number; NULL where a thread has nothing */
    size_t thread_room;
    struct model_class classes[SIZE_CLASS_COUNT];
    uint64_t ready_bytes;
    struct sorted spans;
    struct sorted free_runs;
    struct sorted regions;
    struct sorted pools;
    struct sorted leaves; /* of the page map: the 2 GiB that each stands for, as runs */
    uint64_t live_count;
    uint64_t live_bytes;
    uint64_t mapped_bytes;
    uint64_t purged_bytes;
    void (*violated)(const struct model *model, const char *what, void *context);
    void *context;
};

void model_init(struct model *model, const struct trace_file *trace);

/* Apply the next event. */
void model_step(struct model *model);

/* --- Between the files of the model --- */

void model_violation(const struct model *model, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Objects. place_object takes it out of whatever list it is in. */
struct model_object *model_find(const struct model *model, uint64_t address);
struct model_object *model_add(struct model *model, uint64_t address, unsigned class_id);
void model_drop(struct model *model, struct model_object *object);
void model_place(struct model_object *object, enum place place, struct object_list *list);
struct model_thread *model_thread(struct model *model, uint32_t number);

/* A small object comes to a thread by free; leaves it by alloc. */
void model_give_to_thread(struct model *model, struct model_object *object, uint32_t thread);
void model_take_from_thread(struct model *model, struct model_object *object, uint32_t thread);
/* An active list of more than a batch: what is below the newest objects has become the spare. */
void model_split_active(struct model_thread *thread, unsigned class_id);

void model_fetch(struct model *model, const struct trace_record *record);
void model_release(struct model *model, const struct trace_record *record);
void model_flush_ready(struct model *model);
void model_break_batch(struct model *model, struct model_object *object);

/* Spans, pages, regions. */
struct model_span *model_span_at(const struct model *model, uint64_t address);
void model_span_alloc(struct model *model, const struct trace_record *record);
void model_span_free(struct model *model, const struct trace_record *record);
void model_span_resize(struct model *model, const struct trace_record *record);
void model_os_map(struct model *model, const struct trace_record *record);
void model_os_unmap(struct model *model, const struct trace_record *record);
void model_reserve(struct model *model, const struct trace_record *record);
void model_map_set(const struct model *model, const struct trace_record *record);
void model_pool_event(struct model *model, const struct trace_record *record);

uint64_t sorted_key(const void *item);

/* The last item whose key is at most `key`, as an index; -1 if there is none. */
ptrdiff_t sorted_at_or_below(const struct sorted *sorted, uint64_t key);
void sorted_insert(struct sorted *sorted, void *item);
void sorted_remove(struct sorted *sorted, size_t index);

#endif
