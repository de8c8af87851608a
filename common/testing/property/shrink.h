/* shrink: makes a failing script as short as it can and its numbers as small, by trying. */
#ifndef COMMON_TESTING_PROPERTY_SHRINK_H
#define COMMON_TESTING_PROPERTY_SHRINK_H

#include "common/testing/property/property_run.h"

/* `script` failed with `outcome`; both become those of the shortest script found. */
void shrink(const struct property *property, struct script *script,
            struct property_outcome *outcome);

#endif
