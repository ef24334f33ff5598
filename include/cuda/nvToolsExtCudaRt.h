/* SPDX-License-Identifier: Apache-2.0 */
/* nvToolsExtCudaRt.h: see nvtx3/nvToolsExtCudaRt.h. */
#ifndef CW_NVTOOLSEXTCUDART_1_H
#define CW_NVTOOLSEXTCUDART_1_H

#include "nvtx3/nvToolsExtCudaRt.h"

#endif
