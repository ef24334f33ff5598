// SPDX-License-Identifier: Apache-2.0
// cuda::barrier in shared and global memory: arriving and waiting apart, phases, completion functions, dropping out, time
// limits, parities; memcpy_async with a barrier; the primitives and the older class; the host's side.
// EXPECT: split: ok
// EXPECT: phases: ok
// EXPECT: completion: ok
// EXPECT: dropping out: ok
// EXPECT: parity and time: ok
// EXPECT: across blocks: ok
// EXPECT: copies: ok
// EXPECT: primitives: ok
// EXPECT: older class: ok
// EXPECT: host threads: ok
// NVCC: skip NVIDIA has try_wait_parity for blocks only by other names
#include "check.h"
#include <cooperative_groups.h>
#include <cuda/barrier>
#include <cuda/std/barrier>
#include <cuda_awbarrier.h>
#include <new>
#include <thread>

namespace cg = cooperative_groups;
typedef cuda::barrier<cuda::thread_scope_block> Barrier;

/* Producers fill, consumers wait; everyone arrives before it waits. */
__global__ void split(int *out) {
    __shared__ Barrier barrier;
    __shared__ int data[128];
    if (threadIdx.x == 0)
        init(&barrier, blockDim.x);
    __syncthreads();
    data[threadIdx.x] = (int)threadIdx.x * 3;
    Barrier::arrival_token token = barrier.arrive();
    int own = (int)threadIdx.x;
    barrier.wait(std::move(token));
    out[threadIdx.x] = data[127 - threadIdx.x] + own;
}
__global__ void phases(int *out) {
    __shared__ Barrier barrier;
    __shared__ int data[64];
    if (threadIdx.x == 0)
        init(&barrier, blockDim.x);
    data[threadIdx.x] = (int)threadIdx.x;
    __syncthreads();
    for (int round = 0; round < 20; round++) {
        int next = data[(threadIdx.x + 1) % 64];
        barrier.arrive_and_wait();
        data[threadIdx.x] = next;
        barrier.arrive_and_wait();
    }
    out[threadIdx.x] = data[threadIdx.x];
}
struct Count {
    int *runs, *arrived;
    int seen;
    __device__ void operator()() {
        *runs += 1;
        seen += *arrived;
        *arrived = 0;
    }
};
__global__ void completion(int *out) {
    typedef cuda::barrier<cuda::thread_scope_block, Count> Counted;
    __shared__ alignas(Counted) unsigned char memory[sizeof(Counted)];
    __shared__ int runs, arrived;
    Counted *barrier = reinterpret_cast<Counted *>(memory);
    if (threadIdx.x == 0) {
        runs = arrived = 0;
        new (barrier) Counted(blockDim.x, Count{&runs, &arrived, 0});
    }
    __syncthreads();
    for (int round = 0; round < 5; round++) {
        atomicAdd(&arrived, 1);
        barrier->arrive_and_wait();
        if (arrived > 64 || runs <= round)
            out[1] = -1;
        barrier->arrive_and_wait();
    }
    if (threadIdx.x == 0)
        out[0] = runs;
}
__global__ void dropping(int *out) {
    __shared__ Barrier barrier;
    __shared__ int left;
    if (threadIdx.x == 0)
        init(&barrier, blockDim.x), left = 0;
    __syncthreads();
    for (unsigned round = 0; round <= threadIdx.x / 8; round++) {
        if (round == threadIdx.x / 8) {
            atomicAdd(&left, 1);
            barrier.arrive_and_drop();
            break;
        }
        barrier.arrive_and_wait();
        if (left < (int)(round + 1) * 8)
            atomicAdd(out, 1);
    }
}
__global__ void parity(int *out) {
    __shared__ Barrier barrier;
    if (threadIdx.x == 0)
        init(&barrier, 2);
    __syncthreads();
    bool before = barrier.try_wait_parity(false), older = barrier.try_wait_parity(true);
    __syncthreads();
    Barrier::arrival_token first = barrier.arrive(threadIdx.x == 0 ? 1 : 1);
    if (threadIdx.x == 0)
        out[0] = !before && older && barrier.try_wait_for(std::move(first), cuda::std::chrono::seconds(5));
    __syncthreads();
    if (threadIdx.x == 1) {
        Barrier::arrival_token alone = barrier.arrive();
        out[1] = !barrier.try_wait_for(std::move(alone), cuda::std::chrono::microseconds(20)) && barrier.try_wait_parity(false) &&
                 !barrier.try_wait_parity(true);
        barrier.arrive_and_wait();
        out[2] = barrier.try_wait_parity(true);
    }
}
__global__ void across(cuda::barrier<cuda::thread_scope_device> *barrier, int *values, int *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x, all = gridDim.x * blockDim.x;
    values[i] = i;
    barrier->arrive_and_wait();
    out[i] = values[all - 1 - i];
}
__global__ void copies(const int *in, int *out, const char *odd, char *odd_out) {
    __shared__ Barrier barrier;
    __shared__ alignas(16) int data[256];
    __shared__ char bytes[96];
    auto block = cg::this_thread_block();
    if (block.thread_rank() == 0)
        init(&barrier, block.size());
    block.sync();
    cuda::memcpy_async(block, data, in, cuda::aligned_size_t<16>(sizeof data), barrier);
    cuda::memcpy_async(block, bytes, odd, 93, barrier);
    barrier.arrive_and_wait();
    for (unsigned i = threadIdx.x; i < 256; i += blockDim.x)
        out[i] = data[255 - i];
    for (unsigned i = threadIdx.x; i < 93; i += blockDim.x)
        odd_out[i] = bytes[92 - i];
    block.sync();
    cuda::memcpy_async(&data[threadIdx.x], &in[threadIdx.x + 1], sizeof(int), barrier);
    barrier.arrive_and_wait();
    if (data[(threadIdx.x + 1) % blockDim.x] != in[(threadIdx.x + 1) % blockDim.x + 1])
        out[0] = -1;
}
__global__ void primitives(int *out) {
    __shared__ __mbarrier_t barrier;
    __shared__ int data[32];
    if (threadIdx.x == 0)
        __mbarrier_init(&barrier, 32);
    __syncthreads();
    data[threadIdx.x] = (int)threadIdx.x;
    __mbarrier_token_t token = __mbarrier_arrive(&barrier);
    while (!__mbarrier_test_wait(&barrier, token)) {
    }
    out[threadIdx.x] = data[31 - threadIdx.x];
    if (threadIdx.x >= 16) {
        token = __mbarrier_arrive_and_drop(&barrier);
    } else {
        token = __mbarrier_arrive(&barrier);
        while (!__mbarrier_test_wait_parity(&barrier, true)) {
        }
        token = __mbarrier_arrive(&barrier);
        while (!__mbarrier_try_wait(&barrier, token, 1000)) {
        }
    }
    if (__mbarrier_token_pending_count(token) == 0 || __mbarrier_token_pending_count(token) > 32)
        out[0] = -1;
}
__global__ void older(int *out) {
    __shared__ nvcuda::experimental::awbarrier barrier;
    __shared__ int data[64];
    if (threadIdx.x == 0)
        init(&barrier, blockDim.x);
    __syncthreads();
    data[threadIdx.x] = (int)threadIdx.x;
    auto token = barrier.arrive();
    barrier.wait(token);
    out[threadIdx.x] = data[63 - threadIdx.x];
    barrier.arrive_and_wait();
}

