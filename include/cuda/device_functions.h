/* SPDX-License-Identifier: Apache-2.0 */
/* device_functions.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __DEVICE_FUNCTIONS_H__
#define __DEVICE_FUNCTIONS_H__

#include "cuda_runtime.h"

#endif
