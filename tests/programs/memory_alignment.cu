// SPDX-License-Identifier: Apache-2.0
// Whatever its size, allocated memory can be read as a texture without an offset: cudaDeviceProp.textureAlignment.
// EXPECT: cudaMalloc aligned
// EXPECT: cudaMallocPitch aligned
// EXPECT: cudaMallocAsync aligned
// EXPECT: cudaMallocManaged aligned
// EXPECT: a texture over each: ok
#include "check.h"
#include <cstdint>

__global__ void first(cudaTextureObject_t texture, short *out) { *out = tex1Dfetch<short>(texture, 0); }

int main() {
    enum { PLAIN, PITCH, ASYNC, MANAGED, WAYS };
    static const char *const names[WAYS] = {"cudaMalloc", "cudaMallocPitch", "cudaMallocAsync", "cudaMallocManaged"};
    cudaDeviceProp prop;
    CHECK(cudaGetDeviceProperties(&prop, 0));
    bool aligned[WAYS] = {true, true, true, true}, read = true;
    Array<short> out(1);
    for (size_t size = 1; size < 1000000; size = size * 5 / 3 + 1) {
        short *memory[WAYS], value = static_cast<short>(size);
        size_t pitch;
        CHECK(cudaMalloc(&memory[PLAIN], size));
        CHECK(cudaMallocPitch(&memory[PITCH], &pitch, size, 3));
        CHECK(cudaMallocAsync(&memory[ASYNC], size, 0));
        if (prop.managedMemory)
            CHECK(cudaMallocManaged(&memory[MANAGED], size));
        for (int way = 0; way < (prop.managedMemory ? WAYS : MANAGED); way++) {
            aligned[way] = aligned[way] && reinterpret_cast<uintptr_t>(memory[way]) % prop.textureAlignment == 0;
            if (size >= sizeof value && size < 400) {
                cudaResourceDesc resource = {};
                resource.resType = cudaResourceTypeLinear;
                resource.res.linear.devPtr = memory[way];
                resource.res.linear.desc = cudaCreateChannelDesc<short>();
                resource.res.linear.sizeInBytes = size;
                cudaTextureDesc desc = {};
                cudaTextureObject_t texture;
                CHECK(cudaMemcpy(memory[way], &value, sizeof value, cudaMemcpyDefault));
                CHECK(cudaCreateTextureObject(&texture, &resource, &desc, nullptr));
                first<<<1, 1>>>(texture, out);
                CHECK_LAUNCH();
                read = read && out.host()[0] == value;
                CHECK(cudaDestroyTextureObject(texture));
            }
        }
    }
    for (int way = 0; way < WAYS; way++)
        std::printf("%s %s\n", names[way], aligned[way] ? "aligned" : "not aligned");
    std::printf("a texture over each: %s\n", read ? "ok" : "differs");
    return 0;
}
