/* SPDX-License-Identifier: Apache-2.0 */
/* math_functions.hpp: what math_functions.h defines; programs include it by name. */
#ifndef CW_SHIM_CRT_MATH_FUNCTIONS_HPP
#define CW_SHIM_CRT_MATH_FUNCTIONS_HPP

#include "math_functions.h"

#endif
