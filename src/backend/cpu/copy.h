/* SPDX-License-Identifier: Apache-2.0 */
/* copy.h: cw_backend.copy and fill. */
#ifndef CW_BACKEND_CPU_COPY_H
#define CW_BACKEND_CPU_COPY_H

#include "cudawasm/cw_backend.h"

cw_status cw_cpu_copy(struct cw_backend_device *device, void *dst, const void *src, size_t size, enum cw_copy_kind kind);
cw_status cw_cpu_fill(struct cw_backend_device *device, void *dst, uint32_t pattern, uint32_t pattern_size, size_t count);

#endif
