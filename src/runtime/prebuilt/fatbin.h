/* SPDX-License-Identifier: Apache-2.0 */
/* fatbin.h: device code that nvcc made, as a container that can be loaded. */
#ifndef CW_RUNTIME_PREBUILT_FATBIN_H
#define CW_RUNTIME_PREBUILT_FATBIN_H

#include "base/text.h"
#include "cuda/driver_types.h"

/* Compiles the PTX of a fat binary (module/fatbin.h) to a container, out of the cache if it is there. `units`: of a device
 * link, the NULL-terminated list of what was linked; NULL otherwise. On failure `reason` has a sentence:
 * cudaErrorNoKernelImageForDevice when there is only machine code, cudaErrorInvalidKernelImage when it is damaged,
 * cudaErrorInvalidPtx when the PTX does not compile. `size` 0: the bytes say it themselves. */
cudaError_t cw_rt_fatbin_container(const void *bytes, size_t size, const void *const *units, struct cw_text *container,
                                   struct cw_text *reason);

#endif
