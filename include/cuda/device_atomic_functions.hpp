/* SPDX-License-Identifier: Apache-2.0 */
/* device_atomic_functions.hpp: what device_atomic_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_DEVICE_ATOMIC_FUNCTIONS_HPP
#define CW_SHIM_DEVICE_ATOMIC_FUNCTIONS_HPP

#include "device_atomic_functions.h"

#endif
