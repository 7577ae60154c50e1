// SPDX-License-Identifier: Apache-2.0
//
// Instructions that Swift's own SIMD types do not reach, as functions that the importer inlines into Swift code.
// Every one has a portable twin, so the program runs on any 64-bit little-endian processor.

#pragma once

#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78) of `count` bytes, continuing from `crc`.
///
/// `crc` and the result are finished values (initial and final inversion are inside), so calls chain.
uint32_t martlet_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by table, one byte at a time: what `martlet_crc32c` is on processors without the instruction.
uint32_t martlet_crc32c_portable(uint32_t crc, const void *bytes, size_t count);

/// What stands in 32 bytes of JSON string text, one bit for each byte, the first byte lowest.
///
/// The low half marks bytes that end a run of plain text: quotes, backslashes and control characters below 0x20. The
/// high half marks bytes of 0x80 and above. Two thirds of all strings end within 32 bytes, so that the loop around this
/// is rarely entered: a mispredicted second turn costs more than looking at the second 16 bytes every time.
static inline __attribute__((always_inline)) uint64_t martlet_json_string_block(const void *thirty_two) {
#if defined(__x86_64__)
    const __m128i *const halves = (const __m128i *)thirty_two;
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'), highest_control = _mm_set1_epi8(0x1F);
    uint64_t stops = 0, high = 0;
    for (int half = 0; half < 2; half++) {
        const __m128i bytes = _mm_loadu_si128(halves + half);
        // Unsigned `byte < 0x20` as `min(byte, 0x1F) == byte`.
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, highest_control), bytes);
        const __m128i either = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
        stops |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_or_si128(either, control)) << (16 * half);
        high |= (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << (16 * half);
    }
    return high << 32 | stops;
#else
    const uint8_t *const bytes = (const uint8_t *)thirty_two;
    uint64_t stops = 0, high = 0;
    for (uint32_t index = 0; index < 32; index++) {
        const uint8_t byte = bytes[index];
        stops |= (uint64_t)(byte == '"' || byte == '\\' || byte < 0x20) << index;
        high |= (uint64_t)(byte >> 7) << index;
    }
    return high << 32 | stops;
#endif
}

/// How many of `count` bytes are `byte`; the compiler makes vector instructions of it.
static inline size_t martlet_count_byte(const void *bytes, size_t count, uint8_t byte) {
    const uint8_t *const each = (const uint8_t *)bytes;
    size_t found = 0;
    for (size_t start = 0; start < count; start += 128) {
        const size_t end = count - start < 128 ? count : start + 128;
        // In eight bits, which 128 can't overflow, so that a vector holds as many counts as bytes.
        uint8_t some = 0;
        for (size_t index = start; index < end; index++) some += each[index] == byte;
        found += some;
    }
    return found;
}

/// Marks in `words`, one bit a row, the rows whose code is `code`; what is marked stays. `words` has (count + 63) / 64.
void martlet_mark_equal_8(const uint8_t *codes, size_t count, uint8_t code, uint64_t *words);

/// The same for codes of 16 bits.
void martlet_mark_equal_16(const uint16_t *codes, size_t count, uint16_t code, uint64_t *words);

/// Marks the rows for whose code `chosen` is not 0; `chosen` has a byte for every code there is.
void martlet_mark_chosen_8(const uint8_t *codes, size_t count, const uint8_t *chosen, uint64_t *words);
void martlet_mark_chosen_16(const uint16_t *codes, size_t count, const uint8_t *chosen, uint64_t *words);
void martlet_mark_chosen_32(const uint32_t *codes, size_t count, const uint8_t *chosen, uint64_t *words);

/// The first place from `start` on where `text`, of `text_count` bytes and not empty, stands; `count` when there is none.
size_t martlet_find(const void *bytes, size_t count, size_t start, const void *text, size_t text_count);
