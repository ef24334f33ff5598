// SPDX-License-Identifier: Apache-2.0
// Atomics whose results are used inside loops: stream compaction, operations made of compare-and-exchange, a lock whose
// exchange is tried again, and a loop around a function that stays a call.
// RUN:
// RUN: -G
// EXPECT: compacted 33333 of 100000, sum 1666616667
// EXPECT: largest 99.5, set first by 1 thread
// EXPECT: locked increments 640
// EXPECT: iterated ok
#include <cstdio>
#include <vector>

__global__ void compact(const int *in, int *out, int *count, int n, int room) {
    for (int i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x) {
        if (in[i] % 3 == 1) {
            int at = atomicAdd(count, 1);
            if (at < room)
                out[at] = in[i];
        }
    }
}

__device__ float atomic_max(float *address, float value) {
    int *word = reinterpret_cast<int *>(address);
    int old = *word, seen;
    do {
        seen = old;
        old = atomicCAS(word, seen, __float_as_int(fmaxf(value, __int_as_float(seen))));
    } while (old != seen);
    return __int_as_float(old);
}

__global__ void largest(float *result, int *turned, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n && atomic_max(result, float((i * 7919) % 200) / 2) < 0)
        atomicAdd(turned, 1);
}

// The lowest bit of a word is a lock; the others count.
__global__ void locked(unsigned *word, int turns) {
    for (int turn = 0; turn < turns; turn++) {
        unsigned old = *word, seen;
        do {
            seen = old & ~1u;
            old = atomicCAS(word, seen, seen | 1u);
        } while (old != seen);
        atomicExch(word, seen + 2);
    }
}

__device__ __noinline__ float step(float x) {
    return 0.5f * (x + 2.0f / x);
}

__global__ void iterate(float *x, int n) {
    float v = threadIdx.x + 1.0f;
    for (int k = 0; k < n; k++) {
        float next = step(v);
        if (fabsf(next - v) < 1e-6f)
            break;
        v = next;
    }
    x[threadIdx.x] = v;
}

int main() {
    const int n = 100000;
    std::vector<int> host(n);
    for (int i = 0; i < n; i++)
        host[i] = i;
    int *in, *out, *count;
    cudaMalloc(&in, n * sizeof(int));
    cudaMalloc(&out, n * sizeof(int));
    cudaMalloc(&count, sizeof(int));
    cudaMemcpy(in, host.data(), n * sizeof(int), cudaMemcpyHostToDevice);
    cudaMemset(count, 0, sizeof(int));
    compact<<<20, 256>>>(in, out, count, n, n);
    int found;
    cudaMemcpy(&found, count, sizeof(int), cudaMemcpyDeviceToHost);
    cudaMemcpy(host.data(), out, found * sizeof(int), cudaMemcpyDeviceToHost);
    long long sum = 0;
    for (int i = 0; i < found; i++)
        sum += host[i];
    printf("compacted %d of %d, sum %lld\n", found, n, sum);

    float *result, start = -1.0f, most;
    cudaMalloc(&result, sizeof(float));
    cudaMemcpy(result, &start, sizeof(float), cudaMemcpyHostToDevice);
    cudaMemset(count, 0, sizeof(int));
    largest<<<40, 128>>>(result, count, 5000);
    cudaMemcpy(&most, result, sizeof(float), cudaMemcpyDeviceToHost);
    cudaMemcpy(&found, count, sizeof(int), cudaMemcpyDeviceToHost);
    printf("largest %g, set first by %d thread\n", most, found);

    unsigned *word, value;
    cudaMalloc(&word, sizeof(unsigned));
    cudaMemset(word, 0, sizeof(unsigned));
    locked<<<4, 32>>>(word, 5);
    cudaMemcpy(&value, word, sizeof(unsigned), cudaMemcpyDeviceToHost);
    printf("locked increments %u\n", value / 2);

    std::vector<float> roots(64);
    float *x;
    cudaMalloc(&x, 64 * sizeof(float));
    iterate<<<1, 64>>>(x, 100);
    cudaMemcpy(roots.data(), x, 64 * sizeof(float), cudaMemcpyDeviceToHost);
    bool right = true;
    for (float root : roots)
        right = right && root > 1.41421f && root < 1.41422f;
    printf("iterated %s\n", right ? "ok" : "wrongly");
    return 0;
}
