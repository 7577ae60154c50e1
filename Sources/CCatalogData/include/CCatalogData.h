// SPDX-License-Identifier: Apache-2.0
//
// The catalogue's data file, carried inside the program so that a bare binary can classify events.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// The first byte of `catalog.json` as it was when the program was built. Lives as long as the process.
const uint8_t *martlet_catalog_bytes(void);

/// The number of bytes behind `martlet_catalog_bytes`; no terminating zero is among them.
size_t martlet_catalog_byte_count(void);
