/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuda_runtime_api.h: the C interface of CUDA's runtime, version 12.9. Every function is exported by libcudawasm.so or
 * absent from it: a program that calls one that is absent fails to link, with the function's name. Split by subject
 * under cw/. C++ adds overloads and templates in cuda_runtime.h.
 */
#ifndef __CUDA_RUNTIME_API_H__
#define __CUDA_RUNTIME_API_H__

#define CUDART_VERSION 12090
#define __CUDART_API_VERSION CUDART_VERSION

#include "host_config.h"
#include "host_defines.h"
#include "builtin_types.h"

#include "cw/api_per_thread.h" /* first: it renames what follows */
#include "cw/api_device.h"
#include "cw/api_stream.h"
#include "cw/api_execution.h"
#include "cw/api_memory.h"
#include "cw/api_array.h"
#include "cw/api_graph.h"
#include "cw/api_module.h"

#endif
