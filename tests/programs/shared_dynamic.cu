// SPDX-License-Identifier: Apache-2.0
// Dynamic shared memory: sized at launch, one block of bytes cut into several arrays, several extern arrays of different
// types that name the same memory, beside static shared memory, in device functions and templates.
// EXPECT: sizes 1 to 1000: ok
// EXPECT: cut into three arrays: ok
// EXPECT: extern arrays share one address: yes
// EXPECT: beside static memory: ok
// EXPECT: template: 496 496.5
#include "check.h"

__global__ void rotate(const int *in, int *out) {
    extern __shared__ int shared[];
    shared[threadIdx.x] = in[threadIdx.x];
    __syncthreads();
    out[threadIdx.x] = shared[(threadIdx.x + 1) % blockDim.x];
}

__global__ void cut(double *out, int count) {
    extern __shared__ char bytes[];
    double *doubles = reinterpret_cast<double *>(bytes);
    int *ints = reinterpret_cast<int *>(doubles + count);
    char *chars = reinterpret_cast<char *>(ints + count);
    int t = threadIdx.x;
    doubles[t] = t * 0.25;
    ints[t] = t * 1000;
    chars[t] = static_cast<char>(t % 100);
    __syncthreads();
    int other = count - 1 - t;
    out[t] = doubles[other] + ints[other] + chars[other];
}

extern __shared__ float as_floats[];
extern __shared__ unsigned as_words[];
__device__ unsigned word(int i) { return as_words[i]; }
__global__ void alias(unsigned *out) {
    extern __shared__ unsigned char as_bytes[];
    if (threadIdx.x == 0)
        as_floats[1] = 1.0f;
    __syncthreads();
    out[0] = word(1);
    out[1] = as_bytes[7];
}

__device__ int *dynamic_ints() {
    extern __shared__ int dynamic_part[];
    return dynamic_part;
}
__global__ void beside(int *out) {
    __shared__ int fixed[37];
    __shared__ char odd[3];
    int *dynamic = dynamic_ints();
    for (int i = threadIdx.x; i < 37; i += blockDim.x)
        fixed[i] = -1;
    if (threadIdx.x < 3)
        odd[threadIdx.x] = 9;
    __syncthreads();
    dynamic[threadIdx.x] = threadIdx.x;
    __syncthreads();
    int sum = 0;
    for (int i = 0; i < 37; i++)
        sum += fixed[i];
    for (int i = 0; i < 3; i++)
        sum += odd[i];
    out[threadIdx.x] = sum + dynamic[blockDim.x - 1 - threadIdx.x];
}

template <typename T> struct SharedMemory;
template <> struct SharedMemory<int> {
    __device__ static int *pointer() {
        extern __shared__ int shared_int[];
        return shared_int;
    }
};
template <> struct SharedMemory<double> {
    __device__ static double *pointer() {
        extern __shared__ double shared_double[];
        return shared_double;
    }
};
template <typename T> __global__ void sum(T first, T *out) {
    T *shared = SharedMemory<T>::pointer();
    shared[threadIdx.x] = threadIdx.x + (threadIdx.x == 0 ? first : T(0));
    __syncthreads();
    if (threadIdx.x == 0) {
        T total = 0;
        for (int i = 0; i < blockDim.x; i++)
            total += shared[i];
        *out = total;
    }
}

int main() {
    bool fine = true;
    for (int count : {1, 31, 32, 33, 200, 255, 1000}) {
        std::vector<int> in(count);
        for (int i = 0; i < count; i++)
            in[i] = i * i;
        Array<int> device_in(in), out(count);
        rotate<<<1, count, count * sizeof(int)>>>(device_in, out);
        CHECK_LAUNCH();
        auto o = out.host();
        for (int i = 0; i < count; i++)
            fine = fine && o[i] == in[(i + 1) % count];
    }
    std::printf("sizes 1 to 1000: %s\n", fine ? "ok" : "wrong");
    Array<double> doubles(100);
    cut<<<1, 100, 100 * (8 + 4 + 1)>>>(doubles, 100);
    CHECK_LAUNCH();
    std::vector<double> want;
    for (int t = 0; t < 100; t++)
        want.push_back((99 - t) * 1001.25);
    same("cut into three arrays", doubles.host(), want);
    Array<unsigned> words(2);
    alias<<<1, 32, 16>>>(words);
    CHECK_LAUNCH();
    bool one = words.host()[0] == 0x3f800000u && words.host()[1] == 0x3f;
    std::printf("extern arrays share one address: %s\n", one ? "yes" : "no");
    Array<int> ints(50);
    beside<<<1, 50, 50 * sizeof(int)>>>(ints);
    CHECK_LAUNCH();
    std::vector<int> want_ints;
    for (int t = 0; t < 50; t++)
        want_ints.push_back(-37 + 27 + 49 - t);
    same("beside static memory", ints.host(), want_ints);
    Array<int> int_sum(1);
    Array<double> double_sum(1);
    sum<int><<<1, 32, 32 * sizeof(int)>>>(0, int_sum.data);
    sum<double><<<1, 32, 32 * sizeof(double)>>>(0.5, double_sum.data);
    CHECK_LAUNCH();
    std::printf("template: %d %.1f\n", int_sum.host()[0], double_sum.host()[0]);
    return 0;
}
