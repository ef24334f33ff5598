/* SPDX-License-Identifier: Apache-2.0 */
/* surface_indirect_functions.h: what it had comes with cuda_runtime.h; programs include it by name. */
#ifndef __SURFACE_INDIRECT_FUNCTIONS_H__
#define __SURFACE_INDIRECT_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
