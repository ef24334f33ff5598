/* SPDX-License-Identifier: Apache-2.0 */
/* stream.h: which launches store past the caches (artifact.h). */
#ifndef CW_BACKEND_CPU_STREAM_H
#define CW_BACKEND_CPU_STREAM_H

#include "backend/cpu/artifact.h"
#include "backend/cpu/device.h"

/* The block's `streamed` for a launch of `threads` threads. `thread_ps` is what a thread took in earlier launches, in picoseconds; 0:
 * not known. */
uint32_t cw_cpu_streamed(struct cw_backend_device *device, const struct cw_cpu_kernel *code, const void *params, uint64_t threads,
                         uint64_t thread_ps);
/* Orders what a block has stored before what this thread does next. */
void cw_cpu_stream_fence(void);

#endif
