/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx_compare.h: kernels of a PTX text, kernels.ptx beside main.cu, against their sources, bit for bit. Each takes (const float *in,
 * float *out, int n) and is launched with eight blocks of 128 threads; `kernels.h` has EACH_KERNEL.
 */
#ifndef PROGRAMS_PTX_COMPARE_H
#define PROGRAMS_PTX_COMPARE_H

#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "check.h"
#include "check_driver.h"

static const int compared_room = 1024;
static CUmodule compared_module;
static CUdeviceptr compared_in;

static std::vector<float> launch_compared(CUfunction function, int n) {
    std::vector<float> host(compared_room, -1.0f);
    CUdeviceptr out;
    DRIVER(cuMemAlloc(&out, compared_room * 4));
    DRIVER(cuMemcpyHtoD(out, host.data(), compared_room * 4));
    void *arguments[] = {&compared_in, &out, &n};
    DRIVER(cuLaunchKernel(function, 8, 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemcpyDtoH(host.data(), out, compared_room * 4));
    DRIVER(cuMemFree(out));
    return host;
}

/* True if the kernel of that name gives the same from PTX and from source for each of the counts. */
static bool same_bits(const char *name, const void *kernel, const std::vector<int> &counts) {
    CUfunction of_ptx;
    cudaFunction_t of_source;
    DRIVER(cuModuleGetFunction(&of_ptx, compared_module, name));
    CHECK(cudaGetFuncBySymbol(&of_source, kernel));
    for (int n : counts) {
        std::vector<float> a = launch_compared(of_ptx, n), b = launch_compared(of_source, n);
        for (int i = 0; i < compared_room; i++)
            if (std::memcmp(&a[i], &b[i], 4) != 0) {
                std::printf("%s of %d: [%d] is %.9g from PTX, %.9g from source\n", name, n, i, a[i], b[i]);
                return false;
            }
    }
    return true;
}

/* Loads kernels.ptx, which lies beside `file`, main.cu. */
static void load_compared(const char *file) {
    std::string path = file;
    path.replace(path.rfind("main.cu"), 7, "kernels.ptx");
    std::vector<float> host(compared_room);
    for (int i = 0; i < compared_room; i++)
        host[i] = (float)(i * 37 % 101) / 64.0f;
    CHECK(cudaFree(nullptr));
    DRIVER(cuModuleLoad(&compared_module, path.c_str()));
    DRIVER(cuMemAlloc(&compared_in, compared_room * 4));
    DRIVER(cuMemcpyHtoD(compared_in, host.data(), compared_room * 4));
}

#define COMPARED_KERNEL(name)                                                                                          \
    kernels++;                                                                                                         \
    differ += !same_bits(#name, reinterpret_cast<const void *>(name), counts);

#define COMPARED_MAIN(...)                                                                                             \
    int main() {                                                                                                       \
        const std::vector<int> counts = {__VA_ARGS__};                                                                 \
        int kernels = 0, differ = 0;                                                                                   \
        load_compared(__FILE__);                                                                                       \
        EACH_KERNEL(COMPARED_KERNEL)                                                                                   \
        std::printf("%d kernels, %d differ\n", kernels, differ);                                                       \
        return 0;                                                                                                      \
    }

#endif
