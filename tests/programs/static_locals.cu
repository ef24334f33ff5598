// SPDX-License-Identifier: Apache-2.0
// Static variables: file-static device variables, function-local static ones, static shared ones in device functions.
// EXPECT: calls counted in a local static: 96, id 96
// EXPECT: file static: 7 then 19
// EXPECT: static constant table: 2 3 5 7 11
// EXPECT: shared variable of a device function: 0 1 2 3 4 5 6 7
#include "check.h"

static __device__ int file_static = 7;

__device__ int next_id() {
    static int counter = 0;
    return atomicAdd(&counter, 1);
}

__device__ int prime(int i) {
    static const int table[] = {2, 3, 5, 7, 11};
    return table[i];
}

__device__ int rotate(int value) {
    __shared__ int slots[8];
    slots[threadIdx.x] = value;
    __syncthreads();
    int result = slots[(threadIdx.x + 1) % 8];
    __syncthreads();
    return result;
}

__global__ void count(int *most) { atomicMax(most, next_id() + 1); }
__global__ void add(int amount) { file_static += amount; }
__global__ void read(int *out) {
    *out = file_static;
    out[1] = next_id();
    for (int i = 0; i < 5; i++)
        out[2 + i] = prime(i);
}
__global__ void rotate_all(int *out) {
    int value = threadIdx.x;
    for (int i = 0; i < 8; i++)
        value = rotate(value);
    out[threadIdx.x] = value;
}

int main() {
    Array<int> most(1), out(8);
    count<<<3, 32>>>(most);
    read<<<1, 1>>>(out);
    CHECK_LAUNCH();
    std::printf("calls counted in a local static: %d, id %d\n", most.host()[0], out.host()[1]);
    int before = out.host()[0];
    add<<<1, 1>>>(12);
    read<<<1, 1>>>(out);
    CHECK_LAUNCH();
    auto o = out.host();
    std::printf("file static: %d then %d\n", before, o[0]);
    std::printf("static constant table: %d %d %d %d %d\n", o[2], o[3], o[4], o[5], o[6]);
    rotate_all<<<1, 8>>>(out);
    CHECK_LAUNCH();
    std::printf("shared variable of a device function:");
    for (int value : out.host())
        std::printf(" %d", value);
    std::printf("\n");
    return 0;
}
