/* SPDX-License-Identifier: Apache-2.0 */
/* nvToolsExtCuda.h: see nvtx3/nvToolsExtCuda.h. */
#ifndef CW_NVTOOLSEXTCUDA_1_H
#define CW_NVTOOLSEXTCUDA_1_H

#include "nvtx3/nvToolsExtCuda.h"

#endif
