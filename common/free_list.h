/* free_list: a stack of free objects that costs no memory of its own.
 *
 *   head ──▶ [ link ──▶ [ link ──▶ [ NULL ]        count = 3
 *             (object)   (object)   (object)
 *
 * A free object is memory nobody uses, so the link lives in its first word. An object is therefore
 * never smaller than a pointer, and whoever writes to a freed object breaks the list.
 * All zero is an empty list. No lock: the owner of the list guards it. */
#ifndef COMMON_FREE_LIST_H
#define COMMON_FREE_LIST_H

#include <stddef.h>

struct free_list {
    void *head;
    size_t count; /* objects reachable from head */
};

/* The link of a free object: the next one of its list, or NULL. */
static inline void *free_list_next(const void *object)
{
    return *(void *const *)object;
}

static inline void free_list_set_next(void *object, void *next)
{
    *(void **)object = next;
}

/* Put `object` first. It must be in no list already. */
static inline void free_list_push(struct free_list *list, void *object)
{
    free_list_set_next(object, list->head);
    list->head = object;
    list->count++;
}

/* Take the object pushed last, or NULL where the list is empty. */
static inline void *free_list_pop(struct free_list *list)
{
    void *object = list->head;
    if (object == NULL)
        return NULL;
    list->head = free_list_next(object);
    list->count--;
    return object;
}

/* Hand the whole list over in O(1): returns it and leaves `list` empty. */
static inline struct free_list free_list_take_all(struct free_list *list)
{
    struct free_list taken = *list;
    *list = (struct free_list){0};
    return taken;
}

#endif
