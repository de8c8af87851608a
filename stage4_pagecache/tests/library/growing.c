/* growing: large buffers grow by realloc, many times and in turns, so that nearly each has to move; every page
 * says whose it is, and how far into it. Then the same where the kernel can hardly split a mapping any more:
 * as many lie there as one process may have. Run with LD_PRELOAD. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "expect.h"

enum {
    MIB = 1024 * 1024,
    BUFFERS = 8,
    STEP_BYTES = 4096, /* between two marks */
    MOST_BYTES = 24 * MIB,
    MOST_MAPPINGS = 200000, /* a limit above this is not worth coming near to */
};

static struct buffer {
    unsigned *start;
    size_t bytes;
} buffers[BUFFERS];

static unsigned *word_at(const struct buffer *buffer, size_t at)
{
    return buffer->start + at / sizeof(unsigned);
}

static unsigned mark_of(const struct buffer *buffer, size_t at)
{
    return (unsigned)(buffer - buffers + 1) << 24 | (unsigned)(at / STEP_BYTES);
}

static bool is_whole(const struct buffer *buffer, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += STEP_BYTES)
        if (*word_at(buffer, at) != mark_of(buffer, at))
            return false;
    return true;
}

/* Where it cannot grow it stays as it is. Returns whether nothing of it is lost. */
static bool grow(struct buffer *buffer, size_t bytes)
{
    size_t kept = buffer->bytes;
    unsigned *grown = realloc(buffer->start, bytes);
    if (grown != NULL) {
        buffer->start = grown;
        buffer->bytes = bytes;
    }
    if (!is_whole(buffer, kept))
        return false;
    for (size_t at = (kept + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES; at < buffer->bytes;
         at += STEP_BYTES)
        *word_at(buffer, at) = mark_of(buffer, at);
    return true;
}

static void forget_all(void)
{
    for (size_t i = 0; i < BUFFERS; i++) {
        free(buffers[i].start);
        buffers[i] = (struct buffer){0};
    }
}

static void check_growing_in_turns(void)
{
    bool good = true;
    for (size_t bytes = MIB; bytes < MOST_BYTES; bytes += bytes / 2)
        for (size_t i = 0; i < BUFFERS; i++)
            good = good && grow(&buffers[i], bytes + i * bytes / 7);
    for (size_t i = 0; i < BUFFERS; i++)
        good =
            good && buffers[i].bytes >= MOST_BYTES / 2 && is_whole(&buffers[i], buffers[i].bytes);
    expect(good, "eight buffers that grow from one to many megabytes by turns keep their contents");
    forget_all();
}

static size_t mapping_limit(void)
{
    unsigned long limit = MOST_MAPPINGS + 1;
    FILE *file = fopen("/proc/sys/vm/max_map_count", "r");
    if (file == NULL)
        return limit;
    if (fscanf(file, "%lu", &limit) != 1)
        limit = MOST_MAPPINGS + 1;
    fclose(file);
    return limit;
}

/* Every other page of one mapping gets another protection, until the kernel refuses. Returns how many did. */
static size_t split_until_refused(char *start, size_t pages, size_t page_bytes)
{
    size_t split = 0;
    while (2 * split < pages &&
           mprotect(start + 2 * split * page_bytes, page_bytes, PROT_NONE) == 0)
        split++;
    return split;
}

/* In a child of its own, since a pool that is wrong about this ends by a signal. */
static bool grows_in_a_child(struct buffer *buffer)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        _exit(!grow(buffer, buffer->bytes + buffer->bytes / 2));
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* A buffer that has moved often lies on many mappings of the kernel's, if the pool lets it. It grows again with
 * none left, and with two more each time. */
static void check_growing_at_the_limit(void)
{
    size_t limit = mapping_limit();
    if (limit > MOST_MAPPINGS)
        return;
    bool good = true;
    for (size_t bytes = MIB; bytes < MOST_BYTES / 2; bytes += bytes / 2)
        good = good && grow(&buffers[0], bytes);
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = limit + limit / 8;
    char *start = mmap(NULL, pages * page_bytes, PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    size_t split = start == MAP_FAILED ? 0 : split_until_refused(start, pages, page_bytes);
    for (size_t i = 0; i < 8 && i < split; i++) {
        good = good && grows_in_a_child(&buffers[0]);
        (void)mprotect(start + 2 * (split - 1 - i) * page_bytes, page_bytes, PROT_READ);
    }
    (void)munmap(start, pages * page_bytes);
    expect(good, "a buffer keeps its contents when it grows where the process has nearly as many "
                 "mappings as it may");
    forget_all();
}

int main(void)
{
    check_growing_at_the_limit();
    check_growing_in_turns();
    return 0;
}
