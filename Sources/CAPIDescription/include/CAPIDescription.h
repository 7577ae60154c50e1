// SPDX-License-Identifier: Apache-2.0
//
// The OpenAPI document of the HTTP API, carried inside the program.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// The first byte of `openapi.json` as it was when the program was built. Lives as long as the process.
const uint8_t *martlet_api_description_bytes(void);

/// The number of bytes behind `martlet_api_description_bytes`; no terminating zero is among them.
size_t martlet_api_description_byte_count(void);
