/* SPDX-License-Identifier: Apache-2.0 */
/* helpers.h: a part of cooperative groups; programs include it by name. */
#ifndef CW_SHIM_COOPERATIVE_GROUPS_DETAILS_HELPERS_H
#define CW_SHIM_COOPERATIVE_GROUPS_DETAILS_HELPERS_H

#include "../../cooperative_groups.h"

#endif
