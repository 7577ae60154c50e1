// SPDX-License-Identifier: Apache-2.0
//
// What the C library's allocator can be told, where it is glibc's.

#pragma once

/// Has the allocator keep at most `count` arenas (M_ARENA_MAX).
void martlet_limit_arenas(int count);

/// Gives memory that was freed back to the system, wherever it lies (malloc_trim).
void martlet_release_free_memory(void);
