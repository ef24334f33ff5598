/* SPDX-License-Identifier: Apache-2.0 */
/*
 * old_names.c: the names without a version that NVIDIA's driver exports too, for programs that look functions up in
 * libcuda.so.1 themselves. Forms whose parameters a 64-bit program passes alike are their later ones; those that took 32-bit
 * device pointers can be found, as some loaders want every name, and say so when they are called.
 */
#include "runtime/driver/driver.h"

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
#undef cuIpcOpenMemHandle
#undef cuGraphicsResourceSetMapFlags
#undef cuStreamWaitValue32
#undef cuStreamWaitValue64
#undef cuStreamWriteValue32
#undef cuStreamWriteValue64
#undef cuStreamBatchMemOp

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
OLD(cuIpcOpenMemHandle, (CUdeviceptr * pointer, CUipcMemHandle handle, unsigned flags), (pointer, handle, flags))
OLD(cuGraphicsResourceSetMapFlags, (CUgraphicsResource resource, unsigned flags), (resource, flags))
OLD(cuStreamWaitValue32, (CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags), (stream, address, value, flags))
OLD(cuStreamWaitValue64, (CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags), (stream, address, value, flags))
OLD(cuStreamWriteValue32, (CUstream stream, CUdeviceptr address, cuuint32_t value, unsigned flags), (stream, address, value, flags))
OLD(cuStreamWriteValue64, (CUstream stream, CUdeviceptr address, cuuint64_t value, unsigned flags), (stream, address, value, flags))
OLD(cuStreamBatchMemOp, (CUstream stream, unsigned count, CUstreamBatchMemOpParams *params, unsigned flags),
    (stream, count, params, flags))

/* And one that is newer than CUDA 12.7, whose cuda.h gives it to programs: the same for events that can be timed. */
CW_CUDA_API CUresult cuEventElapsedTime_v2(float *ms, CUevent start, CUevent end);
CUresult cuEventElapsedTime_v2(float *ms, CUevent start, CUevent end) {
    return cuEventElapsedTime(ms, start, end);
}

#define OLD_32(name)                                                                                                   \
    CW_CUDA_API CUresult name##_32(void) __asm__(#name);                                                               \
    CUresult name##_32(void) {                                                                                         \
        return CW_DRIVER_ALWAYS(cw_rt_fail(cudaErrorNotSupported, #name " is the form of CUDA 3.1, with 32-bit device " \
                                                                  "pointers; " #name "_v2 is the later one"));         \
    }

OLD_32(cuArray3DCreate)
OLD_32(cuArray3DGetDescriptor)
OLD_32(cuArrayCreate)
OLD_32(cuArrayGetDescriptor)
OLD_32(cuDeviceTotalMem)
OLD_32(cuGLMapBufferObject)
OLD_32(cuGLMapBufferObjectAsync)
OLD_32(cuGraphicsResourceGetMappedPointer)
OLD_32(cuMemAlloc)
OLD_32(cuMemAllocHost)
OLD_32(cuMemAllocPitch)
OLD_32(cuMemFree)
OLD_32(cuMemGetAddressRange)
OLD_32(cuMemGetInfo)
OLD_32(cuMemHostGetDevicePointer)
OLD_32(cuMemcpy2D)
OLD_32(cuMemcpy2DAsync)
OLD_32(cuMemcpy2DUnaligned)
OLD_32(cuMemcpy3D)
OLD_32(cuMemcpy3DAsync)
OLD_32(cuMemcpyAtoA)
OLD_32(cuMemcpyAtoD)
OLD_32(cuMemcpyAtoH)
OLD_32(cuMemcpyAtoHAsync)
OLD_32(cuMemcpyDtoA)
OLD_32(cuMemcpyDtoD)
OLD_32(cuMemcpyDtoDAsync)
OLD_32(cuMemcpyDtoH)
OLD_32(cuMemcpyDtoHAsync)
OLD_32(cuMemcpyHtoA)
OLD_32(cuMemcpyHtoAAsync)
OLD_32(cuMemcpyHtoD)
OLD_32(cuMemcpyHtoDAsync)
OLD_32(cuMemsetD16)
OLD_32(cuMemsetD2D16)
OLD_32(cuMemsetD2D32)
OLD_32(cuMemsetD2D8)
OLD_32(cuMemsetD32)
OLD_32(cuMemsetD8)
OLD_32(cuModuleGetGlobal)
OLD_32(cuTexRefGetAddress)
OLD_32(cuTexRefSetAddress)
OLD_32(cuTexRefSetAddress2D)
