// SPDX-License-Identifier: Apache-2.0
// Kernels that some devices can't express (recursion; kernels that launch) between others that they can, all on the same memory: pointers
// in memory, variables and results are what they would be on one device. CTest runs it once more on a device that lacks them.
// EXPECT: sums of a tree: 496 496 496
// EXPECT: the device sees what they stored: 32 values, 0 wrong
// EXPECT: counters 96 3
// EXPECT: children: 64 0 wrong
// EXPECT: neighbours untouched: ok
#include <vector>

#include "check.h"

struct node {
    node *left, *right;
    int value, sum;
};

__device__ int visited, calls;
__device__ node *root;

__global__ void plant(node *nodes, int n) {
    int i = threadIdx.x;
    nodes[i].value = i;
    nodes[i].sum = -1;
    nodes[i].left = 2 * i + 1 < n ? &nodes[2 * i + 1] : nullptr;
    nodes[i].right = 2 * i + 2 < n ? &nodes[2 * i + 2] : nullptr;
    if (i == 0) root = nodes;
}

__device__ __noinline__ int sum_of(node *n) {
    if (!n) return 0;
    atomicAdd(&visited, 1);
    return n->sum = n->value + sum_of(n->left) + sum_of(n->right);
}

/* The tree is found by a variable alone. */
__global__ void climb(int *result) {
    calls++;
    *result = sum_of(root);
}

__global__ void check(const node *nodes, int n, int *wrong) {
    int i = threadIdx.x, sum = nodes[i].value;
    if (2 * i + 1 < n) sum += nodes[2 * i + 1].sum;
    if (2 * i + 2 < n) sum += nodes[2 * i + 2].sum;
    if (sum != nodes[i].sum) atomicAdd(wrong, 1);
}

__global__ void child(int *data) { data[threadIdx.x] += 7; }
__global__ void parent(int *data) { child<<<1, 64>>>(data); }

int main() {
    const int n = 32;
    node *nodes;
    int *results, *between, *data;
    CHECK(cudaMalloc(&nodes, n * sizeof(node)));
    CHECK(cudaMalloc(&between, 8));
    CHECK(cudaMalloc(&results, 16));
    CHECK(cudaMalloc(&data, 64 * sizeof(int)));
    CHECK(cudaMemset(results, 0, 16));
    CHECK(cudaMemset(between, 0x5a, 8));
    CHECK(cudaMemset(data, 0, 64 * sizeof(int)));
    plant<<<1, n>>>(nodes, n);
    for (int i = 0; i < 3; i++)
        climb<<<1, 1>>>(results + i);
    check<<<1, n>>>(nodes, n, results + 3);
    int host[4], visits, times;
    CHECK(cudaMemcpy(host, results, sizeof host, cudaMemcpyDeviceToHost));
    CHECK(cudaMemcpyFromSymbol(&visits, visited, sizeof visits));
    CHECK(cudaMemcpyFromSymbol(&times, calls, sizeof times));
    std::printf("sums of a tree: %d %d %d\n", host[0], host[1], host[2]);
    std::printf("the device sees what they stored: %d values, %d wrong\n", n, host[3]);
    std::printf("counters %d %d\n", visits, times);

    parent<<<1, 1>>>(data);
    child<<<1, 64>>>(data);
    std::vector<int> added(64);
    CHECK(cudaMemcpy(added.data(), data, 64 * sizeof(int), cudaMemcpyDeviceToHost));
    int wrong = 0;
    for (int value : added)
        wrong += value != 14;
    std::printf("children: %zu %d wrong\n", added.size(), wrong);
    int words[2];
    CHECK(cudaMemcpy(words, between, sizeof words, cudaMemcpyDeviceToHost));
    std::printf("neighbours untouched: %s\n", words[0] == 0x5a5a5a5a && words[1] == words[0] ? "ok" : "wrong");
    return 0;
}
