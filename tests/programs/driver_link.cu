// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda -lnvrtc
// Several modules linked while the program runs: functions and variables of one that another uses.
// EXPECT: linked: ok
// EXPECT: missing: ok
// EXPECT: twice: ok
// EXPECT: link-time code: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <cstring>
#include <string>

#include "check.h"
#include "check_driver.h"
#include "nvrtc_module.h"

static const char caller[] = R"(
extern __device__ int add(int a, int b);
extern __device__ int offset;
extern "C" __global__ void run(int *data) { data[0] = add(data[0], offset); }
)";
static const char callee[] = R"(
__device__ int offset = 5;
__device__ int add(int a, int b) { return a + b; }
)";

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static std::string log_text(512, '\0');

/* Links the texts; the log goes to log_text. */
static CUresult link(std::vector<std::string> texts, CUmodule *module, CUjitInputType type = CU_JIT_INPUT_PTX) {
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {&log_text[0], reinterpret_cast<void *>(log_text.size())};
    CUlinkState state;
    void *image = nullptr;
    size_t size = 0;
    DRIVER(cuLinkCreate(2, options, values, &state));
    CUresult result = CUDA_SUCCESS;
    for (std::string &text : texts)
        if (result == CUDA_SUCCESS)
            result = cuLinkAddData(state, type, &text[0], text.size(), "part", 0, nullptr, nullptr);
    if (result == CUDA_SUCCESS)
        result = cuLinkComplete(state, &image, &size);
    if (result == CUDA_SUCCESS)
        result = cuModuleLoadData(module, image);
    DRIVER(cuLinkDestroy(state));
    return result;
}

static int run(CUmodule module) {
    CUfunction function;
    CUdeviceptr data;
    int value = 37;
    DRIVER(cuModuleGetFunction(&function, module, "run"));
    DRIVER(cuMemAlloc(&data, sizeof value));
    DRIVER(cuMemcpyHtoD(data, &value, sizeof value));
    void *arguments[] = {&data};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(&value, data, sizeof value));
    DRIVER(cuMemFree(data));
    return value;
}

static std::string compile_lto(const char *source) {
    nvrtcProgram program;
    const char *option = "-dlto";
    size_t size = 0;
    nvrtcCreateProgram(&program, source, "lto.cu", 0, nullptr, nullptr);
    nvrtcCompileProgram(program, 1, &option);
    nvrtcGetLTOIRSize(program, &size);
    std::string code(size, '\0');
    nvrtcGetLTOIR(program, &code[0]);
    nvrtcDestroyProgram(&program);
    return code;
}

int main() {
    CUdevice device;
    CUcontext context;
    CUmodule module;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    std::string first = compile_text(caller, {"-rdc=true"}), second = compile_text(callee, {"--device-c"});
    say("linked", link({first, second}, &module) == CUDA_SUCCESS && run(module) == 42);
    std::string third = compile_text("__device__ int other;\n", {"-dc"});
    CUresult result = link({first, third}, &module);
    say("missing", result == CUDA_ERROR_INVALID_IMAGE && log_text.find("add") != std::string::npos);
    result = link({first, second, second}, &module);
    say("twice", result == CUDA_ERROR_INVALID_IMAGE && log_text.find("offset") != std::string::npos);
    result = link({compile_lto(caller), compile_lto(callee)}, &module, CU_JIT_INPUT_NVVM);
    say("link-time code", result == CUDA_SUCCESS && run(module) == 42);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
