// SPDX-License-Identifier: Apache-2.0
// cuda::pipeline: of one thread; of a block whose threads all copy and compute; with producers and consumers told apart by
// count and by role; quitting; the pipeline primitives and the older class.
// EXPECT: one thread: ok
// EXPECT: whole block: ok
// EXPECT: producers by count: ok
// EXPECT: producers by role: ok
// EXPECT: primitives: ok
// EXPECT: older class: ok
#include "check.h"
#include <cooperative_groups.h>
#include <cuda/pipeline>
#include <cuda_pipeline.h>

namespace cg = cooperative_groups;
const int tile = 64, tiles = 10;

__global__ void one_thread(const int *in, int *out) {
    __shared__ int data[2][tile];
    cuda::pipeline<cuda::thread_scope_thread> pipe = cuda::make_pipeline();
    for (int t = 0; t < tiles + 1; t++) {
        if (t < tiles) {
            pipe.producer_acquire();
            cuda::memcpy_async(&data[t % 2][threadIdx.x], &in[t * tile + threadIdx.x], sizeof(int), pipe);
            pipe.producer_commit();
        }
        if (t > 0) {
            cuda::pipeline_consumer_wait_prior<1>(pipe);
            pipe.consumer_wait();
            out[(t - 1) * tile + threadIdx.x] = data[(t - 1) % 2][threadIdx.x] + 1;
            pipe.consumer_release();
        }
    }
}
__global__ void whole_block(const int *in, int *out) {
    const int stages = 3;
    __shared__ int data[stages][tile];
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, stages> state;
    auto block = cg::this_thread_block();
    auto pipe = cuda::make_pipeline(block, &state);
    for (int compute = 0, fetch = 0; compute < tiles; compute++) {
        for (; fetch < tiles && fetch < compute + stages; fetch++) {
            pipe.producer_acquire();
            cuda::memcpy_async(block, data[fetch % stages], in + fetch * tile, cuda::aligned_size_t<4>(sizeof(int) * tile), pipe);
            pipe.producer_commit();
        }
        pipe.consumer_wait();
        out[compute * tile + threadIdx.x] = data[compute % stages][tile - 1 - threadIdx.x];
        pipe.consumer_release();
    }
}
__device__ void produce_and_consume(cuda::pipeline<cuda::thread_scope_block> &pipe, bool produces, unsigned rank, unsigned step,
                                    int (*data)[tile], const int *in, int *out) {
    for (int t = 0; t < tiles; t++) {
        if (produces) {
            pipe.producer_acquire();
            for (unsigned i = rank; i < tile; i += step)
                cuda::memcpy_async(&data[t % 2][i], &in[t * tile + i], sizeof(int), pipe);
            pipe.producer_commit();
        } else {
            pipe.consumer_wait();
            for (unsigned i = rank; i < tile; i += step)
                out[t * tile + i] = data[t % 2][tile - 1 - i] * 2;
            pipe.consumer_release();
        }
    }
    pipe.quit();
}
__global__ void by_count(const int *in, int *out) {
    __shared__ int data[2][tile];
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
    auto block = cg::this_thread_block();
    auto pipe = cuda::make_pipeline(block, &state, 32);
    bool produces = threadIdx.x < 32;
    produce_and_consume(pipe, produces, produces ? threadIdx.x : threadIdx.x - 32, produces ? 32 : 64, data, in, out);
}
__global__ void by_role(const int *in, int *out) {
    __shared__ int data[2][tile];
    __shared__ cuda::pipeline_shared_state<cuda::thread_scope_block, 2> state;
    auto block = cg::this_thread_block();
    bool produces = threadIdx.x % 3 == 0;
    auto pipe = cuda::make_pipeline(block, &state, produces ? cuda::pipeline_role::producer : cuda::pipeline_role::consumer);
    unsigned rank = produces ? threadIdx.x / 3 : threadIdx.x - threadIdx.x / 3 - 1;
    produce_and_consume(pipe, produces, rank, produces ? 32 : 64, data, in, out);
}
__global__ void primitives(const int *in, int *out) {
    __shared__ int data[tile];
    for (int t = 0; t < tiles; t++) {
        __pipeline_memcpy_async(&data[threadIdx.x], &in[t * tile + threadIdx.x], sizeof(int), threadIdx.x % 2 ? 4 : 0);
        __pipeline_commit();
        __pipeline_wait_prior(0);
        __syncthreads();
        out[t * tile + threadIdx.x] = data[tile - 1 - threadIdx.x];
        __syncthreads();
    }
}
__global__ void older(const int *in, int *out) {
    __shared__ int data[tile];
    nvcuda::experimental::pipeline pipe;
    for (int t = 0; t < tiles; t++) {
        nvcuda::experimental::memcpy_async(data[threadIdx.x], in[t * tile + threadIdx.x], pipe);
        pipe.commit();
        pipe.wait_prior<0>();
        __syncthreads();
        out[t * tile + threadIdx.x] = data[tile - 1 - threadIdx.x];
        __syncthreads();
    }
}

int main() {
    std::vector<int> in(tile * tiles), want(in), reversed(in), doubled(in), halved(in);
    for (int i = 0; i < tile * tiles; i++)
        in[i] = i * i % 1001;
    for (int i = 0; i < tile * tiles; i++) {
        int other = i / tile * tile + tile - 1 - i % tile;
        want[i] = in[i] + 1, reversed[i] = in[other], doubled[i] = in[other] * 2, halved[i] = other % 2 ? 0 : in[other];
    }
    Array<int> from(in), out(in.size());
    auto test = [&](const char *name, void (*kernel)(const int *, int *), int threads, const std::vector<int> &expected) {
        CHECK(cudaMemset(out, 0, in.size() * sizeof(int)));
        kernel<<<1, threads>>>(from, out);
        CHECK_LAUNCH();
        same(name, out.host(), expected);
    };
    test("one thread", one_thread, tile, want);
    test("whole block", whole_block, tile, reversed);
    test("producers by count", by_count, 96, doubled);
    test("producers by role", by_role, 96, doubled);
    test("primitives", primitives, tile, halved);
    test("older class", older, tile, reversed);
    return 0;
}
