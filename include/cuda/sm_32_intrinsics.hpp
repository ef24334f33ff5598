/* SPDX-License-Identifier: Apache-2.0 */
/* sm_32_intrinsics.hpp: what sm_32_intrinsics.h defines; programs include it by name. */
#ifndef CW_SHIM_SM_32_INTRINSICS_HPP
#define CW_SHIM_SM_32_INTRINSICS_HPP

#include "sm_32_intrinsics.h"

#endif
