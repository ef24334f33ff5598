/* SPDX-License-Identifier: Apache-2.0 */
/* nvToolsExt.h: see nvtx3/nvToolsExt.h. */
#ifndef CW_NVTOOLSEXT_1_H
#define CW_NVTOOLSEXT_1_H

#include "nvtx3/nvToolsExt.h"

#endif
