/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c: XXH3 by libxxhash. Digests are in canonical byte order, so that they mean the same on every machine. */
#include "base/hash.h"

#include <string.h>

#include <xxhash.h>

#include "base/memory.h"

void cw_hash_init(struct cw_hash *hash) {
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL) {
        cw_alloc((size_t)-1 / 2); /* ends the process with the usual sentence */
    }
    XXH3_128bits_reset(state);
    hash->state = state;
}

void cw_hash_bytes(struct cw_hash *hash, const void *data, size_t size) {
    uint8_t length[8];
    for (unsigned i = 0; i < 8; i++) {
        length[i] = (uint8_t)((uint64_t)size >> (8 * i));
    }
    XXH3_128bits_update(hash->state, length, sizeof(length));
    if (size > 0) {
        XXH3_128bits_update(hash->state, data, size);
    }
}

void cw_hash_string(struct cw_hash *hash, const char *string) {
    cw_hash_bytes(hash, string, strlen(string));
}

static void store_digest(XXH128_hash_t value, uint8_t digest[16]) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, value);
    memcpy(digest, canonical.digest, 16);
}

void cw_hash_finish(struct cw_hash *hash, uint8_t digest[16]) {
    store_digest(XXH3_128bits_digest(hash->state), digest);
    XXH3_freeState(hash->state);
    hash->state = NULL;
}

void cw_hash_hex(const uint8_t digest[16], char hex[33]) {
    static const char digits[] = "0123456789abcdef";
    for (unsigned i = 0; i < 16; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[32] = '\0';
}

void cw_hash128(const void *data, size_t size, uint8_t digest[16]) {
    store_digest(XXH3_128bits(data, size), digest);
}

uint64_t cw_hash64(const void *data, size_t size) {
    return XXH3_64bits(data, size);
}
