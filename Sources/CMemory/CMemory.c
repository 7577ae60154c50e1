// SPDX-License-Identifier: Apache-2.0

#include "CMemory.h"

#include <malloc.h>

void martlet_limit_arenas(int count) {
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, count);
#endif
}

void martlet_release_free_memory(void) {
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}
