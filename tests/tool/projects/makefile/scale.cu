/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

__constant__ int table[4] = {10, 20, 30, 40};
static __device__ int hidden = FACTOR;
int plain(int value);

__device__ int scaled(int value)
{
    return value * hidden;
}

int more()
{
    int host = 0, *out;
    cudaMemcpyFromSymbol(&host, hidden, sizeof host);
    cudaMalloc(&out, sizeof(int));
    cudaMemcpy(out, &host, sizeof host, cudaMemcpyHostToDevice);
    twice<<<1, 1>>>(out);
    cudaMemcpy(&host, out, sizeof host, cudaMemcpyDeviceToHost);
    return plain(host);
}
