// SPDX-License-Identifier: Apache-2.0

#include "CBytes.h"
#include <string.h>

// One entry for each byte, for the reflected polynomial; filled before main() runs.

static uint32_t table[256];

__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0x82F63B78u & (0u - (crc & 1u)));
        table[byte] = crc;
    }
}

uint32_t martlet_crc32c_portable(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
    while (count-- > 0) crc = table[(crc ^ *next++) & 0xFF] ^ (crc >> 8);
    return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t crc32c_sse42(uint32_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t state = ~crc;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        state = _mm_crc32_u64(state, word);
    }
    for (; count > 0; count--, next++) state = _mm_crc32_u8((uint32_t)state, *next);
    return ~(uint32_t)state;
}

uint32_t martlet_crc32c(uint32_t crc, const void *bytes, size_t count) {
    if (__builtin_cpu_supports("sse4.2")) return crc32c_sse42(crc, bytes, count);
    return martlet_crc32c_portable(crc, bytes, count);
}

#else

uint32_t martlet_crc32c(uint32_t crc, const void *bytes, size_t count) {
    return martlet_crc32c_portable(crc, bytes, count);
}

#endif

// Rows by code. What is left behind the last whole word goes by the portable loop, which is the whole on other processors.

#define MARK_LOOP(condition)                                                                  \
    for (size_t row = start; row < count; row++)                                              \
        words[row / 64] |= (uint64_t)((condition) != 0) << (row % 64)

void martlet_mark_equal_8(const uint8_t *codes, size_t count, uint8_t code, uint64_t *words) {
    size_t start = 0;
#if defined(__x86_64__)
    const __m128i wanted = _mm_set1_epi8((char)code);
    for (; start + 64 <= count; start += 64) {
        uint64_t word = 0;
        for (int part = 0; part < 4; part++) {
            const __m128i some = _mm_loadu_si128((const __m128i *)(codes + start + 16 * part));
            word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted)) << (16 * part);
        }
        words[start / 64] |= word;
    }
#endif
    MARK_LOOP(codes[row] == code);
}

void martlet_mark_equal_16(const uint16_t *codes, size_t count, uint16_t code, uint64_t *words) {
    size_t start = 0;
#if defined(__x86_64__)
    const __m128i wanted = _mm_set1_epi16((short)code);
    for (; start + 64 <= count; start += 64) {
        uint64_t word = 0;
        for (int part = 0; part < 4; part++) {
            const __m128i *const some = (const __m128i *)(codes + start + 16 * part);
            const __m128i low = _mm_cmpeq_epi16(_mm_loadu_si128(some), wanted);
            const __m128i high = _mm_cmpeq_epi16(_mm_loadu_si128(some + 1), wanted);
            word |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(low, high)) << (16 * part);
        }
        words[start / 64] |= word;
    }
#endif
    MARK_LOOP(codes[row] == code);
}

// A word is made in a register, so that the additions to memory do not wait for each other.
#define DEFINE_MARK_CHOSEN(bits)                                                                                      \
    void martlet_mark_chosen_##bits(                                                                                  \
        const uint##bits##_t *codes, size_t count, const uint8_t *chosen, uint64_t *words) {                          \
        size_t start = 0;                                                                                             \
        for (; start + 64 <= count; start += 64) {                                                                    \
            uint64_t word = 0;                                                                                        \
            for (size_t row = 0; row < 64; row++) word |= (uint64_t)(chosen[codes[start + row]] != 0) << row;         \
            words[start / 64] |= word;                                                                                \
        }                                                                                                             \
        MARK_LOOP(chosen[codes[row]]);                                                                                \
    }

DEFINE_MARK_CHOSEN(8)
DEFINE_MARK_CHOSEN(16)
DEFINE_MARK_CHOSEN(32)

size_t martlet_find(const void *bytes, size_t count, size_t start, const void *text, size_t text_count) {
    const uint8_t *const all = bytes;
    const uint8_t *const wanted = text;
    if (text_count == 0 || text_count > count) return count;
    const size_t last = count - text_count;
    size_t place = start;
#if defined(__x86_64__)
    // The first and the last byte of the text at sixteen places at once; what has both is compared.
    const __m128i first_byte = _mm_set1_epi8((char)wanted[0]);
    const __m128i last_byte = _mm_set1_epi8((char)wanted[text_count - 1]);
    for (; place + 16 <= last + 1; place += 16) {
        const __m128i firsts = _mm_loadu_si128((const __m128i *)(all + place));
        const __m128i lasts = _mm_loadu_si128((const __m128i *)(all + place + text_count - 1));
        const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(firsts, first_byte), _mm_cmpeq_epi8(lasts, last_byte));
        for (uint32_t mask = (uint32_t)_mm_movemask_epi8(both); mask != 0; mask &= mask - 1) {
            const size_t found = place + (size_t)__builtin_ctz(mask);
            if (memcmp(all + found, wanted, text_count) == 0) return found;
        }
    }
#endif
    for (; place <= last; place++) {
        if (all[place] == wanted[0] && memcmp(all + place, wanted, text_count) == 0) return place;
    }
    return count;
}
