/* misuse KIND: a program that does one thing wrong, or (`nothing`) none. run.sh looks at how it ends.
 * Run with LD_PRELOAD, and with MEMPOOL_CHECK=1 where that is what sees it. */
#include <dlfcn.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COUNT = 50, BYTES = 100 };

static char *objects[COUNT];

/* Opaque to the compiler, which knows what may not be done with malloc and free. */
static void *(*volatile take)(size_t) = malloc;
static void (*volatile give)(void *) = free;

static void nothing(void)
{
    for (int round = 0; round < 200; round++)
        for (size_t i = 0; i < COUNT; i++) {
            give(objects[i]);
            objects[i] = take(BYTES + i * (size_t)round);
            memset(objects[i], round, BYTES + i * (size_t)round);
        }
}

static void use_after_free(void)
{
    give(objects[7]);
    objects[7][60] = 'x';
    for (int i = 0; i < 1000; i++)
        objects[i % COUNT] = take(BYTES);
}

static void double_free(void)
{
    give(objects[7]);
    give(objects[7]);
}

static void double_free_after_others(void)
{
    for (int i = 3; i < 20; i++)
        give(objects[i]);
    give(objects[7]);
}

static void double_free_of_large(void)
{
    char *below = take(1000000);
    char *large = take(1000000);
    char *above = take(1000000);
    give(large);
    give(large);
    give(below);
    give(above);
}

static void free_inside_of_large(void)
{
    char *large = take(1000000);
    give(large + 16);
}

static void free_inside_of_small(void)
{
    give(objects[7] + 16);
}

static void free_of_a_variable(void)
{
    int variable = 0;
    give(&variable);
}

static void free_of_no_address(void)
{
    give((void *)((uintptr_t)objects[0] | (uintptr_t)0xdead << 48));
}

static void wrong_size(void)
{
    void (*free_sized)(void *, size_t) = NULL;
    *(void **)&free_sized = dlsym(RTLD_DEFAULT, "free_sized");
    if (free_sized != NULL)
        free_sized(objects[7], 3 * BYTES);
}

/* A span whose objects are all freed goes back; then it is written to. */
static void write_into_emptied_span(void)
{
    static char *many[3000];
    for (size_t i = 0; i < 3000; i++)
        many[i] = take(BYTES);
    for (size_t i = 0; i < 3000; i++)
        give(many[i]);
    many[1500][50] = 'x';
    for (size_t i = 0; i < 20000; i++)
        many[i % 3000] = take(2 * BYTES + i % 500);
    for (size_t i = 0; i < 3000; i++)
        give(many[i]);
}

enum { MANY = 2000, MIDDLING = 1000 };

/* Objects of the class at fault, so many that the central cache is asked. */
static void allocate_in_handler(int signal_number)
{
    (void)signal_number;
    for (int i = 0; i < 100; i++)
        take(MIDDLING);
}

/* What the central cache finds wrong, it finds with a lock in its hand: the handler must not wait for
 * that. Every second object stays, so that the spans do. */
static void double_free_with_a_handler_that_allocates(void)
{
    static char *many[MANY];
    alarm(10);
    signal(SIGABRT, allocate_in_handler);
    for (int i = 0; i < MANY; i++)
        many[i] = take(MIDDLING);
    for (int time = 0; time < 2; time++)
        for (int i = 0; i < MANY; i += 2)
            give(many[i]);
}

static const struct {
    const char *name;
    void (*act)(void);
} kinds[] = {
    {"nothing", nothing},
    {"use-after-free", use_after_free},
    {"double-free", double_free},
    {"double-free-after-others", double_free_after_others},
    {"double-free-of-large", double_free_of_large},
    {"free-inside-of-large", free_inside_of_large},
    {"free-inside-of-small", free_inside_of_small},
    {"free-of-a-variable", free_of_a_variable},
    {"free-of-no-address", free_of_no_address},
    {"wrong-size", wrong_size},
    {"write-into-emptied-span", write_into_emptied_span},
    {"double-free-with-a-handler", double_free_with_a_handler_that_allocates},
};

int main(int count, char **arguments)
{
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = take(BYTES);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (count == 2 && strcmp(arguments[1], kinds[i].name) == 0) {
            kinds[i].act();
            return 0;
        }
    fprintf(stderr, "usage: misuse KIND\n");
    return 2;
}
