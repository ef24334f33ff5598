/* SPDX-License-Identifier: Apache-2.0 */
/* partitioning.h: a part of cooperative groups; programs include it by name. */
#ifndef CW_SHIM_COOPERATIVE_GROUPS_DETAILS_PARTITIONING_H
#define CW_SHIM_COOPERATIVE_GROUPS_DETAILS_PARTITIONING_H

#include "../../cooperative_groups.h"

#endif
