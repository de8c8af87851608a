/* poison: what a free object contains while MEMPOOL_CHECK=1, so that writing to it is noticed.
 *
 *   0        8        16                        bytes - 8    bytes
 *   │ link   │ mark   │ fill fill fill fill fill │  stamp     │
 *     of the lists      POISON_BYTE                its address, scrambled
 *
 * The first two words belong to the lists that the object goes through. Objects of less than 32
 * bytes have no room for poison and are left alone. The only state is the switch, which is set while
 * there is one thread; no lock. */
#ifndef COMMON_POISON_H
#define COMMON_POISON_H

#include <stdbool.h>
#include <stddef.h>

enum { POISON_BYTE = 0xdf, POISON_LEAST_BYTES = 32 };

/* Off at first: then nothing is poisoned, and no object looks stamped. What was stamped before it was
 * switched off is not again when it is switched on. */
void poison_switch(bool on);
bool poison_is_on(void);

/* Poison an object of `bytes` bytes that is being freed. */
void poison_fill(void *object, size_t bytes);

/* Whether the object carries the stamp that poison_fill left: it is free, unless by great chance. */
bool poison_is_stamped(const void *object, size_t bytes);

/* The object is handed out again. If it is stamped, its fill must be whole: caller_bug
 * USE_AFTER_FREE with the address of the first changed byte otherwise. Removes the stamp. */
void poison_verify(void *object, size_t bytes);

/* A new object is cut where older ones may have been: remove a stamp of theirs. */
void poison_forget(void *object, size_t bytes);

/* Where spans whose last object was freed wait for a while before they go back: what is still written to
 * them meanwhile is seen when their turn comes. Takes one in and returns the one that is to leave, or
 * NULL; takes NULL too. Any thread; no lock. */
enum { POISON_WAITING_SPANS = 32 };
void *poison_wait(void *emptied);

#endif
