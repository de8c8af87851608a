/* The key that links are stored under: see free_list.h. */
#include "common/free_list.h"

#include <stdbool.h>
#include <sys/auxv.h>

uintptr_t free_list_key;

/* Two sets of bits that no address of a program has, where addresses are of 48 to 57 bits, the second
 * for processors that look away from the highest byte. */
static const uintptr_t no_address = ((uintptr_t)1 << 62) | ((uintptr_t)1 << 54);

/* The kernel gives each process 16 random bytes. The C library makes secrets of its own of them, so they
 * are mixed: who comes to know this key knows nothing of those. */
static uintptr_t random_word(void)
{
    const unsigned char *bytes = (const unsigned char *)getauxval(AT_RANDOM);
    uint64_t mixed = (uintptr_t)&free_list_key;
    for (size_t i = 0; i < 16 && bytes != NULL; i++)
        mixed = ((mixed ^ bytes[i]) * 0x9e3779b97f4a7c15u) ^ (mixed >> 29);
    return (uintptr_t)mixed;
}

void free_list_choose_key(void)
{
    static bool is_chosen;
    if (!is_chosen)
        free_list_key = (random_word() & (UINTPTR_MAX >> 2)) | no_address;
    is_chosen = true;
}
