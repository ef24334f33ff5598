/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pages.h: addresses and memory apart, as cw_backend.h has them: a reservation is a mapping without access, memory is a file in memory,
 * which can be mapped anywhere and more than once, and whose descriptor other processes may get.
 */
#ifndef CW_BACKEND_CPU_PAGES_H
#define CW_BACKEND_CPU_PAGES_H

#include "cudawasm/cw_backend.h"

size_t cw_cpu_pages_granularity(struct cw_backend_device *device, bool recommended);
cw_status cw_cpu_pages_create(struct cw_backend_device *device, size_t size, bool shareable,
                              struct cw_backend_pages **pages);
void cw_cpu_pages_destroy(struct cw_backend_pages *pages);
cw_status cw_cpu_pages_export(struct cw_backend_pages *pages, int *file);
cw_status cw_cpu_pages_import(struct cw_backend_device *device, int file, size_t *size,
                              struct cw_backend_pages **pages);
cw_status cw_cpu_range_reserve(struct cw_backend_device *device, size_t size, size_t alignment, void *wish,
                               void **pointer);
void cw_cpu_range_free(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_cpu_range_map(struct cw_backend_device *device, void *pointer, size_t size,
                           struct cw_backend_pages *pages);
void cw_cpu_range_unmap(struct cw_backend_device *device, void *pointer, size_t size);
cw_status cw_cpu_range_access(struct cw_backend_device *device, void *pointer, size_t size, bool read, bool write);

#endif
