// SPDX-License-Identifier: Apache-2.0
// Thread block clusters (CUDA C++ Programming Guide, "Thread Block Clusters", "Distributed Shared Memory"): dimensions from the kernel and
// from the launch, in one to three dimensions; the group of a cluster and the built-in functions; other blocks' shared memory read, written
// and updated atomically; barriers met at once and in two steps, by threads of which some have ended; a block that polls another's shared
// memory; the guide's histogram; clusters in cooperative launches, in graphs, from templates, and of kernels that launch none.
// EXPECT: neighbours 0 wrong
// EXPECT: indices 0 wrong
// EXPECT: split barrier 0 wrong
// EXPECT: early exits 0 wrong
// EXPECT: polling 0 wrong
// EXPECT: histogram of clusters of 1, 2, 4, 8, 16 blocks 0 0 0 0 0 wrong
// EXPECT: cooperative 0 wrong
// EXPECT: graph 0 wrong
// EXPECT: template 0 wrong
// EXPECT: plain launch 0 wrong
// EXPECT: no barrier 0 wrong
// NVCC: -arch=sm_90
#include <cooperative_groups.h>
#include <cstdio>
#include "check.h"

namespace cg = cooperative_groups;

static cudaLaunchAttribute attribute(unsigned x, unsigned y = 1, unsigned z = 1) {
    cudaLaunchAttribute made = {};
    made.id = cudaLaunchAttributeClusterDimension;
    made.val.clusterDim.x = x;
    made.val.clusterDim.y = y;
    made.val.clusterDim.z = z;
    return made;
}

static cudaLaunchConfig_t configuration(dim3 grid, dim3 block, cudaLaunchAttribute *attributes, unsigned count = 1) {
    cudaLaunchConfig_t made = {};
    made.gridDim = grid;
    made.blockDim = block;
    made.attrs = attributes;
    made.numAttrs = count;
    return made;
}

/* Each block reads what its neighbour wrote, in round after round. */
__global__ void __cluster_dims__(4, 1, 1) neighbours(unsigned *wrong) {
    __shared__ unsigned cells[96];
    cg::cluster_group cluster = cg::this_cluster();
    unsigned rank = cluster.block_rank(), next = (rank + 1) % cluster.num_blocks();
    unsigned *theirs = cluster.map_shared_rank(cells, next);
    for (unsigned round = 0; round < 20; round++) {
        cells[threadIdx.x] = round * 1000000 + blockIdx.x * 1000 + threadIdx.x;
        cluster.sync();
        unsigned expected = round * 1000000 + (blockIdx.x - rank + next) * 1000 + 95 - threadIdx.x;
        if (theirs[95 - threadIdx.x] != expected) atomicAdd(wrong, 1);
        cluster.sync();
    }
}

static unsigned neighbours_wrong() {
    Array<unsigned> wrong(1);
    neighbours<<<12, 96>>>(wrong.data);
    CHECK_LAUNCH();
    return wrong.host()[0];
}

__device__ unsigned linear(dim3 at, dim3 size) { return (at.z * size.y + at.y) * size.x + at.x; }

/* What the group says, what the built-in functions say, and the arithmetic. */
__global__ void indices(unsigned *wrong) {
    __shared__ unsigned ranks[8];
    cg::cluster_group cluster = cg::this_cluster();
    dim3 at = cluster.block_index(), size = cluster.dim_blocks(), clusters = __clusterGridDimInClusters(), number = __clusterIdx();
    unsigned rank = cluster.block_rank();
    bool right = size.x == 2 && size.y == 1 && size.z == 2 && cluster.num_blocks() == 4 && rank == linear(at, size);
    right &= at.x == blockIdx.x % 2 && at.y == 0 && at.z == blockIdx.z % 2;
    right &= number.x == blockIdx.x / 2 && number.y == blockIdx.y && number.z == blockIdx.z / 2;
    right &= clusters.x == gridDim.x / 2 && clusters.y == gridDim.y && clusters.z == gridDim.z / 2;
    right &= __clusterDim().x == 2 && __clusterRelativeBlockIdx().z == at.z && __clusterRelativeBlockRank() == rank;
    right &= __clusterSizeInBlocks() == 4 && __clusterDimIsSpecified() == 1;
    unsigned in_block = linear(threadIdx, blockDim), threads = blockDim.x * blockDim.y * blockDim.z;
    right &= cluster.thread_rank() == rank * threads + in_block && cluster.num_threads() == 4 * threads && cluster.size() == 4 * threads;
    right &= cluster.thread_index().x == at.x * blockDim.x + threadIdx.x && cluster.dim_threads().z == 2 * blockDim.z;
    /* Every block tells every other its rank. */
    for (unsigned to = in_block; to < 4; to += threads) {
        unsigned *cell = cluster.map_shared_rank(&ranks[rank], to);
        *cell = rank + 10;
        right &= cluster.query_shared_rank(cell) == to && __cluster_query_shared_rank(cell) == to;
        right &= __isClusterShared(cell) && !__isGlobal(cell) && (bool)__isShared(cell) == (to == rank);
        right &= (char *)__cluster_map_shared_rank(ranks, to) + rank * 4 == (char *)cell;
        right &= cluster.map_shared_rank(cell, rank) == &ranks[rank];
    }
    right &= !__isClusterShared(wrong);
    __cluster_barrier_arrive();
    __cluster_barrier_wait();
    for (unsigned from = 0; from < 4; from++) right &= ranks[from] == from + 10;
    if (!right) atomicAdd(wrong, 1);
    cluster.sync();
}

