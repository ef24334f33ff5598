// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda -lnvrtc
// A program for NVRTC with a header of its own, templates by name expressions, variables by their lowered names.
// EXPECT: before compilation: ok
// EXPECT: compiled: ok
// EXPECT: lowered names: ok
// EXPECT: text: ok
// EXPECT: float: ok
// EXPECT: namespace and lambda: ok
// EXPECT: after compilation: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <cstring>
#include <string>

#include <nvrtc.h>

#include "check.h"
#include "check_driver.h"

static const char source[] = R"(
#include "twice.h"
#include <deep/offset.h>
template <typename T> __global__ void scale(T *data, T factor, int count) {
    int i = threadIdx.x + blockIdx.x * blockDim.x;
    if (i < count) data[i] = twice(data[i]) * factor + offset;
}
namespace outer {
namespace inner {
template <int shift> __global__ void shifted(int *data) {
    auto add = [=](int value) { return value + shift; };
    data[threadIdx.x] = add(static_cast<int>(threadIdx.x));
}
}
}
extern "C" __global__ void plain(float *data) { data[threadIdx.x] = sqrtf(data[threadIdx.x]); }
)";
static const char *const headers[] = {
    "template <typename T> __device__ T twice(T value) { return value + value; }\n",
    "#include \"../twice.h\"\n__constant__ float offset = 1.0f;\n",
};
static const char *const header_names[] = {"twice.h", "deep/offset.h"};

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    nvrtcProgram program;
    const char *guarded[] = {"#pragma once\n", headers[1]};
    std::string twice = std::string(guarded[0]) + headers[0];
    guarded[0] = twice.c_str();
    nvrtcCreateProgram(&program, source, "names.cu", 2, guarded, header_names);
    const char *name = nullptr;
    size_t size = 0;
    const char *const expressions[] = {"scale<float>", "outer::inner::shifted<7>", "&offset", "plain"};
    bool fine = nvrtcGetPTXSize(program, &size) == NVRTC_ERROR_INVALID_PROGRAM;
    for (const char *expression : expressions)
        fine = fine && nvrtcAddNameExpression(program, expression) == NVRTC_SUCCESS;
    fine = fine && nvrtcGetLoweredName(program, expressions[0], &name) == NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION;
    say("before compilation", fine);

    const char *options[] = {"--gpu-architecture=compute_80", "-std=c++14", "-DUNUSED=1"};
    nvrtcResult result = nvrtcCompileProgram(program, 3, options);
    std::string log;
    nvrtcGetProgramLogSize(program, &size);
    log.resize(size);
    nvrtcGetProgramLog(program, &log[0]);
    say("compiled", result == NVRTC_SUCCESS);
    if (result != NVRTC_SUCCESS)
        std::printf("%s\n", log.c_str());

    const char *lowered[4] = {};
    for (int i = 0; i < 4; i++)
        nvrtcGetLoweredName(program, expressions[i], &lowered[i]);
    say("lowered names", std::strcmp(lowered[0], "_Z5scaleIfEvPT_S0_i") == 0 &&
                             std::strcmp(lowered[1], "_ZN5outer5inner7shiftedILi7EEEvPi") == 0 &&
                             std::strcmp(lowered[2], "offset") == 0 && std::strcmp(lowered[3], "plain") == 0);

    std::string text;
    nvrtcGetPTXSize(program, &size);
    text.resize(size);
    nvrtcGetPTX(program, &text[0]);
    size_t cubin = 1;
    say("text", std::strlen(text.c_str()) + 1 == size && text.compare(0, 2, "//") == 0 &&
                    nvrtcGetCUBINSize(program, &cubin) == NVRTC_SUCCESS && cubin == 0);

    CUdevice device;
    CUcontext context;
    CUmodule module;
    CUfunction function;
    CUdeviceptr data, offset;
    size_t bytes = 0;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuModuleLoadData(&module, text.c_str()));
    DRIVER(cuMemAlloc(&data, 400));
    DRIVER(cuModuleGetGlobal(&offset, &bytes, module, lowered[2]));
    float five = 5, factor = 3;
    int count = 100;
    std::vector<float> values(100, 2.0f), want(100, 17.0f);
    DRIVER(cuMemcpyHtoD(offset, &five, bytes));
    DRIVER(cuMemcpyHtoD(data, values.data(), 400));
    DRIVER(cuModuleGetFunction(&function, module, lowered[0]));
    void *arguments[] = {&data, &factor, &count};
    DRIVER(cuLaunchKernel(function, 4, 1, 1, 32, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(values.data(), data, 400));
    same("float", values, want);

    std::vector<int> numbers(100), sums(100);
    for (int i = 0; i < 100; i++)
        sums[i] = i + 7;
    DRIVER(cuModuleGetFunction(&function, module, lowered[1]));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 100, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(numbers.data(), data, 400));
    same("namespace and lambda", numbers, sums);

    say("after compilation",
        nvrtcAddNameExpression(program, "late") == NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION &&
            nvrtcGetLoweredName(program, "late", &name) == NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID &&
            nvrtcDestroyProgram(&program) == NVRTC_SUCCESS && program == nullptr);
    DRIVER(cuModuleUnload(module));
    DRIVER(cuCtxDestroy(context));
    return 0;
}
