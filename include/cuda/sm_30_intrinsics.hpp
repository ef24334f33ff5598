/* SPDX-License-Identifier: Apache-2.0 */
/* sm_30_intrinsics.hpp: what sm_30_intrinsics.h defines; programs include it by name. */
#ifndef CW_SHIM_SM_30_INTRINSICS_HPP
#define CW_SHIM_SM_30_INTRINSICS_HPP

#include "sm_30_intrinsics.h"

#endif
