/* SPDX-License-Identifier: Apache-2.0 */
/* vector_functions.hpp: vector_functions.h, which holds declarations and definitions alike. */
#include "vector_functions.h"
