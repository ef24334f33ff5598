// SPDX-License-Identifier: Apache-2.0
// Code for the shapes of blocks at hand: shares variables with the code for any shape, knows blockDim in functions too, and is made for
// some shapes of a kernel only. Kernels that call functions by address or launch kernels keep the code that they have.
// RUN: -w
// ENV: CUDA_WASM_SHAPES=now
// ENV: CUDA_WASM_LOG=info
// EXPECT: variables, 6 shapes: ok
// EXPECT: 32 x 8, 16 x 16, 8 x 4 x 8, 5 x 3 x 2: ok
// EXPECT: dynamic shared memory behind static: ok
// EXPECT: functions by address: ok
// EXPECT: a kernel's own kernels: ok
// EXPECT: a fault in such code: an illegal memory access was encountered
// EXPECT-ERROR: count.* has code for blocks of \(64, 1, 1\), compiled now
// EXPECT-ERROR: place.* has code for blocks of \(5, 3, 2\), compiled now
// EXPECT-ERROR: apply.* keeps its code for any shape of blocks
// EXPECT-ERROR: parent.* keeps its code for any shape of blocks
// EXPECT-ERROR: block \(1,0,0\), thread \(33,0,0\)
// NVCC: -rdc=true -lcudadevrt
#include "check.h"

__device__ int total;
__constant__ int step;
__managed__ int managed;
static __device__ int table[4] = {1, 2, 3, 4};
__device__ int *to_total = &total;

__device__ __noinline__ int threads_of_block() {
    return blockDim.x * blockDim.y * blockDim.z;
}

__global__ void count(int *out) {
    static __device__ int calls;
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(to_total, step);
    atomicAdd(&calls, 1);
    if (threadIdx.x == 0)
        atomicAdd(&managed, threads_of_block());
    if (i == 0)
        table[3]++;
    out[i] = table[i % 3] * step + blockDim.x;
}

static bool count_with(int threads, int blocks, int expected_total, int expected_managed) {
    int n = threads * blocks, sum = 0;
    Array<int> out(n);
    count<<<blocks, threads>>>(out);
    CHECK_LAUNCH();
    std::vector<int> got = out.host();
    bool fine = true;
    for (int i = 0; i < n; i++)
        fine &= got[i] == (i % 3 + 1) * 3 + threads;
    CHECK(cudaMemcpyFromSymbol(&sum, total, sizeof sum));
    return fine && sum == expected_total && managed == expected_managed;
}

static void variables() {
    int three = 3, sum = 0, last = 0;
    bool fine = true;
    CHECK(cudaMemcpyToSymbol(step, &three, sizeof three));
    static const int shapes[] = {64, 256, 100, 64, 32, 7, 1024, 256};
    for (int i = 0; i < 8; i++) {
        sum += shapes[i] * 5;
        fine &= count_with(shapes[i], 5, sum * 3, sum);
    }
    CHECK(cudaMemcpyFromSymbol(&last, table, sizeof last, 3 * sizeof last));
    printf("variables, 6 shapes: %s\n", fine && last == 4 + 8 ? "ok" : "wrong");
}

__global__ void place(int *out, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y, z = blockIdx.z * blockDim.z + threadIdx.z;
    if (x >= width || y >= height)
        return;
    int linear = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    out[(z * height + y) * width + x] = linear * 1000 + threads_of_block();
}

static bool place_with(dim3 block) {
    const int width = 75, height = 50;
    int depth = 2 * block.z;
    Array<int> out(width * height * depth);
    place<<<dim3((width + block.x - 1) / block.x, (height + block.y - 1) / block.y, 2), block>>>(out, width, height);
    CHECK_LAUNCH();
    std::vector<int> got = out.host();
    bool fine = true;
    for (int z = 0; z < depth; z++)
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int linear = x % block.x + block.x * (y % block.y + block.y * (z % block.z));
                fine &= got[(z * height + y) * width + x] == linear * 1000 + int(block.x * block.y * block.z);
            }
    return fine;
}

__global__ void reverse(int *out) {
    __shared__ int own[32];
    extern __shared__ int rest[];
    int i = threadIdx.x;
    (i < 32 ? own[i] : rest[i - 32]) = i;
    __syncthreads();
    int from = blockDim.x - 1 - i;
    out[blockIdx.x * blockDim.x + i] = from < 32 ? own[from] : rest[from - 32];
}

static void dynamic_shared() {
    Array<int> out(3 * 192);
    reverse<<<3, 192, 160 * sizeof(int)>>>(out);
    CHECK_LAUNCH();
    std::vector<int> got = out.host();
    bool fine = true;
    for (int i = 0; i < 3 * 192; i++)
        fine &= got[i] == 191 - i % 192;
    printf("dynamic shared memory behind static: %s\n", fine ? "ok" : "wrong");
}

typedef int function(int);
__device__ int twice(int x) { return 2 * x; }
__device__ int square(int x) { return x * x; }
__device__ function *chosen = twice;

__global__ void apply(int *out, bool same) {
    function *local = threadIdx.x % 2 ? square : twice;
    out[threadIdx.x] = local(threadIdx.x) + (same ? chosen == twice : 0);
}

static void by_address() {
    Array<int> out(64);
    apply<<<1, 64>>>(out, true);
    CHECK_LAUNCH();
    std::vector<int> got = out.host();
    bool fine = true;
    for (int i = 0; i < 64; i++)
        fine &= got[i] == (i % 2 ? i * i : 2 * i) + 1;
    printf("functions by address: %s\n", fine ? "ok" : "wrong");
}

__global__ void child(int *out) {
    out[blockIdx.x * blockDim.x + threadIdx.x] = blockDim.x;
}

__global__ void parent(int *out) {
    if (threadIdx.x == 0)
        child<<<2, 48>>>(out);
}

static void own_kernels() {
    Array<int> out(96);
    parent<<<1, 32>>>(out);
    CHECK_LAUNCH();
    std::vector<int> got = out.host();
    bool fine = true;
    for (int i = 0; i < 96; i++)
        fine &= got[i] == 48;
    printf("a kernel's own kernels: %s\n", fine ? "ok" : "wrong");
}

__global__ void fault(int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    out[i == 97 ? size_t(1) << 45 : i] = i;
}

int main() {
    variables();
    bool fine = place_with(dim3(32, 8)) && place_with(dim3(16, 16)) && place_with(dim3(8, 4, 8)) && place_with(dim3(5, 3, 2));
    printf("32 x 8, 16 x 16, 8 x 4 x 8, 5 x 3 x 2: %s\n", fine ? "ok" : "wrong");
    dynamic_shared();
    by_address();
    own_kernels();
    Array<int> out(256);
    fault<<<4, 64>>>(out);
    printf("a fault in such code: %s\n", cudaGetErrorString(cudaDeviceSynchronize()));
    fflush(stdout);
    _Exit(0);
}
