/* SPDX-License-Identifier: Apache-2.0 */
/* sync.h: a part of cooperative groups; programs include it by name. */
#ifndef CW_SHIM_COOPERATIVE_GROUPS_DETAILS_SYNC_H
#define CW_SHIM_COOPERATIVE_GROUPS_DETAILS_SYNC_H

#include "../../cooperative_groups.h"

#endif
