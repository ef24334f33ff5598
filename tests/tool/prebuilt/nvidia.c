/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nvidia.c: stands where NVIDIA's runtime of version CUDART is when program.c is linked. As a shared library it gives the
 * names and their version; linked into the program it is what must be replaced. It must never run.
 */
#include <stdio.h>
#include <stdlib.h>

#define FUNCTION(name)                                                                                                 \
    void name(void);                                                                                                   \
    void name(void) {                                                                                                  \
        puts("NVIDIA's " #name " was called");                                                                         \
        fflush(stdout);                                                                                                \
        abort();                                                                                                       \
    }

FUNCTION(__cudaRegisterFatBinary)
FUNCTION(__cudaRegisterFatBinaryEnd)
FUNCTION(__cudaUnregisterFatBinary)
FUNCTION(__cudaRegisterFunction)
FUNCTION(__cudaRegisterVar)
FUNCTION(__cudaRegisterManagedVar)
FUNCTION(__cudaInitModule)
FUNCTION(__cudaPushCallConfiguration)
FUNCTION(__cudaPopCallConfiguration)
FUNCTION(cudaLaunchKernel)
FUNCTION(cudaLaunchCooperativeKernel)
FUNCTION(cudaMalloc)
FUNCTION(cudaMemcpy)
FUNCTION(cudaMemcpyToSymbol)
FUNCTION(cudaMemcpyFromSymbol)
FUNCTION(cudaDeviceSynchronize)
FUNCTION(cudaPointerGetAttributes)
FUNCTION(cudaGetErrorName)
FUNCTION(cudaGraphCreate)
FUNCTION(cudaGraphAddEmptyNode)
FUNCTION(cudaGraphAddDependencies)
FUNCTION(cudaGraphInstantiate)
FUNCTION(cudaGetDeviceProperties)
#if CUDART >= 12
FUNCTION(__cudaGetKernel)
FUNCTION(__cudaLaunchKernel)
#endif
#if CUDART == 12
FUNCTION(cudaGetDeviceProperties_v2)
#endif
