/* schedule: one way to interleave, and the record of what happened in it. */
#ifndef COMMON_TESTING_INTERLEAVE_SCHEDULE_H
#define COMMON_TESTING_INTERLEAVE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SCHEDULE_MOST_THREADS = 8,
    SCHEDULE_MOST_PREEMPTIONS = 3,
    RECORD_MOST_EVENTS = 4096,
    RECORD_MOST_MUTEX_POINTS = 400,
};

struct schedule {
    unsigned order[SCHEDULE_MOST_THREADS]; /* order[0] is the thread that goes first, … */
    struct preemption {
        unsigned thread; /* 1, 2, … */
        size_t point;    /* at its point of that number its priority falls */
    } preemptions[SCHEDULE_MOST_PREEMPTIONS];
    size_t preemption_count;
    bool looks_for_races;
};

/* What a thread did between two switches ends with one of the EVENT_STOPs. */
enum event_kind {
    EVENT_CALL, /* pc: in the function that was entered from the test */
    EVENT_LOCK, /* address: the mutex */
    EVENT_UNLOCK,
    EVENT_SAY,     /* words */
    EVENT_GO,      /* it has the baton again */
    EVENT_PREEMPT, /* pc: what it was about to do */
    EVENT_WAIT,    /* address: the mutex */
    EVENT_END,     /* of the thread */
};

struct event {
    enum event_kind kind;
    unsigned thread;
    const void *pc;
    const void *address;
    char words[56];
};

/* Shared between the child that runs a schedule and its parent. */
struct record {
    unsigned thread_count; /* 0: the test ran no threads */
    size_t switches;       /* from one thread to another */
    size_t points[SCHEDULE_MOST_THREADS + 1];
    size_t mutex_points[SCHEDULE_MOST_THREADS + 1][RECORD_MOST_MUTEX_POINTS];
    size_t mutex_point_count[SCHEDULE_MOST_THREADS + 1];
    unsigned last_thread; /* who passed the last point, */
    const void *last_pc;  /* and where */
    bool keeps_events;
    size_t event_count;
    struct event events[RECORD_MOST_EVENTS];
};

extern struct record *record;

/* Note an event where events are kept. */
void record_event(enum event_kind kind, unsigned thread, const void *pc, const void *address,
                  const char *words);

#endif
