/* property_run: runs one script, here or in a forked child, and keeps what came of each call. */
#ifndef COMMON_TESTING_PROPERTY_PROPERTY_RUN_H
#define COMMON_TESTING_PROPERTY_PROPERTY_RUN_H

#include "common/testing/property/script.h"

struct property_outcome {
    enum test_outcome outcome;
    size_t calls_begun; /* the last of them is where it failed */
    char message[600];
};

/* Run the script in a child that never used the layer before. */
struct property_outcome property_try(const struct property *property, const struct script *script);

/* Run it in this process; returns only if all went well. With `aloud`, each call is printed. */
void property_run_here(const struct property *property, const struct script *script, bool aloud);

/* What came of call `i` in the script that ran last: NULL if it did not come to it. */
const char *property_last_result(size_t i);

/* How many calls of the layer below there were by the end of call `i`, where the property counts them. */
size_t property_calls_below(size_t i);

/* Whether that call was left out as senseless. */
bool property_was_skipped(size_t i);

#endif
