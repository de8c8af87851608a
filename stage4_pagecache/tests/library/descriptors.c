/* descriptors FILE: writes a word to FILE after it gave every free descriptor below 600 to it, those that it did
 * not open itself too. Run with LD_PRELOAD and MEMPOOL_STATS=1: the table must not get into FILE. */
#include <fcntl.h>
#include <unistd.h>

#include "expect.h"

int main(int count, char **arguments)
{
    enum { OTHERS = 3, MOST = 600 };
    for (int descriptor = OTHERS; descriptor < MOST; descriptor++)
        close(descriptor);
    int file = count == 2 ? open(arguments[1], O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0644) : -1;
    bool good = file >= 0 && write(file, "payload\n", 8) == 8;
    for (int copy = file; copy >= 0 && copy < MOST;)
        copy = dup(file);
    return good ? 0 : 1;
}
