/* SPDX-License-Identifier: Apache-2.0 */
/* artifact.h: what generated PTX and the backend that loads it agree on, beyond PTX itself. */
#ifndef CW_BACKEND_CUDA_ARTIFACT_H
#define CW_BACKEND_CUDA_ARTIFACT_H

/* Of each kernel that takes the address of its launch's barrier as one more parameter there is a variable of this name, the
 * kernel's behind it. */
#define CW_PTX_GRID_MARK "__cw_grid_"

#endif
