// SPDX-License-Identifier: Apache-2.0
// REFUSED: kernel '_Z6kernelPii' uses recursion, which target 'wgsl' can't express
__device__ int fibonacci(int n) {
    return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}
__global__ void kernel(int *result, int n) {
    *result = fibonacci(n);
}
