// SPDX-License-Identifier: Apache-2.0
// NVCC: skip needs two devices
// ENV: CUDA_WASM_DEVICES=2
// Contexts on two devices: which is current decides where things are; modules and functions belong to one.
// EXPECT: two devices: ok
// EXPECT: current context: ok
// EXPECT: functions stay on their device: ok
// EXPECT: copies between contexts: ok
// EXPECT: libraries are everywhere: ok
#include "check.h"
#include "check_driver.h"
#include "nvrtc_module.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    int count = 0;
    CUdevice devices[2], found;
    CUcontext contexts[2];
    CUdeviceptr memory[2];
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGetCount(&count));
    for (int i = 0; i < 2; i++) {
        DRIVER(cuDeviceGet(&devices[i], i));
        DRIVER(cuCtxCreate(&contexts[i], 0, devices[i]));
        DRIVER(cuMemAlloc(&memory[i], 64));
    }
    say("two devices", count == 2);
    int ordinal = -1;
    DRIVER(cuCtxGetDevice(&found));
    bool fine = found == devices[1];
    DRIVER(cuPointerGetAttribute(&ordinal, CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, memory[0]));
    fine = fine && ordinal == 0;
    CHECK(cudaGetDevice(&ordinal));
    fine = fine && ordinal == 1;
    DRIVER(cuCtxSetCurrent(contexts[0]));
    CHECK(cudaGetDevice(&ordinal));
    say("current context", fine && ordinal == 0);

    std::string text = compile_text("extern \"C\" __global__ void put(int *data, int value) { *data = value; }\n");
    CUmodule module;
    CUfunction function;
    int value = 7, back = 0;
    void *arguments[] = {&memory[0], &value};
    DRIVER(cuModuleLoadData(&module, text.c_str()));
    DRIVER(cuModuleGetFunction(&function, module, "put"));
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuCtxSetCurrent(contexts[1]));
    say("functions stay on their device", cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) ==
                                              CUDA_ERROR_INVALID_HANDLE);
    DRIVER(cuMemcpyPeer(memory[1], contexts[1], memory[0], contexts[0], sizeof(int)));
    DRIVER(cuMemcpyDtoH(&back, memory[1], sizeof back));
    say("copies between contexts", back == 7);

    CUlibrary library;
    CUkernel kernel;
    DRIVER(cuLibraryLoadData(&library, text.c_str(), nullptr, nullptr, 0, nullptr, nullptr, 0));
    DRIVER(cuLibraryGetKernel(&kernel, library, "put"));
    fine = true;
    for (int i = 0; i < 2; i++) {
        DRIVER(cuCtxSetCurrent(contexts[i]));
        value = 20 + i;
        arguments[0] = &memory[i];
        DRIVER(cuLaunchKernel(reinterpret_cast<CUfunction>(kernel), 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
        DRIVER(cuMemcpyDtoH(&back, memory[i], sizeof back));
        fine = fine && back == 20 + i;
    }
    DRIVER(cuLibraryUnload(library));
    say("libraries are everywhere", fine);
    DRIVER(cuCtxDestroy(contexts[1]));
    DRIVER(cuCtxDestroy(contexts[0]));
    return 0;
}
