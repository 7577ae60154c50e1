// SPDX-License-Identifier: Apache-2.0
//
// simdjson behind a C interface, for tests that compare our scanner with it.

#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What simdjson's verdict on a text is, and what is in the text when it is valid.
typedef struct {
    /// simdjson found a JSON text and nothing behind it.
    int is_valid;
    /// It refused a number because no 64-bit integer or double holds it.
    int is_number_out_of_range;
    /// It refused the text because it is nested more than 1,024 deep.
    int is_too_deep;
    /// The rest is known of valid texts only.
    int is_object;
    int has_duplicate_key;
    size_t depth;
    size_t value_count;
    size_t greatest_key_count;
} martlet_oracle_verdict;

/// Parses `count` bytes.
///
/// Of a valid text, all scalars are appended to `scalars`, in order: a letter (`s`, `n`, `t`, `f`, `z` for null), and
/// for strings the length of the value as four bytes, low first, and the value. What does not fit is left out;
/// `*scalars_count` tells how many bytes there are in any case.
martlet_oracle_verdict martlet_oracle_parse(
    const void *bytes, size_t count, void *scalars, size_t scalars_capacity, size_t *scalars_count);

#ifdef __cplusplus
}
#endif
