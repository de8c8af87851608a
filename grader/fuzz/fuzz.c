/* fuzz: see fuzz.h. */
#include "grader/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "grader/keep.h"

enum { MOST_PATH = 100 };

int fuzz_file_open(const uint8_t *bytes, size_t count)
{
    char name[] = "/dev/shm/grade-fuzz-XXXXXX";
    int file = mkostemp(name, O_CLOEXEC);
    if (file < 0 || write(file, bytes, count) != (ssize_t)count || lseek(file, 0, SEEK_SET) != 0)
        abort();
    return file;
}

const char *fuzz_file_path(int file)
{
    char *path = keep_bytes(MOST_PATH + 1);
    if (readlink(keep_format("/proc/self/fd/%d", file), path, MOST_PATH) < 0)
        abort();
    return path;
}

void fuzz_file_close(int file)
{
    unlink(fuzz_file_path(file));
    close(file);
    keep_free_all();
}
