// SPDX-License-Identifier: Apache-2.0
// What graphs and pools cost the host: launching a graph of ten kernels, the same kernels one by one, changing a node, and
// allocations that a pool has at hand. Prints "name median_us" lines.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

__global__ void empty() {
}
__global__ void store(int *to, int value) {
    *to = value;
}

template <class Body, class Between> static double median_us(int samples, Body body, Between between) {
    std::vector<double> times;
    for (int i = 0; i < samples; i++) {
        auto start = std::chrono::steady_clock::now();
        body();
        std::chrono::duration<double, std::micro> time = std::chrono::steady_clock::now() - start;
        times.push_back(time.count());
        between();
    }
    std::nth_element(times.begin(), times.begin() + samples / 2, times.end());
    return times[samples / 2];
}

int main() {
    const int samples = 2001, nodes = 10;
    cudaStream_t stream;
    cudaGraph_t graph, one;
    cudaGraphExec_t exec, changing;
    auto wait = [&] { cudaStreamSynchronize(stream); };
    auto nothing = [] {};
    cudaStreamCreate(&stream);
    cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal);
    for (int i = 0; i < nodes; i++) {
        empty<<<1, 32, 0, stream>>>();
    }
    cudaStreamEndCapture(stream, &graph);
    cudaGraphInstantiate(&exec, graph, 0);
    cudaGraphLaunch(exec, stream);
    wait();
    std::printf("graph_launch_10_nodes %.3f\n", median_us(samples, [&] { cudaGraphLaunch(exec, stream); }, wait));
    std::printf("graph_launch_10_nodes_and_wait %.3f\n", median_us(
                                                             samples,
                                                             [&] {
                                                                 cudaGraphLaunch(exec, stream);
                                                                 wait();
                                                             },
                                                             nothing));
    std::printf("ten_launches_and_wait %.3f\n", median_us(
                                                    samples,
                                                    [&] {
                                                        for (int i = 0; i < nodes; i++) {
                                                            empty<<<1, 32, 0, stream>>>();
                                                        }
                                                        wait();
                                                    },
                                                    nothing));

    int *data, value = 0;
    cudaGraphNode_t node;
    void *arguments[] = {&data, &value};
    cudaKernelNodeParams params = {};
    cudaMalloc(&data, sizeof *data);
    params.func = reinterpret_cast<void *>(store);
    params.gridDim = params.blockDim = dim3(1);
    params.kernelParams = arguments;
    cudaGraphCreate(&one, 0);
    cudaGraphAddKernelNode(&node, one, nullptr, 0, &params);
    cudaGraphInstantiate(&changing, one, 0);
    std::printf("graph_change_node_and_launch %.3f\n", median_us(
                                                           samples,
                                                           [&] {
                                                               value++;
                                                               cudaGraphExecKernelNodeSetParams(changing, node,
                                                                                                &params);
                                                               cudaGraphLaunch(changing, stream);
                                                           },
                                                           wait));

    cudaMemPool_t pool;
    unsigned long long threshold = ~0ull;
    void *memory;
    cudaDeviceGetDefaultMemPool(&pool, 0);
    cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold);
    cudaMallocAsync(&memory, 1 << 20, stream);
    cudaFreeAsync(memory, stream);
    std::printf(
        "pool_malloc_hit %.3f\n",
        median_us(samples, [&] { cudaMallocAsync(&memory, 1 << 20, stream); }, [&] { cudaFreeAsync(memory, stream); }));
    std::printf("pool_malloc_and_free %.3f\n", median_us(
                                                   samples,
                                                   [&] {
                                                       cudaMallocAsync(&memory, 1 << 20, stream);
                                                       cudaFreeAsync(memory, stream);
                                                   },
                                                   nothing));
    return cudaDeviceSynchronize() != cudaSuccess;
}
