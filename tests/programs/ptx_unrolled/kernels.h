/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kernels.h: loops whose number of turns differs from thread to thread, which nvcc unrolls with a rest of turns in front (kernels.ptx): signed
 * and unsigned counters, steps that are constants and not, sums, extremes, several sums, stores, shared memory, pointers, bytes, doubles, and
 * loops that are not to be made one again, since a turn needs what another one left in memory or leaves early.
 */
#ifndef PTX_UNROLLED_KERNELS_H
#define PTX_UNROLLED_KERNELS_H

#define ENTRY extern "C" __global__ void
#define THREAD (int)(blockIdx.x * blockDim.x + threadIdx.x)
#define LANE (int)(threadIdx.x % 32)

ENTRY sums(const float *in, float *out, int n) {
    float sum = 0;
    for (int i = LANE; i < n; i += 32) sum += in[i];
    out[THREAD] = sum;
}
ENTRY unsigned_sums(const float *in, float *out, int n) {
    float sum = 0;
    for (unsigned i = threadIdx.x; i < (unsigned)n; i += 32) sum += in[i];
    out[THREAD] = sum;
}
ENTRY neighbours(const float *in, float *out, int n) {
    float sum = 0;
    for (int i = threadIdx.x; i < n; i++) sum = sum * 0.5f + in[i];
    out[THREAD] = sum;
}
ENTRY by_block(const float *in, float *out, int n) {
    float largest = -1, sum = 0;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        largest = fmaxf(largest, in[i]);
        sum += in[i] * (float)i;
    }
    out[THREAD] = largest + sum;
}
ENTRY stores(const float *in, float *out, int n) {
    for (int i = THREAD; i < n; i += 128) out[i] = 3.0f * in[i] - in[n - 1 - i];
}
ENTRY in_place(const float *in, float *out, int n) {
    for (int i = THREAD; i < n; i += 256) out[i] += in[i];
}
ENTRY weighted(const float *in, float *out, int n) {
    float sum = 0, mean = in[0];
    for (int i = LANE; i < n; i += 32) {
        float d = in[i] - mean;
        sum += d * d;
    }
    out[THREAD] = sum;
}
ENTRY rows(const float *in, float *out, int n) {
    int row = THREAD / 32, width = n / 8;
    float sum = 0;
    for (int i = row * width + LANE; i < (row + 1) * width && row < 8; i += 32) sum += in[i];
    out[THREAD] = sum;
}
ENTRY gathered(const float *in, float *out, int n) {
    float sum = 0;
    for (int i = LANE; i < n; i += 32) sum += in[(int)in[i] & 511];
    out[THREAD] = sum;
}
ENTRY shared_sums(const float *in, float *out, int n) {
    __shared__ float all[1024];
    for (int i = threadIdx.x; i < n; i += 64) all[i] = in[i] + 1.0f;
    __syncthreads();
    float sum = 0;
    for (int i = threadIdx.x / 2; i < n; i += 64) sum += all[i];
    out[THREAD] = sum;
}
ENTRY doubles(const float *in, float *out, int n) {
    double sum = 0;
    for (int i = LANE; i < n; i += 16) sum += (double)in[i] / 3.0;
    out[THREAD] = (float)sum;
}
ENTRY bytes(const float *in, float *out, int n) {
    const unsigned char *p = (const unsigned char *)in;
    unsigned sum = 0;
    for (int i = threadIdx.x; i < n; i += 32) sum = sum * 3 + p[i];
    out[THREAD] = (float)(sum & 0xffffff);
}
ENTRY walking(const float *in, float *out, int n) {
    float sum = 0;
    const float *p = in + threadIdx.x;
    for (int i = threadIdx.x; i < n; i += 32, p += 16) sum += *p;
    out[THREAD] = sum;
}
ENTRY two_rates(const float *in, float *out, int n) {
    float sum = 0;
    int k = 0;
    for (int i = LANE; i < n; i += 32, k += 3) sum += in[i] * (float)k + in[k];
    out[THREAD] = sum;
}
ENTRY from_above(const float *in, float *out, int n) {
    float sum = 0;
    for (int i = n - 1 - LANE; i >= 0; i -= 32) sum = sum * 0.25f + in[i];
    out[THREAD] = sum;
}
/* Every turn reads what the turn before has stored. */
ENTRY chained(const float *in, float *out, int n) {
    float *mine = out + blockIdx.x * blockDim.x;
    if (threadIdx.x >= 32) return;
    for (int i = threadIdx.x; i < (n < 96 ? n : 96); i += 32) mine[i + 32] = mine[i] + in[i];
}
ENTRY leaving(const float *in, float *out, int n) {
    float sum = 0;
    for (int i = LANE; i < n; i += 32) {
        if (in[i] > 1.5f) break;
        sum += in[i];
    }
    out[THREAD] = sum;
}

#define EACH_KERNEL(X)                                                                                                 \
    X(sums) X(unsigned_sums) X(neighbours) X(by_block) X(stores) X(in_place) X(weighted) X(rows) X(gathered) X(shared_sums)                \
    X(doubles) X(bytes) X(walking) X(two_rates) X(from_above) X(chained) X(leaving)

#endif
