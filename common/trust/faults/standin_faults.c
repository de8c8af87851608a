/* standin_faults: the whole pool on the os_memory stand-in, which fails at the n-th map, for every n that the trace makes;
 * with even and with odd addresses. See trace.h. */
#include <stdio.h>
#include <stdlib.h>

#include "common/testing/os_memory_standin.h"
#include "common/testing/test.h"
#include "common/trust/faults/trace.h"

/* What the stand-in and caller_bug say when something is wrong ends the child. */
_Noreturn void test_end(enum test_outcome outcome, const char *message)
{
    fprintf(stderr, "outcome %d: %s\n", (int)outcome, message);
    abort();
}

bool test_prints_debug(void)
{
    return true;
}

static void start_once(size_t nth)
{
    os_standin_fail_map(nth);
}

static void start_odd(size_t nth)
{
    os_standin_give_odd_addresses(true);
    os_standin_fail_map(nth);
}

static void end(void)
{
    struct os_memory_stats stats;
    os_memory_stats(&stats);
    trace_result->calls = stats.map_calls + stats.failed_calls;
    os_standin_fail_map(0);
    os_standin_fail_all_maps(false);
}

/* All maps fail for a tenth of the trace. */
static void step_all(size_t nth, size_t step)
{
    os_standin_fail_all_maps(step >= nth && step < nth + TRACE_STEPS / 10);
}

static void start_nothing(size_t nth)
{
    (void)nth;
}

static const struct fault once = {start_once, NULL, end};
static const struct fault odd = {start_odd, NULL, end};
static const struct fault all = {start_nothing, step_all, end};

/* Until the trace makes fewer calls than n. */
static size_t fail_at_every_call(const struct fault *fault, const char *what)
{
    size_t failed = 0;
    size_t nth = 1;
    trace_result->refused = 0;
    do
        failed += !trace_run_in_child(fault, nth);
    while (nth++ < trace_result->calls);
    trace_report(what, nth - 1, failed, trace_result->refused);
    return failed + (trace_result->refused == 0);
}

static size_t fail_for_a_while(void)
{
    size_t failed = 0;
    size_t runs = 0;
    trace_result->refused = 0;
    for (size_t step = 0; step < TRACE_STEPS; step += TRACE_STEPS / 25, runs++)
        failed += !trace_run_in_child(&all, step);
    trace_report("stand-in: every map fails for a while", runs, failed, trace_result->refused);
    return failed;
}

int main(void)
{
    trace_prepare();
    size_t failed = fail_at_every_call(&once, "stand-in: the n-th map fails, for every n");
    failed += fail_at_every_call(&odd, "stand-in: the same with odd addresses");
    failed += fail_for_a_while();
    return failed == 0 ? 0 : 1;
}
