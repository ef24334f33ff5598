// SPDX-License-Identifier: Apache-2.0
// All four arguments of <<<>>>: integers and dim3 for the shapes, dynamic shared memory, streams; evaluated once.
// EXPECT: shapes: 6 12, 1 1, 60 24
// EXPECT: dynamic shared memory: 1000
// EXPECT: on a stream: 499500
// EXPECT: evaluated once: 1 1
#include "check.h"

__global__ void shape(int *out) {
    if (threadIdx.x + threadIdx.y + threadIdx.z + blockIdx.x + blockIdx.y + blockIdx.z == 0) {
        out[0] = gridDim.x * gridDim.y * gridDim.z;
        out[1] = blockDim.x * blockDim.y * blockDim.z;
    }
}
__global__ void fill(int *out, int count) {
    extern __shared__ int shared[];
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        shared[i] = i;
    __syncthreads();
    int sum = 0;
    if (threadIdx.x == 0)
        for (int i = 0; i < count; i++)
            sum += shared[i];
    if (threadIdx.x == 0) {
        out[0] = count;
        out[1] = sum;
    }
}

static int calls;
static dim3 once(int n) {
    calls++;
    return dim3(n);
}

int main() {
    Array<int> out(2);
    shape<<<6, 12>>>(out);
    auto a = out.host();
    shape<<<dim3(), dim3()>>>(out);
    auto b = out.host();
    shape<<<dim3(3, 4, 5), dim3(2, 3, 4), 0, 0>>>(out);
    auto c = out.host();
    std::printf("shapes: %d %d, %d %d, %d %d\n", a[0], a[1], b[0], b[1], c[0], c[1]);
    fill<<<1, 50, 1000 * sizeof(int)>>>(out, 1000);
    CHECK_LAUNCH();
    std::printf("dynamic shared memory: %d\n", out.host()[0]);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    fill<<<dim3(1), dim3(64), 1000 * sizeof(int), stream>>>(out, 1000);
    CHECK(cudaStreamSynchronize(stream));
    std::printf("on a stream: %d\n", out.host()[1]);
    CHECK(cudaStreamDestroy(stream));
    shape<<<once(1), 1>>>(out);
    int grid_calls = calls;
    calls = 0;
    shape<<<1, once(1)>>>(out);
    CHECK_LAUNCH();
    std::printf("evaluated once: %d %d\n", grid_calls, calls);
    return 0;
}
