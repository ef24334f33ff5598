/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_types.h: the types of CUDA's runtime API, for C and C++. Names, values and member order are CUDA 12.9's, so
 * that objects compiled against either set of headers agree. Split by subject under cw/.
 */
#ifndef __DRIVER_TYPES_H__
#define __DRIVER_TYPES_H__

#include <limits.h>
#include <stddef.h>

#include "host_defines.h"
#include "vector_types.h"

#include "cw/types_error.h"
#include "cw/types_stream.h"
#include "cw/types_device.h"
#include "cw/types_memory.h"
#include "cw/types_launch.h"
#include "cw/types_interop.h"
#include "cw/types_graph.h"

#endif
