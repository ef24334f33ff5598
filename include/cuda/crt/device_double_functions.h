/* SPDX-License-Identifier: Apache-2.0 */
/* device_double_functions.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __CRT_DEVICE_DOUBLE_FUNCTIONS_H__
#define __CRT_DEVICE_DOUBLE_FUNCTIONS_H__

#include "../cuda_runtime.h"

#endif
