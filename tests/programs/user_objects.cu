// SPDX-License-Identifier: Apache-2.0
// User objects live as long as a graph, its clones or a pending launch refer to them. A graph printed as DOT.
// EXPECT: held: 0
// EXPECT: after graph and executable: 1
// EXPECT: moved: 2
// EXPECT: dot: nodes 3, edges 2
// NVCC: skip DOT is drawn otherwise
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "check.h"

static std::atomic<int> destroyed;
static void destroy(void *) { destroyed++; }

static int settled(int want) {
    for (int i = 0; i < 2000 && destroyed != want; i++)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return destroyed;
}

__global__ void step(int *data) { data[0]++; }

int main() {
    int *data;
    cudaUserObject_t object;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    CHECK(cudaMalloc(&data, 4));
    CHECK(cudaUserObjectCreate(&object, data, destroy, 1, cudaUserObjectNoDestructorSync));
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphRetainUserObject(graph, object, 1, 0));
    CHECK(cudaUserObjectRelease(object, 1));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, 0));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaDeviceSynchronize());
    std::printf("held: %d\n", static_cast<int>(destroyed));
    CHECK(cudaGraphExecDestroy(exec));
    std::printf("after graph and executable: %d\n", settled(1));
    CHECK(cudaUserObjectCreate(&object, data, destroy, 1, cudaUserObjectNoDestructorSync));
    CHECK(cudaGraphCreate(&graph, 0));
    CHECK(cudaGraphRetainUserObject(graph, object, 1, cudaGraphUserObjectMove));
    CHECK(cudaGraphDestroy(graph));
    std::printf("moved: %d\n", settled(2));

    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    CHECK(cudaMemsetAsync(data, 0, 4, stream));
    step<<<1, 1, 0, stream>>>(data);
    step<<<1, 1, 0, stream>>>(data);
    CHECK(cudaStreamEndCapture(stream, &graph));
    char path[] = "/tmp/cuda-wasm-dot-XXXXXX";
    int file = mkstemp(path);
    CHECK(cudaGraphDebugDotPrint(graph, path, cudaGraphDebugDotFlagsVerbose));
    std::ifstream text(path);
    int nodes = 0, edges = 0;
    for (std::string line; std::getline(text, line);) {
        nodes += line.find("shape=box") != std::string::npos;
        edges += line.find("->") != std::string::npos;
    }
    close(file);
    unlink(path);
    std::printf("dot: nodes %d, edges %d\n", nodes, edges);
    return 0;
}
