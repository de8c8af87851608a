/* schedule: the record of events; see schedule.h. */
#include "common/testing/interleave/schedule.h"

#include <stdio.h>

struct record *record;

/* The oldest are kept: what matters is how it came to the failure, and tests are short. */
void record_event(enum event_kind kind, unsigned thread, const void *pc, const void *address,
                  const char *words)
{
    if (record == NULL || !record->keeps_events || thread == 0 ||
        record->event_count == RECORD_MOST_EVENTS)
        return;
    struct event *event = &record->events[record->event_count++];
    *event = (struct event){.kind = kind, .thread = thread, .pc = pc, .address = address};
    snprintf(event->words, sizeof event->words, "%s", words);
}
