/* scheduler: see scheduler.h. */
#include "common/testing/interleave/scheduler.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>

#include "common/testing/interleave/races.h"
#include "common/testing/test.h"

enum {
    MOST_KEYS = 16,
    DESTRUCTOR_ROUNDS = 4,     /* as POSIX has it */
    MOST_AT_A_STRETCH = 50000, /* points; then a thread seems to spin, and others come first */
    MOST_STRETCHES = 40,
};

enum runner_state { RUNNER_READY, RUNNER_WAITS, RUNNER_ENDED };

struct runner {
    unsigned number; /* 1, 2, … */
    enum runner_state state;
    int priority; /* the highest of those that are ready goes on */
    sem_t baton;
    const void *waits_for;
    size_t points;
    size_t stretch; /* points since it got the baton */
    uintptr_t stack_start;
    uintptr_t stack_end;
    pthread_t thread;
};

static struct {
    struct schedule schedule;
    struct runner runners[SCHEDULE_MOST_THREADS + 1]; /* number 0 is not used */
    unsigned count;
    unsigned left; /* not ended */
    int lowest_priority;
    unsigned stretches;
    bool somebody_woke; /* who may have a higher priority than who runs */
    sem_t all_ended;
    void (*body)(unsigned index, void *argument);
    void *argument;
    struct {
        unsigned key;
        void (*destructor)(void *);
    } keys[MOST_KEYS];
    size_t key_count;
} state;

static _Thread_local struct runner *self;
static _Thread_local size_t accesses;

void scheduler_use(const struct schedule *schedule)
{
    state.schedule = *schedule;
}

unsigned scheduler_thread(void)
{
    return self == NULL ? 0 : self->number;
}

size_t scheduler_accesses(void)
{
    return accesses;
}

void scheduler_add_key(unsigned key, void (*destructor)(void *))
{
    CHECK(state.key_count < MOST_KEYS, "more than %d keys with destructors", MOST_KEYS);
    state.keys[state.key_count].key = key;
    state.keys[state.key_count++].destructor = destructor;
}

/* --- Handing over the baton --- */

static void wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        ; /* interrupted by a signal */
}

static struct runner *highest_ready(void)
{
    struct runner *best = NULL;
    for (unsigned i = 1; i <= state.count; i++) {
        struct runner *runner = &state.runners[i];
        if (runner->state == RUNNER_READY && (best == NULL || runner->priority > best->priority))
            best = runner;
    }
    return best;
}

_Noreturn static void report_deadlock(void)
{
    char text[300] = "";
    size_t used = 0;
    for (unsigned i = 1; i <= state.count; i++)
        if (state.runners[i].state == RUNNER_WAITS)
            used += (size_t)snprintf(text + used, sizeof text - used, "%sT%u",
                                     used == 0 ? "" : ", ", i);
    test_fail(__FILE__, __LINE__,
              "deadlock: nobody can go on; %s wait for locks that are never "
              "released",
              text);
}

/* Let the thread go on that is to, and wait for the turn of this one unless it has ended. */
static void hand_over(void)
{
    struct runner *next = highest_ready();
    if (next == NULL && state.left != 0)
        report_deadlock();
    if (next == self)
        return;
    record->switches++;
    if (next != NULL) {
        next->stretch = 0;
        sem_post(&next->baton);
    } else {
        sem_post(&state.all_ended);
    }
    if (self->state == RUNNER_ENDED)
        return;
    wait_for(&self->baton);
    record_event(EVENT_GO, self->number, NULL, NULL, "");
}

static void fall_back(void)
{
    self->priority = --state.lowest_priority;
}

/* --- Points --- */

static bool is_preempted_here(void)
{
    for (size_t i = 0; i < state.schedule.preemption_count; i++)
        if (state.schedule.preemptions[i].thread == self->number &&
            state.schedule.preemptions[i].point == self->points)
            return true;
    return false;
}

/* A loop that waits for another thread without a lock would run for ever. */
static bool seems_to_spin(void)
{
    if (++self->stretch <= MOST_AT_A_STRETCH)
        return false;
    if (++state.stretches > MOST_STRETCHES)
        test_fail(__FILE__, __LINE__, "no progress: T%u runs in circles", self->number);
    self->stretch = 0;
    return true;
}

static bool is_of_mutex(enum point_kind kind)
{
    return kind == POINT_MUTEX || kind == POINT_RELEASED;
}

