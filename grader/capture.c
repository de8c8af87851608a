/* capture: see capture.h. */
#include "grader/capture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "grader/keep.h"

static void append(struct capture *capture, const char *bytes, size_t count)
{
    memcpy(capture->bytes + capture->length, bytes, count);
    capture->length += count;
    capture->bytes[capture->length] = '\0';
}

/* The first half takes what comes first, and keeps it. In the second, the end moves up when it is full. */
static void capture_add(struct capture *capture, const char *bytes, size_t count)
{
    size_t half = capture->most_bytes / 2;
    size_t end_bytes = capture->most_bytes - half;
    size_t first = capture->length < half ? half - capture->length : 0;
    capture->total += count;
    if (first > count)
        first = count;
    append(capture, bytes, first);
    bytes += first;
    count -= first;
    if (count > end_bytes) { /* more than can be kept of it */
        bytes += count - end_bytes;
        count = end_bytes;
    }
    size_t room = capture->most_bytes - capture->length;
    if (count > room) {
        size_t lost = count - room;
        memmove(capture->bytes + half, capture->bytes + half + lost, capture->length - half - lost);
        capture->length -= lost;
    }
    append(capture, bytes, count);
}

void capture_start(struct capture *capture, size_t most_bytes)
{
    *capture = (struct capture){.bytes = keep_bytes(most_bytes + 1), .most_bytes = most_bytes};
}

void capture_drain(int *fd, struct capture *capture)
{
    char bytes[4096];
    ssize_t got = 0;
    for (unsigned rounds = 0; *fd >= 0 && rounds < 64; rounds++) {
        got = read(*fd, bytes, sizeof bytes);
        if (got > 0)
            capture_add(capture, bytes, (size_t)got);
        else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
            close(*fd);
            *fd = -1;
        } else
            return;
    }
}
