/* attack NAME: a program that attacks its own heap once, says so, and goes on for a while. Which malloc it has is not its
 * business: attacks.c preloads one or another, and looks at how it ends.
 *
 *   nothing on stdout        stopped at once, in the attack
 *   "done"                   went on after it; "exploited": malloc handed out an address of the attacker's
 *   exit status 77           this allocator has no such function to attack
 *
 * Read order: the table at the end, then its rows. */
#include <dlfcn.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNT = 64, BYTES = 96, LARGE = 1 << 20, NOT_TO_BE_HAD = 77 };

/* Opaque to the compiler, which knows what may not be done with malloc and free. */
static void *(*volatile take)(size_t) = malloc;
static void (*volatile give)(void *) = free;
static void *(*volatile resize)(void *, size_t) = realloc;
static void *(*volatile set)(void *, int, size_t) = memset;

static char *objects[COUNT];
static _Alignas(64) char target[4 * BYTES]; /* what an attacker would like malloc to hand out */

/* --- Frees --- */

static void double_free_at_once(void)
{
    give(objects[7]);
    give(objects[7]);
}

static void double_free_after_one(void)
{
    give(objects[7]);
    give(objects[9]);
    give(objects[7]);
}

static void double_free_after_many(void)
{
    give(objects[7]);
    for (size_t i = 8; i < 40; i++)
        give(objects[i]);
    give(objects[7]);
}

static void double_free_after_reuse(void)
{
    give(objects[7]);
    void *again = take(BYTES);
    give(objects[7]);
    set(again, 1, BYTES);
}

static void *free_seven(void *unused)
{
    give(objects[7]);
    return unused;
}

static void double_free_in_another_thread(void)
{
    pthread_t thread;
    give(objects[7]);
    pthread_create(&thread, NULL, free_seven, NULL);
    pthread_join(thread, NULL);
}

static void double_free_of_large(void)
{
    char *large = take(LARGE);
    char *above = take(LARGE);
    give(large);
    give(large);
    give(above);
}

static void free_interior_small(void)
{
    give(objects[7] + 16);
}

static void free_interior_large(void)
{
    give((char *)take(LARGE) + 4096);
}

static void free_misaligned(void)
{
    give(objects[7] + 1);
}

static void free_stack(void)
{
    _Alignas(64) char variable[4 * BYTES];
    set(variable, 0, sizeof variable);
    give(variable + 64);
}

static void free_static(void)
{
    give(target + 64);
}

static void free_unmapped(void)
{
    give((void *)(uintptr_t)0x123456789000);
}

static void resize_freed(void)
{
    give(objects[7]);
    give(objects[8]);
    objects[7] = resize(objects[7], 3 * BYTES);
}

static void lie_about_size(void)
{
    void (*sized)(void *, size_t) = NULL;
    *(void **)&sized = dlsym(RTLD_DEFAULT, "free_sized");
    if (sized == NULL)
        *(void **)&sized = dlsym(RTLD_DEFAULT, "_ZdlPvm"); /* delete of C++14 */
    if (sized == NULL)
        _exit(NOT_TO_BE_HAD);
    sized(objects[7], 20 * BYTES);
}

/* --- Writes --- */

static void overflow_by_one(void)
{
    objects[7][malloc_usable_size(objects[7])] ^= 0x5a;
}

static void overflow_into_free(void)
{
    for (size_t i = 0; i < COUNT; i += 2)
        give(objects[i]);
    for (size_t i = 1; i < COUNT; i += 2)
        set(objects[i] + malloc_usable_size(objects[i]), 0x5a, 48);
    for (size_t i = 0; i < COUNT; i += 2)
        objects[i] = NULL;
}

static void overflow_into_live(void)
{
    set(objects[7] + malloc_usable_size(objects[7]), 0x5a, 48);
}

static void overflow_of_large(void)
{
    char *large = take(LARGE);
    set(large + malloc_usable_size(large), 0x5a, 64);
    give(large);
}

