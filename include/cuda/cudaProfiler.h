/* SPDX-License-Identifier: Apache-2.0 */
/* cudaProfiler.h: cuProfilerStart and cuProfilerStop, which cuda.h declares; programs include it by name. */
#ifndef CW_SHIM_CUDAPROFILER_H
#define CW_SHIM_CUDAPROFILER_H

#include "cuda.h"

#endif
