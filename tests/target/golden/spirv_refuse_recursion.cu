// SPDX-License-Identifier: Apache-2.0
// RUN: --to spirv
// REFUSED: kernel '_Z4treePii' can't become SPIR-V: it uses recursion
__device__ __noinline__ int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
__global__ void tree(int *out, int n) { *out = fib(n); }
