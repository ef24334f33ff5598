/* SPDX-License-Identifier: Apache-2.0 */
/*
 * elsewhere.h: single kernels of a program that its device can't express run on the CPU, with the memory that they reach moved
 * there and back. Only where CUDA_WASM_BACKEND left the choice open: who names a backend wants to hear what it can't do.
 */
#ifndef CW_RUNTIME_ELSEWHERE_H
#define CW_RUNTIME_ELSEWHERE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"

struct CUfunc_st;
struct cw_rt_device;
struct cw_rt_launch;
struct cw_rt_loaded;

/* True if kernels may run elsewhere than on the chosen backend's devices. backend.c */
bool cw_rt_falls_back(void);

/* Loads the container's code for the CPU beside what was loaded of it on the device, which is bound already. False, and a
 * sentence in `reason`, when that can't be done. With the lock of loading held. */
bool cw_rt_elsewhere_load(struct cw_rt_loaded *loaded, const void *container, size_t size, struct cw_text *reason);
/* True if the CPU has this kernel of what was loaded. */
bool cw_rt_elsewhere_has(const struct cw_rt_loaded *loaded, const char *kernel);
void cw_rt_elsewhere_free(struct cw_rt_loaded *loaded);

/* Runs a launch whose kernel is elsewhere, and returns when it is done; nothing is pending in its stream. As a backend's `launch`. */
cw_status cw_rt_elsewhere_run(struct cw_rt_device *device, const struct cw_rt_launch *launch, struct cw_fault *fault);

#endif
