/* progress: see progress.h. */
#include "grader/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "grader/keep.h"
#include "grader/process.h"
#include "grader/stages.h"

enum { BAR_WIDTH = 30 };

static struct {
    char stage[16];
    const char *phase;
    long long started_ms;
} current;

static bool on_terminal(void)
{
    return isatty(STDOUT_FILENO) == 1;
}

static double elapsed(void)
{
    return (double)(now_ms() - current.started_ms) / 1000;
}

void progress_start(const struct stage *stage, const char *phase)
{
    if (stage == NULL)
        snprintf(current.stage, sizeof current.stage, "all    ");
    else
        snprintf(current.stage, sizeof current.stage, "stage %u", stage->number);
    current.phase = phase;
    current.started_ms = now_ms();
    progress_step(0, 1);
}

void progress_step(size_t done, size_t total)
{
    if (!on_terminal() || total == 0)
        return;
    char bar[BAR_WIDTH + 1] = {0};
    for (size_t i = 0; i < BAR_WIDTH; i++)
        bar[i] = i < done * BAR_WIDTH / total ? '#' : '.';
    printf("\r\033[K  %s  %-10s [%s] %5.1f s", current.stage, current.phase, bar, elapsed());
    fflush(stdout);
}

void progress_count(struct process *process, void *context)
{
    (void)process;
    struct progress_steps *steps = context;
    steps->done++;
    progress_step(steps->done, steps->total);
}

void progress_end(const char *outcome, ...)
{
    va_list arguments;
    va_start(arguments, outcome);
    const char *text = keep_vformat(outcome, arguments);
    va_end(arguments);
    printf("%s  %s  %-10s %-46s %5.1f s\n", on_terminal() ? "\r\033[K" : "", current.stage,
           current.phase, text, elapsed());
    fflush(stdout);
}
