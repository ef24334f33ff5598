// SPDX-License-Identifier: Apache-2.0
// nvstd::function on both sides: functions, lambdas with and without captures, objects too large to stand inside, members,
// copies, moves, swaps and empty ones.
// RUN:
// RUN: -std=c++14
// EXPECT: host: all right
// EXPECT: device: all right
// EXPECT: alive: 0
#include <cstdio>
#include <nvfunctional>

struct Large {
    int values[20];
    int *alive;
    __host__ __device__ Large(int *count) : alive(count) {
        for (int i = 0; i < 20; i++) values[i] = i;
        ++*alive;
    }
    __host__ __device__ Large(const Large &other) : alive(other.alive) {
        for (int i = 0; i < 20; i++) values[i] = other.values[i];
        ++*alive;
    }
    __host__ __device__ ~Large() { --*alive; }
    __host__ __device__ int operator()(int i) const { return values[i] * 10; }
};

struct Point {
    int x;
    __host__ __device__ int plus(int y) { return x + y; }
};

__host__ __device__ int twice(int x) { return 2 * x; }
__host__ __device__ int apply(nvstd::function<int(int)> f, int x) { return f(x); }

__host__ __device__ unsigned check(int *alive) {
    unsigned failed = 0, number = 0;
    auto that = [&](bool right) { failed |= (right ? 0u : 1u) << number++; };
    {
        nvstd::function<int(int)> empty, none(nullptr), f = twice;
        that(!empty && none == nullptr && f != nullptr && f(4) == 8);
        int three = 3;
        nvstd::function<int(int)> g = [three](int x) { return x + three; };
        that(g(4) == 7 && apply(g, 10) == 13 && apply([](int x) { return -x; }, 5) == -5);
        Large large(alive);
        nvstd::function<int(int)> h = large, copy = h;
        that(h(7) == 70 && copy(19) == 190 && *alive == 3);
        nvstd::function<int(int)> moved = static_cast<nvstd::function<int(int)> &&>(copy);
        that(!copy && moved(2) == 20 && *alive == 3);
        moved = g;
        that(moved(1) == 4 && *alive == 2);
        swap(g, h);
        that(g(3) == 30 && h(3) == 6);
        g = nullptr;
        that(!g && *alive == 1);
        nvstd::function<int(Point &, int)> member = &Point::plus;
        nvstd::function<int(Point *)> field = &Point::x;
        Point p{5};
        that(member(p, 6) == 11 && field(&p) == 5);
        int sum = 0;
        nvstd::function<void(int)> add = [&sum](int x) { sum += x; };
        for (int i = 0; i < 5; i++) add(i);
        nvstd::function<void(int)> ignored = twice;
        ignored(1);
        that(sum == 10);
    }
    that(*alive == 0);
    return failed;
}

__global__ void kernel(unsigned *failed, int *alive) { *failed = check(alive); }

int main() {
    unsigned *failed, host;
    int *alive, mine = 0;
    host = check(&mine);
    host ? printf("host: %x\n", host) : printf("host: all right\n");
    cudaMallocManaged(&failed, sizeof *failed);
    cudaMallocManaged(&alive, sizeof *alive);
    *alive = 0;
    *failed = ~0u;
    kernel<<<1, 1>>>(failed, alive);
    if (cudaDeviceSynchronize() != cudaSuccess) printf("%s\n", cudaGetErrorString(cudaGetLastError()));
    *failed ? printf("device: %x\n", *failed) : printf("device: all right\n");
    printf("alive: %d\n", mine + *alive);
    return 0;
}
