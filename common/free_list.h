/* free_list: a stack of free objects that costs no memory of its own.
 *
 *   head ──▶ [ link ──▶ [ link ──▶ [ NULL ]        count = 3
 *             (object)   (object)   (object)
 *
 * A free object is memory nobody uses, so the link lives in its first word. An object is therefore
 * never smaller than a pointer, and whoever writes to a freed object breaks the list. So that this does
 * not go unseen, a link is stored under a key: what anybody else writes there is no address once the
 * key is taken off, and the program stops instead of using it as an object. So only the functions here
 * read and write links. All zero is an empty list. No lock: the owner of the list guards it. */
#ifndef COMMON_FREE_LIST_H
#define COMMON_FREE_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct free_list {
    void *head;
    size_t count; /* objects reachable from head */
};

/* The program used this memory for whatever it liked, so a link may lie where anything did. */
typedef uintptr_t __attribute__((may_alias)) free_link;

/* 0, links as they are, until a key is chosen; never changed after that. */
extern uintptr_t free_list_key __attribute__((visibility("hidden")));

/* Before the first list: the page cache does so before it has any memory to hand out, under its lock.
 * What is not under a lock here is read by threads that took what they link from that cache. */
void free_list_choose_key(void);

/* The link of a free object: the next one of its list, or NULL. */
static inline void *free_list_next(const void *object)
{
    return (void *)(*(const free_link *)object ^ free_list_key);
}

static inline void free_list_set_next(void *object, void *next)
{
    *(free_link *)object = (uintptr_t)next ^ free_list_key;
}

/* Whether this is no address that a program has: what is read where a link was overwritten. */
static inline bool free_list_is_astray(const void *object)
{
    return (uint64_t)(uintptr_t)object >> 48 != 0;
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
