/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_fatbin.c: libFuzzer on the reader of NVIDIA's fat binaries, unpacking included. Whatever the bytes are, the reader
 * stays within them, and what it unpacks has the size that was claimed. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "module/fatbin.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Larger claims are for the unit test: the fuzzer's memory is bounded. */
#define UNPACKED_MAX ((size_t)1 << 20)

static void check(const uint8_t *data, size_t size) {
    struct cw_fatbin_entry entry;
    uint32_t kinds;
    size_t at = 0;
    while (cw_fatbin_next(data, size, &at, &entry) == CW_OK) {
        struct cw_text out = {0};
        const uint8_t *first = entry.data;
        if (first < data || entry.size > size || first + entry.size > data + size || at > size) {
            abort();
        }
        if (entry.whole_size <= UNPACKED_MAX && cw_fatbin_unpack(&entry, &out) == CW_OK &&
            (out.size > entry.whole_size || (entry.kind != CW_FATBIN_PTX && out.size != entry.whole_size))) {
            abort();
        }
        cw_text_fini(&out);
    }
    (void)!cw_fatbin_pick(data, size, 80, &entry, &kinds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    check(data, size);
    if (size < CW_FATBIN_HEADER_SIZE) {
        return 0;
    }
    /* The same bytes behind a header that is right, so that the entries' checks are reached. */
    uint8_t *forged = malloc(size);
    if (!forged) {
        return 0;
    }
    static const uint8_t header[8] = {0x50, 0xed, 0x55, 0xba, 1, 0, 16, 0};
    memcpy(forged, data, size);
    memcpy(forged, header, sizeof header);
    for (unsigned i = 0; i < 8; i++) {
        forged[8 + i] = (uint8_t)((uint64_t)(size - CW_FATBIN_HEADER_SIZE) >> (8 * i));
    }
    check(forged, size);
    free(forged);
    return 0;
}
