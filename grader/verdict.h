/* verdict: what a test's process has to say, and what we believe of it.
 *
 * A line of the report is
 *     token TAB verdict TAB pid TAB suite/name TAB message NEWLINE
 * with a secret token that only the test's own process was given. The test passed if and only if its
 * process sent PASSED with that token *and* then ended with status 0. Whatever else happens is
 * named by what can be seen from outside: a signal, an expired limit, or an early end. */
#ifndef GRADER_VERDICT_H
#define GRADER_VERDICT_H

#include <sys/types.h>

#include "grader/process.h"
#include "grader/results.h"

enum { TOKEN_LENGTH = 32 };

/* A new token: 128 random bits as hexadecimal digits. */
char *verdict_token(void);

enum verdict_kind {
    VERDICT_STARTED,
    VERDICT_PASSED,
    VERDICT_FAILED,
    VERDICT_NOT_DONE,
    VERDICT_COUNT
};

struct verdict {
    enum verdict_kind kind;
    pid_t pid;
    char *name;
    char *message;
};

/* Of a VERDICT_COUNT: the number, and what was counted (kept). */
double verdict_count(const struct verdict *verdict, char **what);

/* The verdicts in a report, in order; lines without the token, or not as above, are passed over.
 * Sets `verdicts` (kept) and returns their count. */
size_t verdict_parse(const char *report, const char *token, struct verdict **verdicts);

/* How the test `name`, alone in its process, ended. `exit_passed` is a second exit status besides 0
 * that a passed test may have (ThreadSanitizer sets it after a race), or 0. `phase` is named where a
 * limit expired. Sets `message` (kept), NULL if there is nothing to say. */
enum status verdict_judge(const struct process *process, const char *name, int exit_passed,
                          const char *phase, char **message);

#endif
