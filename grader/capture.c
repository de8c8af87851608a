/* capture: see capture.h. */
#include "grader/capture.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "grader/keep.h"

/* The end moves up in the second half when the whole is full. */
static void capture_add(struct capture *capture, const char *bytes, size_t count)
{
    size_t half = capture->most_bytes / 2;
    capture->total += count;
    if (count > half) { /* more than can be kept of it */
        bytes += count - half;
        count = half;
    }
    size_t room = capture->most_bytes - capture->length;
    if (count > room) {
        size_t lost = count - room;
        memmove(capture->bytes + half, capture->bytes + half + lost, capture->length - half - lost);
        capture->length -= lost;
    }
    memcpy(capture->bytes + capture->length, bytes, count);
    capture->length += count;
    capture->bytes[capture->length] = '\0';
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
