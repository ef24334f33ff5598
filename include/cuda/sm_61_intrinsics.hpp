/* SPDX-License-Identifier: Apache-2.0 */
/* sm_61_intrinsics.hpp: what sm_61_intrinsics.h defines; programs include it by name. */
#ifndef CW_SHIM_SM_61_INTRINSICS_HPP
#define CW_SHIM_SM_61_INTRINSICS_HPP

#include "sm_61_intrinsics.h"

#endif
