/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

__device__ int member(int value)
{
    return value + 10000;
}
