// SPDX-License-Identifier: Apache-2.0
// Shared variables of types whose constructors do something: as with nvcc, which warns, no constructor runs, and they are
// shared memory like any other.
// EXPECT: vectors: 528 1056 32
// EXPECT: templates: 31 62
// EXPECT: size: 384
#include "check.h"

struct vec3 {
    float x, y, z;
    __host__ __device__ vec3() : x(0), y(0), z(0) {}
    __host__ __device__ vec3(float a, float b, float c) : x(a), y(b), z(c) {}
    __host__ __device__ vec3 operator+(const vec3 &o) const { return vec3(x + o.x, y + o.y, z + o.z); }
};

template <class T> struct pair {
    T first, second;
    __device__ pair() : first(1), second(2) {}
};

__global__ void sum(vec3 *out, int *size) {
    __shared__ vec3 tile[32];
    __shared__ vec3 total;
    tile[threadIdx.x] = vec3(threadIdx.x + 1, 2 * (threadIdx.x + 1), 1);
    __syncthreads();
    for (int half = 16; half > 0; half /= 2) {
        if (threadIdx.x < half) {
            tile[threadIdx.x] = tile[threadIdx.x] + tile[threadIdx.x + half];
        }
        __syncthreads();
    }
    if (threadIdx.x == 0) {
        total = tile[0];
        *out = total;
        *size = sizeof(tile);
    }
}

template <class T, int N> __global__ void reversed(T *out) {
    __shared__ pair<T> values[N];
    values[threadIdx.x].first = threadIdx.x;
    values[threadIdx.x].second = 2 * threadIdx.x;
    __syncthreads();
    if (threadIdx.x == 0) {
        out[0] = values[N - 1].first;
        out[1] = values[N - 1].second;
    }
}

int main() {
    vec3 *v;
    int *n;
    CHECK(cudaMallocManaged(&v, sizeof *v));
    CHECK(cudaMallocManaged(&n, 3 * sizeof *n));
    sum<<<1, 32>>>(v, n);
    reversed<int, 32><<<1, 32>>>(n + 1);
    CHECK(cudaDeviceSynchronize());
    printf("vectors: %g %g %g\ntemplates: %d %d\nsize: %d\n", v->x, v->y, v->z, n[1], n[2], n[0]);
    CHECK(cudaFree(v));
    CHECK(cudaFree(n));
    return 0;
}
