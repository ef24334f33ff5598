/* SPDX-License-Identifier: Apache-2.0 */
/* common_functions.hpp: what common_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_CRT_COMMON_FUNCTIONS_HPP
#define CW_SHIM_CRT_COMMON_FUNCTIONS_HPP

#include "common_functions.h"

#endif
