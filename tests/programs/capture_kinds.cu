// SPDX-License-Identifier: Apache-2.0
// A capture of everything else that streams take: arrays and textures, two- and three-dimensional copies and fills,
// variables, cooperative grids, kernels that launch kernels, external events; and the attributes of the kernel nodes.
// EXPECT: array and texture: ok
// EXPECT: boxes: ok
// EXPECT: variable: 41
// EXPECT: cooperative: 64
// EXPECT: children: 8
// EXPECT: attributes ok
// EXPECT: external event: done
// NVCC: -rdc=true
#include <cooperative_groups.h>

#include "check.h"

__device__ int number;
__global__ void bump(int *to) {
    number += 40;
    *to = number;
}
__global__ void fetch(cudaTextureObject_t texture, float *to) {
    to[threadIdx.y * 8 + threadIdx.x] = tex2D<float>(texture, threadIdx.x + 0.5f, threadIdx.y + 0.5f);
}
__global__ void meet(int *sum, int *seen) {
    cooperative_groups::grid_group grid = cooperative_groups::this_grid();
    if (threadIdx.x == 0)
        atomicAdd(sum, 16);
    grid.sync();
    if (grid.thread_rank() == 0)
        *seen = *sum;
}
__global__ void child(int *count) { atomicAdd(count, 1); }
__global__ void parent(int *count) { child<<<2, 2>>>(count); }

int main() {
    cudaStream_t stream;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    std::vector<float> image(64), fetched(64);
    for (int i = 0; i < 64; i++)
        image[i] = 1.5f * static_cast<float>(i);
    cudaChannelFormatDesc format = cudaCreateChannelDesc<float>();
    cudaArray_t array;
    CHECK(cudaMallocArray(&array, &format, 8, 8));
    cudaResourceDesc resource = {};
    resource.resType = cudaResourceTypeArray;
    resource.res.array.array = array;
    cudaTextureDesc description = {};
    cudaTextureObject_t texture;
    CHECK(cudaCreateTextureObject(&texture, &resource, &description, nullptr));
    Array<float> texels(64);
    Array<char> box(16 * 8 * 2), packed(16 * 8 * 2);
    Array<int> out(8);
    int one = 1, *results = out, *sum = results + 1, *seen = results + 2, *children = results + 3;
    cudaEvent_t event;
    CHECK(cudaEventCreate(&event));

    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
    CHECK(cudaMemcpy2DToArrayAsync(array, 0, 0, image.data(), 32, 32, 8, cudaMemcpyHostToDevice, stream));
    fetch<<<1, dim3(8, 8), 0, stream>>>(texture, texels);
    CHECK(cudaMemcpyAsync(fetched.data(), texels, 256, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaMemset2DAsync(box, 16, 0x11, 4, 8, stream));
    CHECK(cudaMemset3DAsync(make_cudaPitchedPtr(box + 8, 16, 16, 8), 0x22, make_cudaExtent(4, 2, 2), stream));
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(box, 16, 16, 8);
    copy.dstPtr = make_cudaPitchedPtr(packed, 12, 12, 8);
    copy.extent = make_cudaExtent(12, 8, 2);
    copy.kind = cudaMemcpyDeviceToDevice;
    CHECK(cudaMemcpy3DAsync(&copy, stream));
    CHECK(cudaMemcpyToSymbolAsync(number, &one, sizeof one, 0, cudaMemcpyHostToDevice, stream));
    bump<<<1, 1, 0, stream>>>(results);
    void *arguments[] = {&sum, &seen};
    CHECK(cudaMemsetAsync(sum, 0, 3 * sizeof(int), stream));
    CHECK(cudaLaunchCooperativeKernel(meet, 4, 32, arguments, 0, stream));
    parent<<<2, 1, 0, stream>>>(children);
    CHECK(cudaEventRecordWithFlags(event, stream, cudaEventRecordExternal));
    cudaGraph_t graph;
    CHECK(cudaGetLastError());
    CHECK(cudaStreamEndCapture(stream, &graph));

    cudaGraphExec_t exec;
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    same("array and texture", fetched, image);
    std::vector<char> have = packed.host(), want(have.size());
    for (int z = 0; z < 2; z++)
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 12; x++)
                want[(z * 8 + y) * 12 + x] = x < 4 && z == 0 ? 0x11 : x >= 8 && y < 2 ? 0x22 : 0;
    same("boxes", have, want);
    std::vector<int> numbers = out.host();
    std::printf("variable: %d\ncooperative: %d\nchildren: %d\n", numbers[0], numbers[2], numbers[3]);

    cudaGraphNode_t nodes[32];
    size_t count = 32, cooperative = 0, kernels = 0;
    CHECK(cudaGraphGetNodes(graph, nodes, &count));
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        cudaGraphNodeType type;
        cudaLaunchAttributeValue value = {};
        CHECK(cudaGraphNodeGetType(nodes[i], &type));
        if (type != cudaGraphNodeTypeKernel)
            continue;
        kernels++;
        CHECK(cudaGraphKernelNodeGetAttribute(nodes[i], cudaLaunchAttributeCooperative, &value));
        cooperative += value.cooperative != 0;
        value.priority = -3;
        CHECK(cudaGraphKernelNodeSetAttribute(nodes[i], cudaLaunchAttributePriority, &value));
        value.priority = 0;
        CHECK(cudaGraphKernelNodeGetAttribute(nodes[i], cudaLaunchAttributePriority, &value));
        ok = ok && value.priority == -3;
    }
    std::printf("attributes %s\n", ok && kernels == 4 && cooperative == 1 ? "ok" : "wrong");
    std::printf("external event: %s\n", cudaEventQuery(event) == cudaSuccess ? "done" : "pending");
    return 0;
}
