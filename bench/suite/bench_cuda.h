// SPDX-License-Identifier: Apache-2.0
// bench_cuda.h: what the CUDA programs of the suite share: checked calls, arrays on the device.
#ifndef BENCH_CUDA_H
#define BENCH_CUDA_H

#include <cuda_runtime.h>

/* Time between two events around a sample: 0 before it, what has passed behind it. */
static inline double bench_event_ms(int end) {
    static cudaEvent_t events[2];
    float ms = 0;
    if (!events[0] && (cudaEventCreate(&events[0]) != cudaSuccess || cudaEventCreate(&events[1]) != cudaSuccess)) {
        return 0;
    }
    cudaEventRecord(events[end], 0);
    if (end) {
        cudaEventSynchronize(events[1]);
        cudaEventElapsedTime(&ms, events[0], events[1]);
    }
    return ms;
}
#define BENCH_DEVICE_MS bench_event_ms

#include "bench.h"

#define CUDA_CHECK(call) bench_cuda_check((call), #call, __LINE__)

static inline void bench_cuda_check(cudaError_t status, const char *call, int line) {
    if (status != cudaSuccess) {
        fprintf(stderr, "line %d: %s: %s\n", line, call, cudaGetErrorString(status));
        exit(1);
    }
}

template <class T> static T *device_array(size_t count) {
    T *pointer = nullptr;
    CUDA_CHECK(cudaMalloc(&pointer, count * sizeof(T)));
    return pointer;
}

template <class T> static T *to_device(const T *host, size_t count) {
    T *pointer = device_array<T>(count);
    CUDA_CHECK(cudaMemcpy(pointer, host, count * sizeof(T), cudaMemcpyHostToDevice));
    return pointer;
}

template <class T> static void to_host(T *host, const T *device, size_t count) {
    CUDA_CHECK(cudaMemcpy(host, device, count * sizeof(T), cudaMemcpyDeviceToHost));
}

// The end of a sample: every launch was accepted and has finished.
static inline void finish_launches() {
    CUDA_CHECK(cudaGetLastError());
    CUDA_CHECK(cudaDeviceSynchronize());
}

template <class T> static T divide_up(T a, T b) {
    return (a + b - 1) / b;
}

#endif
