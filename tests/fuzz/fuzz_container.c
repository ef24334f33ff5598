/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_container.c: libFuzzer on the readers of containers, kernel tables and references. Whatever the bytes are, the
 * readers stay within them, and a table that is accepted survives being written and read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "module/module.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_table(const void *bytes, size_t size) {
    struct cw_table table;
    if (cw_table_read(bytes, size, &table) != CW_OK) {
        return;
    }
    struct cw_text out = {0};
    struct cw_table again;
    cw_table_write(&out, &table);
    if (out.size != size || memcmp(out.data, bytes, size) != 0 || cw_table_read(out.data, out.size, &again) != CW_OK) {
        abort();
    }
    cw_table_fini(&again);
    cw_table_fini(&table);
    cw_text_fini(&out);
}

static void check_container(const uint8_t *data, size_t size) {
    struct cw_entry entries[CW_CONTAINER_ENTRIES_MAX];
    uint32_t count;
    if (cw_container_read(data, size, entries, &count) != CW_OK) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        volatile size_t lengths = strlen(entries[i].name) + strlen(entries[i].cpu) + strlen(entries[i].features);
        (void)lengths;
        check_table(entries[i].data, entries[i].size);
    }
}

/* What is accepted as text survives being written and read again. */
static void check_text(const char *data, size_t size) {
    struct cw_text bytes = {0}, out = {0}, again = {0};
    if (cw_container_text_read(data, size, &bytes) == CW_OK) {
        cw_container_text_write(&out, ".version 8.3\n", 13, bytes.data, bytes.size);
        if (cw_container_text_read(out.data, out.size, &again) != CW_OK || again.size != bytes.size ||
            (bytes.size > 0 && memcmp(again.data, bytes.data, bytes.size) != 0)) {
            abort();
        }
    }
    cw_text_fini(&bytes);
    cw_text_fini(&out);
    cw_text_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t id[16];
    check_text((const char *)data, size);
    check_table(data, size);
    check_container(data, size);
    if (size < 32) {
        return 0;
    }
    (void)cw_reference_read(data, id);
    /* The same bytes with the magic, version, size and hash made right, so that the directory's checks are reached. */
    uint8_t *forged = malloc(size);
    if (forged == NULL) {
        return 0;
    }
    memcpy(forged, data, size);
    memcpy(forged, "CWMODULE\1\0\0\0", 12);
    uint64_t hash = cw_hash64(forged + 32, size - 32);
    for (unsigned i = 0; i < 8; i++) {
        forged[16 + i] = (uint8_t)((uint64_t)size >> (8 * i));
        forged[24 + i] = (uint8_t)(hash >> (8 * i));
    }
    check_container(forged, size);
    free(forged);
    return 0;
}
