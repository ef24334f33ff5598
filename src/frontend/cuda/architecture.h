/* SPDX-License-Identifier: Apache-2.0 */
/*
 * architecture.h: the GPU architectures that options name (-arch, -code, -gencode).
 *
 * Device code is compiled once. As a device of compute capability 8.0 picks the best image that it can run, __CUDA_ARCH__
 * is that of the highest architecture up to 8.0 that was asked for, or of the lowest where all are newer.
 */
#ifndef CW_FRONTEND_CUDA_ARCHITECTURE_H
#define CW_FRONTEND_CUDA_ARCHITECTURE_H

#include "frontend/cuda/options.h"

#define CW_ARCHITECTURE_DEFAULT 800u

/* The value of -arch or -code ("sm_80", "compute_90a", "native", "sm_70,sm_80"). False when it is none. */
bool cw_architecture_add(struct cw_cuda_options *options, const char *value);
/* The value of -gencode: "arch=compute_80,code=[sm_80,compute_80]". */
bool cw_architecture_add_pair(struct cw_cuda_options *options, const char *value);
/* The macros that tell of it, for one of the two passes. */
void cw_architecture_macros(struct cw_strings *argv, const struct cw_cuda_options *options, bool device);
/* Appends the architectures that CUDA 12.9 knows, a line each: "compute_80", or "sm_80" if `code`. */
void cw_architecture_list(struct cw_text *out, bool code);

#endif
