// SPDX-License-Identifier: Apache-2.0
// A program that includes nothing: CUDA's declarations are there all the same, as with nvcc.
// EXPECT: block 0 thread 0
// EXPECT: block 0 thread 1
// EXPECT: host: no error
// NVCC: skip nvcc knows printf by other headers only
extern "C" int puts(const char *);

__global__ void hello() {
    printf("block %d thread %d\n", blockIdx.x, threadIdx.x);
}

int main() {
    hello<<<1, 2>>>();
    cudaError_t error = cudaDeviceSynchronize();
    printf("host: %s\n", cudaGetErrorString(error));
    return error != cudaSuccess;
}
