/* SPDX-License-Identifier: Apache-2.0 */
/* driver_functions.h: make_cudaPitchedPtr, make_cudaPos and make_cudaExtent. */
#ifndef __DRIVER_FUNCTIONS_H__
#define __DRIVER_FUNCTIONS_H__

#include "driver_types.h"

#if defined(__CUDA__)
#define CW_MAKE static __inline__ __attribute__((host, unused))
#else
#define CW_MAKE static __inline__ __attribute__((unused))
#endif

CW_MAKE struct cudaPitchedPtr make_cudaPitchedPtr(void *d, size_t p, size_t xsz, size_t ysz) {
    struct cudaPitchedPtr s;
    s.ptr = d;
    s.pitch = p;
    s.xsize = xsz;
    s.ysize = ysz;
    return s;
}

CW_MAKE struct cudaPos make_cudaPos(size_t x, size_t y, size_t z) {
    struct cudaPos p;
    p.x = x;
    p.y = y;
    p.z = z;
    return p;
}

CW_MAKE struct cudaExtent make_cudaExtent(size_t w, size_t h, size_t d) {
    struct cudaExtent e;
    e.width = w;
    e.height = h;
    e.depth = d;
    return e;
}

#undef CW_MAKE

#endif
