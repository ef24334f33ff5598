// SPDX-License-Identifier: Apache-2.0
// Steps whose partners lie within 1024 elements run in shared memory, several to a launch; the others one by one.
#include "bench_cuda.h"
#include "bitonic_sort.h"

constexpr int part = 1024; // elements in shared memory, two a thread

__device__ void compare(unsigned &a, unsigned &b, bool ascending) {
    if ((a > b) == ascending) {
        unsigned other = a;
        a = b;
        b = other;
    }
}

// Steps `size`, and for the first launch all before it, down to neighbours.
__device__ void merge_shared(unsigned *keys, int size, int first_stride, int base) {
    for (int stride = first_stride; stride > 0; stride /= 2) {
        __syncthreads();
        int i = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
        compare(keys[i], keys[i + stride], ((base + i) & size) == 0);
    }
}

__global__ void sort_parts(unsigned *keys) {
    __shared__ unsigned shared[part];
    int base = blockIdx.x * part;
    shared[threadIdx.x] = keys[base + threadIdx.x];
    shared[threadIdx.x + part / 2] = keys[base + threadIdx.x + part / 2];
    for (int size = 2; size <= part; size *= 2)
        merge_shared(shared, size, size / 2, base);
    __syncthreads();
    keys[base + threadIdx.x] = shared[threadIdx.x];
    keys[base + threadIdx.x + part / 2] = shared[threadIdx.x + part / 2];
}

__global__ void merge_step(unsigned *keys, int size, int stride) {
    int thread = blockIdx.x * blockDim.x + threadIdx.x;
    int i = 2 * thread - (thread & (stride - 1));
    unsigned a = keys[i], b = keys[i + stride];
    compare(a, b, (i & size) == 0);
    keys[i] = a;
    keys[i + stride] = b;
}

__global__ void merge_parts(unsigned *keys, int size) {
    __shared__ unsigned shared[part];
    int base = blockIdx.x * part;
    shared[threadIdx.x] = keys[base + threadIdx.x];
    shared[threadIdx.x + part / 2] = keys[base + threadIdx.x + part / 2];
    merge_shared(shared, size, part / 2, base);
    __syncthreads();
    keys[base + threadIdx.x] = shared[threadIdx.x];
    keys[base + threadIdx.x + part / 2] = shared[threadIdx.x + part / 2];
}

struct device {
    int n;
    unsigned *in, *keys;
};

static void prepare(void *context) {
    device *d = static_cast<device *>(context);
    CUDA_CHECK(cudaMemcpy(d->keys, d->in, d->n * sizeof(unsigned), cudaMemcpyDeviceToDevice));
    CUDA_CHECK(cudaDeviceSynchronize());
}

static void run(void *context) {
    device *d = static_cast<device *>(context);
    sort_parts<<<d->n / part, part / 2>>>(d->keys);
    for (int size = 2 * part; size <= d->n && size > 0; size *= 2) {
        for (int stride = size / 2; stride >= part; stride /= 2)
            merge_step<<<d->n / 2 / 256, 256>>>(d->keys, size, stride);
        merge_parts<<<d->n / part, part / 2>>>(d->keys, size);
    }
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct bitonic_sort p = bitonic_sort_make(bench.size);
    device d = {int(p.n), to_device(p.in, p.n), device_array<unsigned>(p.n)};
    bench_measure(&bench, prepare, run, &d);
    to_host(p.out, d.keys, p.n);
    return bitonic_sort_finish(&bench, &p);
}
