/* SPDX-License-Identifier: Apache-2.0 */
/* device_functions.hpp: what device_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_CRT_DEVICE_FUNCTIONS_HPP
#define CW_SHIM_CRT_DEVICE_FUNCTIONS_HPP

#include "device_functions.h"

#endif
