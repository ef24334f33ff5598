// SPDX-License-Identifier: Apache-2.0
// __managed__ variables: one object that host and device see at one address, with its initial value, before the first CUDA
// call and in other initialisers; arrays, structs, pointers, static ones, namespaces, templates, constants; runtime functions
// that take them as symbols or as memory.
// EXPECT: before main 6 1.5
// EXPECT: host first 5 1 2.5 7 11
// EXPECT: device saw 0 wrong
// EXPECT: after kernel 106 9 42 12 3
// EXPECT: same address 1 1 1
// EXPECT: symbol 1 16
// EXPECT: copied 4 8
// EXPECT: type managed
// EXPECT: prefetch cudaSuccess
// EXPECT: free cudaErrorInvalidValue
// EXPECT: list 1 2 3
// NVCC: skip __managed__ members and constants are more than nvcc takes
#include <cstdio>
#include "check.h"

struct Point {
    int tag;
    double value[3];
    Point *next;
};

__device__ __managed__ int counter = 5;
__managed__ Point point = {1, {1.5, 2.5}, nullptr};
static __managed__ float table[4] = {1, 2, 3, 4};
__managed__ Point *list;
__managed__ char text[] = "managed";
__managed__ const int fixed = 7;
namespace inner {
__managed__ __device__ int value = 11;
static __device__ __managed__ unsigned char bytes[3] = {1, 2, 3};
} // namespace inner
template <class T> struct Holder {
    static __managed__ T value;
};
template <class T> __managed__ T Holder<T>::value = 3;
extern __managed__ int declared_first;
__device__ int plain = 2;

int early = counter + 1;            // before main
double also_early = point.value[0]; // before main

__global__ void kernel(int *wrong, void **addresses) {
    if (counter != 6 || point.tag != 1 || point.value[1] != 2.5 || table[2] != 30 || fixed != 7) atomicAdd(wrong, 1);
    if (text[0] != 'M' || text[6] != 'd' || inner::value != 11 || inner::bytes[1] != 2) atomicAdd(wrong, 1);
    counter += 100;
    point.tag = fixed + plain;
    table[1] = 42;
    inner::value += Holder<int>::value - 2;
    for (Point *p = list; p; p = p->next)
        p->tag++;
    addresses[0] = &counter;
    addresses[1] = &point.value[1];
    addresses[2] = declared_first ? (void *)table : nullptr;
    int *choice = threadIdx.x ? &counter : &inner::value;
    if (choice != &inner::value) atomicAdd(wrong, 1);
}

__managed__ int declared_first = 1;

int main() {
    std::printf("before main %d %.1f\n", early, also_early);
    std::printf("host first %d %d %.1f %d %d\n", counter, point.tag, point.value[1], fixed, inner::value);
    counter++;
    text[0] = 'M';
    table[2] *= 10;
    Point nodes[1];
    CHECK(cudaMallocManaged(&list, 3 * sizeof(Point)));
    for (int i = 0; i < 3; i++)
        list[i] = Point{i, {}, i < 2 ? &list[i + 1] : nullptr};
    (void)nodes;

    int *wrong;
    void **addresses;
    CHECK(cudaMallocManaged(&wrong, sizeof *wrong));
    CHECK(cudaMallocManaged(&addresses, 3 * sizeof *addresses));
    *wrong = 0;
    kernel<<<1, 1>>>(wrong, addresses);
    CHECK_LAUNCH();
    std::printf("device saw %d wrong\n", *wrong);
    std::printf("after kernel %d %d %.0f %d %d\n", counter, point.tag, table[1], inner::value, Holder<int>::value);
    std::printf("same address %d %d %d\n", addresses[0] == &counter, addresses[1] == &point.value[1], addresses[2] == table);

    void *address;
    size_t size;
    CHECK(cudaGetSymbolAddress(&address, table));
    CHECK(cudaGetSymbolSize(&size, table));
    std::printf("symbol %d %zu\n", address == table, size);
    float values[2] = {4, 8}, back[2];
    CHECK(cudaMemcpyToSymbol(table, values, sizeof values, 8));
    CHECK(cudaMemcpyFromSymbol(back, table, sizeof back, 8));
    std::printf("copied %.0f %.0f\n", table[2], back[1]);
    cudaPointerAttributes attributes;
    CHECK(cudaPointerGetAttributes(&attributes, &point.value[1]));
    std::printf("type %s\n", attributes.type == cudaMemoryTypeManaged ? "managed" : "other");
    std::printf("prefetch %s\n", cudaGetErrorName(cudaMemPrefetchAsync(table, sizeof table, 0, 0)));
    std::printf("free %s\n", cudaGetErrorName(cudaFree(table)));
    std::printf("list %d %d %d\n", list[0].tag, list[1].tag, list[2].tag);
    return 0;
}
