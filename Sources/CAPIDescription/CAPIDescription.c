// SPDX-License-Identifier: Apache-2.0

#include "CAPIDescription.h"

// Swift cannot import an array whose size the header leaves open, hence two functions.
static const uint8_t description[] = {
#embed "openapi.json"
};

const uint8_t *martlet_api_description_bytes(void) { return description; }

size_t martlet_api_description_byte_count(void) { return sizeof description; }
