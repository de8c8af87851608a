/* guards: all that the pool knows lies between pages that cannot be accessed. Looks at the map of its own
 * process: the regions with such a page at both ends are as many bytes as the pool says it has for its
 * records and its page map. Run with LD_PRELOAD. */
#include <dlfcn.h>
#include <stdlib.h>

#include "expect.h"
#include "mempool.h"

enum { KIB = 1024, CHUNK_BYTES = 128 * KIB, LEAF_BYTES = 9 << 18, COUNT = 3000 };

struct mapping {
    size_t start;
    size_t end;
    bool is_guard;
};

/* Regions of other lengths are not the pool's, or are data that happen to lie between two guards. */
static bool is_guarded_record(const struct mapping last[3])
{
    size_t bytes = last[1].end - last[1].start;
    return last[0].is_guard && !last[1].is_guard && last[2].is_guard &&
           last[0].end == last[1].start && last[1].end == last[2].start &&
           (bytes == CHUNK_BYTES || bytes == LEAF_BYTES);
}

static size_t guarded_bytes(void)
{
    char line[512];
    struct mapping last[3] = {{0}};
    size_t bytes = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        char access[5] = "";
        last[0] = last[1];
        last[1] = last[2];
        if (sscanf(line, "%zx-%zx %4s", &last[2].start, &last[2].end, access) != 3)
            continue;
        last[2].is_guard = strcmp(access, "---p") == 0;
        if (is_guarded_record(last))
            bytes += last[1].end - last[1].start;
    }
    if (maps != NULL)
        fclose(maps);
    return bytes;
}

static size_t metadata_bytes(void)
{
    struct mempool_stats stats = {0};
    void (*stats_of)(struct mempool_stats *) = NULL;
    *(void **)&stats_of = dlsym(RTLD_DEFAULT, "mempool_stats");
    if (stats_of != NULL)
        stats_of(&stats);
    return stats.metadata_bytes;
}

/* A span for each object, so their records take more than a chunk. */
int main(void)
{
    static void *objects[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        objects[i] = malloc(300 * KIB);
    size_t guarded = guarded_bytes();
    size_t metadata = metadata_bytes();
    char line[100];
    expect(metadata > LEAF_BYTES + CHUNK_BYTES,
           "there is a leaf and more than one chunk of records");
    snprintf(line, sizeof line, "%zu bytes of records lie between guards, of %zu", guarded,
             metadata);
    expect(guarded == metadata, line);
    for (size_t i = 0; i < COUNT; i++)
        free(objects[i]);
    return 0;
}
