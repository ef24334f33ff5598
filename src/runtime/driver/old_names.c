/* SPDX-License-Identifier: Apache-2.0 */
/*
 * old_names.c: the names without a version that NVIDIA's driver exports too, for programs that look functions up in
 * libcuda.so.1 themselves. Only forms whose parameters a 64-bit program passes alike are here: the older forms of the other
 * functions took 32-bit device pointers.
 */
#include "cuda/cuda.h"

#define OLD(name, parameters, arguments)                                                                               \
    CW_CUDA_API CUresult name##_old parameters __asm__(#name);                                                         \
    CUresult name##_old parameters {                                                                                   \
        return name##_v2 arguments;                                                                                    \
    }

/* The macros of cuda.h would rename them: each name is taken back first. */
#undef cuCtxCreate
#undef cuCtxDestroy
#undef cuCtxPushCurrent
#undef cuCtxPopCurrent
#undef cuStreamDestroy
#undef cuEventDestroy
#undef cuMemHostRegister
#undef cuDevicePrimaryCtxRelease
#undef cuDevicePrimaryCtxSetFlags
#undef cuDevicePrimaryCtxReset
#undef cuLinkCreate
#undef cuLinkAddData
#undef cuLinkAddFile

OLD(cuCtxCreate, (CUcontext * context, unsigned flags, CUdevice device), (context, flags, device))
OLD(cuCtxDestroy, (CUcontext context), (context))
OLD(cuCtxPushCurrent, (CUcontext context), (context))
OLD(cuCtxPopCurrent, (CUcontext * context), (context))
OLD(cuStreamDestroy, (CUstream stream), (stream))
OLD(cuEventDestroy, (CUevent event), (event))
OLD(cuMemHostRegister, (void *pointer, size_t size, unsigned flags), (pointer, size, flags))
OLD(cuDevicePrimaryCtxRelease, (CUdevice device), (device))
OLD(cuDevicePrimaryCtxSetFlags, (CUdevice device, unsigned flags), (device, flags))
OLD(cuDevicePrimaryCtxReset, (CUdevice device), (device))
OLD(cuLinkCreate, (unsigned count, CUjit_option *options, void **values, CUlinkState *state),
    (count, options, values, state))
OLD(cuLinkAddData,
    (CUlinkState state, CUjitInputType type, void *data, size_t size, const char *name, unsigned count,
     CUjit_option *options, void **values),
    (state, type, data, size, name, count, options, values))
OLD(cuLinkAddFile,
    (CUlinkState state, CUjitInputType type, const char *path, unsigned count, CUjit_option *options, void **values),
    (state, type, path, count, options, values))

/* And one that is newer than CUDA 12.7, whose cuda.h gives it to programs: the same for events that can be timed. */
CW_CUDA_API CUresult cuEventElapsedTime_v2(float *ms, CUevent start, CUevent end);
CUresult cuEventElapsedTime_v2(float *ms, CUevent start, CUevent end) {
    return cuEventElapsedTime(ms, start, end);
}
