/* SPDX-License-Identifier: Apache-2.0 */
/* array.h: the driver API's formats of array elements, and the runtime API's channel descriptions. */
#ifndef CW_RUNTIME_DRIVER_ARRAY_H
#define CW_RUNTIME_DRIVER_ARRAY_H

#include "cuda/cuda.h"
#include "cuda/driver_types.h"

/* cudaErrorInvalidValue when there is no such element. */
cudaError_t cw_driver_channels(CUarray_format format, unsigned channels, struct cudaChannelFormatDesc *desc);
void cw_driver_format(const struct cudaChannelFormatDesc *desc, CUarray_format *format, unsigned *channels);

#endif
