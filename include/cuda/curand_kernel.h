/* SPDX-License-Identifier: Apache-2.0 */
/*
 * curand_kernel.h: random numbers in device code: cuRAND documentation, "Device API Overview". The generators are the
 * published algorithms; each file says what they are and where seeding is our own because cuRAND's is not documented.
 */
#ifndef CURAND_KERNEL_H_
#define CURAND_KERNEL_H_

#include "curand.h"
#include "cw/random/state.h"

#if defined(__CUDA__) && defined(__cplusplus)
#include "cw/random/poisson.h"
#endif

#endif
