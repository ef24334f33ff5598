/* SPDX-License-Identifier: Apache-2.0 */
/* device_double_functions.hpp: what device_double_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_CRT_DEVICE_DOUBLE_FUNCTIONS_HPP
#define CW_SHIM_CRT_DEVICE_DOUBLE_FUNCTIONS_HPP

#include "device_double_functions.h"

#endif
