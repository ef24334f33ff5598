// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda -lnvrtc
// NVCC: before 13 cuCtxCreate has other parameters
// What NVRTC gives as PTX is PTX: it is loaded as it came, without what stands behind it as comments, and changed. It runs on
// constants, shared memory, textures, surfaces, templates, printf, the device heap and managed variables, and units of it link.
// EXPECT: directives: ok
// EXPECT: from the kernel: 3
// EXPECT: as it came: ok
// EXPECT: from the kernel: 3
// EXPECT: the PTX alone: ok
// EXPECT: from the kernel: 3
// EXPECT: changed: ok
// EXPECT: linked: 42
// EXPECT: linked, the PTX alone: 42
#include <cstring>
#include <string>

#include "check.h"
#include "check_driver.h"
#include "nvrtc_module.h"

static const char source[] = R"(
__constant__ float factor;
__managed__ int total = 30;
template <int N> __device__ float reversed(const float *data) {
    __shared__ float copy[N];
    copy[threadIdx.x] = data[threadIdx.x];
    __syncthreads();
    return copy[N - 1 - threadIdx.x];
}
extern "C" __global__ void work(const float *data, float *out, cudaTextureObject_t texture, cudaSurfaceObject_t surface) {
    float value = reversed<32>(data) * factor;
    unsigned lanes = __ballot_sync(0xffffffffu, threadIdx.x & 1);
    value += __popc(lanes) + __popc(__activemask()) + tex2D<float>(texture, threadIdx.x % 4 + 0.5f, 1.5f) + sinf(0.0f);
    if (threadIdx.x < 4) surf2Dwrite(value, surface, (int)threadIdx.x * 4, 0);
    int *list = new int[4];
    list[threadIdx.x % 4] = 1000;
    value += list[threadIdx.x % 4];
    delete[] list;
    atomicAdd(&total, 1);
    out[threadIdx.x] = value;
    if (threadIdx.x == 0) printf("from the kernel: %d\n", (int)threadIdx.x + 3);
}
)";
static const char caller[] = "extern __device__ int twice(int x);\nextern __device__ int offset;\n"
                             "extern \"C\" __global__ void run(int *data) { *data = twice(*data) + offset; }\n";
static const char callee[] = "__device__ int offset = 2;\n__device__ int twice(int x) { return 2 * x; }\n";

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static std::string alone(const std::string &text) { return text.substr(0, text.find("// CUDA-WASM")); }

struct Images {
    CUarray read, written;
    CUtexObject texture;
    CUsurfObject surface;
};

static CUarray make_array(unsigned flags) {
    CUDA_ARRAY3D_DESCRIPTOR shape = {};
    CUarray array;
    shape.Width = 4;
    shape.Height = 2;
    shape.Format = CU_AD_FORMAT_FLOAT;
    shape.NumChannels = 1;
    shape.Flags = flags;
    DRIVER(cuArray3DCreate(&array, &shape));
    return array;
}

static void copy(CUarray array, float *host, bool up) {
    CUDA_MEMCPY2D copy = {};
    (up ? copy.srcMemoryType : copy.dstMemoryType) = CU_MEMORYTYPE_HOST;
    (up ? copy.dstMemoryType : copy.srcMemoryType) = CU_MEMORYTYPE_ARRAY;
    (up ? copy.dstArray : copy.srcArray) = array;
    copy.srcHost = host;
    copy.dstHost = host;
    copy.WidthInBytes = copy.srcPitch = copy.dstPitch = 16;
    copy.Height = 2;
    DRIVER(cuMemcpy2D(&copy));
}

