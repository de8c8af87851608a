/* as_malloc: included first by the compiler, so that a program written for malloc works on the pool by its own names, and
 * leaves malloc to the tool that it runs under. Only for programs that give nothing to free that they did not take. */
#ifndef COMMON_TRUST_RACES_AS_MALLOC_H
#define COMMON_TRUST_RACES_AS_MALLOC_H

#include <stdlib.h>

#include "stage4_pagecache/mempool.h"

#define malloc mempool_alloc
#define calloc mempool_calloc
#define realloc mempool_realloc
#define free mempool_free

#endif
