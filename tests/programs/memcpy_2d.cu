// SPDX-License-Identifier: Apache-2.0
// cudaMallocPitch and cudaMemcpy2D: rows with padding, sub-rectangles, all directions, asynchronous, kernels that use pitch.
// EXPECT: pitch at least the width: yes
// EXPECT: kernel on pitched rows: ok
// EXPECT: sub-rectangle: ok
// EXPECT: host padding untouched: ok
// EXPECT: device to device: ok
#include "check.h"

__global__ void fill(char *base, size_t pitch, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        reinterpret_cast<int *>(base + y * pitch)[x] = y * 1000 + x;
}

int main() {
    const int width = 53, height = 21;
    char *device, *other;
    size_t pitch, other_pitch;
    CHECK(cudaMallocPitch((void **)&device, &pitch, width * sizeof(int), height));
    CHECK(cudaMallocPitch((void **)&other, &other_pitch, 2 * width * sizeof(int), height));
    std::printf("pitch at least the width: %s\n", pitch >= width * sizeof(int) && pitch % 4 == 0 ? "yes" : "no");
    fill<<<dim3(4, 3), dim3(16, 8)>>>(device, pitch, width, height);
    std::vector<int> host(width * height), want(width * height);
    CHECK(cudaMemcpy2D(host.data(), width * sizeof(int), device, pitch, width * sizeof(int), height, cudaMemcpyDeviceToHost));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            want[y * width + x] = y * 1000 + x;
    same("kernel on pitched rows", host, want);

    std::vector<int> patch(7 * 5);
    for (int i = 0; i < 35; i++)
        patch[i] = -i;
    CHECK(cudaMemcpy2D(device + 3 * pitch + 10 * sizeof(int), pitch, patch.data(), 7 * sizeof(int), 7 * sizeof(int), 5,
                       cudaMemcpyHostToDevice));
    for (int i = 0; i < 35; i++)
        want[(3 + i / 7) * width + 10 + i % 7] = -i;
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaMemcpy2DAsync(host.data(), width * sizeof(int), device, pitch, width * sizeof(int), height, cudaMemcpyDefault, stream));
    CHECK(cudaStreamSynchronize(stream));
    same("sub-rectangle", host, want);

    std::vector<int> padded(60 * height, 7), want_padded(60 * height, 7);
    CHECK(cudaMemcpy2D(padded.data(), 60 * sizeof(int), device, pitch, width * sizeof(int), height, cudaMemcpyDeviceToHost));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            want_padded[y * 60 + x] = want[y * width + x];
    same("host padding untouched", padded, want_padded);

    CHECK(cudaMemset2D(other, other_pitch, 0, 2 * width * sizeof(int), height));
    CHECK(cudaMemcpy2D(other + width * sizeof(int), other_pitch, device, pitch, width * sizeof(int), height, cudaMemcpyDeviceToDevice));
    CHECK(cudaMemcpy2D(host.data(), width * sizeof(int), other + width * sizeof(int), other_pitch, width * sizeof(int), height,
                       cudaMemcpyDeviceToHost));
    same("device to device", host, want);
    CHECK(cudaFree(device));
    CHECK(cudaFree(other));
    CHECK(cudaStreamDestroy(stream));
    return 0;
}
