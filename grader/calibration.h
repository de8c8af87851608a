/* calibration: how long the reference takes on this machine, and the limits that follow from it.
 *
 * Measured once for each build of the reference's program, and remembered in the build folder. */
#ifndef GRADER_CALIBRATION_H
#define GRADER_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

/* A limit is ten times what the reference needs of processor time, and never less than the floor;
 * of wall time it is ten times that, since the machine may be busy. */
enum { LIMIT_FACTOR = 10, WALL_FACTOR = 10 };

struct timing {
    char *name; /* of a test, or of a whole run */
    unsigned ms;
};

struct calibration {
    struct timing *timings;
    size_t count;
};

void calibration_add(struct calibration *calibration, const char *name, unsigned ms);

/* Processor seconds for `name`; `unmeasured` where there is no timing of it. */
unsigned calibration_limit(const struct calibration *calibration, const char *name, unsigned floor,
                           unsigned unmeasured);

/* Load what was measured with exactly this program file; false if nothing was. */
bool calibration_load(struct calibration *calibration, const char *file, const char *program);
void calibration_save(const struct calibration *calibration, const char *file, const char *program);

#endif
