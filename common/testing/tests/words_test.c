/* What tests say, where a count is 1. */
#include <stdio.h>
#include <string.h>

#include "common/testing/test.h"

TEST(words, have_no_s_where_there_is_one, .invariant = "-", .section = "common",
     .hint = "Only whole numbers, and only words for what the tests count.")
{
    static const char *const pairs[][2] = {
        {"1 bytes", "1 byte"},
        {"got 1 pages, expected 11 pages", "got 1 page, expected 11 pages"},
        {"1 calls for 1 objects", "1 call for 1 object"},
        {"0.1 bytes, 21 bytes, 1 byte", "0.1 bytes, 21 bytes, 1 byte"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char text[100];
        snprintf(text, sizeof text, "%s", pairs[i][0]);
        test_make_singular(text);
        CHECK(strcmp(text, pairs[i][1]) == 0, "expected \"%s\", got \"%s\"", pairs[i][1], text);
    }
}
