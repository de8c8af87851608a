/* Every C function that the library exports, called by the names that programs use. Run with
 * LD_PRELOAD; the functions that no header of glibc has are looked up. */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expect.h"
#include "mempool.h"

enum { KIB = 1024, MIB = 1024 * KIB };

/* Where the compiler cannot see what is asked for, and of whom, it cannot leave the call out or warn. */
static volatile size_t too_much = (size_t)PTRDIFF_MAX + 1;
static void *(*volatile resize)(void *, size_t) = realloc;
static void *(*volatile resize_array)(void *, size_t, size_t) = reallocarray;

static bool is_zero(const char *bytes, size_t count)
{
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, count - 1) == 0;
}

static void *look_up(const char *name)
{
    return dlsym(RTLD_DEFAULT, name);
}

/* --- malloc, free, calloc, realloc, reallocarray --- */

static void check_malloc(void)
{
    void (*stats_of)(struct mempool_stats *) = NULL;
    *(void **)&stats_of = look_up("mempool_stats");
    expect(stats_of != NULL, "the library is loaded");
    struct mempool_stats before;
    struct mempool_stats after;
    stats_of(&before);
    char *large = malloc(5 * MIB);
    stats_of(&after);
    expect(after.large_bytes == before.large_bytes + 5 * MIB, "malloc is the library's");
    free(large);
    char *nothing = malloc(0);
    char *nothing_too = malloc(0);
    expect(nothing != NULL && nothing != nothing_too, "malloc(0) gives an address of its own");
    free(nothing);
    free(nothing_too);
    bool aligned = true;
    for (size_t bytes = 1; bytes < 3000; bytes++) {
        char *object = malloc(bytes);
        aligned = aligned && (uintptr_t)object % (bytes <= 8 ? 8 : 16) == 0;
        memset(object, 1, bytes);
        free(object);
    }
    expect(aligned, "malloc aligns to 16");
    errno = 0;
    expect(malloc(too_much) == NULL && errno == ENOMEM, "malloc of too much is NULL and ENOMEM");
    errno = 77;
    free(NULL);
    free(malloc(20 * MIB));
    expect(errno == 77, "free keeps errno");
}

static void check_calloc(void)
{
    char *object = malloc(1000);
    memset(object, 1, 1000);
    free(object);
    object = calloc(10, 100);
    expect(object != NULL && is_zero(object, 1000), "calloc clears what was used before");
    free(object);
    errno = 0;
    expect(calloc(too_much, 2) == NULL && errno == ENOMEM,
           "calloc sees that its product overflows");
    size_t before = process_bytes("VmRSS:");
    object = calloc(512, MIB);
    size_t after = process_bytes("VmRSS:");
    expect(object != NULL && object[300 * (size_t)MIB] == 0, "calloc of 512 MiB is zero");
    expect_at_most(after - before, 2 * MIB, "and touches none of it (bytes resident)");
    free(object);
}

static void check_realloc(void)
{
    char *object = resize(NULL, 10);
    memcpy(object, "contents", 9);
    object = resize(object, 100 * KIB);
    object = resize(object, 10 * MIB);
    object = resize(object, 20);
    expect(strcmp(object, "contents") == 0, "realloc keeps contents");
    errno = 0;
    expect(resize(object, too_much) == NULL && errno == ENOMEM && strcmp(object, "contents") == 0,
           "realloc that fails leaves the object");
    expect(resize(object, 0) == NULL, "realloc to 0 frees");
    object = resize_array(NULL, 10, 10);
    memcpy(object, "contents", 9);
    errno = 0;
    expect(resize_array(object, too_much, 4) == NULL && errno == ENOMEM &&
               strcmp(object, "contents") == 0,
           "reallocarray sees that its product overflows");
    object = resize_array(object, 1000, 10);
    expect(strcmp(object, "contents") == 0, "reallocarray keeps contents");
    free(object);
}

/* --- Alignment --- */

