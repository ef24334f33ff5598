/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.h: a template kernel that both units instantiate. */
#ifndef UNITS_KERNELS_H
#define UNITS_KERNELS_H

template <typename T> struct Adder {
    T amount;
    __device__ T operator()(T value) const { return value + amount; }
};

inline __device__ int one() { return 1; }

template <typename T> __global__ void add(T *value, T amount) { *value = Adder<T>{amount}(*value) * static_cast<T>(one()); }

int add_int_elsewhere(int value, int amount);
double add_double_elsewhere(double value, double amount);
int tell_elsewhere();
typedef void (*IntKernel)(int *, int);
IntKernel add_int_pointer();

#endif