static unsigned indices_wrong() {
    Array<unsigned> wrong(1);
    cudaLaunchAttribute said = attribute(2, 1, 2);
    cudaLaunchConfig_t config = configuration(dim3(4, 3, 6), dim3(5, 3, 3), &said);
    CHECK(cudaLaunchKernelEx(&config, indices, wrong.data));
    CHECK_LAUNCH();
    return wrong.host()[0];
}

/* Between arriving and waiting a thread does something else; as a thread_group the cluster synchronises too. */
__global__ void split(unsigned *sums) {
    __shared__ unsigned sum;
    cg::cluster_group cluster = cg::this_cluster();
    if (threadIdx.x == 0) sum = 0;
    cluster.barrier_arrive();
    unsigned value = threadIdx.x * 3 + blockIdx.x;
    for (int i = 0; i < 5; i++) value = value * 1664525u + 1013904223u;
    cluster.barrier_wait();
    atomicAdd(cluster.map_shared_rank(&sum, value % cluster.num_blocks()), value >> 8);
    cg::cluster_group::arrival_token token = cluster.barrier_arrive();
    cluster.barrier_wait(static_cast<cg::cluster_group::arrival_token &&>(token));
    cg::thread_group whole = cluster;
    if (threadIdx.x == 0) sums[blockIdx.x] = sum + (whole.size() == cluster.size() ? 0 : 1);
    whole.sync();
}

static unsigned split_wrong() {
    const unsigned blocks = 18, threads = 70, size = 6;
    Array<unsigned> sums(blocks);
    std::vector<unsigned> expected(blocks);
    cudaLaunchAttribute said = attribute(size);
    cudaLaunchConfig_t config = configuration(blocks, threads, &said);
    CHECK(cudaLaunchKernelEx(&config, split, sums.data));
    CHECK_LAUNCH();
    for (unsigned b = 0; b < blocks; b++) {
        for (unsigned t = 0; t < threads; t++) {
            unsigned value = t * 3 + b;
            for (int i = 0; i < 5; i++) value = value * 1664525u + 1013904223u;
            expected[b / size * size + value % size] += value >> 8;
        }
    }
    unsigned wrong = 0;
    std::vector<unsigned> got = sums.host();
    for (unsigned b = 0; b < blocks; b++) wrong += got[b] != expected[b];
    return wrong;
}

/* Threads that have ended count as arrived, and so do whole blocks. */
__global__ void __cluster_dims__(3) leaves(unsigned *out) {
    __shared__ unsigned cells[64];
    cg::cluster_group cluster = cg::this_cluster();
    unsigned rank = cluster.block_rank();
    cells[threadIdx.x] = blockIdx.x * 100 + threadIdx.x;
    cluster.sync();
    unsigned value = *cluster.map_shared_rank(&cells[threadIdx.x], (rank + 1) % 3);
    cluster.sync();
    if (rank == 1 || threadIdx.x % 8 == rank) return;
    cells[threadIdx.x] = value;
    cluster.sync();
    out[blockIdx.x * 64 + threadIdx.x] = cells[threadIdx.x] + 1;
}

static unsigned leaves_wrong() {
    Array<unsigned> out(9 * 64);
    leaves<<<9, 64>>>(out.data);
    CHECK_LAUNCH();
    unsigned wrong = 0;
    std::vector<unsigned> got = out.host();
    for (unsigned b = 0; b < 9; b++) {
        for (unsigned t = 0; t < 64; t++) {
            unsigned rank = b % 3, next = b - rank + (rank + 1) % 3;
            wrong += got[b * 64 + t] != (rank == 1 || t % 8 == rank ? 0 : next * 100 + t + 1);
        }
    }
    return wrong;
}

