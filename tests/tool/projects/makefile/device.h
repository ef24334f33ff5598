/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

extern __device__ int offset;
extern __constant__ int table[4];
__device__ int scaled(int value);
__device__ int member(int value);

template <class T> __global__ void twice(T *value) { *value *= 2; }
