// SPDX-License-Identifier: Apache-2.0
// What nvcc takes and clang's parser does not: no blank behind extern "C", and pragmas made by macros, since gcc preprocesses
// for it; lists as a launch's shape; main without a type.
// EXPECT: 6 45 120 6 #pragma unroll
// EXPECT: threads: 6 32 8
#include <cstdio>

#define UNROLL #pragma unroll
  #  define UNROLL_BY_4   #  pragma   unroll 4
#define UNROLL_OPERATOR _Pragma("unroll")
#define STRING(text) #text
#define LOOP(i, n) \
    UNROLL_OPERATOR for (int i = 0; i < n; i++)

extern "C"__device__ int six() { return 6; }
extern "C"__global__ void sums(int *out) {
    out[0] = six();
    int sum = 0, product = 1, last = 0;
    UNROLL
    for (int i = 0; i < 10; i++) {
        sum += i;
    }
UNROLL_BY_4
    for (int i = 1; i <= 5; i++) product *= i;
    LOOP(i, 4) { last += i; }
    out[1] = sum;
    out[2] = product;
    out[3] = last;
}

__global__ void count(int *threads) {
    atomicAdd(threads, 1);
}

main() {
    int *out, host[4];
    cudaMalloc(&out, sizeof host);
    sums<<<1, 1>>>(out);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDefault);
    printf("%d %d %d %d %s\n", host[0], host[1], host[2], host[3], STRING(#pragma unroll));
    cudaMemset(out, 0, sizeof host);
    count<<<{2, 1, 1}, {3}>>>(out);
    count<<<{2}, 16>>>(out + 1);
    count<<<dim3(2, 1), {2, 2}, 0, 0>>>(out + 2);
    cudaMemcpy(host, out, sizeof host, cudaMemcpyDefault);
    printf("threads: %d %d %d\n", host[0], host[1], host[2]);
    return 0;
}
