/* SPDX-License-Identifier: Apache-2.0 */
/* mma.hpp: the warp matrix functions of mma.h; programs include it by name. */
#ifndef CW_SHIM_CRT_MMA_HPP
#define CW_SHIM_CRT_MMA_HPP

#include "../mma.h"

#endif
