// SPDX-License-Identifier: Apache-2.0
// Stores of several words to a place that is read from the same array: the place is known before the first word is written. In local, shared and
// global memory, whole and byte by byte.
// EXPECT: local: ok
// EXPECT: shared: ok
// EXPECT: global: ok
// EXPECT: unaligned: ok
#include <cstdio>
#include <cstring>

using wide = unsigned long long;

struct __attribute__((packed)) packed {
    unsigned char before;
    unsigned value;
};

template <class Array> __host__ __device__ void walk(Array &links, int steps) {
    for (int k = 0; k < steps; k++)
        links[links[k & 7] & 7] = links[(k + 3) & 7] * 0x100000003ull + k;
}

__global__ void in_local(wide *out, int steps) {
    wide links[8];
    for (int i = 0; i < 8; i++)
        links[i] = i * 5 + threadIdx.x;
    walk(links, steps);
    for (int i = 0; i < 8; i++)
        out[threadIdx.x * 8 + i] = links[i];
}

__global__ void in_shared(wide *out, int steps) {
    __shared__ wide all[32][8];
    wide(&links)[8] = all[threadIdx.x];
    for (int i = 0; i < 8; i++)
        links[i] = i * 5 + threadIdx.x;
    walk(links, steps);
    for (int i = 0; i < 8; i++)
        out[threadIdx.x * 8 + i] = links[i];
}

__global__ void in_global(wide *out, int steps) {
    wide *links = out + threadIdx.x * 8;
    for (int i = 0; i < 8; i++)
        links[i] = i * 5 + threadIdx.x;
    walk(links, steps);
}

__global__ void bytes(packed *rows, int steps) {
    for (int k = 0; k < steps; k++)
        rows[rows[k & 7].value & 7].value = rows[(k + 3) & 7].value * 0x10003u + k;
}

static bool is_right(const wide *got) {
    for (int t = 0; t < 32; t++) {
        wide links[8];
        for (int i = 0; i < 8; i++)
            links[i] = i * 5 + t;
        walk(links, 40);
        if (memcmp(links, got + t * 8, sizeof links) != 0)
            return false;
    }
    return true;
}

int main() {
    wide *out, got[256];
    cudaMalloc(&out, sizeof got);
    void (*const kernels[])(wide *, int) = {in_local, in_shared, in_global};
    const char *const names[] = {"local", "shared", "global"};
    for (int n = 0; n < 3; n++) {
        kernels[n]<<<1, 32>>>(out, 40);
        cudaMemcpy(got, out, sizeof got, cudaMemcpyDeviceToHost);
        printf("%s: %s\n", names[n], is_right(got) ? "ok" : "wrong");
    }
    packed rows[8], result[8];
    for (int i = 0; i < 8; i++)
        rows[i] = {7, unsigned(i * 5)};
    cudaMemcpy(out, rows, sizeof rows, cudaMemcpyHostToDevice);
    bytes<<<1, 1>>>(reinterpret_cast<packed *>(out), 40);
    cudaMemcpy(result, out, sizeof result, cudaMemcpyDeviceToHost);
    for (int k = 0; k < 40; k++)
        rows[rows[k & 7].value & 7].value = rows[(k + 3) & 7].value * 0x10003u + k;
    printf("unaligned: %s\n", memcmp(rows, result, sizeof rows) == 0 ? "ok" : "wrong");
    return cudaGetLastError() != cudaSuccess;
}
