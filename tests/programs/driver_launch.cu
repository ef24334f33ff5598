// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Kernels launched by the driver API: with arguments by address and packed, by configuration, and as CUDA 3 did it.
// EXPECT: arguments by address: ok
// EXPECT: packed arguments: ok
// EXPECT: configuration: ok
// EXPECT: cooperative: ok
// EXPECT: as of old: ok
// EXPECT: name and parameters: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <cstddef>
#include <cstring>

#include "check.h"
#include "check_driver.h"

struct Pair {
    char tag;
    double factor;
};

extern "C" __global__ void scale(float *data, Pair pair, int count) {
    int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count)
        data[i] = static_cast<float>(data[i] * pair.factor) + static_cast<float>(pair.tag);
}

static const int count = 1000;

static bool verdict(const char *name, CUdeviceptr data) {
    std::vector<float> have(count), want(count, 2.0f * 3 + 'x');
    DRIVER(cuMemcpyDtoH(have.data(), data, count * sizeof(float)));
    DRIVER(cuMemsetD32(data, 0x40000000, count));
    return same(name, have, want);
}

int main() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));

    cudaFunction_t symbol;
    CHECK(cudaGetFuncBySymbol(&symbol, reinterpret_cast<const void *>(scale)));
    CUfunction function = symbol;
    CUdeviceptr data;
    DRIVER(cuMemAlloc(&data, count * sizeof(float)));
    DRIVER(cuMemsetD32(data, 0x40000000, count));
    Pair pair = {'x', 3.0};
    int size = count;

    void *arguments[] = {&data, &pair, &size};
    DRIVER(cuLaunchKernel(function, 8, 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    verdict("arguments by address", data);

    struct {
        CUdeviceptr data;
        Pair pair;
        int size;
    } packed = {data, pair, size};
    size_t packed_size = offsetof(decltype(packed), size) + sizeof(int);
    void *extra[] = {CU_LAUNCH_PARAM_BUFFER_POINTER, &packed, CU_LAUNCH_PARAM_BUFFER_SIZE, &packed_size,
                     CU_LAUNCH_PARAM_END};
    DRIVER(cuLaunchKernel(function, 8, 1, 1, 128, 1, 1, 0, nullptr, nullptr, extra));
    verdict("packed arguments", data);

    CUlaunchAttribute attribute = {};
    attribute.id = CU_LAUNCH_ATTRIBUTE_PRIORITY;
    CUlaunchConfig config = {8, 1, 1, 128, 1, 1, 0, nullptr, &attribute, 1};
    DRIVER(cuLaunchKernelEx(&config, function, arguments, nullptr));
    verdict("configuration", data);

    int cooperative = 0;
    DRIVER(cuDeviceGetAttribute(&cooperative, CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, device));
    int one_block = count; // in 1 block of 1024
    void *alone[] = {&data, &pair, &one_block};
    DRIVER(cuLaunchCooperativeKernel(function, 1, 1, 1, 1024, 1, 1, 0, nullptr, alone));
    verdict("cooperative", data);

    DRIVER(cuFuncSetBlockShape(function, 128, 1, 1));
    DRIVER(cuParamSetv(function, 0, &packed, static_cast<unsigned>(packed_size)));
    DRIVER(cuParamSeti(function, offsetof(decltype(packed), size), count));
    DRIVER(cuParamSetSize(function, static_cast<unsigned>(packed_size)));
    DRIVER(cuLaunchGrid(function, 8, 1));
    verdict("as of old", data);

    const char *name = nullptr;
    size_t offset = 0, bytes = 0;
    DRIVER(cuFuncGetName(&name, function));
    DRIVER(cuFuncGetParamInfo(function, 1, &offset, &bytes));
    bool described = std::strcmp(name, "scale") == 0 && offset == 8 && bytes == sizeof(Pair) &&
                     cuFuncGetParamInfo(function, 3, &offset, &bytes) == CUDA_ERROR_INVALID_VALUE;
    std::printf("name and parameters: %s\n", described ? "ok" : "wrong");

    void *missing[] = {&data, nullptr, &size};
    bool refused =
        cuLaunchKernel(nullptr, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) == CUDA_ERROR_INVALID_HANDLE &&
        cuLaunchKernel(function, 0, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) == CUDA_ERROR_INVALID_VALUE &&
        cuLaunchKernel(function, 1, 1, 1, 2048, 1, 1, 0, nullptr, arguments, nullptr) == CUDA_ERROR_INVALID_VALUE &&
        cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 1 << 20, nullptr, arguments, nullptr) == CUDA_ERROR_INVALID_VALUE &&
        cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, missing, nullptr) == CUDA_ERROR_INVALID_VALUE &&
        cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, extra) == CUDA_ERROR_INVALID_VALUE &&
        cudaGetLastError() == cudaSuccess; // the driver API leaves the runtime's error alone
    std::printf("refused: %s\n", refused ? "ok" : "wrong");
    DRIVER(cuCtxDestroy(context));
    return 0;
}
