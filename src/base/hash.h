/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h: 128-bit XXH3 over a stream of fields. Each field is hashed with its length, so that ("ab","c") and
 * ("a","bc") differ. Not cryptographic: caches are the user's own. */
#ifndef CW_BASE_HASH_H
#define CW_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

struct cw_hash {
    void *state; /* owned */
};

void cw_hash_init(struct cw_hash *hash);
void cw_hash_bytes(struct cw_hash *hash, const void *data, size_t size);
void cw_hash_string(struct cw_hash *hash, const char *string);
/* Ends the stream and frees the state. */
void cw_hash_finish(struct cw_hash *hash, uint8_t digest[16]);
/* 32 lower-case hexadecimal digits and a NUL. */
void cw_hash_hex(const uint8_t digest[16], char hex[33]);
/* Plain XXH3 of one run of bytes, 128 bits (in canonical byte order) and 64. */
void cw_hash128(const void *data, size_t size, uint8_t digest[16]);
uint64_t cw_hash64(const void *data, size_t size);

#endif
