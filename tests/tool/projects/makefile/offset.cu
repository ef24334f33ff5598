/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

__device__ int offset = 100;
