// SPDX-License-Identifier: Apache-2.0
// NVCC: skip NVIDIA loads PTX, and its fat binaries are its own
// Modules, libraries and links, of PTX too; what can't be loaded is refused by its name, in the log.
// EXPECT: module: ok
// EXPECT: file: ok
// EXPECT: library: ok
// EXPECT: link: ok
// EXPECT: compiled into the program: ok
// EXPECT: PTX: ok
// EXPECT: cubin: ok
// EXPECT: damage: ok
// EXPECT: handles: ok
#include <cstring>

#include "check.h"
#include "check_driver.h"
#include "nvrtc_module.h"

__global__ void compiled(int *data) { *data = 99; }

static const char source[] = R"(
__device__ int base = 40;
extern "C" __global__ void one(int *data) { data[0] = base + 1; }
extern "C" __global__ void two(int *data) { data[0] = base + 2; }
)";

static CUdeviceptr place;
static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static int run(CUfunction function) {
    int value = 0;
    void *arguments[] = {&place};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(&value, place, sizeof value));
    return value;
}

/* The error of loading, and that the log says `word`. */
static CUresult refused(const void *image, const char *word, bool *said) {
    char log[512] = "old";
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES, CU_JIT_WALL_TIME,
                              CU_JIT_OPTIMIZATION_LEVEL};
    void *values[] = {log, reinterpret_cast<void *>(sizeof log), nullptr, reinterpret_cast<void *>(3)};
    CUmodule module;
    CUresult result = cuModuleLoadDataEx(&module, image, 4, options, values);
    *said = std::strstr(log, word) != nullptr && reinterpret_cast<size_t>(values[1]) == std::strlen(log);
    return result;
}

int main() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuMemAlloc(&place, 64));
    std::string text = compile_text(source);

    CUmodule module, owner;
    CUfunction function, functions[2];
    CUdeviceptr variable;
    size_t bytes = 0;
    unsigned count = 0;
    DRIVER(cuModuleLoadData(&module, text.c_str()));
    DRIVER(cuModuleGetFunction(&function, module, "one"));
    bool fine = run(function) == 41;
    int ten = 10;
    DRIVER(cuModuleGetGlobal(&variable, &bytes, module, "base"));
    DRIVER(cuMemcpyHtoD(variable, &ten, sizeof ten));
    DRIVER(cuModuleGetFunctionCount(&count, module));
    DRIVER(cuModuleEnumerateFunctions(functions, 2, module));
    DRIVER(cuFuncGetModule(&owner, function));
    say("module", fine && run(function) == 11 && bytes == sizeof(int) && count == 2 && owner == module &&
                      (functions[0] == function || functions[1] == function) &&
                      cuModuleGetFunction(&function, module, "three") == CUDA_ERROR_NOT_FOUND &&
                      cuModuleGetGlobal(&variable, &bytes, module, "three") == CUDA_ERROR_NOT_FOUND);

    char path[] = "/tmp/driver_modules_XXXXXX";
    std::FILE *file = fdopen(mkstemp(path), "w");
    std::fputs(text.c_str(), file);
    std::fclose(file);
    CUmodule from_file;
    DRIVER(cuModuleLoad(&from_file, path));
    std::remove(path);
    DRIVER(cuModuleGetFunction(&function, from_file, "two"));
    say("file", run(function) == 42 && cuModuleLoad(&owner, path) == CUDA_ERROR_FILE_NOT_FOUND);
    DRIVER(cuModuleUnload(from_file));

    CUlibrary library;
    CUkernel kernel;
    const char *name = nullptr;
    DRIVER(cuLibraryLoadData(&library, text.c_str(), nullptr, nullptr, 0, nullptr, nullptr, 0));
    DRIVER(cuLibraryGetKernel(&kernel, library, "two"));
    DRIVER(cuKernelGetName(&name, kernel));
    DRIVER(cuKernelGetFunction(&function, kernel));
    DRIVER(cuLibraryGetKernelCount(&count, library));
    int threads = 0;
    DRIVER(cuKernelGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, kernel, device));
    fine = run(function) == 42 && run(reinterpret_cast<CUfunction>(kernel)) == 42 && std::strcmp(name, "two") == 0 &&
           count == 2 && threads == 1024;
    void *address = nullptr;
    fine = fine && cudaLibraryGetGlobal(&address, &bytes, library, "base") == cudaSuccess && bytes == sizeof(int);
    DRIVER(cuLibraryUnload(library));
    say("library", fine && cuLibraryUnload(library) == CUDA_ERROR_INVALID_HANDLE &&
                       cuLibraryGetKernel(&kernel, library, "two") == CUDA_ERROR_INVALID_HANDLE);

    CUlinkState link;
    void *linked = nullptr;
    DRIVER(cuLinkCreate(0, nullptr, nullptr, &link));
    DRIVER(cuLinkAddData(link, CU_JIT_INPUT_PTX, &text[0], text.size(), "source", 0, nullptr, nullptr));
    DRIVER(cuLinkComplete(link, &linked, &bytes));
    DRIVER(cuModuleLoadData(&from_file, linked));
    DRIVER(cuLinkDestroy(link));
    DRIVER(cuModuleGetFunction(&function, from_file, "two"));
    say("link", run(function) == 42 && bytes > 0 && cuLinkDestroy(link) == CUDA_ERROR_INVALID_HANDLE);

    cudaFunction_t symbol;
    CHECK(cudaGetFuncBySymbol(&symbol, reinterpret_cast<const void *>(compiled)));
    DRIVER(cuFuncGetModule(&owner, symbol));
    DRIVER(cuModuleGetFunction(&function, owner, "_Z8compiledPi"));
    cudaKernel_t handle;
    CUfunction by_handle;
    CHECK(cudaGetKernel(&handle, reinterpret_cast<const void *>(compiled)));
    DRIVER(cuKernelGetFunction(&by_handle, handle));
    DRIVER(cuKernelGetName(&name, handle));
    say("compiled into the program", run(symbol) == 99 && function == symbol && by_handle == symbol &&
                                         std::strcmp(name, "_Z8compiledPi") == 0);

