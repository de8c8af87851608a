/* shrink: delta debugging (Zeller and Hildebrandt, 2002) over the calls, then over their arguments.
 *
 *   1. cut off what comes after the failure, and what was skipped;
 *   2. leave out half of the calls, then quarters, … then single ones, whatever still fails without;
 *      start over until nothing can be left out;
 *   3. move calls to thread 0; make arguments 0, all that are equal together; halve the others;
 *   4. number the slots 0, 1, … in the order in which they come.
 *
 * Each attempt is a run in a child. Any failure counts, also another one than at first: a shorter
 * way to break the code is always welcome. */
#include "common/testing/property/shrink.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* What hangs is waited for, so it uses up what there is for trials sooner; so does what is slow. */
enum { MOST_TRIALS = 1000, TRIALS_OF_A_HANG = 400, MOST_CPU_SECONDS = 6 };

struct search {
    const struct property *property;
    struct script *script;
    struct property_outcome *outcome;
    size_t trials;
    time_t cpu_seconds_at_first;
};

static bool has_hung(const struct property_outcome *outcome)
{
    return strstr(outcome->message, strsignal(SIGALRM)) != NULL ||
           strstr(outcome->message, strsignal(SIGXCPU)) != NULL;
}

static time_t cpu_seconds_of_children(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec;
}

/* Take the candidate over if it fails as well. */
static bool accept(struct search *search, const struct script *candidate)
{
    if (cpu_seconds_of_children() - search->cpu_seconds_at_first > MOST_CPU_SECONDS)
        search->trials = MOST_TRIALS;
    if (search->trials++ >= MOST_TRIALS)
        return false;
    struct property_outcome outcome = property_try(search->property, candidate);
    if (outcome.outcome != TEST_FAILED)
        return false;
    if (has_hung(&outcome))
        search->trials += TRIALS_OF_A_HANG;
    *search->script = *candidate;
    *search->outcome = outcome;
    return true;
}

static void leave_out(struct script *script, size_t first, size_t count)
{
    memmove(&script->calls[first], &script->calls[first + count],
            (script->count - first - count) * sizeof *script->calls);
    script->count -= count;
}

/* The script ran last, so it is known which of its calls were skipped. */
static void drop_skipped(struct search *search)
{
    static struct script candidate;
    candidate = *search->script;
    if (candidate.count > search->outcome->calls_begun)
        candidate.count = search->outcome->calls_begun;
    for (size_t i = candidate.count; i-- > 0;)
        if (property_was_skipped(i))
            leave_out(&candidate, i, 1);
    accept(search, &candidate);
}

/* Returns whether anything could be left out in pieces of that size. */
static bool drop_pieces(struct search *search, size_t piece)
{
    static struct script candidate;
    bool is_shorter = false;
    for (size_t first = search->script->count; first > 0;) {
        first = first > piece ? first - piece : 0;
        candidate = *search->script;
        size_t count = candidate.count - first < piece ? candidate.count - first : piece;
        leave_out(&candidate, first, count);
        is_shorter |= accept(search, &candidate);
    }
    return is_shorter;
}

static void drop_calls(struct search *search)
{
    bool is_shorter = true;
    while (is_shorter && search->trials < MOST_TRIALS) {
        is_shorter = false;
        for (size_t piece = (search->script->count + 1) / 2; piece > 0; piece /= 2)
            is_shorter |= drop_pieces(search, piece);
    }
}

/* 0 if that will do; else halves, then one less at a time for a while. */
static void lower(struct search *search, size_t call, size_t argument)
{
    enum { MOST_SINGLE_STEPS = 8 };
    static struct script candidate;
    unsigned single_steps = 0;
    uint64_t step = search->script->calls[call].arguments[argument];
    while (step > 0 && search->script->calls[call].arguments[argument] != 0) {
        candidate = *search->script;
        uint64_t *number = &candidate.calls[call].arguments[argument];
        *number = *number > step ? *number - step : 0;
        if (!accept(search, &candidate))
            step /= 2;
        else if (step == 1 && ++single_steps == MOST_SINGLE_STEPS)
            break;
    }
}

static bool is_slot(const struct property *property, const struct property_call *call, size_t i)
{
    const char *name = script_operation(property, call)->arguments[i].name;
    return name != NULL && strcmp(name, "slot") == 0;
}

static void lower_arguments(struct search *search)
{
    for (size_t call = 0; call < search->script->count; call++)
        for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS; i++)
            if (!is_slot(search->property, &search->script->calls[call], i))
                lower(search, call, i);
}

/* Numbers that mean the same thing, such as which of three pools, must change together. */
static void zero_together(struct search *search, const char *name, uint64_t number)
{
    static struct script candidate;
    candidate = *search->script;
    for (size_t call = 0; call < candidate.count; call++)
        for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS; i++) {
            const char *other =
                script_operation(search->property, &candidate.calls[call])->arguments[i].name;
            if (other != NULL && strcmp(other, name) == 0 &&
                candidate.calls[call].arguments[i] == number)
                candidate.calls[call].arguments[i] = 0;
        }
    accept(search, &candidate);
}

static void zero_arguments(struct search *search)
{
    for (size_t call = 0; call < search->script->count; call++)
        for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS; i++) {
            const struct property_call *at = &search->script->calls[call];
            const char *name = script_operation(search->property, at)->arguments[i].name;
            if (name != NULL && at->arguments[i] != 0 && !is_slot(search->property, at, i))
                zero_together(search, name, at->arguments[i]);
        }
}

static void use_one_thread(struct search *search)
{
    static struct script candidate;
    for (size_t call = 0; call < search->script->count; call++) {
        candidate = *search->script;
        if (candidate.calls[call].thread == 0)
            continue;
        candidate.calls[call].thread = 0;
        accept(search, &candidate);
    }
}

static void renumber_slots(struct search *search)
{
    static struct script candidate;
    uint64_t old_numbers[PROPERTY_MOST_CALLS * PROPERTY_MOST_ARGUMENTS];
    size_t count = 0;
    candidate = *search->script;
    for (size_t call = 0; call < candidate.count; call++)
        for (size_t i = 0; i < PROPERTY_MOST_ARGUMENTS; i++) {
            if (!is_slot(search->property, &candidate.calls[call], i))
                continue;
            uint64_t *number = &candidate.calls[call].arguments[i];
            size_t place = 0;
            while (place < count && old_numbers[place] != *number)
                place++;
            if (place == count)
                old_numbers[count++] = *number;
            *number = place;
        }
    accept(search, &candidate);
}

void shrink(const struct property *property, struct script *script,
            struct property_outcome *outcome)
{
    struct search search = {property, script, outcome, 0, cpu_seconds_of_children()};
    drop_skipped(&search);
    drop_calls(&search);
    use_one_thread(&search);
    zero_arguments(&search);
    drop_calls(&search);
    lower_arguments(&search);
    drop_calls(&search);
    renumber_slots(&search);
    /* The notes are to be those of the script that is shown. */
    struct property_outcome last = property_try(property, script);
    if (last.outcome == TEST_FAILED)
        *outcome = last;
}