static bool is_aligned(void *object, size_t alignment, size_t bytes)
{
    bool good = object != NULL && (uintptr_t)object % alignment == 0;
    if (good)
        memset(object, 1, bytes);
    free(object);
    return good;
}

static void check_posix_memalign(void)
{
    bool good = true;
    for (size_t alignment = sizeof(void *); alignment <= 4 * MIB; alignment *= 2) {
        void *object = NULL;
        good = good && posix_memalign(&object, alignment, 100) == 0;
        good = good && is_aligned(object, alignment, 100);
    }
    expect(good, "posix_memalign aligns to each power of two up to 4 MiB");
    void *untouched = &good;
    volatile size_t alignments[] = {0, 1, 4, 24, 100};
    good = true;
    for (size_t i = 0; i < sizeof alignments / sizeof *alignments; i++)
        good = good && posix_memalign(&untouched, alignments[i], 10) == EINVAL;
    expect(good, "posix_memalign refuses wrong alignments");
    errno = 55;
    good = posix_memalign(&untouched, 64, too_much) == ENOMEM && errno == 55 && untouched == &good;
    expect(good, "posix_memalign that fails leaves errno and the pointer");
}

static void check_alignment(void)
{
    bool good = true;
    for (size_t alignment = 1; alignment <= 4 * MIB; alignment *= 2)
        good = good && is_aligned(aligned_alloc(alignment, 200), alignment, 200) &&
               is_aligned(memalign(alignment, 5000), alignment, 5000);
    expect(good, "aligned_alloc and memalign align to each power of two up to 4 MiB");
    volatile size_t odd = 48;
    errno = 0;
    expect(aligned_alloc(odd, 96) == NULL && errno == EINVAL, "aligned_alloc refuses 48");
    expect(is_aligned(memalign(odd, 96), 64, 96), "memalign rounds 48 up to 64");
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    expect(is_aligned(valloc(10), page, 10), "valloc aligns to a page");
    expect(is_aligned(pvalloc(10), page, page), "pvalloc gives whole pages");
    check_posix_memalign();
}

/* --- What glibc has besides --- */

static void check_frees(void)
{
    void (*old_free)(void *) = NULL;
    void (*sized)(void *, size_t) = NULL;
    void (*aligned_sized)(void *, size_t, size_t) = NULL;
    *(void **)&old_free = look_up("cfree");
    *(void **)&sized = look_up("free_sized");
    *(void **)&aligned_sized = look_up("free_aligned_sized");
    expect(old_free != NULL && sized != NULL && aligned_sized != NULL,
           "cfree and free_sized are there");
    old_free(malloc(100));
    sized(malloc(100), 100);
    sized(resize(malloc(4 * MIB), 3 * MIB), 3 * MIB);
    aligned_sized(aligned_alloc(256, 512), 256, 512);
    expect(true, "cfree, free_sized and free_aligned_sized free");
}

static void check_introspection(void)
{
    char *object = malloc(1000);
    size_t usable = malloc_usable_size(object);
    expect(usable >= 1000 && malloc_usable_size(NULL) == 0, "malloc_usable_size");
    memset(object, 1, usable);
    free(object);
    struct mallinfo2 before = mallinfo2();
    object = malloc(3 * MIB);
    struct mallinfo2 after = mallinfo2();
    expect(after.uordblks == before.uordblks + 3 * MIB && after.arena >= after.uordblks &&
               after.hblkhd >= 3 * MIB,
           "mallinfo2 counts an object");
    memset(object, 1, 3 * MIB);
    free(object);
    expect(malloc_trim(0) == 1, "malloc_trim gives memory back");
    expect(malloc_trim(0) == 0, "and has no more to give at once");
    expect_at_most(process_bytes("VmRSS:"), 8 * MIB, "bytes resident after that");
    malloc_stats();
}

int main(void)
{
    check_malloc();
    check_calloc();
    check_realloc();
    check_alignment();
    check_frees();
    check_introspection();
    return 0;
}
