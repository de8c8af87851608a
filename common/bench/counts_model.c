/* counts_model: how many threads each lock can bear. See counts.h.
 *
 * A thread does an operation every t ns, and for each it takes a lock a times and holds it h ns. Then T
 * threads, each with a processor of its own, keep that lock busy
 *
 *   T * a * h / t     of the time; at a half, a thread that comes meets another one there every second time
 *
 * t and a are measured. h is assumed: what the critical sections take where each line that they touch
 * (the lock's, the list's, the batch's first object) has to come from another processor. */
#include <math.h>
#include <stdio.h>

#include "common/bench/counts.h"

static const double CLASS_LOCK_NS = 300;
static const double PAGE_LOCK_NS = 500;
static const double BUSY = 0.5;
static const double CLASSES_IN_USE = 40; /* of 97, where sizes are mixed */
static const double MOST = 9999;

static double threads_until_busy(const struct counts *counts, double per_thousand, double hold_ns)
{
    double busy_of_one = per_thousand / 1000 * hold_ns / counts->nanoseconds;
    return busy_of_one == 0 ? MOST : fmin(BUSY / busy_of_one, MOST);
}

static void print_threads(double threads)
{
    if (threads >= MOST)
        printf(" %12s", "-");
    else
        printf(" %12.0f", fmax(threads, 1));
}

void counts_print_model(const struct counts *counts, size_t count)
{
    puts("\nThreads, each on a processor of its own, that keep a lock busy half of the time\n");
    printf("%-14s %8s %12s %12s %12s\n", "", "ns each", "a class's,", "of 40 sizes",
           "page cache's");
    printf("%-14s %8s %12s %12s %12s\n", "", "", "of one size", "", "");
    for (size_t row = 0; row < count; row++) {
        if (!counts[row].is_known)
            continue;
        double batches = counts[row].per_thousand[COUNT_BATCHES];
        printf("%-14s %8.0f", counts[row].row, counts[row].nanoseconds);
        print_threads(threads_until_busy(&counts[row], batches, CLASS_LOCK_NS));
        print_threads(threads_until_busy(&counts[row], batches / CLASSES_IN_USE, CLASS_LOCK_NS));
        print_threads(threads_until_busy(&counts[row], counts[row].per_thousand[COUNT_PAGE_CALLS],
                                         PAGE_LOCK_NS));
        putchar('\n');
    }
}
