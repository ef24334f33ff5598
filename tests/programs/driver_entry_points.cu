// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Functions of the driver by name: cuGetProcAddress and cudaGetDriverEntryPoint, and the names of errors.
// EXPECT: by name: ok
// EXPECT: versions: ok
// EXPECT: missing: ok
// EXPECT: per thread: ok
// EXPECT: by the runtime: ok
// EXPECT: names of errors: ok
// NVCC: before 13 cudaTypedefs.h names versions only
#include <cstring>

#include <cudaTypedefs.h>

#include "check.h"
#include "check_driver.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    CUdriverProcAddressQueryResult status;
    void *found = nullptr, *older = nullptr;
    DRIVER(cuGetProcAddress("cuInit", &found, 12000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    bool fine = status == CU_GET_PROC_ADDRESS_SUCCESS && found == reinterpret_cast<void *>(cuInit);
    auto init = reinterpret_cast<PFN_cuInit>(found);
    say("by name", fine && init(0) == CUDA_SUCCESS);

    DRIVER(cuGetProcAddress("cuMemAlloc", &found, 12000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    fine = found == reinterpret_cast<void *>(cuMemAlloc);
    DRIVER(cuGetProcAddress("cuCtxCreate", &older, 12000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    DRIVER(cuGetProcAddress("cuCtxCreate", &found, 13000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    fine = fine && found != older && found == reinterpret_cast<void *>(cuCtxCreate_v4);
    DRIVER(cuGetProcAddress("cuMemCreate", &found, 9000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    PFN_cuMemAlloc_v3020 same_type = cuMemAlloc;
    PFN_cuCtxCreate_v12050 newest = cuCtxCreate_v4;
    fine = fine && same_type && newest;
    say("versions", fine && found == nullptr && status == CU_GET_PROC_ADDRESS_VERSION_NOT_SUFFICIENT);

    DRIVER(cuGetProcAddress("cuNoSuchFunction", &found, 12000, CU_GET_PROC_ADDRESS_DEFAULT, &status));
    say("missing", found == nullptr && status == CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND &&
                       cuGetProcAddress("cuNoSuchFunction", &found, 12000, 0, nullptr) == CUDA_ERROR_NOT_FOUND &&
                       cuGetProcAddress(nullptr, &found, 12000, 0, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuGetProcAddress("cuInit", &found, 12000, 3, nullptr) == CUDA_ERROR_INVALID_VALUE);

    DRIVER(cuGetProcAddress("cuLaunchKernel", &older, 12000, CU_GET_PROC_ADDRESS_LEGACY_STREAM, &status));
    DRIVER(cuGetProcAddress("cuLaunchKernel", &found, 12000, CU_GET_PROC_ADDRESS_PER_THREAD_DEFAULT_STREAM, &status));
    say("per thread", found && older && found != older);

    cudaDriverEntryPointQueryResult result;
    fine = cudaGetDriverEntryPoint("cuDeviceGetCount", &found, cudaEnableDefault, &result) == cudaSuccess &&
           result == cudaDriverEntryPointSuccess;
    int count = 0;
    fine = fine && reinterpret_cast<CUresult (*)(int *)>(found)(&count) == CUDA_SUCCESS && count > 0;
    fine = fine && cudaGetDriverEntryPoint("cuNothing", &found, cudaEnableDefault, &result) == cudaSuccess &&
           result == cudaDriverEntryPointSymbolNotFound;
    say("by the runtime", fine);

    const char *name = nullptr, *text = nullptr;
    DRIVER(cuGetErrorName(CUDA_ERROR_NO_BINARY_FOR_GPU, &name));
    DRIVER(cuGetErrorString(CUDA_ERROR_OUT_OF_MEMORY, &text));
    say("names of errors", std::strcmp(name, "CUDA_ERROR_NO_BINARY_FOR_GPU") == 0 &&
                               std::strcmp(text, "out of memory") == 0 &&
                               cuGetErrorName(static_cast<CUresult>(12345), &name) == CUDA_ERROR_INVALID_VALUE &&
                               name == nullptr);
    return 0;
}
