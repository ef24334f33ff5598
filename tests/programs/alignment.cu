// SPDX-License-Identifier: Apache-2.0
// Alignment that a program asks for holds in every memory: shared, local, device, constant, parameters, heap, arrays of
// over-aligned structs.
// EXPECT: all aligned: yes
// EXPECT: sizes 128 48 32 16
#include "check.h"
#include <cstdint>

struct alignas(128) Line {
    int values[3];
};
struct __align__(16) Odd {
    char bytes[33];
};
struct alignas(32) Inner {
    double value;
};
struct Outer {
    char tag;
    Inner inner;
};

__device__ char before_device = 1;
__device__ Line device_line;
__constant__ char before_constant = 2;
__constant__ Odd constant_odd = {{1, 2, 3}};

__device__ bool aligned(const void *pointer, unsigned to) { return reinterpret_cast<uintptr_t>(pointer) % to == 0; }

__global__ void kernel(char first, Line line, char second, Outer outer, int *wrong, int *sizes) {
    extern __shared__ double4 dynamic[];
    __shared__ char shared_char;
    __shared__ Line shared_line;
    __shared__ Odd shared_odd[3];
    char local_char = first;
    Line local_lines[2];
    Outer local_outer = outer;
    shared_char = local_char;
    local_lines[1].values[2] = second;
    shared_line = local_lines[1];
    shared_odd[2].bytes[32] = shared_char;
    dynamic[threadIdx.x].x = local_outer.inner.value;
    const void *pointers[] = {&shared_line, &local_lines[0], &local_lines[1], &device_line, &line};
    for (const void *p : pointers)
        if (!aligned(p, 128))
            atomicAdd(wrong, 1);
    for (int i = 0; i < 3; i++)
        if (!aligned(&shared_odd[i], 16))
            atomicAdd(wrong, 1);
    if (!aligned(&constant_odd, 16) || !aligned(&outer.inner, 32) || !aligned(&local_outer.inner, 32) || !aligned(dynamic, 16) ||
        !aligned(new char, 16))
        atomicAdd(wrong, 100);
    sizes[0] = sizeof(Line);
    sizes[1] = sizeof(Odd);
    sizes[2] = alignof(Outer);
    sizes[3] = alignof(float4);
    if (before_device + before_constant + constant_odd.bytes[2] != 6)
        atomicAdd(wrong, 1000);
}

int main() {
    Array<int> wrong(1), sizes(4);
    kernel<<<2, 40, 40 * sizeof(double4)>>>(1, Line{{1, 2, 3}}, 2, Outer{'x', {2.5}}, wrong, sizes);
    CHECK_LAUNCH();
    std::printf("all aligned: %s\n", wrong.host()[0] ? "no" : "yes");
    auto s = sizes.host();
    std::printf("sizes %d %d %d %d\n", s[0], s[1], s[2], s[3]);
    return 0;
}