/* A token goes round: each block polls its own shared memory, which the one before writes. */
__global__ void __cluster_dims__(5, 1, 1) relay(unsigned *wrong) {
    __shared__ volatile unsigned token;
    cg::cluster_group cluster = cg::this_cluster();
    unsigned rank = cluster.block_rank();
    if (threadIdx.x == 0) token = 0;
    cluster.sync();
    volatile unsigned *next = (volatile unsigned *)cluster.map_shared_rank((unsigned *)&token, (rank + 1) % 5);
    for (unsigned round = 1; round <= 3; round++) {
        if (threadIdx.x == 0) {
            if (rank == 0) *next = round;
            while (token != round) { }
            if (rank != 0) *next = round;
        }
        __syncthreads();
        if (token != round && rank != 0) atomicAdd(wrong, 1);
        cluster.sync();
    }
}

static unsigned relay_wrong() {
    Array<unsigned> wrong(1);
    relay<<<20, 32>>>(wrong.data);
    CHECK_LAUNCH();
    return wrong.host()[0];
}

/* Bins spread over the shared memories of a cluster. */
__global__ void histogram(unsigned *bins, unsigned each, const unsigned *values, unsigned count) {
    extern __shared__ unsigned own[];
    cg::cluster_group cluster = cg::this_cluster();
    for (unsigned i = threadIdx.x; i < each; i += blockDim.x) own[i] = 0;
    cluster.sync();
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < count; i += gridDim.x * blockDim.x) {
        unsigned bin = values[i];
        atomicAdd(cluster.map_shared_rank(own, bin / each) + bin % each, 1u);
    }
    cluster.sync();
    for (unsigned i = threadIdx.x; i < each; i += blockDim.x) atomicAdd(&bins[cluster.block_rank() * each + i], own[i]);
}

