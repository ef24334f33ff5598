// SPDX-License-Identifier: Apache-2.0
// Accesses through null pointers are illegal addresses, whichever way the pointer came: as a parameter, in a struct, from memory, of some
// lanes only, behind an index, at the end of a list, by an atomic operation. Pointers that are null and not used do no harm.
// NVCC: skip NVIDIA's driver gives a process no new context after a fault
// EXPECT: not used: no error, 64
// EXPECT: some lanes: no error, 32
// EXPECT: list: no error, 2016
// EXPECT: a load: an illegal memory access was encountered
// EXPECT: behind an index: an illegal memory access was encountered
// EXPECT: a store: an illegal memory access was encountered
// EXPECT: in a struct: an illegal memory access was encountered
// EXPECT: from memory: an illegal memory access was encountered
// EXPECT: a walk: an illegal memory access was encountered
// EXPECT: a field: an illegal memory access was encountered
// EXPECT: atomic: an illegal memory access was encountered
// EXPECT: a block of words: an illegal memory access was encountered
// EXPECT: before a barrier: an illegal memory access was encountered
#include <cstdio>

struct Node {
    int value;
    Node *next;
};

struct Pair {
    int *used, *unused;
};

struct Words {
    int word[12];
};

__device__ int sum;
__device__ Node nodes[64];

__global__ void optional(Pair pair) {
    if (pair.unused)
        atomicAdd(&sum, pair.unused[threadIdx.x]);
    atomicAdd(&sum, pair.used[threadIdx.x]);
}

__global__ void every_second(int **pointers) {
    int *pointer = pointers[threadIdx.x];
    if (pointer)
        atomicAdd(&sum, *pointer);
}

__global__ void make_list() {
    nodes[threadIdx.x] = {static_cast<int>(threadIdx.x), threadIdx.x + 1 < blockDim.x ? &nodes[threadIdx.x + 1] : nullptr};
}

__global__ void walk(Node *first, int most) {
    if (threadIdx.x == 0)
        for (Node *node = first; most-- > 0 || node; node = node->next)
            sum += node->value;
}

__global__ void load(const int *from) { sum = from[threadIdx.x]; }
__global__ void load_far(const int *from, int index) { sum = from[index + threadIdx.x]; }
__global__ void store(int *to, int value) { to[threadIdx.x] = value; }
__global__ void of_struct(Pair pair) { sum += pair.unused[threadIdx.x]; }
__global__ void of_memory(int **pointers) { atomicAdd(&sum, *pointers[threadIdx.x]); }
__global__ void field(const Words *words) { sum = words->word[11]; }
__global__ void atomic(int *counter) { atomicAdd(counter, 1); }
__global__ void whole(Words *to, const Words *from) { to[threadIdx.x] = from[threadIdx.x]; }

__global__ void shared(const int *from) {
    __shared__ int room[64];
    room[threadIdx.x] = from[threadIdx.x];
    __syncthreads();
    sum = room[63 - threadIdx.x];
}

template <class Launch> static void run(const char *what, Launch launch) {
    int zero = 0, result = 0;
    cudaMemcpyToSymbol(sum, &zero, sizeof zero);
    launch();
    cudaError_t status = cudaDeviceSynchronize();
    if (status == cudaSuccess) {
        cudaMemcpyFromSymbol(&result, sum, sizeof result);
        std::printf("%s: %s, %d\n", what, cudaGetErrorString(status), result);
    } else {
        std::printf("%s: %s\n", what, cudaGetErrorString(status));
        cudaDeviceReset();
    }
}

static int *ones() {
    int *memory, values[64];
    for (int &value : values)
        value = 1;
    cudaMalloc(&memory, sizeof values);
    cudaMemcpy(memory, values, sizeof values, cudaMemcpyHostToDevice);
    return memory;
}

static int **half_null() {
    int **memory, *values[64], *one = ones();
    for (int i = 0; i < 64; i++)
        values[i] = i % 2 ? one + i : nullptr;
    cudaMalloc(&memory, sizeof values);
    cudaMemcpy(memory, values, sizeof values, cudaMemcpyHostToDevice);
    return memory;
}

static Node *list() {
    Node *first;
    make_list<<<1, 64>>>();
    cudaGetSymbolAddress(reinterpret_cast<void **>(&first), nodes);
    return first;
}

int main() {
    run("not used", [] { optional<<<1, 64>>>({ones(), nullptr}); });
    run("some lanes", [] { every_second<<<1, 64>>>(half_null()); });
    run("list", [] { walk<<<1, 64>>>(list(), 0); });
    run("a load", [] { load<<<1, 64>>>(nullptr); });
    run("behind an index", [] { load_far<<<1, 64>>>(nullptr, 100000); });
    run("a store", [] { store<<<1, 64>>>(nullptr, 7); });
    run("in a struct", [] { of_struct<<<1, 64>>>({ones(), nullptr}); });
    run("from memory", [] { of_memory<<<1, 64>>>(half_null()); });
    run("a walk", [] { walk<<<1, 64>>>(list(), 100); });
    run("a field", [] { field<<<1, 64>>>(nullptr); });
    run("atomic", [] { atomic<<<1, 64>>>(nullptr); });
    run("a block of words", [] {
        void *memory = ones();
        whole<<<1, 1>>>(static_cast<Words *>(memory), nullptr);
    });
    run("before a barrier", [] { shared<<<1, 64>>>(nullptr); });
    return 0;
}
