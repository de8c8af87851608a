/* damage: no record of a span is believed that was overwritten. Linked with the pool's own objects, since
 * from outside nobody knows where a record lies. Each case is a child, which must end by abort() and a
 * word of the pool's. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/trust/attacks/child.h"
#include "stage4_pagecache/mempool.h"
#include "stage4_pagecache/page_map.h"

enum { LARGE = 1 << 20, SMALL = 1000, UNKNOWN_STATE = 77 };

static char *object;
static struct span *record;

/* --- What is overwritten --- */

static void no_field(void)
{
}

static void state_of_nothing(void)
{
    record->state = SPAN_UNUSED;
}

static void unknown_state(void)
{
    record->state = UNKNOWN_STATE;
}

static void other_state(void)
{
    record->state = record->state == SPAN_SMALL ? SPAN_LARGE : SPAN_SMALL;
}

static void no_pages(void)
{
    record->page_count = 0;
}

static void a_page_less(void)
{
    record->page_count--;
}

static void a_page_more(void)
{
    record->page_count++;
}

static void far_too_many_pages(void)
{
    record->page_count = (size_t)0x5a5a5a5a5a5a5a5a;
}

/* --- What reads it then --- */

static void free_it(void)
{
    mempool_free(object);
    (void)mempool_purge();
}

static void resize_it(void)
{
    (void)mempool_realloc(object, 2 * LARGE);
}

static void measure_it(void)
{
    (void)mempool_usable_size(object);
}

static const struct {
    const char *name;
    size_t bytes;
    void (*damage)(void);
    void (*use)(void);
    const char *word; /* NULL: nothing is wrong */
} cases[] = {
    {"large, nothing, free", LARGE, no_field, free_it, NULL},
    {"large, nothing, realloc", LARGE, no_field, resize_it, NULL},
    {"small, nothing, free", SMALL, no_field, free_it, NULL},
    {"large, state of nothing, free", LARGE, state_of_nothing, free_it, "double free"},
    {"large, unknown state, free", LARGE, unknown_state, free_it, "double free"},
    {"large, unknown state, realloc", LARGE, unknown_state, resize_it, "double free"},
    {"large, unknown state, usable size", LARGE, unknown_state, measure_it, "double free"},
    {"large, no pages, free", LARGE, no_pages, free_it, "damaged"},
    {"large, a page less, free", LARGE, a_page_less, free_it, "damaged"},
    {"large, a page more, free", LARGE, a_page_more, free_it, "damaged"},
    {"large, far too many pages, free", LARGE, far_too_many_pages, free_it, "damaged"},
    {"large, a page more, realloc", LARGE, a_page_more, resize_it, "damaged"},
    {"small, unknown state, free", SMALL, unknown_state, free_it, "another size class"},
    {"small, other state, free", SMALL, other_state, free_it, "another size class"},
    {"small, a page more, free", SMALL, a_page_more, free_it, "damaged"},
    {"small, far too many pages, free", SMALL, far_too_many_pages, free_it, "damaged"},
};

static void play(const void *context)
{
    const size_t *at = context;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0});
    object = mempool_alloc(cases[*at].bytes);
    record = page_map_span(object);
    cases[*at].damage();
    cases[*at].use();
}

/* Whether the child ended as it must. Leaves in `said` what it wrote to stderr. */
static bool ends_well(size_t at, char *said, size_t most)
{
    int status = child_run(STDERR_FILENO, play, &at, said, most);
    if (status < 0 || cases[at].word == NULL)
        return status == 0 && said[0] == '\0';
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
           strstr(said, cases[at].word) != NULL;
}

int main(void)
{
    size_t failed = 0;
    size_t count = sizeof cases / sizeof *cases;
    for (size_t i = 0; i < count; i++) {
        char said[300];
        if (ends_well(i, said, sizeof said))
            continue;
        failed++;
        printf("FAIL %s: expected \"%s\" and an abort, got \"%s\"\n", cases[i].name,
               cases[i].word == NULL ? "" : cases[i].word, said);
    }
    printf("damaged records: %zu passed, %zu failed\n", count - failed, failed);
    return failed == 0 ? 0 : 1;
}
