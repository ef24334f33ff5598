// SPDX-License-Identifier: Apache-2.0
// What a program sees when the device's memory ends and when the device is lost: CUDA's error codes, one after the other, and an end that
// does not hang. `on_lost` says when the device is lost.
#include <cstdio>

__global__ void add(int *data, int n) {
    int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) data[i] += 1;
}

static void say(const char *what, cudaError_t error) {
    std::printf("%s: %s\n", what, cudaGetErrorName(error));
}

int main() {
    const int n = 1000;
    int *data = nullptr, host[n], sum = 0;
    void *large = nullptr;
    say("a small allocation", cudaMalloc(&data, sizeof host));
    say("too large a one", cudaMalloc(&large, size_t(600) << 20));
    say("the last error", cudaGetLastError());
    say("the last error again", cudaGetLastError());
    cudaMemset(data, 0, sizeof host);
    add<<<(n + 255) / 256, 256>>>(data, n);
    say("a copy", cudaMemcpy(host, data, sizeof host, cudaMemcpyDeviceToHost));
    for (int value : host) sum += value;
    std::printf("sum %d\n", sum);

    cudaError_t error = cudaSuccess;
    for (int i = 0; i < 1000 && error == cudaSuccess; i++) {
        add<<<(n + 255) / 256, 256>>>(data, n);
        error = cudaGetLastError();
        if (error == cudaSuccess) error = cudaDeviceSynchronize();
    }
    say("after the loss", error);
    say("a copy", cudaMemcpy(host, data, sizeof host, cudaMemcpyDeviceToHost));
    add<<<1, 1>>>(data, n);
    say("a launch", cudaGetLastError());
    say("waiting", cudaDeviceSynchronize());
    int *more = nullptr;
    say("an allocation", cudaMalloc(&more, 4));
    say("freeing", cudaFree(data));
    return 0;
}
