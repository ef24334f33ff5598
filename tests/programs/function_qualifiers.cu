// SPDX-License-Identifier: Apache-2.0
// Qualifiers and pragmas that must be accepted and change nothing: __forceinline__, __noinline__, __launch_bounds__,
// __restrict__, const __restrict__, #pragma unroll with and without a count, __ldg, __CUDA_ARCH__, __builtin_expect.
// EXPECT: qualifiers: ok
// EXPECT: host sees __CUDA_ARCH__: no, device: yes
#include "check.h"

__device__ __forceinline__ float inlined(float x) { return x * 2.0f; }
__noinline__ __device__ float called(float x) { return x + 1.0f; }
static __inline__ __host__ __device__ float both(float x) {
#ifdef __CUDA_ARCH__
    return x - 3.0f;
#else
    return x - 3.0f;
#endif
}

__global__ void __launch_bounds__(128, 2) kernel(const float *__restrict__ in, float *__restrict__ out, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (__builtin_expect(i >= count, 0))
        return;
    float value = __ldg(in + i);
#pragma unroll
    for (int k = 0; k < 4; k++)
        value = inlined(value) - k;
#pragma unroll 3
    for (int k = 0; k < count % 7; k++)
        value = called(value);
#pragma unroll 1
    for (int k = 0; k < 2; k++)
        value = both(value);
    out[i] = value;
}

__global__ void __launch_bounds__(64) arch(int *out) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 700
    *out = 1;
#else
    *out = 0;
#endif
}

int main() {
    const int count = 1000;
    std::vector<float> in(count), want(count);
    for (int i = 0; i < count; i++) {
        in[i] = i * 0.5f;
        float value = in[i];
        for (int k = 0; k < 4; k++)
            value = value * 2.0f - k;
        want[i] = both(both(value + count % 7));
    }
    Array<float> device_in(in), out(count);
    kernel<<<(count + 127) / 128, 128>>>(device_in, out, count);
    CHECK_LAUNCH();
    same("qualifiers", out.host(), want);
    Array<int> flag(1);
    arch<<<1, 1>>>(flag);
    CHECK_LAUNCH();
#ifdef __CUDA_ARCH__
    const char *host = "yes";
#else
    const char *host = "no";
#endif
    std::printf("host sees __CUDA_ARCH__: %s, device: %s\n", host, flag.host()[0] ? "yes" : "no");
    return 0;
}
