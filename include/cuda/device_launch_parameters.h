/* SPDX-License-Identifier: Apache-2.0 */
/* device_launch_parameters.h: device functions come with cuda_runtime.h; the name is kept for programs that include it. */
#ifndef __DEVICE_LAUNCH_PARAMETERS_H__
#define __DEVICE_LAUNCH_PARAMETERS_H__

#include "cuda_runtime.h"

#endif
