// SPDX-License-Identifier: Apache-2.0
// Kernels that launch kernels: what a child sees of its parent, the order within a block's stream, a named stream and a tail,
// independent launches, events, copies and fills, parameters of every kind, kernels by pointer, recursion, and completion: the
// host's next operation comes after everything.
// EXPECT: visible 0 wrong
// EXPECT: parameters 1
// EXPECT: order in the block's stream 0 wrong
// EXPECT: named streams 0 wrong
// EXPECT: tail 0 wrong
// EXPECT: tail of a tail 12345
// EXPECT: independent 1024
// EXPECT: event 0 wrong
// EXPECT: copies 0 wrong
// EXPECT: pointer 7 8
// EXPECT: tree 8191
// EXPECT: many 20000
// EXPECT: heap 0 wrong
// EXPECT: static 42
// EXPECT: by hand 5 9 1
// NVCC: -rdc=true
#include <cstdio>
#include "check.h"

static __device__ int kept;

__global__ void look(const int *data, int expected, int *wrong) {
    if (data[threadIdx.x] != expected + (int)threadIdx.x) atomicAdd(wrong, 1);
}

// Every store of the block that happened before the launch is seen by the child.
__global__ void visible(int *data, int *wrong) {
    int *mine = data + blockIdx.x * 64;
    mine[threadIdx.x] = (int)(blockIdx.x * 100 + threadIdx.x);
    __syncthreads();
    if (threadIdx.x == 0) look<<<1, 64>>>(mine, (int)blockIdx.x * 100, wrong);
}

struct Mixed {
    char letter;
    double number;
    short list[3];
};

template <class T> __global__ void parameters_child(char a, double b, Mixed mixed, float4 vector, T last, int *out) {
    *out = a == 'a' && b == 2.5 && mixed.letter == 'm' && mixed.number == 1.25 && mixed.list[2] == 3 && vector.w == 4.0f &&
           last == (T)9 && blockDim.x == 3 && gridDim.y == 2;
}

__global__ void parameters(int *out) {
    Mixed mixed = {'m', 1.25, {1, 2, 3}};
    parameters_child<short><<<dim3(1, 2), 3>>>('a', 2.5, mixed, make_float4(1, 2, 3, 4), (short)9, out);
}

__global__ void step(int *cell, int from, int *wrong) {
    if (atomicCAS(cell, from, from + 1) != from) atomicAdd(wrong, 1);
}

__global__ void in_order(int *cells, int *wrong) {
    for (int i = 0; i < 20; i++)
        step<<<1, 1>>>(&cells[blockIdx.x], i, wrong);
}

__global__ void named(int *cells, int *wrong) {
    cudaStream_t streams[3];
    for (int s = 0; s < 3; s++)
        if (cudaStreamCreateWithFlags(&streams[s], cudaStreamNonBlocking) != cudaSuccess) atomicAdd(wrong, 1);
    for (int i = 0; i < 10; i++)
        for (int s = 0; s < 3; s++)
            step<<<1, 1, 0, streams[s]>>>(&cells[s], i, wrong);
    for (int s = 0; s < 3; s++)
        if (cudaStreamDestroy(streams[s]) != cudaSuccess) atomicAdd(wrong, 1);
}

__global__ void add_one(int *sum) { atomicAdd(sum, 1); }
__global__ void expect(const int *sum, int value, int *wrong) {
    if (*sum != value) atomicAdd(wrong, 1);
}

// A tail begins when everything else of its grid is complete; tails follow one another.
__global__ void spread(int *sum) { add_one<<<4, 8, 0, cudaStreamFireAndForget>>>(sum); }
__global__ void tail(int *sum, int *wrong) {
    if (threadIdx.x == 0) {
        expect<<<1, 1, 0, cudaStreamTailLaunch>>>(sum, 2 * 32 * 10, wrong);
        add_one<<<1, 5, 0, cudaStreamTailLaunch>>>(sum);
        expect<<<1, 1, 0, cudaStreamTailLaunch>>>(sum, 2 * 32 * 10 + 5, wrong);
    }
    spread<<<1, 2>>>(sum);
}

// A loop by tails, deeper than grids may nest.
__global__ void loop(int *count, int left) {
    ++*count;
    if (left > 1) loop<<<1, 1, 0, cudaStreamTailLaunch>>>(count, left - 1);
}

__global__ void independent(int *sum) { add_one<<<1, 1, 0, cudaStreamFireAndForget>>>(sum); }

__global__ void set(int *cell, int value) { *cell = value; }
__global__ void events(int *cells, int *wrong) {
    cudaStream_t first, second;
    cudaEvent_t event;
    cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking);
    cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking);
    if (cudaEventCreateWithFlags(&event, cudaEventDisableTiming) != cudaSuccess) atomicAdd(wrong, 1);
    for (int i = 1; i <= 5; i++) {
        set<<<1, 1, 0, first>>>(cells, i);
        cudaEventRecord(event, first);
        cudaStreamWaitEvent(second, event, 0);
        expect<<<1, 1, 0, second>>>(cells, i, wrong);
        cudaEventRecord(event, second);
        cudaStreamWaitEvent(first, event, 0);
    }
    if (cudaEventDestroy(event) != cudaSuccess) atomicAdd(wrong, 1);
    cudaStreamDestroy(first);
    cudaStreamDestroy(second);
}

