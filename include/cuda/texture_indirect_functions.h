/* SPDX-License-Identifier: Apache-2.0 */
/* texture_indirect_functions.h: what it had comes with cuda_runtime.h; programs include it by name. */
#ifndef __TEXTURE_INDIRECT_FUNCTIONS_H__
#define __TEXTURE_INDIRECT_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
