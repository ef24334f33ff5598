/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h: what most of the programs need beside CUDA: a check of every call's result, an array on the device with a
 * way back to the host, and a verdict on results that a host loop computed as well.
 */
#ifndef PROGRAMS_CHECK_H
#define PROGRAMS_CHECK_H

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <cuda_runtime.h>

#define CHECK(call)                                                                                                 \
    do {                                                                                                            \
        cudaError_t check_result = (call);                                                                          \
        if (check_result != cudaSuccess) {                                                                          \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, cudaGetErrorString(check_result));   \
            std::exit(2);                                                                                           \
        }                                                                                                           \
    } while (0)

/* After a launch: errors of the launch itself, then those of the run. */
#define CHECK_LAUNCH()                                                                                              \
    do {                                                                                                            \
        CHECK(cudaGetLastError());                                                                                  \
        CHECK(cudaDeviceSynchronize());                                                                             \
    } while (0)

/* `size` elements on the device, zero or copied from the host; goes to kernels as a plain pointer. */
template <typename T> struct Array {
    T *data = nullptr;
    size_t size = 0;

    explicit Array(size_t count) : size(count) {
        CHECK(cudaMalloc(&data, count * sizeof(T)));
        CHECK(cudaMemset(data, 0, count * sizeof(T)));
    }
    explicit Array(const std::vector<T> &values) : size(values.size()) {
        CHECK(cudaMalloc(&data, size * sizeof(T)));
        CHECK(cudaMemcpy(data, values.data(), size * sizeof(T), cudaMemcpyHostToDevice));
    }
    Array(const Array &) = delete;
    Array &operator=(const Array &) = delete;
    ~Array() { cudaFree(data); }

    operator T *() const { return data; }
    std::vector<T> host() const {
        std::vector<T> values(size);
        CHECK(cudaMemcpy(values.data(), data, size * sizeof(T), cudaMemcpyDeviceToHost));
        return values;
    }
};

/* Prints "NAME: ok", or the first few differences. */
template <typename T> bool same(const char *name, const std::vector<T> &have, const std::vector<T> &want) {
    int differences = have.size() != want.size();
    for (size_t i = 0; i < have.size() && i < want.size() && differences < 5; i++) {
        if (!(have[i] == want[i])) {
            std::printf("%s: [%zu] is %.9g, should be %.9g\n", name, i, static_cast<double>(have[i]),
                        static_cast<double>(want[i]));
            differences++;
        }
    }
    if (differences == 0)
        std::printf("%s: ok\n", name);
    return differences == 0;
}

/* The same numbers everywhere: a linear congruential generator with a fixed seed. */
struct Random {
    unsigned state;
    explicit Random(unsigned seed) : state(seed) {}
    unsigned next() {
        state = state * 1664525u + 1013904223u;
        return state >> 8;
    }
    int below(int limit) { return static_cast<int>(next() % static_cast<unsigned>(limit)); }
    float unit() { return static_cast<float>(next()) / 16777216.0f; }
};

#endif