static void count_point(enum point_kind kind, const void *pc)
{
    unsigned number = self->number;
    record->last_thread = number;
    record->last_pc = pc;
    self->points++;
    record->points[number] = self->points;
    if (is_of_mutex(kind) && record->mutex_point_count[number] < RECORD_MOST_MUTEX_POINTS)
        record->mutex_points[number][record->mutex_point_count[number]++] = self->points;
}

void scheduler_point(enum point_kind kind, const void *address, size_t bytes, const void *pc)
{
    if (self == NULL) {
        accesses += !is_of_mutex(kind);
        return;
    }
    if ((uintptr_t)address - self->stack_start < self->stack_end - self->stack_start)
        return; /* its own stack, or thread-local data */
    accesses += !is_of_mutex(kind);
    count_point(kind, pc);
    if (state.schedule.looks_for_races)
        races_check(self->number, kind, address, bytes, pc);
    bool falls = is_preempted_here() || seems_to_spin();
    if (falls)
        fall_back();
    if (!falls && !state.somebody_woke)
        return;
    state.somebody_woke = false;
    if (highest_ready() == self)
        return;
    record_event(EVENT_PREEMPT, self->number, pc, address,
                 kind == POINT_RELEASED ? "stops after" : "stops before");
    races_pending(self->number, kind, address, bytes, pc);
    hand_over();
    races_done(self->number);
}

void scheduler_wait(const void *what, const void *pc)
{
    CHECK(self != NULL, "deadlock: the test waits for a lock that is never released");
    self->state = RUNNER_WAITS;
    self->waits_for = what;
    record_event(EVENT_WAIT, self->number, pc, what, "");
    hand_over();
}

void scheduler_wake(const void *what)
{
    for (unsigned i = 1; i <= state.count; i++) {
        struct runner *runner = &state.runners[i];
        if (runner->state == RUNNER_WAITS && runner->waits_for == what)
            runner->state = RUNNER_READY;
        state.somebody_woke |= runner->state == RUNNER_READY;
    }
}

/* --- Threads --- */

static void find_stack(void)
{
    pthread_attr_t attributes;
    void *start = NULL;
    size_t bytes = 0;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstack(&attributes, &start, &bytes);
    pthread_attr_destroy(&attributes);
    self->stack_start = (uintptr_t)start;
    self->stack_end = (uintptr_t)start + bytes;
}

/* The native ones run when the baton is gone, so these were kept from the system (wraps.c). */
static bool run_destructors(void)
{
    bool has_run = false;
    for (size_t i = 0; i < state.key_count; i++) {
        void *value = pthread_getspecific(state.keys[i].key);
        if (value == NULL)
            continue;
        pthread_setspecific(state.keys[i].key, NULL);
        state.keys[i].destructor(value);
        has_run = true;
    }
    return has_run;
}

static void *runner_main(void *argument)
{
    self = argument;
    find_stack();
    wait_for(&self->baton);
    state.body(self->number - 1, state.argument);
    for (int round = 0; round < DESTRUCTOR_ROUNDS && run_destructors(); round++)
        ;
    self->state = RUNNER_ENDED;
    state.left--;
    record_event(EVENT_END, self->number, NULL, NULL, "");
    hand_over();
    return NULL;
}

static void start_runner(unsigned number)
{
    struct runner *runner = &state.runners[number];
    *runner = (struct runner){.number = number};
    for (unsigned i = 0; i < state.count; i++)
        if (state.schedule.order[i] == number)
            runner->priority = (int)(state.count - i);
    sem_init(&runner->baton, 0, 0);
    CHECK(pthread_create(&runner->thread, NULL, runner_main, runner) == 0,
          "could not start thread %u", number);
}

void scheduler_run_threads(unsigned count, void (*body)(unsigned index, void *argument),
                           void *argument)
{
    CHECK(count >= 1 && count <= SCHEDULE_MOST_THREADS,
          "the scheduler runs 1 to %d threads, not %u", SCHEDULE_MOST_THREADS, count);
    state.body = body;
    state.argument = argument;
    state.count = count;
    state.left = count;
    state.lowest_priority = 0;
    record->thread_count = count;
    sem_init(&state.all_ended, 0, 0);
    for (unsigned number = 1; number <= count; number++)
        start_runner(number);
    sem_post(&highest_ready()->baton);
    wait_for(&state.all_ended);
    for (unsigned number = 1; number <= count; number++)
        pthread_join(state.runners[number].thread, NULL);
}
