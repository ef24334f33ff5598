// SPDX-License-Identifier: Apache-2.0
// Loops that nvcc unrolled (kernels.ptx, nvcc 13.0 -ptx -arch=sm_80 -fmad=false) give bit for bit what their source gives, for many counts.
// RUN: --fmad=false
// NVCC: -fmad=false -lcuda
// EXPECT: 17 kernels, 0 differ
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "../check.h"
#include "../check_driver.h"
#include "kernels.h"

static const int room = 1024, counts[] = {1, 5, 31, 32, 33, 64, 95, 96, 127, 129, 160, 255, 512, 1000};
static CUmodule module;
static CUdeviceptr in;

static std::vector<float> launch(CUfunction function, int n) {
    std::vector<float> host(room, -1.0f);
    CUdeviceptr out;
    DRIVER(cuMemAlloc(&out, room * 4));
    DRIVER(cuMemcpyHtoD(out, host.data(), room * 4));
    void *arguments[] = {&in, &out, &n};
    DRIVER(cuLaunchKernel(function, 8, 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemcpyDtoH(host.data(), out, room * 4));
    DRIVER(cuMemFree(out));
    return host;
}

static bool same_bits(const char *name, const void *kernel) {
    CUfunction of_ptx;
    cudaFunction_t of_source;
    DRIVER(cuModuleGetFunction(&of_ptx, module, name));
    CHECK(cudaGetFuncBySymbol(&of_source, kernel));
    for (int n : counts) {
        std::vector<float> a = launch(of_ptx, n), b = launch(of_source, n);
        for (int i = 0; i < room; i++)
            if (std::memcmp(&a[i], &b[i], 4) != 0) {
                std::printf("%s of %d: [%d] is %.9g from PTX, %.9g from source\n", name, n, i, a[i], b[i]);
                return false;
            }
    }
    return true;
}

int main() {
    std::string path = __FILE__;
    path.replace(path.rfind("main.cu"), 7, "kernels.ptx");
    std::vector<float> host(room);
    for (int i = 0; i < room; i++)
        host[i] = (float)(i * 37 % 101) / 64.0f;
    CHECK(cudaFree(nullptr));
    DRIVER(cuModuleLoad(&module, path.c_str()));
    DRIVER(cuMemAlloc(&in, room * 4));
    DRIVER(cuMemcpyHtoD(in, host.data(), room * 4));
    int kernels = 0, differ = 0;
#define COMPARE(name)                                                                                                  \
    kernels++;                                                                                                         \
    differ += !same_bits(#name, reinterpret_cast<const void *>(name));
    EACH_KERNEL(COMPARE)
    std::printf("%d kernels, %d differ\n", kernels, differ);
    return 0;
}
