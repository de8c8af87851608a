/* script: a sequence of calls, in memory and as text.
 *
 *     # mempool script 1
 *     # test object_pool_property/holds_for_random_calls
 *     # seed 1
 *     # failure stage1_objectpool/tests/pool_property_test.c:40: the object … was handed out twice
 *     0 alloc slot=0 bytes=24 -> 0x7f10a4c02010
 *     0 free slot=0 -> freed
 *     0 alloc slot=1 bytes=8 -> failed
 *
 * One call a line: the thread (0 is the test's own), the operation, its arguments as name=value in
 * decimal, and behind an arrow what came of it, which is not read back. Lines that start with # say
 * where the script is from; the program that has the test runs it again with --replay FILE.
 *
 * Beside the property's operations there is `fail-below nth=2`: from here on, the second call of the
 * layer below fails, once. */
#ifndef COMMON_TESTING_PROPERTY_SCRIPT_H
#define COMMON_TESTING_PROPERTY_SCRIPT_H

#include <stdio.h>

#include "common/testing/property/property.h"

struct property_call {
    unsigned thread;
    unsigned operation; /* its place in the property's table, or just behind it: fail-below */
    uint64_t arguments[PROPERTY_MOST_ARGUMENTS];
};

struct script {
    struct property_call calls[PROPERTY_MOST_CALLS];
    size_t count;
};

const struct property_operation *script_operation(const struct property *property,
                                                  const struct property_call *call);

/* "alloc slot=0 bytes=24": one call without its thread, for people. Returns its length. */
int script_format_call(const struct property *property, const struct property_call *call,
                       char *text, size_t text_bytes);

/* Read a script; fails the test where it has no sense for this property. */
void script_read(const struct property *property, const char *file, struct script *script);

/* The test that a script is of, as SUITE/NAME; false where the file is none. */
bool script_test_name(const char *file, char *name, size_t name_bytes);

/* Write one. result(i) is what came of call i, or NULL. */
void script_write(FILE *out, const struct property *property, const struct script *script,
                  const char *failure, const char *(*result)(size_t call));

#endif
