/* SPDX-License-Identifier: Apache-2.0 */
/* curand_mtgp32.h: a part of curand_kernel.h. */
#include "curand_kernel.h"