int main() {
    std::vector<int> want(128);
    Array<int> out(256);
    auto taken = [&](size_t count) {
        std::vector<int> v = out.host();
        v.resize(count);
        return v;
    };
    auto clear = [&] { CHECK(cudaMemset(out, 0, 256 * sizeof(int))); };
    split<<<1, 128>>>(out);
    CHECK_LAUNCH();
    for (int i = 0; i < 128; i++)
        want[i] = (127 - i) * 3 + i;
    same("split", taken(128), want);
    phases<<<1, 64>>>(out);
    CHECK_LAUNCH();
    want.resize(64);
    for (int i = 0; i < 64; i++)
        want[i] = (i + 20) % 64;
    same("phases", taken(64), want);
    clear();
    completion<<<1, 64>>>(out);
    CHECK_LAUNCH();
    same("completion", taken(2), {10, 0});
    clear();
    dropping<<<1, 64>>>(out);
    CHECK_LAUNCH();
    same("dropping out", taken(1), {0});
    parity<<<1, 2>>>(out);
    CHECK_LAUNCH();
    same("parity and time", taken(3), {1, 1, 1});

    cuda::barrier<cuda::thread_scope_device> *barrier;
    CHECK(cudaMallocManaged(&barrier, sizeof *barrier));
    init(barrier, 4 * 32);
    Array<int> values(256);
    across<<<4, 32>>>(barrier, values, out);
    CHECK_LAUNCH();
    want.resize(128);
    for (int i = 0; i < 128; i++)
        want[i] = 127 - i;
    same("across blocks", taken(128), want);

    std::vector<int> in(257);
    std::vector<char> odd(93), odd_want(93);
    for (int i = 0; i < 257; i++)
        in[i] = i * i;
    for (int i = 0; i < 93; i++)
        odd[i] = (char)(i * 7), odd_want[92 - i] = (char)(i * 7);
    Array<int> from(in);
    Array<char> odd_from(odd), odd_to(93);
    copies<<<1, 64>>>(from, out, odd_from, odd_to);
    CHECK_LAUNCH();
    want.resize(256);
    for (int i = 0; i < 256; i++)
        want[i] = in[255 - i];
    bool right = taken(256) == want && odd_to.host() == odd_want;
    std::printf("copies: %s\n", right ? "ok" : "wrong");

    want.resize(32);
    for (int i = 0; i < 32; i++)
        want[i] = 31 - i;
    primitives<<<1, 32>>>(out);
    CHECK_LAUNCH();
    same("primitives", taken(32), want);
    want.resize(64);
    for (int i = 0; i < 64; i++)
        want[i] = 63 - i;
    older<<<1, 64>>>(out);
    CHECK_LAUNCH();
    same("older class", taken(64), want);

    cuda::std::barrier<> host(2);
    int shared[2] = {0, 0};
    std::thread other([&] {
        shared[1] = 5;
        host.arrive_and_wait();
    });
    shared[0] = 6;
    host.arrive_and_wait();
    std::printf("host threads: %s\n", shared[0] + shared[1] == 11 ? "ok" : "wrong");
    other.join();
    return 0;
}