static Images make_images() {
    Images images;
    float values[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    images.read = make_array(0);
    images.written = make_array(CUDA_ARRAY3D_SURFACE_LDST);
    copy(images.read, values, true);
    CUDA_RESOURCE_DESC resource = {};
    CUDA_TEXTURE_DESC desc = {};
    resource.resType = CU_RESOURCE_TYPE_ARRAY;
    resource.res.array.hArray = images.read;
    desc.addressMode[0] = desc.addressMode[1] = CU_TR_ADDRESS_MODE_CLAMP;
    DRIVER(cuTexObjectCreate(&images.texture, &resource, &desc, nullptr));
    resource.res.array.hArray = images.written;
    DRIVER(cuSurfObjectCreate(&images.surface, &resource));
    return images;
}

/* Loads the text and runs its kernel; `heap` is what the kernel stores and reads again. */
static bool works(const std::string &text, Images &images, float heap) {
    CUmodule module;
    CUfunction function;
    CUdeviceptr factor, total, data, out;
    size_t bytes;
    float host[32], two = 2, stored[8];
    int sum;
    DRIVER(cuModuleLoadData(&module, text.c_str()));
    DRIVER(cuModuleGetFunction(&function, module, "work"));
    DRIVER(cuModuleGetGlobal(&factor, &bytes, module, "factor"));
    DRIVER(cuModuleGetGlobal(&total, &bytes, module, "total"));
    DRIVER(cuMemcpyHtoD(factor, &two, sizeof two));
    for (int i = 0; i < 32; i++)
        host[i] = static_cast<float>(i);
    DRIVER(cuMemAlloc(&data, sizeof host));
    DRIVER(cuMemAlloc(&out, sizeof host));
    DRIVER(cuMemcpyHtoD(data, host, sizeof host));
    void *arguments[] = {&data, &out, &images.texture, &images.surface};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 32, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemcpyDtoH(host, out, sizeof host));
    DRIVER(cuMemcpyDtoH(&sum, total, sizeof sum));
    copy(images.written, stored, false);
    bool fine = sum == 62;
    for (int i = 0; i < 32; i++)
        fine = fine && host[i] == (31 - i) * 2 + 16 + 32 + 4 + i % 4 + heap;
    for (int i = 0; i < 4; i++)
        fine = fine && stored[i] == (31 - i) * 2 + 16 + 32 + 4 + i;
    DRIVER(cuMemFree(data));
    DRIVER(cuMemFree(out));
    DRIVER(cuModuleUnload(module));
    std::fflush(stdout);
    return fine;
}

static int linked(std::string first, std::string second) {
    CUlinkState state;
    CUmodule module;
    CUfunction function;
    CUdeviceptr data;
    void *image;
    size_t size;
    int value = 20;
    DRIVER(cuLinkCreate(0, nullptr, nullptr, &state));
    DRIVER(cuLinkAddData(state, CU_JIT_INPUT_PTX, &first[0], first.size() + 1, "first", 0, nullptr, nullptr));
    DRIVER(cuLinkAddData(state, CU_JIT_INPUT_PTX, &second[0], second.size() + 1, "second", 0, nullptr, nullptr));
    DRIVER(cuLinkComplete(state, &image, &size));
    DRIVER(cuModuleLoadData(&module, image));
    DRIVER(cuModuleGetFunction(&function, module, "run"));
    DRIVER(cuMemAlloc(&data, sizeof value));
    DRIVER(cuMemcpyHtoD(data, &value, sizeof value));
    void *arguments[] = {&data};
    DRIVER(cuLaunchKernel(function, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(&value, data, sizeof value));
    DRIVER(cuModuleUnload(module));
    DRIVER(cuLinkDestroy(state));
    return value;
}

int main() {
    driver_start();
    Images images = make_images();
    std::string text = compile_text(source, {"--gpu-architecture=compute_80"});
    say("directives", text.find(".visible .entry work(") != std::string::npos && text.find(".target sm_80") != std::string::npos &&
                          text.find(".const .align 4") != std::string::npos && text.find("vprintf") != std::string::npos);
    say("as it came", works(text, images, 1000));
    say("the PTX alone", works(alone(text), images, 1000));
    std::string changed = text;
    /* 1000 as a number, or as the bits of a float. */
    for (const char *before : {"1000", "0f447A0000"}) {
        const char *after = *before == '1' ? "2000" : "0f44FA0000";
        for (size_t at = 0, end = changed.find("// CUDA-WASM"); (at = changed.find(before, at)) < end; at++)
            changed.replace(at, std::strlen(before), after);
    }
    say("changed", works(changed, images, 2000));
    std::string first = compile_text(caller, {"-rdc=true", "-arch=compute_80"}), second = compile_text(callee, {"-rdc=true", "-arch=compute_80"});
    std::printf("linked: %d\n", linked(first, second));
    std::printf("linked, the PTX alone: %d\n", linked(alone(first), alone(second)));
    return 0;
}
