// SPDX-License-Identifier: Apache-2.0

#include <zlib.h>

// inflateInit2 is a macro, which Swift does not import. 32 tells zlib to expect a gzip or zlib header.
static inline int martlet_inflate_init(z_stream *stream) { return inflateInit2(stream, 15 + 32); }
