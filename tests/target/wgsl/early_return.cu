// SPDX-License-Identifier: Apache-2.0
// Threads that end before barriers, and a condition from memory: the block walks through both with a mask.
__global__ void smooth(float *values, const int *rounds, int n) {
    __shared__ float row[256];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    row[threadIdx.x] = values[i];
    if (rounds[blockIdx.x] > 0) {
        __syncthreads();
        row[threadIdx.x] *= 0.5f;
    }
    for (int step = 1; step < 256; step *= 2) {
        float other = row[threadIdx.x ^ step];
        __syncthreads();
        row[threadIdx.x] += other;
        __syncthreads();
    }
    values[i] = row[threadIdx.x];
}
