/* Fork handlers for programs linked with the pool's layers alone. In the library, process.c registers
 * them; without, a child may find locked what another thread was about to use, for ever. */
#include <pthread.h>

#include "stage4_pagecache/mempool.h"

__attribute__((constructor)) static void register_fork_handlers(void)
{
    pthread_atfork(mempool_fork_prepare, mempool_fork_parent, mempool_fork_child);
}

/* Asked by ThreadSanitizer when it starts. fork takes more locks at a time than its deadlock detector
 * can count; of their order the lock wrapper itself takes care. */
const char *__tsan_default_options(void);
__attribute__((visibility("default"))) const char *__tsan_default_options(void)
{
    return "detect_deadlocks=0";
}
