/* fuzz: see fuzz.h. */
#include "grader/fuzz/fuzz.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "grader/keep.h"

int fuzz_file_open(const uint8_t *bytes, size_t count)
{
    int file = memfd_create("fuzz", MFD_CLOEXEC);
    if (file < 0 || write(file, bytes, count) != (ssize_t)count || lseek(file, 0, SEEK_SET) != 0)
        abort();
    return file;
}

const char *fuzz_file_path(int file)
{
    return keep_format("/proc/self/fd/%d", file);
}

void fuzz_file_close(int file)
{
    close(file);
    keep_free_all();
}
