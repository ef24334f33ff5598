// SPDX-License-Identifier: Apache-2.0
// Managed memory: host and device share pointers, data structures with pointers inside, several kernels and the host by turns.
// EXPECT: by turns: 16
// EXPECT: list summed on the device: 5050, on the host after doubling: 10100
// EXPECT: attach flag and array: ok
#include "check.h"

struct Node {
    int value;
    Node *next;
};

__global__ void add(int *value, int amount) { *value += amount; }
__global__ void sum(Node *list, int *out) {
    int total = 0;
    for (Node *n = list; n; n = n->next) {
        total += n->value;
        n->value *= 2;
    }
    *out = total;
}
__global__ void square(int *values, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count)
        values[i] *= values[i];
}

int main() {
    int *value;
    CHECK(cudaMallocManaged(&value, sizeof(int)));
    *value = 1;
    for (int i = 0; i < 5; i++) {
        add<<<1, 1>>>(value, 2);
        CHECK(cudaDeviceSynchronize());
        *value += 1;
    }
    std::printf("by turns: %d\n", *value);
    Node *list = nullptr;
    for (int i = 1; i <= 100; i++) {
        Node *node;
        CHECK(cudaMallocManaged(&node, sizeof(Node)));
        *node = {i, list};
        list = node;
    }
    sum<<<1, 1>>>(list, value);
    CHECK(cudaDeviceSynchronize());
    int total = 0;
    for (Node *n = list; n; n = n->next)
        total += n->value;
    std::printf("list summed on the device: %d, on the host after doubling: %d\n", *value, total);
    while (list) {
        Node *next = list->next;
        CHECK(cudaFree(list));
        list = next;
    }
    const int count = 1000;
    int *values;
    CHECK(cudaMallocManaged(&values, count * sizeof(int), cudaMemAttachGlobal));
    for (int i = 0; i < count; i++)
        values[i] = i;
    square<<<8, 125>>>(values, count);
    CHECK(cudaDeviceSynchronize());
    bool fine = true;
    for (int i = 0; i < count; i++)
        fine = fine && values[i] == i * i;
    std::printf("attach flag and array: %s\n", fine ? "ok" : "wrong");
    CHECK(cudaFree(values));
    CHECK(cudaFree(value));
    return 0;
}
