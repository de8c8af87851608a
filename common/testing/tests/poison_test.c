/* poison: what free objects contain with MEMPOOL_CHECK=1. */
#include <string.h>

#include "common/poison.h"
#include "common/testing/test.h"

enum { BYTES = 128 };
static _Alignas(16) unsigned char object[BYTES];

TEST(poison, marks_a_freed_object, .invariant = "-", .section = "common", .hint = "The stamp.")
{
    poison_switch(true);
    CHECK(!poison_is_stamped(object, BYTES), "an object of zeros must not look freed");
    poison_fill(object, BYTES);
    CHECK(poison_is_stamped(object, BYTES), "a poisoned object must look freed");
    poison_verify(object, BYTES);
    CHECK(!poison_is_stamped(object, BYTES), "verify removes the stamp");
}

TEST(poison, leaves_the_lists_their_words, .invariant = "-", .section = "common",
     .hint = "The first 16 bytes are not poison's.")
{
    poison_switch(true);
    test_fill(object, 16, 3);
    poison_fill(object, BYTES);
    test_check_filled(object, 16, 3);
    test_fill(object, 16, 4);
    poison_verify(object, BYTES);
}

TEST(poison, notices_one_changed_byte, .invariant = "-", .section = "common",
     .hint = "The address of that byte is announced.")
{
    poison_switch(true);
    poison_fill(object, BYTES);
    object[77] ^= 1;
    test_expect_caller_bug(CALLER_BUG_USE_AFTER_FREE, object + 77);
    poison_verify(object, BYTES);
}

TEST(poison, leaves_small_objects_alone, .invariant = "-", .section = "common",
     .hint = "Less than 32 bytes have no room.")
{
    poison_switch(true);
    for (size_t bytes = 8; bytes < POISON_LEAST_BYTES; bytes += 8) {
        test_fill(object, BYTES, bytes);
        poison_fill(object, bytes);
        test_check_filled(object, BYTES, bytes);
        CHECK(!poison_is_stamped(object, bytes), "%zu bytes have no room for a stamp", bytes);
    }
}

TEST(poison, forgets_a_stamp, .invariant = "-", .section = "common",
     .hint = "What is cut anew is no freed object.")
{
    poison_switch(true);
    poison_fill(object, BYTES);
    poison_forget(object, BYTES);
    CHECK(!poison_is_stamped(object, BYTES), "poison_forget removes the stamp");
}

TEST(poison, does_nothing_while_switched_off, .invariant = "-", .section = "common",
     .hint = "Off, it must not even look.")
{
    test_fill(object, BYTES, 5);
    poison_fill(object, BYTES);
    poison_verify(object, BYTES);
    poison_forget(object, BYTES);
    test_check_filled(object, BYTES, 5);
}

TEST(poison, leaves_no_stamp_that_counts_when_switched_off, .invariant = "-", .section = "common",
     .hint = "Nobody removes the stamp of what is handed out meanwhile.")
{
    poison_switch(true);
    poison_fill(object, BYTES);
    poison_switch(true);
    CHECK(poison_is_stamped(object, BYTES), "on already: what is stamped stays so");
    poison_switch(false);
    CHECK(!poison_is_stamped(object, BYTES), "switched off, nothing looks freed");
    poison_switch(true);
    CHECK(!poison_is_stamped(object, BYTES), "on again, an old stamp says nothing");
}