static unsigned histogram_wrong(unsigned size) {
    const unsigned count = 30000, kinds = 997;
    unsigned each = (kinds + size - 1) / size;
    std::vector<unsigned> values(count), expected(kinds);
    for (unsigned i = 0; i < count; i++) expected[values[i] = i * 7919u % kinds * (i % 3) % kinds]++;
    Array<unsigned> bins(size * each), data(values);
    cudaLaunchAttribute said[3] = {attribute(size)};
    said[1].id = cudaLaunchAttributeClusterSchedulingPolicyPreference;
    said[1].val.clusterSchedulingPolicyPreference = cudaClusterSchedulingPolicySpread;
    said[2].id = cudaLaunchAttributePreferredClusterDimension;
    said[2].val.preferredClusterDim.x = size;
    said[2].val.preferredClusterDim.y = said[2].val.preferredClusterDim.z = 1;
    cudaLaunchConfig_t config = configuration(16, 128, said, 3);
    config.dynamicSmemBytes = each * sizeof(unsigned);
    CHECK(cudaFuncSetAttribute(histogram, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    CHECK(cudaLaunchKernelEx(&config, histogram, bins.data, each, static_cast<const unsigned *>(data.data), count));
    CHECK_LAUNCH();
    unsigned wrong = 0;
    std::vector<unsigned> got = bins.host();
    for (unsigned i = 0; i < kinds; i++) wrong += got[i] != expected[i];
    return wrong;
}

/* The grid's barrier and the cluster's, one behind the other. */
__global__ void both(unsigned *cells, unsigned *wrong) {
    __shared__ unsigned mine;
    cg::grid_group grid = cg::this_grid();
    cg::cluster_group cluster = cg::this_cluster();
    for (unsigned round = 1; round < 6; round++) {
        if (threadIdx.x == 0) mine = cells[blockIdx.x] = round * 100 + blockIdx.x;
        cluster.sync();
        unsigned other = *cluster.map_shared_rank(&mine, cluster.num_blocks() - 1 - cluster.block_rank());
        if (other != round * 100 + (blockIdx.x ^ 1)) atomicAdd(wrong, 1);
        grid.sync();
        if (cells[(blockIdx.x + 3) % gridDim.x] != round * 100 + (blockIdx.x + 3) % gridDim.x) atomicAdd(wrong, 1);
        grid.sync();
    }
}

static unsigned both_wrong() {
    Array<unsigned> cells(8), wrong(1);
    cudaLaunchAttribute said[2] = {attribute(2)};
    said[1].id = cudaLaunchAttributeCooperative;
    said[1].val.cooperative = 1;
    cudaLaunchConfig_t config = configuration(8, 40, said, 2);
    CHECK(cudaLaunchKernelEx(&config, both, cells.data, wrong.data));
    CHECK_LAUNCH();
    return wrong.host()[0];
}

__global__ void add_ranks(unsigned *sum) {
    cg::cluster_group cluster = cg::this_cluster();
    if (threadIdx.x == 0) atomicAdd(sum, 1 + cluster.block_rank() * 10 + cluster.num_blocks() * 1000);
}

/* Captured with the launch's clusters; then the node gets others. */
static unsigned graph_wrong() {
    Array<unsigned> sum(1);
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    cudaGraphNode_t node;
    size_t count = 1;
    CHECK(cudaStreamCreate(&stream));
    cudaLaunchAttribute said = attribute(4);
    cudaLaunchConfig_t config = configuration(8, 32, &said);
    config.stream = stream;
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    CHECK(cudaLaunchKernelEx(&config, add_ranks, sum.data));
    CHECK(cudaStreamEndCapture(stream, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    unsigned wrong = sum.host()[0] != 8 * 4001 + 2 * 60;
    CHECK(cudaGraphGetNodes(graph, &node, &count));
    cudaLaunchAttributeValue value = {};
    CHECK(cudaGraphKernelNodeGetAttribute(node, cudaLaunchAttributeClusterDimension, &value));
    wrong += value.clusterDim.x != 4 || value.clusterDim.y != 1;
    value.clusterDim.x = 2;
    CHECK(cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeClusterDimension, &value));
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    wrong += sum.host()[0] != 8 * 4001 + 2 * 60 + 8 * 2001 + 4 * 10;
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
    return wrong;
}

template <int Width> __global__ void __cluster_dims__(Width, 2, 1) sized(unsigned *sum) {
    if (threadIdx.x == 0) atomicAdd(sum, cg::this_cluster().num_blocks());
}

static unsigned template_wrong() {
    Array<unsigned> sum(1);
    sized<3><<<dim3(6, 4), 32>>>(sum.data);
    sized<1><<<dim3(6, 4), 32>>>(sum.data);
    CHECK_LAUNCH();
    cudaFuncAttributes attributes;
    CHECK(cudaFuncGetAttributes(&attributes, sized<3>));
    bool right = attributes.requiredClusterWidth == 3 && attributes.requiredClusterHeight == 2 && attributes.requiredClusterDepth == 1;
    return !right + (sum.host()[0] != 24 * 6 + 24 * 2);
}

/* In a launch without clusters each block is one. */
static unsigned plain_wrong() {
    Array<unsigned> sum(1);
    add_ranks<<<8, 32>>>(sum.data);
    CHECK_LAUNCH();
    return sum.host()[0] != 8 * 1001;
}

/* Nothing here waits. */
__global__ void __cluster_dims__(2, 2) positions(unsigned *out) {
    unsigned block = blockIdx.y * gridDim.x + blockIdx.x;
    out[block * blockDim.x + threadIdx.x] = __clusterRelativeBlockRank() * 10000 + __clusterIdx().y * 1000 + __clusterIdx().x * 100 + threadIdx.x;
}

static unsigned positions_wrong() {
    Array<unsigned> out(8 * 6 * 50);
    positions<<<dim3(8, 6), 50>>>(out.data);
    CHECK_LAUNCH();
    unsigned wrong = 0;
    std::vector<unsigned> got = out.host();
    for (unsigned y = 0; y < 6; y++)
        for (unsigned x = 0; x < 8; x++)
            for (unsigned t = 0; t < 50; t++)
                wrong += got[(y * 8 + x) * 50 + t] != (y % 2 * 2 + x % 2) * 10000 + y / 2 * 1000 + x / 2 * 100 + t;
    return wrong;
}

int main() {
    std::printf("neighbours %u wrong\n", neighbours_wrong());
    std::printf("indices %u wrong\n", indices_wrong());
    std::printf("split barrier %u wrong\n", split_wrong());
    std::printf("early exits %u wrong\n", leaves_wrong());
    std::printf("polling %u wrong\n", relay_wrong());
    std::printf("histogram of clusters of 1, 2, 4, 8, 16 blocks");
    for (unsigned size = 1; size <= 16; size *= 2) std::printf(" %u", histogram_wrong(size));
    std::printf(" wrong\n");
    std::printf("cooperative %u wrong\n", both_wrong());
    std::printf("graph %u wrong\n", graph_wrong());
    std::printf("template %u wrong\n", template_wrong());
    std::printf("plain launch %u wrong\n", plain_wrong());
    std::printf("no barrier %u wrong\n", positions_wrong());
    return 0;
}