#define PTX(address)                                                                                                   \
    "//\n// PTX\n//\n.version 8.3\n.target sm_80\n.address_size 64\n.visible .entry three(.param .u64 data)\n{\n"         \
    ".reg .b64 %x;\nld.param.u64 %x, [data];\nst.global.u32 [" address "], 43;\nret;\n}\n"
    static const unsigned char cubin[64] = {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 190, 0};
    bool said = false;
    fine = refused(PTX("%y"), "ptx:11:16: error: ", &said) == CUDA_ERROR_INVALID_PTX && said;
    DRIVER(cuModuleLoadData(&from_file, PTX("%x")));
    DRIVER(cuModuleGetFunction(&function, from_file, "three"));
    say("PTX", fine && run(function) == 43);
    say("cubin", refused(cubin, "cubin", &said) == CUDA_ERROR_NO_BINARY_FOR_GPU && said);
    std::string broken = text;
    size_t place = broken.find("// CUDA-WASM") + 400;
    broken[place] = broken[place] == 'A' ? 'B' : 'A';
    fine = cuModuleLoadData(&owner, broken.c_str()) == CUDA_ERROR_INVALID_IMAGE;
    broken.resize(broken.size() - 100);
    say("damage", fine && refused(broken.c_str(), "cut short", &said) == CUDA_ERROR_INVALID_PTX && said &&
                      cuModuleLoadData(&owner, "nonsense") == CUDA_ERROR_INVALID_IMAGE &&
                      cuModuleLoadData(&owner, "") == CUDA_ERROR_INVALID_IMAGE &&
                      cuModuleLoadData(&owner, nullptr) == CUDA_ERROR_INVALID_VALUE);

    DRIVER(cuModuleUnload(module));
    say("handles", cuModuleUnload(module) == CUDA_ERROR_INVALID_HANDLE &&
                       cuModuleGetFunction(&function, module, "one") == CUDA_ERROR_INVALID_HANDLE &&
                       cuLaunchKernel(functions[0], 1, 1, 1, 1, 1, 1, 0, nullptr, nullptr, nullptr) ==
                           CUDA_ERROR_INVALID_HANDLE);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
