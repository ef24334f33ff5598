/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_runtime.h: CUDA for C++: the runtime API, its templates and, when CUDA is being compiled, all of device code's
 * functions. A plain host compiler gets the API alone.
 */
#ifndef __CUDA_RUNTIME_H__
#define __CUDA_RUNTIME_H__

#include "host_config.h"

#if defined(__CUDA__) && defined(__clang__) && defined(__cplusplus)
#include "cw/device.h"
#endif

#include "builtin_types.h"
#include "cuda_runtime_api.h"
#include "channel_descriptor.h"
#include "driver_functions.h"
#include "vector_functions.h"

#if defined(__cplusplus) && !defined(__CUDACC_RTC__)
#include <utility>

#include "cw/runtime_templates.h"
#if defined(__CUDA__) && defined(__clang__)
#include "cw/device/graph.h"
#include "cw/device/runtime.h"
#include "cw/device/shared_storage.h"
#endif
#endif

#endif
