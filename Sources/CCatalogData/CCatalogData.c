// SPDX-License-Identifier: Apache-2.0

#include "CCatalogData.h"

// Swift cannot import an array whose size the header leaves open, hence two functions.
static const uint8_t catalog[] = {
#embed "catalog.json"
};

const uint8_t *martlet_catalog_bytes(void) { return catalog; }

size_t martlet_catalog_byte_count(void) { return sizeof catalog; }
