/* The objects of the central cache's stand-in: each is a block of its own from libc, so that Valgrind
 * and AddressSanitizer know where it ends.
 *
 *   places    address, hashed ──▶ number of a record             number 0 is none
 *   records   object, its class, out or back, the next one that is back
 *   shelves   for each class: the objects that are back, handed out again oldest first
 *
 * No link is kept inside an object that is back: its memory is out of bounds then, for Valgrind and
 * AddressSanitizer too, and a hash of its first bytes tells whether anybody wrote to it.
 * No lock: the stand-in guards the table. */
#ifndef STAGE2_THREADCACHE_OBJECT_TABLE_H
#define STAGE2_THREADCACHE_OBJECT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record {
    char *object;
    uint64_t left_as; /* hash of its first bytes when it came back */
    uint32_t newer;   /* the record that came back after this one */
    unsigned char class_id;
    bool is_out;
};

/* The record of an object that starts at `object`; NULL for any other address. */
struct record *object_table_find(const void *object);

/* The object of the class that is back for longest, or a new one; it is out from now on. */
struct record *object_table_hand_out(unsigned class_id);

/* The object is back, and nobody's to touch. */
void object_table_take_back(struct record *record);

/* Change byte `at` of an object that is back. */
void object_table_spoil(struct record *record, size_t at);

#endif
