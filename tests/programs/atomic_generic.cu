// SPDX-License-Identifier: Apache-2.0
// CUDA 12.8's generic atomic functions, with a scope and with the one they have by default.
// EXPECT: loads and stores: ok
// EXPECT: exchanges: ok
// EXPECT: arithmetic: ok
// EXPECT: without results: ok
// NVCC: -arch=sm_80
#include "check.h"
#include <type_traits>

__device__ int word;
__device__ unsigned long long wide;
__device__ float real;

__global__ void loads(int *out) {
    int value = 5, got = 0;
    __nv_atomic_store(&word, &value, __NV_ATOMIC_RELEASE);
    __nv_atomic_load(&word, &got, __NV_ATOMIC_ACQUIRE);
    __nv_atomic_store_n(&word, got + 1, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_DEVICE);
    __nv_atomic_thread_fence(__NV_ATOMIC_SEQ_CST);
    __nv_atomic_thread_fence(__NV_ATOMIC_ACQ_REL, __NV_THREAD_SCOPE_BLOCK);
    out[0] = __nv_atomic_load_n(&word, __NV_ATOMIC_RELAXED) == 6;
    out[0] &= __nv_atomic_load_n(&word, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_BLOCK) == 6;
}

__global__ void exchanges(int *out) {
    int one = 1, old = 0, expected = 1, desired = 9;
    __nv_atomic_exchange(&word, &one, &old, __NV_ATOMIC_SEQ_CST);
    bool ok = old == 6 && __nv_atomic_exchange_n(&word, 1, __NV_ATOMIC_RELAXED) == 1;
    ok &= __nv_atomic_compare_exchange(&word, &expected, &desired, false, __NV_ATOMIC_RELAXED, __NV_ATOMIC_RELAXED);
    ok &= !__nv_atomic_compare_exchange_n(&word, &expected, 3, true, __NV_ATOMIC_ACQ_REL, __NV_ATOMIC_ACQUIRE,
                                          __NV_THREAD_SCOPE_DEVICE);
    out[0] = ok && expected == 9 && word == 9;
}

__global__ void arithmetic(int *out) {
    __nv_atomic_fetch_add(&word, 2, __NV_ATOMIC_RELAXED);
    __nv_atomic_fetch_sub(&word, 1, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_DEVICE);
    __nv_atomic_fetch_add(&real, 0.5f, __NV_ATOMIC_RELAXED);
    __nv_atomic_fetch_max(&wide, (unsigned long long)threadIdx.x << 40, __NV_ATOMIC_RELAXED);
    static_assert(std::is_same<decltype(__nv_atomic_fetch_min(&wide, 1ull, __NV_ATOMIC_RELAXED)), unsigned long long>::value, "");
}

__global__ void without(int *out) {
    __nv_atomic_add(&word, 1, __NV_ATOMIC_RELAXED);
    __nv_atomic_or(&wide, 1ull << threadIdx.x, __NV_ATOMIC_RELAXED, __NV_THREAD_SCOPE_DEVICE);
    __nv_atomic_xor(&out[1], 1 << threadIdx.x % 32, __NV_ATOMIC_RELAXED);
    __nv_atomic_and(&out[2], ~(1 << threadIdx.x % 32), __NV_ATOMIC_RELAXED);
    __nv_atomic_min(&out[3], -(int)threadIdx.x, __NV_ATOMIC_RELAXED);
    __nv_atomic_max(&out[4], (int)threadIdx.x, __NV_ATOMIC_RELAXED);
    __nv_atomic_sub(&out[5], 2, __NV_ATOMIC_RELAXED);
}

int main() {
    int *out;
    CHECK(cudaMallocManaged(&out, 8 * sizeof *out));
    loads<<<1, 1>>>(out);
    CHECK_LAUNCH();
    printf("loads and stores: %s\n", out[0] ? "ok" : "wrong");
    exchanges<<<1, 1>>>(out);
    CHECK_LAUNCH();
    printf("exchanges: %s\n", out[0] ? "ok" : "wrong");
    arithmetic<<<4, 64>>>(out);
    CHECK_LAUNCH();
    int w;
    float r;
    unsigned long long l;
    CHECK(cudaMemcpyFromSymbol(&w, word, sizeof w));
    CHECK(cudaMemcpyFromSymbol(&r, real, sizeof r));
    CHECK(cudaMemcpyFromSymbol(&l, wide, sizeof l));
    printf("arithmetic: %s\n", w == 9 + 256 && r == 128.0f && l == 63ull << 40 ? "ok" : "wrong");
    out[1] = 0, out[2] = -1, out[3] = 0, out[4] = 0, out[5] = 0;
    without<<<1, 32>>>(out);
    CHECK_LAUNCH();
    CHECK(cudaMemcpyFromSymbol(&l, wide, sizeof l));
    bool ok = out[1] == -1 && out[2] == 0 && out[3] == -31 && out[4] == 31 && out[5] == -64 && (l & 0xffffffff) == 0xffffffff;
    printf("without results: %s\n", ok ? "ok" : "wrong");
    return 0;
}
