/* What tests work with: random numbers, threads, and patterns in objects. See test.h. */
#include <pthread.h>
#include <string.h>
#include <valgrind/valgrind.h>

#include "common/testing/test.h"

/* Present only in programs built with -fsanitize=thread. */
extern void __tsan_init(void) __attribute__((weak));

bool test_is_slowed(void)
{
    return RUNNING_ON_VALGRIND || __tsan_init != NULL;
}

/* --- Random numbers: splitmix64 (Steele, Lea, Flood 2014) --- */

struct test_random test_random_start(uint64_t stream)
{
    return (struct test_random){test_seed() * 0x9e3779b97f4a7c15u + stream};
}

uint64_t test_random_next(struct test_random *random)
{
    uint64_t z = random->state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

size_t test_random_below(struct test_random *random, size_t limit)
{
    return (size_t)(test_random_next(random) % limit);
}

/* --- Threads --- */

struct thread_start {
    pthread_barrier_t *barrier;
    void (*body)(unsigned index, void *argument);
    void *argument;
    unsigned index;
};

static void *thread_main(void *argument)
{
    struct thread_start *start = argument;
    pthread_barrier_wait(start->barrier);
    start->body(start->index, start->argument);
    return NULL;
}

void test_run_threads(unsigned count, void (*body)(unsigned index, void *argument), void *argument)
{
    enum { MOST = 64, STACK_BYTES = 1 << 20 };
    CHECK(count >= 1 && count <= MOST, "test_run_threads takes 1 to %d threads, not %u", MOST,
          count);
    /* Static, since a test that ends early leaves this frame while threads still run. */
    static pthread_t threads[MOST];
    static struct thread_start starts[MOST];
    static pthread_barrier_t barrier;
    pthread_barrier_init(&barrier, NULL, count);
    /* Small stacks: 64 of the usual ones are half of the address space that a graded test may have. */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    for (unsigned i = 0; i < count; i++) {
        starts[i] = (struct thread_start){&barrier, body, argument, i};
        int error = pthread_create(&threads[i], &attributes, thread_main, &starts[i]);
        CHECK(error == 0, "could not start thread %u: %s", i, strerror(error));
    }
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_attr_destroy(&attributes);
    pthread_barrier_destroy(&barrier);
}

/* --- Contents of objects --- */

static unsigned char pattern_byte(uint64_t stamp, size_t at)
{
    return (unsigned char)(stamp * 0x9e3779b97f4a7c15u >> 56 ^ at * 0x3b);
}

void test_fill(void *object, size_t bytes, uint64_t stamp)
{
    unsigned char *byte = object;
    for (size_t i = 0; i < bytes; i++)
        byte[i] = pattern_byte(stamp, i);
}

void test_check_filled(const void *object, size_t bytes, uint64_t stamp)
{
    const unsigned char *byte = object;
    for (size_t i = 0; i < bytes; i++)
        if (byte[i] != pattern_byte(stamp, i))
            test_fail(test_current()->file, test_current()->line,
                      "byte %zu of the live object %p (%zu bytes) was overwritten", i, object,
                      bytes);
}

/* --- Words --- */

/* Where `text` starts with one of these words, how long it is; else 0. */
static size_t plural_length(const char *text)
{
    static const char *const plurals[] = {"bytes", "pages", "objects", "spans", "chunks", "calls"};
    for (size_t i = 0; i < sizeof plurals / sizeof *plurals; i++)
        if (strncmp(text, plurals[i], strlen(plurals[i])) == 0)
            return strlen(plurals[i]);
    return 0;
}

void test_make_singular(char *text)
{
    for (char *one = strstr(text, "1 "); one != NULL; one = strstr(one + 1, "1 ")) {
        size_t length = plural_length(one + 2);
        bool is_alone = one == text || strchr("0123456789.", one[-1]) == NULL;
        if (length == 0 || !is_alone)
            continue;
        char *last = one + 2 + length - 1;
        memmove(last, last + 1, strlen(last));
    }
}
