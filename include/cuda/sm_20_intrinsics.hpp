/* SPDX-License-Identifier: Apache-2.0 */
/* sm_20_intrinsics.hpp: what sm_20_intrinsics.h defines; programs include it by name. */
#ifndef CW_SHIM_SM_20_INTRINSICS_HPP
#define CW_SHIM_SM_20_INTRINSICS_HPP

#include "sm_20_intrinsics.h"

#endif
