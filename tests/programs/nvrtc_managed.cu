// SPDX-License-Identifier: Apache-2.0
// A module made from text: its managed variables are the module's own, with their values, for the host to read and write; and
// its kernels launch kernels.
// EXPECT: size 16, value 5 2.5
// EXPECT: after 17 4.5, type managed
// NVCC: skip there it has to be linked with cudadevrt
#include <cstdio>

#include <nvrtc.h>

#include "check.h"
#include "check_driver.h"

static const char source[] = R"(
struct Both { int count; double value; };
__managed__ Both both = {5, 2.5};
__global__ void child() { both.count += 2; }
extern "C" __global__ void parent() {
    both.value += 2;
    child<<<1, 1>>>();
}
)";

struct Both {
    int count;
    double value;
};

int main() {
    nvrtcProgram program;
    const char *options[] = {"--gpu-architecture=compute_80", "-rdc=true"};
    nvrtcCreateProgram(&program, source, "managed.cu", 0, nullptr, nullptr);
    if (nvrtcCompileProgram(program, 2, options) != NVRTC_SUCCESS) {
        size_t size;
        nvrtcGetProgramLogSize(program, &size);
        std::vector<char> log(size);
        nvrtcGetProgramLog(program, log.data());
        std::fprintf(stderr, "%s\n", log.data());
        return 1;
    }
    size_t size;
    nvrtcGetPTXSize(program, &size);
    std::vector<char> text(size);
    nvrtcGetPTX(program, text.data());
    CHECK(cudaFree(nullptr));
    CUmodule module;
    CUfunction parent;
    CUdeviceptr address;
    DRIVER(cuModuleLoadData(&module, text.data()));
    DRIVER(cuModuleGetFunction(&parent, module, "parent"));
    DRIVER(cuModuleGetGlobal(&address, &size, module, "both"));
    Both *both = reinterpret_cast<Both *>(address);
    std::printf("size %zu, value %d %.1f\n", size, both->count, both->value);
    both->count = 15;
    DRIVER(cuLaunchKernel(parent, 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr));
    DRIVER(cuCtxSynchronize());
    cudaPointerAttributes attributes;
    CHECK(cudaPointerGetAttributes(&attributes, both));
    std::printf("after %d %.1f, type %s\n", both->count, both->value,
                attributes.type == cudaMemoryTypeManaged ? "managed" : "other");
    DRIVER(cuModuleUnload(module));
    return 0;
}
