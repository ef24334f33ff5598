// SPDX-License-Identifier: Apache-2.0
// Shared memory: layout, overlap, dynamic arrays, tables of addresses.
#include "device.h"

__shared__ int file_scope[64];
extern __shared__ int dynamic[];

extern "C" __global__ void reverse(int *out, int *in) {
    __shared__ int s[64];
    unsigned i = tid_x(), n = ntid_x();
    s[i] = in[i];
    barrier(0, 0);
    out[i] = s[n - 1 - i];
}

// Ends beyond the sum of its own sizes, since file_scope lies behind the other kernel's arrays.
extern "C" __global__ void gaps(unsigned long *out) {
    __shared__ char one[1];
    file_scope[63] = 5;
    one[0] = 6;
    out[0] = (unsigned long)&file_scope[63];
    out[1] = (unsigned long)&one[0];
    out[2] = (unsigned long)file_scope[63] + (unsigned long)one[0];
}
extern "C" __global__ void fills(unsigned long *out) {
    __shared__ long large[500];
    large[tid_x()] = 1;
    file_scope[tid_x()] = 2;
    out[tid_x()] = (unsigned long)&large[tid_x()];
}

// Two buffers chosen by an index, as double buffering does.
extern "C" __global__ void table(int *out, int rounds) {
    __shared__ int a[32], b[32];
    int *buffers[2] = {a, b};
    unsigned i = tid_x(), n = ntid_x();
    buffers[0][i] = (int)i;
    for (int r = 0; r < rounds; r++) {
        barrier(0, 0);
        buffers[(r + 1) & 1][i] = buffers[r & 1][(i + 1) % n] + 1;
    }
    out[i] = buffers[rounds & 1][i];
}

extern "C" __global__ void uses_dynamic(int *out) {
    __shared__ int s[3];
    char *bytes = (char *)dynamic;
    unsigned i = tid_x();
    dynamic[i] = (int)i * 2;
    s[i % 3] = 0;
    barrier(0, 0);
    out[i] = dynamic[ntid_x() - 1 - i] + (int)(dynamic_shared_size() == 4 * ntid_x()) + bytes[0];
}

__device__ NOINLINE int sum_shared(int *p, int n) {
    int sum = file_scope[0];
    for (int i = 0; i < n; i++) sum += p[i];
    return sum;
}
extern "C" __global__ void passes_pointer(int *out) {
    __shared__ int s[64];
    s[tid_x()] = (int)tid_x();
    if (tid_x() == 0) file_scope[0] = 1000;
    barrier(0, 0);
    out[tid_x()] = sum_shared(s, (int)ntid_x());
}
