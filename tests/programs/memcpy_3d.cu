// SPDX-License-Identifier: Apache-2.0
// cudaMalloc3D, cudaMemcpy3D with positions, cudaMemset3D: volumes with padded rows, sub-volumes, both directions.
// EXPECT: kernel on a pitched volume: ok
// EXPECT: sub-volume in and out: ok
// EXPECT: memset of a sub-volume: ok
#include "check.h"

const int width = 13, height = 7, depth = 5;

__global__ void fill(cudaPitchedPtr volume) {
    int x = threadIdx.x, y = threadIdx.y, z = threadIdx.z;
    char *slice = static_cast<char *>(volume.ptr) + z * volume.pitch * height;
    reinterpret_cast<float *>(slice + y * volume.pitch)[x] = z * 100.0f + y * 10.0f + x;
}

static std::vector<float> read(cudaPitchedPtr volume) {
    std::vector<float> host(width * height * depth);
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = volume;
    copy.dstPtr = make_cudaPitchedPtr(host.data(), width * sizeof(float), width, height);
    copy.extent = make_cudaExtent(width * sizeof(float), height, depth);
    copy.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaMemcpy3D(&copy));
    return host;
}

int main() {
    cudaPitchedPtr volume;
    CHECK(cudaMalloc3D(&volume, make_cudaExtent(width * sizeof(float), height, depth)));
    fill<<<1, dim3(width, height, depth)>>>(volume);
    CHECK_LAUNCH();
    std::vector<float> want(width * height * depth), patch(4 * 3 * 2);
    for (size_t i = 0; i < want.size(); i++)
        want[i] = i / (width * height) * 100.0f + i / width % height * 10.0f + i % width;
    same("kernel on a pitched volume", read(volume), want);

    for (size_t i = 0; i < patch.size(); i++)
        patch[i] = -1.0f - i;
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(patch.data(), 4 * sizeof(float), 4, 3);
    copy.dstPtr = volume;
    copy.dstPos = make_cudaPos(5 * sizeof(float), 2, 3);
    copy.extent = make_cudaExtent(4 * sizeof(float), 3, 2);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    for (int z = 0; z < 2; z++)
        for (int y = 0; y < 3; y++)
            for (int x = 0; x < 4; x++)
                want[((3 + z) * height + 2 + y) * width + 5 + x] = -1.0f - (z * 12 + y * 4 + x);
    same("sub-volume in and out", read(volume), want);

    cudaPitchedPtr part = volume;
    part.ptr = static_cast<char *>(volume.ptr) + volume.pitch + 2 * sizeof(float);
    CHECK(cudaMemset3D(part, 0, make_cudaExtent(3 * sizeof(float), 2, 4)));
    for (int z = 0; z < 4; z++)
        for (int y = 0; y < 2; y++)
            for (int x = 0; x < 3; x++)
                want[(z * height + 1 + y) * width + 2 + x] = 0.0f;
    same("memset of a sub-volume", read(volume), want);
    CHECK(cudaFree(volume.ptr));
    return 0;
}
