/* outcome: see outcome.h. */
#include "common/trust/torture/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

enum { MOST_TEXT = 3 * 4096, LINES_SHOWN = 8 };

static const char *log_suffix(const struct outcome *outcome)
{
    return outcome->again ? ".again" : "";
}

void outcome_keep_logs(const struct outcome *outcome, const char *logs, const char *name,
                       const char *which)
{
    char command[MOST_TEXT];
    const char *suffix = log_suffix(outcome);
    snprintf(
        command, sizeof command,
        "cp -f run/result '%s/%s%s.%s'; cp -f run/errors '%s/%s%s.%s.errors'; cp -f run/result %s",
        logs, name, suffix, which, logs, name, suffix, which, which);
    if (system(command) != 0)
        fprintf(stderr, "torture: logs of %s could not be kept\n", name);
}

static void show_difference(const struct outcome *outcome, const char *logs, const char *name)
{
    char command[MOST_TEXT];
    snprintf(command, sizeof command, "diff without with | grep '^[<>]' | head -n %d", LINES_SHOWN);
    fflush(stdout);
    if (system(command) == 0)
        printf("  (< without the library, > with it; all of it in %s/%s%s.*)\n", logs, name,
               log_suffix(outcome));
}

static const char *end_text(const struct run *run, char *text, size_t text_bytes)
{
    if (run->end == RUN_TOOK_LONG)
        return "took too long";
    if (WIFSIGNALED(run->wait_status))
        snprintf(text, text_bytes, "signal %d", WTERMSIG(run->wait_status));
    else
        snprintf(text, text_bytes, "status %d", WEXITSTATUS(run->wait_status));
    return text;
}

static const char *verdict_of(const struct outcome *outcome)
{
    if (outcome->same)
        return outcome->again ? "the same at 2nd try" : "the same";
    return outcome->again ? "DIFFERENT" : "different: once more";
}

void outcome_report(const struct outcome *outcome, const char *logs, const char *name)
{
    char without[32];
    char with[32];
    printf("%-10s %-20s %7zu %10.1f %8.1f   %s, %s%s\n", name, verdict_of(outcome), outcome->lines,
           outcome->without.cpu_seconds, outcome->with.cpu_seconds,
           end_text(&outcome->without, without, sizeof without),
           end_text(&outcome->with, with, sizeof with),
           outcome->quick ? "; quick, for want of time" : "");
    if (!outcome->same)
        show_difference(outcome, logs, name);
    fflush(stdout);
}
