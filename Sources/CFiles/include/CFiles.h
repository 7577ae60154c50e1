// SPDX-License-Identifier: Apache-2.0
//
// Linux calls and constants that Swift's Glibc module leaves out because they need _GNU_SOURCE.

#pragma once

#include <stdint.h>

/// O_DIRECT: writes go past the page cache; offsets, lengths and memory must be multiples of the block size.
int martlet_open_direct(void);

/// Reserves blocks for `count` bytes from `offset` without writing them (fallocate). 0, or the error number;
/// EOPNOTSUPP where the file system cannot.
int martlet_preallocate(int descriptor, int64_t offset, int64_t count);
