/* SPDX-License-Identifier: Apache-2.0 */
/* sm_60_atomic_functions.hpp: what sm_60_atomic_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_SM_60_ATOMIC_FUNCTIONS_HPP
#define CW_SHIM_SM_60_ATOMIC_FUNCTIONS_HPP

#include "sm_60_atomic_functions.h"

#endif
