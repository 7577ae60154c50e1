// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#include "CFiles.h"

#include <errno.h>
#include <fcntl.h>

int martlet_open_direct(void) { return O_DIRECT; }

int martlet_preallocate(int descriptor, int64_t offset, int64_t count) {
    int result;
    do {
        result = fallocate(descriptor, 0, offset, count);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}
