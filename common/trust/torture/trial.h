/* trial: one run of one suite, in a fresh folder `run` of the current one and in an environment that is the same
 * everywhere, without the library or with it. Where to read next: common/demo/run.h. */
#ifndef TORTURE_TRIAL_H
#define TORTURE_TRIAL_H

#include <stdbool.h>

#include "common/demo/run.h"

/* Work in the scratch folder's folder `name` from now on, apart from other processes. */
bool trial_enter(const char *name);

/* What it printed is left in run/. Returns false, with errno, where it could not be started. */
bool trial_run(const char *command, unsigned seconds, bool quick, bool with_library,
               struct run *out);

#endif
