/* SPDX-License-Identifier: Apache-2.0 */
/* device_launch_parameters.h: its functions come with cuda_runtime.h; programs include it by name. */
#ifndef __DEVICE_LAUNCH_PARAMETERS_H__
#define __DEVICE_LAUNCH_PARAMETERS_H__

#include "cuda_runtime.h"

#endif
