/* SPDX-License-Identifier: Apache-2.0 */
/* format.h: what an element of an array or a texture is: CUDA's channel descriptors and view formats in one form. */
#ifndef CW_RUNTIME_FORMAT_H
#define CW_RUNTIME_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "cuda/driver_types.h"
#include "cudawasm/cw_backend.h"

struct cw_rt_format {
    enum cw_texel texel;
    unsigned channels; /* 1, 2 or 4 */
    bool normalized;   /* integers that are always read as floats */
    size_t bytes;      /* of an element */
};

/* cudaErrorInvalidChannelDescriptor for what no element is, cudaErrorNotSupported for formats that aren't stored by texels. */
cudaError_t cw_rt_format_of(const struct cudaChannelFormatDesc *desc, struct cw_rt_format *format);
/* The same for a view's format, which is not cudaResViewFormatNone. */
cudaError_t cw_rt_format_of_view(enum cudaResourceViewFormat view, struct cw_rt_format *format);

static inline bool cw_rt_format_is_float(const struct cw_rt_format *format) {
    return format->texel == CW_TEXEL_FLOAT16 || format->texel == CW_TEXEL_FLOAT32;
}

#endif
