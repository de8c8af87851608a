/* allocators: see allocators.h. */
#include "common/bench/allocators.h"

#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The peers, as Debian names their files. */
static const struct {
    const char *name;
    const char *file;
} peers[] = {
    {"jemalloc", "libjemalloc.so.2"},
    {"tcmalloc", "libtcmalloc_minimal.so.4"},
    {"mimalloc", "libmimalloc.so.2*"},
};

static const char *const folders[] = {"/usr/lib/*-linux-gnu", "/usr/lib64", "/usr/lib",
                                      "/usr/local/lib"};

static bool add(struct allocators *allocators, const char *name, const char *library)
{
    if (allocators->count == ALLOCATORS_MOST) {
        fprintf(stderr, "more than %d allocators; %s is left out\n", ALLOCATORS_MOST, name);
        return false;
    }
    struct allocator *new = &allocators->list[allocators->count++];
    snprintf(new->name, sizeof new->name, "%s", name);
    snprintf(new->library, sizeof new->library, "%s", library);
    return true;
}

static bool add_file(struct allocators *allocators, const char *name, const char *path)
{
    char absolute[PATH_MAX];
    if (realpath(path, absolute) == NULL || access(absolute, R_OK) != 0) {
        fprintf(stderr, "%s: there is no library %s\n", name, path);
        return false;
    }
    if (strpbrk(absolute, " :") != NULL) {
        fprintf(stderr, "%s: %s cannot be preloaded: blanks and colons end a name in LD_PRELOAD\n",
                name, absolute);
        return false;
    }
    return add(allocators, name, absolute);
}

static void add_peer(struct allocators *allocators, const char *name, const char *file)
{
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char pattern[256];
        glob_t found;
        snprintf(pattern, sizeof pattern, "%s/%s", folders[i], file);
        bool is_there = glob(pattern, 0, NULL, &found) == 0;
        if (is_there)
            add_file(allocators, name, found.gl_pathv[0]);
        globfree(&found);
        if (is_there)
            return;
    }
    fprintf(stderr, "%s is not installed; make deps-bench installs all peers\n", name);
}

bool allocators_find(struct allocators *allocators, const char *library)
{
    if (!add_file(allocators, "mempool", library))
        return false;
    add(allocators, "glibc", "libc.so.6");
    for (size_t i = 0; i < sizeof peers / sizeof *peers; i++)
        add_peer(allocators, peers[i].name, peers[i].file);
    return true;
}

bool allocators_add(struct allocators *allocators, const char *name_and_path)
{
    const char *equals = strchr(name_and_path, '=');
    if (equals == NULL) {
        const char *slash = strrchr(name_and_path, '/');
        return add_file(allocators, slash == NULL ? name_and_path : slash + 1, name_and_path);
    }
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)(equals - name_and_path), name_and_path);
    return add_file(allocators, name, equals + 1);
}
