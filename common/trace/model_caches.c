/* model: objects and the lists of threads. See model.h; read next: model_batches.c. */
#include <stdlib.h>

#include "common/trace/model.h"

/* --- The table of objects, by address --- */

static size_t bucket_of(const struct model *model, uint64_t address)
{
    return (size_t)((address >> 3) * 0x9e3779b97f4a7c15u >> 20) & (model->bucket_count - 1);
}

static void put_in_bucket(struct model *model, struct model_object *object)
{
    struct model_object **bucket = &model->buckets[bucket_of(model, object->address)];
    object->next_in_bucket = *bucket;
    *bucket = object;
}

static void grow_table(struct model *model)
{
    struct model_object **old = model->buckets;
    size_t old_count = model->bucket_count;
    model->bucket_count = old_count == 0 ? 1024 : old_count * 4;
    model->buckets = trace_zeroed(model->bucket_count, sizeof(struct model_object *));
    for (size_t i = 0; i < old_count; i++) {
        struct model_object *next = NULL;
        for (struct model_object *object = old[i]; object != NULL; object = next) {
            next = object->next_in_bucket;
            put_in_bucket(model, object);
        }
    }
    free(old);
}

struct model_object *model_find(const struct model *model, uint64_t address)
{
    if (model->bucket_count == 0)
        return NULL;
    struct model_object *object = model->buckets[bucket_of(model, address)];
    while (object != NULL && object->address != address)
        object = object->next_in_bucket;
    return object;
}

struct model_object *model_add(struct model *model, uint64_t address, unsigned class_id)
{
    if (model->object_count * 2 >= model->bucket_count)
        grow_table(model);
    struct model_object *object = trace_zeroed(1, sizeof *object);
    object->address = address;
    object->class_id = class_id;
    object->span = model_span_at(model, address);
    put_in_bucket(model, object);
    model->object_count++;
    return object;
}

void model_drop(struct model *model, struct model_object *object)
{
    model_place(object, NOWHERE, NULL);
    struct model_object **link = &model->buckets[bucket_of(model, object->address)];
    while (*link != object)
        link = &(*link)->next_in_bucket;
    *link = object->next_in_bucket;
    model->object_count--;
    free(object);
}

/* --- Lists --- */

static void unlink_object(struct model_object *object)
{
    struct object_list *list = object->list;
    if (list == NULL)
        return;
    *(object->above == NULL ? &list->top : &object->above->below) = object->below;
    *(object->below == NULL ? &list->bottom : &object->below->above) = object->above;
    list->count--;
    object->list = NULL;
}

static void push(struct object_list *list, struct model_object *object)
{
    object->list = list;
    object->above = NULL;
    object->below = list->top;
    *(list->top == NULL ? &list->bottom : &list->top->above) = object;
    list->top = object;
    list->count++;
}

void model_place(struct model_object *object, enum place place, struct object_list *list)
{
    unlink_object(object);
    if (object->span != NULL) {
        object->span->objects[object->place] -= object->place != NOWHERE;
        object->span->objects[place] += place != NOWHERE;
    }
    object->place = place;
    if (list != NULL)
        push(list, object);
}

/* Move all objects of `from` below those of `to`, in order. */
static void move_list(struct object_list *from, struct object_list *to)
{
    while (from->bottom != NULL) {
        struct model_object *object = from->bottom;
        unlink_object(object);
        push(to, object);
    }
}

struct model_thread *model_thread(struct model *model, uint32_t number)
{
    if (number >= model->thread_room) {
        size_t room = number + (size_t)64;
        struct model_thread **more = trace_zeroed(room, sizeof(struct model_thread *));
        for (size_t i = 0; i < model->thread_room; i++)
            more[i] = model->threads[i];
        free(model->threads);
        model->threads = more;
        model->thread_room = room;
    }
    if (model->threads[number] == NULL)
        model->threads[number] = trace_zeroed(1, sizeof(struct model_thread));
    return model->threads[number];
}

/* --- A thread's two lists --- */

/* An active list of more than a batch: what is below the newest objects has become the spare. */
void model_split_active(struct model_thread *thread, unsigned class_id)
{
    struct object_list *active = &thread->active[class_id];
    struct object_list *spare = &thread->spare[class_id];
    size_t batch = size_class_batch(class_id);
    if (batch == 0 || active->count <= batch || spare->count != 0)
        return;
    while (spare->count < batch && active->bottom != NULL) {
        struct model_object *object = active->bottom;
        unlink_object(object);
        push(spare, object);
    }
}

void model_give_to_thread(struct model *model, struct model_object *object, uint32_t number)
{
    struct model_thread *thread = model_thread(model, number);
    object->thread = number;
    model_place(object, IN_THREAD, &thread->active[object->class_id]);
    model_split_active(thread, object->class_id);
}

void model_take_from_thread(struct model *model, struct model_object *object, uint32_t number)
{
    struct model_thread *thread = model_thread(model, number);
    if (object->place == IN_READY)
        model_break_batch(model, object);
    model_place(object, IN_PROGRAM, NULL);
    struct object_list *active = &thread->active[object->class_id];
    if (active->count == 0)
        move_list(&thread->spare[object->class_id], active);
}
