/* model: spans, runs of free pages, regions, object pools. See model.h. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/os_memory.h"
#include "common/trace/model.h"

enum { LEAF_SHIFT = 18 }; /* pages that a leaf of the page map stands for */

static struct model_run *add_run(struct sorted *runs, uint64_t start, uint64_t length)
{
    struct model_run *run = trace_zeroed(1, sizeof *run);
    run->start = start;
    run->length = length;
    sorted_insert(runs, run);
    return run;
}

/* The first run that reaches beyond `start`; the index may be the count. */
static size_t first_run_beyond(const struct sorted *runs, uint64_t start)
{
    ptrdiff_t at = sorted_at_or_below(runs, start);
    if (at < 0)
        return 0;
    const struct model_run *run = runs->items[at];
    return (size_t)at + (run->start + run->length <= start);
}

/* --- Free pages --- */

/* Take the pages [first, first + count) out of whatever runs they are in. */
static void take_pages(struct model *model, uint64_t first, uint64_t count)
{
    struct sorted *runs = &model->free_runs;
    uint64_t end = first + count;
    size_t at = first_run_beyond(runs, first);
    while (at < runs->count) {
        const struct model_run run = *(struct model_run *)runs->items[at];
        if (run.start >= end)
            break;
        sorted_remove(runs, at);
        if (run.start < first)
            add_run(runs, run.start, first - run.start);
        if (run.start + run.length > end)
            add_run(runs, end, run.start + run.length - end);
        at = first_run_beyond(runs, first);
    }
}

/* Free pages, united with their neighbours. */
static void give_pages(struct model *model, uint64_t first, uint64_t count)
{
    struct sorted *runs = &model->free_runs;
    ptrdiff_t below = sorted_at_or_below(runs, first);
    if (below >= 0) {
        const struct model_run *run = runs->items[below];
        if (run->start + run->length == first) {
            first = run->start;
            count += run->length;
            sorted_remove(runs, (size_t)below);
        }
    }
    ptrdiff_t above = sorted_at_or_below(runs, first + count);
    if (above >= 0 && sorted_key(runs->items[above]) == first + count) {
        count += ((struct model_run *)runs->items[above])->length;
        sorted_remove(runs, (size_t)above);
    }
    add_run(runs, first, count);
}

static const struct model_run *region_of(const struct model *model, uint64_t address)
{
    size_t at = first_run_beyond(&model->regions, address);
    const struct model_run *region = at < model->regions.count ? model->regions.items[at] : NULL;
    return region != NULL && region->start <= address ? region : NULL;
}

/* --- Spans --- */

struct model_span *model_span_at(const struct model *model, uint64_t address)
{
    ptrdiff_t at = sorted_at_or_below(&model->spans, address >> PAGE_SHIFT);
    struct model_span *span = at < 0 ? NULL : model->spans.items[at];
    bool covers = span != NULL && (address >> PAGE_SHIFT) - span->first_page < span->page_count;
    return covers ? span : NULL;
}

/* Objects start at multiples of 8, whatever else may be wrong with them. */
static void forget_objects(struct model *model, const struct model_span *span)
{
    uint64_t start = span->first_page << PAGE_SHIFT;
    uint64_t bytes = span->page_count << PAGE_SHIFT;
    uint64_t step = span->class_id == 0 ? bytes : 8;
    for (uint64_t at = start; at < start + bytes; at += step) {
        struct model_object *object = model_find(model, at);
        if (object == NULL || object->span != span)
            continue;
        if (object->place == IN_READY)
            model_break_batch(model, object);
        if (object->place == IN_PROGRAM)
            model->live_count--, model->live_bytes -= object->bytes;
        model_drop(model, object);
    }
}

static void end_span(struct model *model, struct model_span *span)
{
    forget_objects(model, span);
    sorted_remove(&model->spans, (size_t)sorted_at_or_below(&model->spans, span->first_page));
}

static void check_new_span(struct model *model, uint64_t first, uint64_t count)
{
    ptrdiff_t at = sorted_at_or_below(&model->spans, first + count - 1);
    struct model_span *other = at < 0 ? NULL : model->spans.items[at];
    while (other != NULL && other->first_page + other->page_count > first) {
        model_violation(model,
                        "the span at page 0x%" PRIx64 " overlaps the one at page 0x%" PRIx64
                        " (stage 4, I4)",
                        first, other->first_page);
        end_span(model, other);
        at = sorted_at_or_below(&model->spans, first + count - 1);
        other = at < 0 ? NULL : model->spans.items[at];
    }
}

