/* pair: one size, taken and given back at once.
 *
 * Stands for the buffer that a function needs while it runs: what every allocator must do best. */
#include "common/bench/workload.h"

enum { OBJECT_BYTES = 64, PAIRS = 40000000 };

int main(int count, char **arguments)
{
    workload_start(count, arguments);
    size_t pairs = workload_times(PAIRS);
    for (size_t i = 0; i < pairs; i++)
        free(take(OBJECT_BYTES));
    return workload_end(pairs);
}
