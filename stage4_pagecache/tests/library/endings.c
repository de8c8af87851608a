/* endings [COUNT]: threads that end in the middle of their work, COUNT of each kind (default 300). Run with LD_PRELOAD.
 *
 *   cancelled    pthread_cancel at a cancellation point; clean-up handlers free
 *   exited       pthread_exit from deep inside, objects still in the thread's lists
 *   destructors  thread-local data whose destructors allocate, free, and set their key again
 *   left behind  objects that outlive their thread and are freed by another, after it is gone
 *   detached     threads that never call malloc: the C library frees what it kept about them on the
 *                thread itself, after the last destructor
 *
 * After the first tenth, no kind may cost more memory: what ends in a thread goes back to the pool. */
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "mempool.h"

enum { USUAL_COUNT = 300, MIB = 1024 * 1024, OBJECTS = 200 };

static void (*stats_of)(struct mempool_stats *);

static size_t mapped_bytes(void)
{
    struct mempool_stats stats;
    stats_of(&stats);
    return stats.mapped_bytes;
}

static void *take(size_t i)
{
    size_t bytes = i % 40 == 0 ? 300000 : i * 53 % 4000 + 1;
    char *object = malloc(bytes);
    object[0] = (char)i;
    object[bytes - 1] = (char)i;
    return object;
}

/* --- Cancelled --- */

static atomic_uint cleaned_up;

static void free_all(void *argument)
{
    void **objects = argument;
    for (size_t i = 0; i < OBJECTS; i++)
        free(objects[i]);
    cleaned_up++;
}

static void *work_until_cancelled(void *unused)
{
    void *objects[OBJECTS] = {0};
    pthread_cleanup_push(free_all, objects);
    for (size_t i = 0;; i++) {
        free(objects[i % OBJECTS]);
        objects[i % OBJECTS] = take(i);
        pthread_testcancel();
    }
    pthread_cleanup_pop(1);
    return unused;
}

static void run_cancelled(size_t number)
{
    pthread_t thread;
    pthread_create(&thread, NULL, work_until_cancelled, NULL);
    usleep(number % 20 * 10);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
}

/* --- Exited --- */

/* The compiler would see that go_deeper never returns. */
static void (*volatile leave)(void *) = pthread_exit;

static void go_deeper(size_t depth)
{
    void *object = take(depth);
    free(take(depth * 7));
    free(object);
    if (depth == 0)
        leave(NULL);
    else
        go_deeper(depth - 1);
}

static void *exit_from_the_deep(void *unused)
{
    go_deeper(100);
    return unused;
}

static void run_exited(size_t number)
{
    (void)number;
    pthread_t thread;
    pthread_create(&thread, NULL, exit_from_the_deep, NULL);
    pthread_join(thread, NULL);
}

/* --- Destructors --- */

/* More keys than fit into a thread's first block: the C library allocates the second one. */
enum { KEYS = 60 };
static pthread_key_t keys[KEYS];
static atomic_size_t destructor_calls;

struct local {
    size_t key;
    size_t rounds_left;
    char text[100];
};

static void set_local(size_t key, size_t rounds)
{
    struct local *local = malloc(sizeof *local);
    *local = (struct local){.key = key, .rounds_left = rounds};
    strcpy(local->text, "still there");
    pthread_setspecific(keys[key], local);
}

static void destroy_local(void *argument)
{
    struct local *local = argument;
    void *objects[20];
    for (size_t i = 0; i < 20; i++)
        objects[i] = take(local->key * 20 + i);
    if (local->rounds_left != 0)
        set_local(local->key, local->rounds_left - 1);
    for (size_t i = 0; i < 20; i++)
        free(objects[i]);
    destructor_calls += strcmp(local->text, "still there") == 0;
    free(local);
}

static void *use_all_keys(void *unused)
{
    for (size_t key = 0; key < KEYS; key++)
        set_local(key, 2);
    return unused;
}

static void run_destructors(size_t number)
{
    (void)number;
    pthread_t thread;
    pthread_create(&thread, NULL, use_all_keys, NULL);
    pthread_join(thread, NULL);
}

/* --- Left behind --- */

static void *leave_objects(void *argument)
{
    void **objects = argument;
    for (size_t i = 0; i < OBJECTS; i++)
        objects[i] = take(i);
    return NULL;
}

static void run_left_behind(size_t number)
{
    void *objects[4][OBJECTS];
    pthread_t threads[4];
    for (size_t t = 0; t < 4; t++)
        pthread_create(&threads[t], NULL, leave_objects, objects[t]);
    for (size_t t = 0; t < 4; t++)
        pthread_join(threads[t], NULL);
    for (size_t i = 0; i < 4 * OBJECTS; i++)
        free(objects[(i + number) % 4][i / 4]);
}

/* --- Detached --- */

static atomic_int its_id;

static void *say_its_id(void *unused)
{
    its_id = gettid();
    return unused;
}

/* On a stack of ours, so that the C library keeps nothing of the thread for the next one. */
static void run_detached(size_t number)
{
    enum { STACK_BYTES = 2 * MIB }; /* ThreadSanitizer takes half of it */
    static _Alignas(4096) char stack[STACK_BYTES];
    (void)number;
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstack(&attributes, stack, STACK_BYTES);
    its_id = 0;
    pthread_create(&thread, &attributes, say_its_id, NULL);
    pthread_attr_destroy(&attributes);
    while (its_id == 0 || tgkill(getpid(), its_id, 0) == 0)
        usleep(50);
}

/* --- All of them --- */

static void check_kind(void (*run)(size_t), size_t count, const char *what)
{
    char line[120];
    size_t settled = 0;
    for (size_t i = 0; i < count; i++) {
        run(i);
        if (i == count / 10)
            settled = mapped_bytes();
    }
    snprintf(line, sizeof line, "%zu times %s: more bytes mapped than after a tenth", count, what);
    expect_at_most(mapped_bytes() - settled, 8 * MIB, line);
}

int main(int argument_count, char **arguments)
{
    alarm(300); /* a deadlock ends */
    unsigned (*check)(void) = NULL;
    *(void **)&stats_of = dlsym(RTLD_DEFAULT, "mempool_stats");
    *(void **)&check = dlsym(RTLD_DEFAULT, "mempool_check");
    if (stats_of == NULL || check == NULL) {
        expect(false, "usage: LD_PRELOAD=libmempool.so endings [COUNT]");
        return 2;
    }
    size_t count = argument_count == 2 ? (size_t)atol(arguments[1]) : USUAL_COUNT;
    for (size_t i = 0; i < KEYS; i++)
        pthread_key_create(&keys[i], destroy_local);
    check_kind(run_cancelled, count, "a thread is cancelled");
    expect(cleaned_up == count, "and its clean-up handlers free");
    check_kind(run_exited, count, "a thread exits from the deep");
    check_kind(run_destructors, count, "60 destructors allocate and free");
    expect(destructor_calls == count * KEYS * 3, "and find their data whole");
    check_kind(run_left_behind, count, "objects outlive their threads");
    check_kind(run_detached, count, "a detached thread ends that never called malloc");
    expect(check() == 0, "all invariants hold after that");
    struct mempool_stats stats;
    stats_of(&stats);
    expect_at_most(stats.threads, 1, "threads with a cache at the end");
    return 0;
}
