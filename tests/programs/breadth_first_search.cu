// SPDX-License-Identifier: Apache-2.0
// Breadth-first search level by level: irregular loops, atomicMin and atomicAdd on a frontier, a flag copied back each round.
// EXPECT: distances: ok
// EXPECT: frontier queue: ok
// EXPECT: unreachable 143, farthest 13
#include "check.h"
#include <queue>

__global__ void relax(const int *starts, const int *edges, int *distance, int level, int count, int *changed) {
    int node = blockIdx.x * blockDim.x + threadIdx.x;
    if (node >= count || distance[node] != level)
        return;
    for (int e = starts[node]; e < starts[node + 1]; e++)
        if (atomicMin(&distance[edges[e]], level + 1) > level + 1)
            *changed = 1;
}

__global__ void expand(const int *starts, const int *edges, int *distance, const int *in, int in_count, int *out, int *out_count,
                       int level) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= in_count)
        return;
    for (int e = starts[in[i]]; e < starts[in[i] + 1]; e++)
        if (atomicCAS(&distance[edges[e]], 1 << 30, level + 1) == 1 << 30)
            out[atomicAdd(out_count, 1)] = edges[e];
}

int main() {
    const int count = 2000, far = 1 << 30;
    Random random(31);
    std::vector<int> starts(1, 0), edges, want(count, far);
    for (int node = 0; node < count; node++) {
        for (int k = random.below(5); k > 0; k--)
            edges.push_back(random.below(count));
        if (node + 1 < count && node % 3)
            edges.push_back(node + 1);
        starts.push_back(static_cast<int>(edges.size()));
    }
    std::queue<int> queue;
    queue.push(0);
    want[0] = 0;
    while (!queue.empty()) {
        int node = queue.front();
        queue.pop();
        for (int e = starts[node]; e < starts[node + 1]; e++)
            if (want[edges[e]] == far) {
                want[edges[e]] = want[node] + 1;
                queue.push(edges[e]);
            }
    }
    std::vector<int> initial(count, far);
    initial[0] = 0;
    Array<int> device_starts(starts), device_edges(edges), distance(initial), changed(1);
    for (int level = 0, go = 1; go; level++) {
        CHECK(cudaMemset(changed, 0, sizeof(int)));
        relax<<<(count + 255) / 256, 256>>>(device_starts, device_edges, distance, level, count, changed);
        CHECK(cudaMemcpy(&go, changed, sizeof go, cudaMemcpyDeviceToHost));
    }
    same("distances", distance.host(), want);
    Array<int> again(initial), a(std::vector<int>(count, 0)), b(count), used(1);
    int *in = a, *out = b, in_count = 1;
    for (int level = 0; in_count > 0; level++) {
        CHECK(cudaMemset(used, 0, sizeof(int)));
        expand<<<(in_count + 63) / 64, 64>>>(device_starts, device_edges, again, in, in_count, out, used, level);
        CHECK(cudaMemcpy(&in_count, used, sizeof in_count, cudaMemcpyDeviceToHost));
        std::swap(in, out);
    }
    same("frontier queue", again.host(), want);
    int unreachable = 0, farthest = 0;
    for (int d : want)
        if (d == far)
            unreachable++;
        else if (d > farthest)
            farthest = d;
    std::printf("unreachable %d, farthest %d\n", unreachable, farthest);
    return 0;
}
