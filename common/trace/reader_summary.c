/* trace-reader summary: what is in a trace, on one screen. */
#include <inttypes.h>
#include <string.h>

#include "common/trace/reader.h"

enum { CALLS = 128 };

struct totals {
    size_t calls[CALLS];
    size_t failed[CALLS];
    uint32_t threads;
    uint64_t peak_live_count;
    uint64_t peak_live_bytes;
    uint64_t peak_mapped_bytes;
};

static bool hands_out(unsigned call)
{
    return call == TRACE_ALLOC || call == TRACE_CALLOC || call == TRACE_ALIGNED_ALLOC ||
           call == TRACE_RESIZE || call == TRACE_THREAD_ALLOC || call == TRACE_FETCH ||
           call == TRACE_SPAN_ALLOC || call == TRACE_OS_MAP || call == TRACE_RECORD_ALLOC;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static struct totals add_up(const struct trace_file *trace, struct model *model)
{
    struct totals totals = {0};
    while (model->event < trace->event_count) {
        model_step(model);
        const struct trace_record *record = trace_event(trace, model->event);
        unsigned call = record->call % CALLS;
        totals.calls[call]++;
        totals.failed[call] += hands_out(call) && record->address == 0;
        totals.threads = record->thread > totals.threads ? record->thread : totals.threads;
        totals.peak_live_count = larger(totals.peak_live_count, model->live_count);
        totals.peak_live_bytes = larger(totals.peak_live_bytes, model->live_bytes);
        totals.peak_mapped_bytes = larger(totals.peak_mapped_bytes, model->mapped_bytes);
    }
    return totals;
}

static void print_command(const struct trace_header *header)
{
    fputs("program   ", stdout);
    const char *end = header->command + sizeof header->command;
    for (const char *at = header->command; at < end && *at != '\0'; at += strlen(at) + 1)
        printf("%.60s ", at);
    printf("\nprocess   %u\n", header->process);
}

static void print_calls(const struct totals *totals)
{
    const char *boundary = "";
    for (unsigned call = TRACE_NOTE; call < CALLS; call++) {
        if (totals->calls[call] == 0)
            continue;
        if (strcmp(boundary, trace_call_boundary(call)) != 0)
            printf("%s\n", boundary = trace_call_boundary(call));
        printf("    %-22s %10zu", trace_call_name(call), totals->calls[call]);
        if (totals->failed[call] != 0)
            printf("   %zu failed", totals->failed[call]);
        putchar('\n');
    }
}

int reader_summary(const struct trace_file *trace)
{
    struct model model;
    model_init(&model, trace);
    struct totals totals = add_up(trace, &model);
    print_command(trace->header);
    printf("events    %zu by %u %s", trace->event_count, totals.threads,
           totals.threads == 1 ? "thread" : "threads");
    if (trace->dropped != 0)
        printf("; %zu records had no room: a larger MEMPOOL_TRACE_EVENTS has", trace->dropped);
    if (trace->unfinished != 0)
        printf("; %zu records were never finished", trace->unfinished);
    printf("\nobjects   %" PRIu64 " of %" PRIu64 " bytes live at the end; at most %" PRIu64
           " objects, %" PRIu64 " bytes\n",
           model.live_count, model.live_bytes, totals.peak_live_count, totals.peak_live_bytes);
    printf("mapped    %" PRIu64 " bytes at the end, at most %" PRIu64 "; %" PRIu64
           " bytes of pages purged\n",
           model.mapped_bytes, totals.peak_mapped_bytes, model.purged_bytes);
    print_calls(&totals);
    return 0;
}