void model_span_alloc(struct model *model, const struct trace_record *record)
{
    if (record->address == 0 || record->count == 0)
        return;
    uint64_t first = record->address >> PAGE_SHIFT;
    check_new_span(model, first, record->count);
    if (record->address % PAGE_BYTES != 0)
        model_violation(model, "a span starts at 0x%" PRIx64 ", inside a page (stage 4, I4)",
                        record->address);
    take_pages(model, first, record->count);
    struct model_span *span = trace_zeroed(1, sizeof *span);
    span->first_page = first;
    span->page_count = record->count;
    span->class_id = record->class_id;
    sorted_insert(&model->spans, span);
}

static size_t out_of_span(const struct model_span *span)
{
    return span->objects[IN_PROGRAM] + span->objects[IN_THREAD];
}

void model_span_free(struct model *model, const struct trace_record *record)
{
    struct model_span *span = model_span_at(model, record->address);
    if (span == NULL || span->first_page != record->address >> PAGE_SHIFT) {
        model_violation(model,
                        "the span at 0x%" PRIx64 " goes down, and is not alive (stage 4, I4)",
                        record->address);
        return;
    }
    if (out_of_span(span) != 0)
        model_violation(model,
                        "the span at 0x%" PRIx64 " goes down with %zu objects out (stage 3, I4)",
                        record->address, out_of_span(span));
    uint64_t first = span->first_page;
    uint64_t count = span->page_count;
    end_span(model, span);
    if (region_of(model, first << PAGE_SHIFT) != NULL)
        give_pages(model, first, count);
}

void model_span_resize(struct model *model, const struct trace_record *record)
{
    struct model_span *span = model_span_at(model, record->address);
    if (span == NULL || record->other == 0)
        return;
    uint64_t end = span->first_page + span->page_count;
    if (record->count > span->page_count)
        take_pages(model, end, record->count - span->page_count);
    else if (record->count < span->page_count)
        give_pages(model, span->first_page + record->count, span->page_count - record->count);
    span->page_count = record->count;
}

/* --- Regions --- */

static bool is_for_spans(enum trace_call within)
{
    return within == TRACE_SPAN_ALLOC || within == TRACE_SPAN_RESIZE;
}

void model_os_map(struct model *model, const struct trace_record *record)
{
    if (record->address == 0 || record->bytes == 0)
        return;
    struct model_run *region = add_run(&model->regions, record->address, record->bytes);
    region->made_for = record->within;
    model->mapped_bytes += record->bytes;
    if (is_for_spans(record->within))
        give_pages(model, record->address >> PAGE_SHIFT, record->bytes >> PAGE_SHIFT);
}

void model_os_unmap(struct model *model, const struct trace_record *record)
{
    ptrdiff_t at = sorted_at_or_below(&model->regions, record->address);
    if (at < 0 || sorted_key(model->regions.items[at]) != record->address) {
        model_violation(model, "0x%" PRIx64 " is unmapped, and is no region", record->address);
        return;
    }
    const struct model_run region = *(struct model_run *)model->regions.items[at];
    model->mapped_bytes -= region.length;
    sorted_remove(&model->regions, (size_t)at);
    if (is_for_spans(region.made_for))
        take_pages(model, region.start >> PAGE_SHIFT, region.length >> PAGE_SHIFT);
}

void model_reserve(struct model *model, const struct trace_record *record)
{
    if (record->other == 0 || record->count == 0)
        return;
    uint64_t first = record->address >> PAGE_SHIFT >> LEAF_SHIFT;
    uint64_t last = ((record->address >> PAGE_SHIFT) + record->count - 1) >> LEAF_SHIFT;
    for (uint64_t leaf = first; leaf <= last && leaf - first < 4096; leaf++) {
        ptrdiff_t at = sorted_at_or_below(&model->leaves, leaf);
        if (at < 0 || sorted_key(model->leaves.items[at]) != leaf)
            add_run(&model->leaves, leaf, 1);
    }
}

/* From the moment that a span is handed out until it comes back, the page map knows its pages as its own;
 * only where it is resized do they change. */
void model_map_set(const struct model *model, const struct trace_record *record)
{
    uint64_t first = record->address >> PAGE_SHIFT;
    uint64_t last = first + (record->count == 0 ? 0 : record->count - 1);
    ptrdiff_t at = sorted_at_or_below(&model->spans, last);
    const struct model_span *span = at < 0 ? NULL : model->spans.items[at];
    bool touches = span != NULL && span->first_page + span->page_count > first;
    if (touches && record->within != TRACE_SPAN_RESIZE)
        model_violation(model,
                        "the page map changes at 0x%" PRIx64 ", in the span at page 0x%" PRIx64
                        " that is in use (stage 4, I1, I2)",
                        record->address, span->first_page);
}
