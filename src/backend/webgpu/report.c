/* SPDX-License-Identifier: Apache-2.0 */
/* report.c: what kernels leave in memory for the host (library/report/report.h): output, and the first fault. Read when the queue is
 * empty, after launches of modules that have such a variable. */
#include "library/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backend/webgpu/webgpu.h"
#include "base/device_print.h"

#define OUTPUT_BYTES (1u << 20) /* what cudaLimitPrintfFifoSize is at first */

static uint32_t offset_of(const struct cw_backend_device *device, const void *pointer) {
    return (uint32_t)((const char *)pointer - device->base);
}

cw_status cw_webgpu_reports_start(struct cw_backend_module *module) {
    size_t size;
    if (cw_webgpu_variable_find(module, CW_REPORT_VARIABLE, &module->reports, &size) != CW_OK) return CW_OK;
    cw_status status = cw_webgpu_memory_alloc(module->device, OUTPUT_BYTES, &module->output);
    if (status != CW_OK) return status;
    const struct cw_report report = {.output = offset_of(module->device, module->output), .size = OUTPUT_BYTES};
    return cw_webgpu_copy(module->device, module->reports, &report, sizeof report, CW_COPY_HOST_TO_DEVICE);
}

void cw_webgpu_reports_end(struct cw_backend_module *module) {
    struct cw_backend_device *device = module->device;
    for (struct cw_backend_module **link = &device->reporting; *link; link = &(*link)->next_reporting)
        if (*link == module) {
            *link = module->next_reporting;
            break;
        }
    if (module->output) cw_webgpu_memory_free(device, module->output);
}

void cw_webgpu_reports_expect(struct cw_backend_module *module, const char *kernel) {
    struct cw_backend_device *device = module->device;
    if (!module->reports) return;
    snprintf(device->last_kernel, sizeof device->last_kernel, "%s", kernel);
    if (module->expected) return;
    module->expected = true;
    module->next_reporting = device->reporting;
    device->reporting = module;
}

static void read_string(void *context, uint64_t address, char *out, size_t size) {
    struct cw_backend_device *device = context;
    uint64_t at = (uint32_t)address, from = at & ~3ull;
    char bytes[4096 + 8];
    out[0] = 0;
    if (!at || at >= device->heap_size) return;
    uint64_t want = (size < 4096 ? size : 4096) + 4;
    if (want > device->heap_size - from) want = device->heap_size - from;
    want &= ~3ull;
    if (cw_webgpu_read(device, device->heap, from, bytes, want) != CW_OK) return;
    size_t length = strnlen(bytes + (at - from), (size_t)(want - (at - from)));
    snprintf(out, size, "%.*s", (int)length, bytes + (at - from));
}

static void print(struct cw_backend_device *device, const struct cw_report *report) {
    uint32_t used = report->used < report->size ? report->used : report->size;
    char *records = malloc(used + 4u), format[4096];
    if (!records || cw_webgpu_read(device, device->heap, report->output, records, (used + 3u) & ~3u) != CW_OK) used = 0;
    for (uint32_t at = 0; at + sizeof(struct cw_report_record) <= used;) {
        struct cw_report_record record;
        memcpy(&record, records + at, sizeof record);
        if (record.size < sizeof record || record.size > used - at) break; /* the last one did not fit */
        read_string(device, record.format, format, sizeof format);
        cw_device_print(format, records + at + sizeof record, record.size - sizeof record, read_string, device);
        at += record.size;
    }
    free(records);
    fflush(stdout);
}

static void note_fault(struct cw_backend_device *device, const struct cw_report *report) {
    struct cw_fault *fault = &device->fault;
    bool asserted = report->kind == CW_REPORT_ASSERT;
    *fault = (struct cw_fault){.kind = asserted ? CW_FAULT_ASSERT : CW_FAULT_TRAP,
                               .block = {report->block[0], report->block[1], report->block[2]},
                               .thread = {report->thread[0], report->thread[1], report->thread[2]}};
    snprintf(fault->message, sizeof fault->message, "kernel '%s' %s in block (%u, %u, %u), thread (%u, %u, %u)", device->last_kernel,
             asserted ? "failed an assertion" : "trapped", fault->block.x, fault->block.y, fault->block.z, fault->thread.x, fault->thread.y, fault->thread.z);
    if (!asserted) return;
    /* CUDA's line for a failed assertion (CUDA C++ Programming Guide, "Assertion"). */
    char text[3][512];
    for (unsigned t = 0; t < 3; t++) read_string(device, report->text[t], text[t], sizeof text[t]);
    fprintf(stderr, "%s:%u: %s: block: [%u,%u,%u], thread: [%u,%u,%u] Assertion `%s` failed.\n", text[1], report->line, text[2], report->block[0], report->block[1],
            report->block[2], report->thread[0], report->thread[1], report->thread[2], text[0]);
}

void cw_webgpu_take_fault(struct cw_backend_device *device, struct cw_fault *fault) {
    *fault = device->fault;
    device->faulted = false;
}

cw_status cw_webgpu_reports_read(struct cw_backend_device *device) {
    cw_status status = CW_OK;
    while (device->reporting) {
        struct cw_backend_module *module = device->reporting;
        struct cw_report report;
        device->reporting = module->next_reporting;
        module->expected = false;
        if (cw_webgpu_read(device, device->heap, offset_of(device, module->reports), &report, sizeof report) != CW_OK) return CW_ERROR_FAULT;
        if (!report.used && report.kind == CW_REPORT_NOTHING) continue;
        if (report.used) print(device, &report);
        if (report.kind != CW_REPORT_NOTHING) {
            note_fault(device, &report);
            status = CW_ERROR_FAULT;
        }
        const struct cw_report fresh = {.output = report.output, .size = report.size};
        cw_webgpu()->QueueWriteBuffer(device->queue, device->heap, offset_of(device, module->reports), &fresh, sizeof fresh);
    }
    return status;
}
