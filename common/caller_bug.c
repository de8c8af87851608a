/* caller_bug for real programs: one write(2) to stderr, then abort().
 *
 * The heap may be damaged and locks may be held, so nothing here allocates, locks or uses stdio. */
#include "common/caller_bug.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *append(char *at, const char *text)
{
    size_t length = strlen(text);
    memcpy(at, text, length);
    return at + length;
}

static char *append_hex(char *at, uintptr_t value)
{
    at = append(at, "0x");
    int shift = 60;
    while (shift > 0 && (value >> shift) == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *at++ = "0123456789abcdef"[(value >> shift) & 0xf];
    return at;
}

_Noreturn void caller_bug(enum caller_bug_kind kind, const void *address)
{
    char line[128];
    char *at = append(line, "mempool: ");
    at = append_hex(at, (uintptr_t)address);
    at = append(at, ": ");
    at = append(at, caller_bug_text(kind));
    at = append(at, "\n");
    ssize_t ignored = write(STDERR_FILENO, line, (size_t)(at - line));
    (void)ignored;
    abort();
}