static void underflow(void)
{
    set(objects[7] - 8, 0x5a, 8);
}

static void write_after_free(void)
{
    give(objects[7]);
    set(objects[7] + 40, 0x5a, 16);
    objects[7] = NULL;
}

static void write_to_link(void)
{
    give(objects[7]);
    set(objects[7], 0x5a, 16);
    objects[7] = NULL;
}

/* The link of a free object is aimed at memory of the attacker's choice. */
static void aim_link(void)
{
    char *aim = target + 64;
    give(objects[8]);
    give(objects[7]);
    memcpy(objects[7], &aim, sizeof aim);
    objects[7] = NULL;
    objects[8] = NULL;
}

static void write_after_free_of_large(void)
{
    char *large = take(LARGE);
    set(large, 1, LARGE);
    give(large);
    set(large + 5000, 0x5a, 16);
}

/* All objects of a page are freed, then one of them is written to. */
static void write_into_emptied_page(void)
{
    static char *many[3000];
    for (size_t i = 0; i < 3000; i++)
        many[i] = take(BYTES);
    for (size_t i = 0; i < 3000; i++)
        give(many[i]);
    set(many[1500] + 40, 0x5a, 16);
}

/* --- Reads --- */

static void read_after_free(void)
{
    give(objects[7]);
    volatile char seen = objects[7][50];
    (void)seen;
    objects[7] = NULL;
}

static void read_uninitialised(void)
{
    volatile char seen = objects[7][50];
    (void)seen;
}

static void no_attack(void)
{
}

static const struct {
    const char *name;
    void (*play)(void);
} attacks[] = {
    {"nothing", no_attack},
    {"double-free-at-once", double_free_at_once},
    {"double-free-after-one", double_free_after_one},
    {"double-free-after-many", double_free_after_many},
    {"double-free-after-reuse", double_free_after_reuse},
    {"double-free-in-thread", double_free_in_another_thread},
    {"double-free-of-large", double_free_of_large},
    {"free-interior-small", free_interior_small},
    {"free-interior-large", free_interior_large},
    {"free-misaligned", free_misaligned},
    {"free-stack", free_stack},
    {"free-static", free_static},
    {"free-unmapped", free_unmapped},
    {"realloc-of-freed", resize_freed},
    {"size-that-lies", lie_about_size},
    {"overflow-by-one", overflow_by_one},
    {"overflow-into-free", overflow_into_free},
    {"overflow-into-live", overflow_into_live},
    {"overflow-of-large", overflow_of_large},
    {"underflow", underflow},
    {"write-after-free", write_after_free},
    {"write-to-link", write_to_link},
    {"aim-link", aim_link},
    {"write-after-free-large", write_after_free_of_large},
    {"write-to-emptied-page", write_into_emptied_page},
    {"read-after-free", read_after_free},
    {"read-uninitialised", read_uninitialised},
};

/* What programs do afterwards: everything is taken, used and given back, more than once. */
static bool go_on(void)
{
    static char *more[4 * COUNT];
    bool exploited = false;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < 4 * COUNT; i++) {
            more[i] = take(BYTES);
            exploited = exploited || (more[i] >= target && more[i] < target + sizeof target);
            set(more[i], round, BYTES);
        }
        for (size_t i = 0; i < 4 * COUNT; i++)
            if (more[i] < target || more[i] >= target + sizeof target)
                give(more[i]);
        give(take(LARGE));
    }
    malloc_trim(0);
    return exploited;
}

int main(int count, char **arguments)
{
    alarm(20);
    for (size_t i = 0; i < COUNT; i++) {
        objects[i] = take(BYTES);
        set(objects[i], 1, BYTES);
    }
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        if (count != 2 || strcmp(attacks[i].name, arguments[1]) != 0)
            continue;
        attacks[i].play();
        (void)!write(STDOUT_FILENO, "done\n", 5);
        if (go_on())
            (void)!write(STDOUT_FILENO, "exploited\n", 10);
        return 0;
    }
    return 2;
}
