// SPDX-License-Identifier: Apache-2.0
// Lanes of one warp that a collective's mask joins while they are at different places of the code (PTX ISA, "shfl.sync", from sm_70 on): the result
// is CUDA's, or the device says that it can't and the launch fails. It is never another number. Where lanes of the mask are together, or have
// ended, every device gives the result.
// EXPECT: both sides of a branch: right or refused
// EXPECT: a branch and behind it: right or refused
// EXPECT: halves with masks of their own: right
// EXPECT: others have ended: right
// EXPECT: turns of a loop: right
#include "check.h"

__global__ void sides(int *out) {
    int lane = threadIdx.x % 32, value = 100 + threadIdx.x;
    if (out[threadIdx.x] < 16)
        value = __shfl_sync(0xffffffff, value, lane ^ 16);
    else
        value = __shfl_sync(0xffffffff, value + 1000, lane ^ 16) + 5000;
    out[threadIdx.x] = value;
}

__global__ void behind(int *out) {
    int lane = threadIdx.x % 32, value = 100 + threadIdx.x;
    if (out[threadIdx.x] < 16)
        value = __shfl_sync(0xffffffff, value, lane ^ 16) + 5000;
    out[threadIdx.x] = value;
    if (lane >= 16)
        out[threadIdx.x] = __shfl_sync(0xffffffff, value, lane ^ 16);
}

__global__ void halves(int *out) {
    int lane = threadIdx.x % 32, value = 100 + threadIdx.x;
    unsigned mask = lane < 16 ? 0xffff : 0xffff0000;
    if (out[threadIdx.x] < 16)
        value = __shfl_sync(mask, value, lane ^ 1);
    else
        value = __shfl_sync(mask, value + 1000, lane ^ 1);
    out[threadIdx.x] = value;
}

__global__ void ended(int *out, int n) {
    int lane = threadIdx.x % 32, value = 100 + threadIdx.x;
    if ((int)threadIdx.x >= n)
        return;
    if (lane == 40)
        value = __shfl_sync(0xffffffff, value, 3);
    if (out[threadIdx.x] >= 0)
        value = __shfl_sync(0xffffffff, value, lane ^ 1);
    out[threadIdx.x] = __shfl_sync(0xffffffff, value, 2);
}

__global__ void turns(int *out) {
    int lane = threadIdx.x % 32, sum = 0;
    for (int i = 0; i < 4; i++) {
        unsigned mask = __ballot_sync(0xffffffff, (lane + i) % 3 == 0);
        if ((lane + i) % 3 == 0)
            sum += __reduce_add_sync(mask, lane);
        __syncwarp();
    }
    out[threadIdx.x] = sum;
}

template <typename F> static void check(const char *what, bool may_refuse, void (*launch)(int *), F want) {
    static bool failed = false;
    const int n = 64;
    int *data, host[n];
    for (int i = 0; i < n; i++)
        host[i] = i % 32;
    bool right = true;
    cudaError_t error = cudaMalloc(&data, sizeof host);
    cudaMemcpy(data, host, sizeof host, cudaMemcpyHostToDevice);
    launch(data);
    if (error == cudaSuccess)
        error = cudaDeviceSynchronize();
    if (error == cudaSuccess)
        error = cudaMemcpy(host, data, sizeof host, cudaMemcpyDeviceToHost);
    for (int i = 0; i < n && error == cudaSuccess; i++)
        right = right && host[i] == want(i);
    failed = failed || error != cudaSuccess;
    if (failed && may_refuse)
        cudaDeviceReset(), failed = false, right = true;
    std::printf("%s: %s\n", what, !right ? "WRONG" : error != cudaSuccess && !may_refuse ? cudaGetErrorName(error) : may_refuse ? "right or refused" : "right");
}

int main() {
    check("both sides of a branch", true, [](int *out) { sides<<<1, 64>>>(out); }, [](int i) { return i % 32 < 16 ? 100 + (i ^ 16) + 1000 : 100 + (i ^ 16) + 5000; });
    check("a branch and behind it", true, [](int *out) { behind<<<1, 64>>>(out); }, [](int i) { return i % 32 < 16 ? 100 + (i ^ 16) + 5000 : 100 + (i ^ 16); });
    check("halves with masks of their own", false, [](int *out) { halves<<<1, 64>>>(out); }, [](int i) { return 100 + (i ^ 1) + (i % 32 < 16 ? 0 : 1000); });
    check("others have ended", false, [](int *out) { ended<<<1, 64>>>(out, 36); }, [](int i) { return i < 32 ? 103 : i < 36 ? 135 : i % 32; });
    check("turns of a loop", false, [](int *out) { turns<<<1, 64>>>(out); },
          [](int i) {
              int sum = 0;
              for (int turn = 0; turn < 4; turn++)
                  for (int lane = 0; lane < 32; lane++)
                      sum += (lane + turn) % 3 == 0 && (i % 32 + turn) % 3 == 0 ? lane : 0;
              return sum;
          });
}
