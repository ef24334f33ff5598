/* SPDX-License-Identifier: Apache-2.0 */
/*
 * managed.h: what the program advised for managed memory, kept so that it can be asked. Nothing is done about it: where
 * managed memory exists, every device and the host share it.
 */
#ifndef CW_RUNTIME_MANAGED_H
#define CW_RUNTIME_MANAGED_H

#include <stddef.h>
#include <stdint.h>

#include "cuda/driver_types.h"

/* Notes advice for [pointer, pointer + count); `location` is a device, cudaCpuDeviceId or cudaInvalidDeviceId. False when
 * out of memory. */
_Bool cw_rt_advice_note(const void *pointer, size_t count, enum cudaMemoryAdvise advice, int location);
/* Notes where it was brought last. */
_Bool cw_rt_advice_prefetch(const void *pointer, size_t count, int location);
/* The memory is freed. */
void cw_rt_advice_forget(uintptr_t base, size_t size);

#endif
