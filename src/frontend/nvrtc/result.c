/* SPDX-License-Identifier: Apache-2.0 */
/* result.c: see result.h. */
#include "frontend/nvrtc/result.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct header {
    char magic[8];
    uint32_t real_architecture, link_time, architecture, relocatable, names, log;
    uint64_t container;
};

static const char magic[8] = {'C', 'W', 'N', 'V', 'R', 'T', 'C', '2'};

void cw_nvrtc_result_write(const struct cw_source_result *result, struct cw_text *out) {
    struct header header = {.real_architecture = result->real_architecture,
                            .link_time = result->link_time,
                            .architecture = result->architecture,
                            .relocatable = result->relocatable,
                            .names = result->lowered_count,
                            .log = (uint32_t)strlen(result->log),
                            .container = result->container.size};
    memcpy(header.magic, magic, sizeof magic);
    cw_text_append(out, &header, sizeof header);
    cw_text_add(out, result->log);
    for (uint32_t i = 0; i < result->lowered_count; i++) {
        cw_text_append(out, result->lowered[i], strlen(result->lowered[i]) + 1);
    }
    cw_text_append(out, result->container.data, result->container.size);
}

/* Reads the names at `at`. Where they end, or NULL. */
static const char *read_names(struct cw_source_result *result, const char *at, const char *end, uint32_t count) {
    result->lowered = cw_alloc_array((size_t)count + 1, sizeof *result->lowered);
    for (; result->lowered_count < count; result->lowered_count++) {
        const char *stop = memchr(at, '\0', (size_t)(end - at));
        if (!stop) {
            return NULL;
        }
        result->lowered[result->lowered_count] = cw_strdup(at);
        at = stop + 1;
    }
    return at;
}

bool cw_nvrtc_result_read(struct cw_source_result *result, const struct cw_text *bytes) {
    struct header header;
    struct cw_source_result read = {.outcome = CW_SOURCE_OK};
    if (bytes->size < sizeof header) {
        return false;
    }
    memcpy(&header, bytes->data, sizeof header);
    const char *at = bytes->data + sizeof header, *end = bytes->data + bytes->size;
    if (memcmp(header.magic, magic, sizeof magic) != 0 || header.log > (size_t)(end - at) ||
        header.names > bytes->size) {
        return false;
    }
    read.real_architecture = header.real_architecture;
    read.link_time = header.link_time;
    read.architecture = header.architecture;
    read.relocatable = header.relocatable;
    read.log = cw_strndup(at, header.log);
    at = read_names(&read, at + header.log, end, header.names);
    if (!at || (uint64_t)(end - at) != header.container) {
        cw_nvrtc_result_free(&read);
        return false;
    }
    if (header.container > 0) {
        read.container.size = (size_t)header.container;
        read.container.data = malloc(read.container.size);
        if (!read.container.data) {
            cw_nvrtc_result_free(&read);
            return false;
        }
        memcpy(read.container.data, at, read.container.size);
    }
    *result = read;
    return true;
}

void cw_nvrtc_result_free(struct cw_source_result *result) {
    for (uint32_t i = 0; i < result->lowered_count && result->lowered; i++) {
        free(result->lowered[i]);
    }
    free(result->lowered);
    free(result->log);
    free(result->container.data);
    *result = (struct cw_source_result){0};
}
