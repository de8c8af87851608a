/* borders: every allocating function with sizes and alignments round each border there is. What cannot be had
 * is NULL and ENOMEM (posix_memalign: returned), and nothing is lost by it. Run with LD_PRELOAD. */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"
#include "mempool.h"

enum { KIB = 1024, MIB = 1024 * KIB };

/* Where the compiler cannot see what is asked for, it cannot leave the call out or warn. */
static void *(*volatile take)(size_t) = malloc;
static void *(*volatile take_zeroed)(size_t, size_t) = calloc;
static void *(*volatile resize)(void *, size_t) = realloc;
static void *(*volatile resize_array)(void *, size_t, size_t) = reallocarray;
static void *(*volatile take_aligned)(size_t, size_t) = aligned_alloc;
static void *(*volatile take_memalign)(size_t, size_t) = memalign;
static void *(*volatile take_valloc)(size_t) = valloc;
static void *(*volatile take_pvalloc)(size_t) = pvalloc;

/* --- What can be had: the sizes round each border, used to the last byte --- */

static bool is_whole(char *object, size_t bytes)
{
    if (object == NULL || malloc_usable_size(object) < bytes)
        return false;
    memset(object, 0x5a, bytes);
    bool good = bytes == 0 || (object[0] == 0x5a && object[bytes - 1] == 0x5a);
    free(object);
    return good;
}

static bool works_with_size(size_t bytes)
{
    return is_whole(take(bytes), bytes) && is_whole(take_zeroed(1, bytes), bytes) &&
           is_whole(resize(take(bytes / 2), bytes == 0 ? 1 : bytes), bytes) &&
           is_whole(resize_array(NULL, 1, bytes), bytes) &&
           is_whole(take_aligned(64, bytes), bytes) &&
           is_whole(take_memalign(8 * KIB, bytes), bytes) && is_whole(take_valloc(bytes), bytes) &&
           is_whole(take_pvalloc(bytes), bytes);
}

static void check_small_borders(void)
{
    static const size_t borders[] = {0,       8,       16,       24,       128,       1 * KIB,
                                     4 * KIB, 8 * KIB, 32 * KIB, 64 * KIB, 256 * KIB, 264 * KIB,
                                     1 * MIB, 2 * MIB, 16 * MIB, 64 * MIB};
    bool good = true;
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        for (size_t bytes = borders[i] < 2 ? 0 : borders[i] - 2; bytes <= borders[i] + 2; bytes++)
            good = good && works_with_size(bytes);
    expect(good, "sizes round every border are whole");
    for (size_t bytes = 120; bytes < 280 * KIB; bytes += bytes / 8) /* class borders lie close by */
        for (size_t close = bytes - 1; close <= bytes + 1; close++)
            good = good && works_with_size(close);
    expect(good, "and so are those round the size classes");
}

/* --- What cannot --- */

static size_t refused;
static size_t asked;

static void count_refusal(void *object)
{
    asked++;
    refused += object == NULL && errno == ENOMEM;
    errno = 0;
}

static void ask_for(size_t bytes)
{
    count_refusal(take(bytes));
    count_refusal(take_zeroed(bytes, 1));
    count_refusal(take_zeroed(1, bytes));
    count_refusal(take_aligned(16, bytes));
    count_refusal(take_memalign(4096, bytes));
    count_refusal(take_valloc(bytes));
    count_refusal(take_pvalloc(bytes));
    count_refusal(resize_array(NULL, bytes, 1));
    void *untouched = &refused;
    errno = posix_memalign(&untouched, 4096, bytes);
    count_refusal(untouched == &refused ? NULL : untouched);
}

static void check_impossible_sizes(void)
{
    static const size_t borders[] = {
        (size_t)PTRDIFF_MAX, SIZE_MAX - 16 * KIB,           SIZE_MAX - 8 * KIB,
        SIZE_MAX - 4 * KIB,  (size_t)PTRDIFF_MAX - 8 * KIB, SIZE_MAX - 3};
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        for (size_t bytes = borders[i] - 3; bytes <= borders[i] + 3 && bytes > borders[i] - 4;
             bytes++)
            ask_for(bytes);
    for (unsigned shift = 48; shift < 64; shift++)
        ask_for((size_t)1 << shift);
    expect(refused == asked, "sizes that cannot be are NULL and ENOMEM");
}

static void check_products(void)
{
    static const size_t factors[][2] = {
        {SIZE_MAX, 2},
        {2, SIZE_MAX},
        {SIZE_MAX / 2 + 1, 2},
        {(size_t)1 << 32, (size_t)1 << 32},
        {((size_t)1 << 32) + 1, (size_t)1 << 32},
        {SIZE_MAX, SIZE_MAX},
        {SIZE_MAX / 3 + 1, 3},
        {(size_t)PTRDIFF_MAX, 1},
    };
    char *kept = take(100);
    memcpy(kept, "kept", 5);
    asked = 0;
    refused = 0;
    for (size_t i = 0; i < sizeof factors / sizeof *factors; i++) {
        count_refusal(take_zeroed(factors[i][0], factors[i][1]));
        count_refusal(resize_array(kept, factors[i][0], factors[i][1]));
        count_refusal(resize_array(NULL, factors[i][0], factors[i][1]));
    }
    count_refusal(resize(kept, SIZE_MAX));
    count_refusal(resize(kept, (size_t)PTRDIFF_MAX + 1));
    expect(refused == asked, "products that overflow are NULL and ENOMEM");
    expect(strcmp(kept, "kept") == 0, "and what was to grow is as it was");
    free(kept);
    expect(is_whole(take_zeroed(0, SIZE_MAX), 0) && is_whole(take_zeroed(SIZE_MAX, 0), 0),
           "nothing times anything is nothing");
}

static void check_alignments(void)
{
    asked = 0;
    refused = 0;
    for (unsigned shift = 50; shift < 64; shift++) {
        count_refusal(take_aligned((size_t)1 << shift, 1));
        count_refusal(take_aligned((size_t)1 << shift, (size_t)1 << shift));
        count_refusal(take_memalign((size_t)1 << shift, SIZE_MAX));
    }
    count_refusal(take_memalign(SIZE_MAX, 1));
    count_refusal(take_aligned(1 << 20, SIZE_MAX - (1 << 20)));
    expect(refused == asked, "alignments that cannot be are NULL and ENOMEM");
    bool good = true;
    for (unsigned shift = 0; shift <= 24; shift++) {
        size_t alignment = (size_t)1 << shift;
        char *object = take_aligned(alignment, alignment + 1);
        good = good && (uintptr_t)object % alignment == 0 && is_whole(object, alignment + 1);
    }
    expect(good, "alignments up to 16 MiB can");
}

int main(void)
{
    unsigned (*check)(void) = NULL;
    void (*stats_of)(struct mempool_stats *) = NULL;
    *(void **)&check = dlsym(RTLD_DEFAULT, "mempool_check");
    *(void **)&stats_of = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (check == NULL || stats_of == NULL) {
        expect(false, "usage: LD_PRELOAD=libmempool.so borders");
        return 2;
    }
    check_small_borders();
    struct mempool_stats before;
    struct mempool_stats after;
    stats_of(&before);
    check_impossible_sizes();
    check_products();
    check_alignments();
    stats_of(&after);
    expect(after.large_bytes == before.large_bytes, "no large object is lost on the way");
    expect(check() == 0, "all invariants hold after that");
    return 0;
}
