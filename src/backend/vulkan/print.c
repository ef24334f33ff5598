/* SPDX-License-Identifier: Apache-2.0 */
/*
 * print.c: what kernels print. A kernel writes records (artifact.h) into the service block; the host formats them when no
 * kernel runs.
 */
#include <stdio.h>
#include <string.h>

#include "backend/vulkan/device.h"
#include "base/device_print.h"

static void read_string(void *context, uint64_t address, char *out, size_t size) {
    if (address >> 48) {
        snprintf(out, size, "(a string in local or shared memory)"); /* gone by now */
    } else {
        cw_vk_read_string(context, address, out, size);
    }
}

static void print_record(struct cw_backend_device *device, const struct cw_vk_record *record) {
    char format[4096];
    cw_vk_read_string(device, record->format, format, sizeof format);
    cw_device_print(format, record + 1, record->size - sizeof *record, read_string, device);
}

/* Lock held; no kernel runs. */
void cw_vk_print(struct cw_backend_device *device) {
    struct cw_vk_service *service = device->service;
    const char *records = (const char *)service + CW_VK_OUTPUT_OFFSET;
    uint64_t used = service->output_used < service->output_size ? service->output_used : service->output_size;
    uint64_t at = 0;
    while (at + sizeof(struct cw_vk_record) <= used) {
        const struct cw_vk_record *record = (const struct cw_vk_record *)(const void *)(records + at);
        if (record->size < sizeof *record || record->size % 8 || record->size > used - at) {
            break; /* the last one did not fit */
        }
        print_record(device, record);
        at += record->size;
    }
    if (used) {
        memset((char *)service + CW_VK_OUTPUT_OFFSET, 0, used);
        service->output_used = 0;
    }
}
