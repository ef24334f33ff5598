// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda -lnvrtc -lnvJitLink
// nvJitLink: link-time code of two NVRTC programs to one module; options, logs and misuses.
// EXPECT: linked: ok
// EXPECT: as text: ok
// EXPECT: missing symbol: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <cstring>
#include <string>

#include <nvJitLink.h>
#include <nvrtc.h>

#include "check.h"
#include "check_driver.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static std::string compile(const char *source) {
    nvrtcProgram program;
    const char *options[] = {"-dlto", "-arch=compute_80"};
    size_t size = 0;
    nvrtcCreateProgram(&program, source, "unit.cu", 0, nullptr, nullptr);
    nvrtcCompileProgram(program, 2, options);
    nvrtcGetLTOIRSize(program, &size);
    std::string code(size, '\0');
    nvrtcGetLTOIR(program, &code[0]);
    nvrtcDestroyProgram(&program);
    return code;
}

static int run(const void *image) {
    CUmodule module;
    CUfunction function;
    CUdeviceptr data;
    int value = 4;
    DRIVER(cuModuleLoadData(&module, image));
    DRIVER(cuModuleGetFunction(&function, module, "run"));
    DRIVER(cuMemAlloc(&data, sizeof value));
    DRIVER(cuMemcpyHtoD(data, &value, sizeof value));
    void *arguments[] = {&data};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(&value, data, sizeof value));
    return value;
}

int main() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    std::string user = compile("extern __device__ int square(int);\n"
                               "extern \"C\" __global__ void run(int *data) { *data = square(*data); }\n");
    std::string maker = compile("__device__ int square(int x) { return x * x; }\n");

    nvJitLinkHandle handle = nullptr;
    const char *options[] = {"-lto", "-arch=sm_80", "-O3"};
    size_t size = 0;
    nvJitLinkCreate(&handle, 3, options);
    nvJitLinkAddData(handle, NVJITLINK_INPUT_LTOIR, user.data(), user.size(), "user");
    nvJitLinkAddData(handle, NVJITLINK_INPUT_LTOIR, maker.data(), maker.size(), "maker");
    bool fine = nvJitLinkGetLinkedCubinSize(handle, &size) == NVJITLINK_ERROR_INVALID_INPUT &&
                nvJitLinkComplete(handle) == NVJITLINK_SUCCESS;
    nvJitLinkGetLinkedCubinSize(handle, &size);
    std::string image(size, '\0');
    nvJitLinkGetLinkedCubin(handle, &image[0]);
    say("linked", fine && run(image.data()) == 16);
    nvJitLinkGetLinkedPtxSize(handle, &size);
    std::string text(size, '\0');
    nvJitLinkGetLinkedPtx(handle, &text[0]);
    say("as text", std::strlen(text.c_str()) + 1 == size && run(text.c_str()) == 16);
    nvJitLinkDestroy(&handle);

    nvJitLinkCreate(&handle, 3, options);
    nvJitLinkAddData(handle, NVJITLINK_INPUT_ANY, user.data(), user.size(), "user");
    fine = nvJitLinkComplete(handle) == NVJITLINK_ERROR_FINALIZE;
    nvJitLinkGetErrorLogSize(handle, &size);
    std::string log(size, '\0');
    nvJitLinkGetErrorLog(handle, &log[0]);
    say("missing symbol", fine && log.find("square") != std::string::npos);
    fine = nvJitLinkAddData(handle, NVJITLINK_INPUT_PTX, "nothing", 7, "x") == NVJITLINK_ERROR_INVALID_INPUT &&
           nvJitLinkAddData(handle, static_cast<nvJitLinkInputType>(99), user.data(), user.size(), "x") ==
               NVJITLINK_ERROR_UNRECOGNIZED_INPUT;
    nvJitLinkDestroy(&handle);
    const char *wrong[] = {"-arch=sm_80", "-nonsense"};
    say("refused", fine && handle == nullptr &&
                       nvJitLinkCreate(&handle, 2, wrong) == NVJITLINK_ERROR_UNRECOGNIZED_OPTION &&
                       nvJitLinkCreate(&handle, 1, wrong + 1) == NVJITLINK_ERROR_UNRECOGNIZED_OPTION &&
                       nvJitLinkCreate(&handle, 0, nullptr) == NVJITLINK_ERROR_MISSING_ARCH &&
                       nvJitLinkComplete(nullptr) == NVJITLINK_ERROR_NULL_INPUT);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
