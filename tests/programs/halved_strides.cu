// SPDX-License-Identifier: Apache-2.0
// Loops over halved strides whose lanes access shared memory in patterns: sorting networks of several types, exchanges by xor, and
// stores that leave gaps, under conditions and at one place from several threads; blocks of several shapes.
// EXPECT: sorted int: yes
// EXPECT: sorted with payload: yes
// EXPECT: sorted bytes: yes
// EXPECT: butterfly: yes
// EXPECT: gaps: yes
// EXPECT: repeated: yes
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "check.h"

template <class T, int part>
__global__ void sort_parts(T *keys) {
    __shared__ T shared[part];
    shared[threadIdx.x] = keys[blockIdx.x * part + threadIdx.x];
    shared[threadIdx.x + part / 2] = keys[blockIdx.x * part + threadIdx.x + part / 2];
    for (int size = 2; size <= part; size *= 2)
        for (int stride = size / 2; stride > 0; stride /= 2) {
            __syncthreads();
            int i = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
            bool ascending = (i & size) == 0 || size == part;
            if ((shared[i + stride] < shared[i]) == ascending) {
                T other = shared[i];
                shared[i] = shared[i + stride];
                shared[i + stride] = other;
            }
        }
    __syncthreads();
    keys[blockIdx.x * part + threadIdx.x] = shared[threadIdx.x];
    keys[blockIdx.x * part + threadIdx.x + part / 2] = shared[threadIdx.x + part / 2];
}

struct record {
    unsigned key, payload;
    __device__ __host__ bool operator<(const record &other) const { return key < other.key; }
    bool operator==(const record &other) const { return key == other.key && payload == other.payload; }
};

// Every thread ends with the sum of all; `n` threads, a power of two.
__global__ void butterfly(const double *in, double *out) {
    __shared__ double sums[512];
    sums[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    for (unsigned mask = blockDim.x / 2; mask > 0; mask >>= 1) {
        double other = sums[threadIdx.x ^ mask];
        __syncthreads();
        sums[threadIdx.x] += other;
        __syncthreads();
    }
    out[threadIdx.x] = sums[threadIdx.x];
}

// Stores to places 3 k and 3 k + 1 of shared memory; 3 k + 2 keeps what it had.
__global__ void gaps(int *out, int limit) {
    __shared__ int places[64 * 4];
    for (int k = threadIdx.x; k < 256; k += blockDim.x)
        places[k] = -k;
    __syncthreads();
    int i = 4 * (threadIdx.x & ~1u) + (threadIdx.x & 1);
    places[i] = int(threadIdx.x);
    if (places[i + 2] > -limit)
        places[i + 2] = places[i] + 1000;
    __syncthreads();
    for (int k = threadIdx.x; k < 256; k += blockDim.x)
        out[k] = places[k];
}

// Lanes read the same eight elements again and again, and write the same ones.
__global__ void repeated(int *out) {
    __shared__ int few[8], last[8];
    if (threadIdx.x < 8)
        few[threadIdx.x] = 10 * threadIdx.x;
    __syncthreads();
    int value = few[threadIdx.x & 7] + few[(threadIdx.x & 7) ^ 5];
    last[threadIdx.x & 7] = value;
    __syncthreads();
    out[threadIdx.x] = last[threadIdx.x & 7];
}

template <class T, int part>
static bool sorts(T (*make)(int)) {
    static T host[4 * part], expected[4 * part];
    T *keys;
    for (int k = 0; k < 4 * part; k++)
        expected[k] = host[k] = make(k);
    CHECK(cudaMalloc(&keys, sizeof host));
    CHECK(cudaMemcpy(keys, host, sizeof host, cudaMemcpyHostToDevice));
    sort_parts<T, part><<<4, part / 2>>>(keys);
    CHECK(cudaMemcpy(host, keys, sizeof host, cudaMemcpyDeviceToHost));
    CHECK(cudaFree(keys));
    for (int b = 0; b < 4; b++)
        std::sort(expected + b * part, expected + (b + 1) * part);
    return std::equal(host, host + 4 * part, expected);
}

static unsigned scramble(int k) { return unsigned(k) * 2654435761u ^ unsigned(k) >> 3; }
static int make_int(int k) { return int(scramble(k)); }
static record make_record(int k) { return {scramble(k), unsigned(k) + 7}; }
static signed char make_byte(int k) { return static_cast<signed char>(scramble(k) >> 11); }

int main() {
    bool ints = sorts<int, 1024>(make_int) && sorts<int, 64>(make_int) && sorts<int, 16>(make_int);
    printf("sorted int: %s\n", ints ? "yes" : "no");
    printf("sorted with payload: %s\n", sorts<record, 256>(make_record) ? "yes" : "no");
    printf("sorted bytes: %s\n", sorts<signed char, 512>(make_byte) ? "yes" : "no");

    double in[512], out[512], *d_in, *d_out;
    int numbers[256], *d_numbers;
    bool right = true;
    CHECK(cudaMalloc(&d_in, sizeof in));
    CHECK(cudaMalloc(&d_out, sizeof out));
    CHECK(cudaMalloc(&d_numbers, sizeof numbers));
    for (int k = 0; k < 512; k++)
        in[k] = k * k;
    CHECK(cudaMemcpy(d_in, in, sizeof in, cudaMemcpyHostToDevice));
    for (int n = 8; n <= 512; n *= 4) {
        double sum = 0;
        for (int k = 0; k < n; k++)
            sum += in[k];
        butterfly<<<1, n>>>(d_in, d_out);
        CHECK(cudaMemcpy(out, d_out, n * sizeof(double), cudaMemcpyDeviceToHost));
        for (int k = 0; k < n; k++)
            right = right && out[k] == sum;
    }
    printf("butterfly: %s\n", right ? "yes" : "no");

    right = true;
    for (int limit = 0; limit <= 300; limit += 60) {
        gaps<<<1, 64>>>(d_numbers, limit);
        CHECK(cudaMemcpy(numbers, d_numbers, sizeof numbers, cudaMemcpyDeviceToHost));
        int expected[256];
        for (int k = 0; k < 256; k++)
            expected[k] = -k;
        for (int t = 0; t < 64; t++) {
            int i = 4 * (t & ~1) + (t & 1);
            expected[i] = t;
            if (expected[i + 2] > -limit)
                expected[i + 2] = t + 1000;
        }
        right = right && std::equal(numbers, numbers + 256, expected);
    }
    printf("gaps: %s\n", right ? "yes" : "no");

    right = true;
    for (int threads = 8; threads <= 256; threads += 31) {
        repeated<<<1, threads>>>(d_numbers);
        CHECK(cudaMemcpy(numbers, d_numbers, threads * sizeof(int), cudaMemcpyDeviceToHost));
        for (int t = 0; t < threads; t++)
            right = right && numbers[t] == 10 * (t & 7) + 10 * ((t & 7) ^ 5);
    }
    printf("repeated: %s\n", right ? "yes" : "no");
}