__global__ void check_copies(const char *bytes, int *wrong) {
    for (int i = 0; i < 64; i++) {
        int expected = i < 16 ? 1 : i < 32 ? 7 : i / 8 == 5 && i % 8 < 3 ? 9 : 1;
        if (bytes[i] != expected) atomicAdd(wrong, 1);
    }
}
__global__ void copies(char *bytes, char *other, int *wrong) {
    cudaMemsetAsync(bytes, 1, 64);
    cudaMemsetAsync(other, 7, 64);
    cudaMemcpyAsync(bytes + 16, other, 16, cudaMemcpyDeviceToDevice);
    cudaMemset2DAsync(other, 8, 9, 3, 8);
    cudaMemcpy2DAsync(bytes + 40, 8, other, 8, 3, 1, cudaMemcpyDeviceToDevice);
    check_copies<<<1, 1>>>(bytes, wrong);
}

typedef void (*kernel_pointer)(int *, int);
__device__ kernel_pointer table[2] = {set, set};
__global__ void by_pointer(int *cells) {
    kernel_pointer chosen = threadIdx.x ? table[1] : set;
    chosen<<<1, 1>>>(cells + threadIdx.x, 7 + (int)threadIdx.x);
}

__global__ void tree(int *nodes, int depth) {
    atomicAdd(nodes, 1);
    if (depth == 0) return;
    tree<<<1, 1, 0, cudaStreamFireAndForget>>>(nodes, depth - 1);
    tree<<<1, 1>>>(nodes, depth - 1);
}

__global__ void use_memory(int *block, int *wrong) {
    for (int i = 0; i < 10; i++)
        if (block[i] != i) atomicAdd(wrong, 1);
    if (cudaFree(block) != cudaSuccess) atomicAdd(wrong, 1);
}
__global__ void heap(int *wrong) {
    int *block = nullptr;
    if (cudaMalloc(&block, 10 * sizeof *block) != cudaSuccess) atomicAdd(wrong, 1);
    for (int i = 0; i < 10; i++)
        block[i] = i;
    use_memory<<<1, 1>>>(block, wrong);
}

__global__ void keep_child() { kept = 42; }
__global__ void keep() { keep_child<<<1, 1>>>(); }

// What a compiler makes of a launch, in its later form, written out.
__global__ void by_hand(int *cells) {
    struct arguments {
        int *cells;
        int value;
    };
    for (int i = 0; i < 2; i++) {
        void *room = cudaGetParameterBufferV2((void *)set, dim3(1), dim3(1), 0);
        arguments *place = (arguments *)room;
        place->cells = cells + i;
        place->value = 5 + 4 * i;
        cudaLaunchDeviceV2(room, 0);
    }
    cells[2] = cudaLaunchDeviceV2(nullptr, 0) == cudaErrorInvalidValue;
}

int main() {
    int *cells, *wrong;
    char *bytes;
    CHECK(cudaDeviceSetLimit(cudaLimitDevRuntimePendingLaunchCount, 32768));
    CHECK(cudaMallocManaged(&cells, 1 << 16));
    CHECK(cudaMallocManaged(&wrong, sizeof *wrong));
    CHECK(cudaMallocManaged(&bytes, 128));
    *wrong = 0;
    visible<<<30, 64>>>(cells, wrong);
    CHECK_LAUNCH();
    std::printf("visible %d wrong\n", *wrong);
    parameters<<<1, 1>>>(cells);
    CHECK_LAUNCH();
    std::printf("parameters %d\n", cells[0]);
    CHECK(cudaMemset(cells, 0, 1 << 16));
    in_order<<<8, 1>>>(cells, wrong);
    CHECK_LAUNCH();
    for (int i = 0; i < 8; i++)
        *wrong += cells[i] != 20;
    std::printf("order in the block's stream %d wrong\n", *wrong);
    CHECK(cudaMemset(cells, 0, 1 << 16));
    named<<<1, 1>>>(cells, wrong);
    CHECK_LAUNCH();
    *wrong += cells[0] + cells[1] + cells[2] != 30;
    std::printf("named streams %d wrong\n", *wrong);
    *cells = 0;
    tail<<<1, 10>>>(cells, wrong);
    CHECK_LAUNCH();
    *wrong += *cells != 645;
    std::printf("tail %d wrong\n", *wrong);
    *cells = 0;
    loop<<<1, 1>>>(cells, 12345);
    CHECK_LAUNCH();
    std::printf("tail of a tail %d\n", *cells);
    *cells = 0;
    independent<<<32, 32>>>(cells);
    CHECK_LAUNCH();
    std::printf("independent %d\n", *cells);
    events<<<1, 1>>>(cells, wrong);
    CHECK_LAUNCH();
    std::printf("event %d wrong\n", *wrong);
    copies<<<1, 1>>>(bytes, bytes + 64, wrong);
    CHECK_LAUNCH();
    std::printf("copies %d wrong\n", *wrong);
    by_pointer<<<1, 2>>>(cells);
    CHECK_LAUNCH();
    std::printf("pointer %d %d\n", cells[0], cells[1]);
    *cells = 0;
    tree<<<1, 1>>>(cells, 12);
    CHECK(cudaMemcpy(cells + 1, cells, sizeof *cells, cudaMemcpyDefault));
    std::printf("tree %d\n", cells[1]);
    *cells = 0;
    independent<<<2000, 10>>>(cells);
    CHECK_LAUNCH();
    std::printf("many %d\n", *cells);
    heap<<<20, 4>>>(wrong);
    CHECK_LAUNCH();
    std::printf("heap %d wrong\n", *wrong);
    keep<<<1, 1>>>();
    int value = 0;
    CHECK(cudaMemcpyFromSymbol(&value, kept, sizeof value));
    std::printf("static %d\n", value);
    by_hand<<<1, 1>>>(cells);
    CHECK_LAUNCH();
    std::printf("by hand %d %d %d\n", cells[0], cells[1], cells[2]);
    return 0;
}
