// SPDX-License-Identifier: Apache-2.0
// cuda::atomic and cuda::atomic_ref of every scope and kind of value, from many threads of many blocks, and from the host
// on managed memory at the same time; flags, waiting, latches and semaphores.
// EXPECT: integers: ok
// EXPECT: other values: ok
// EXPECT: shared: ok
// EXPECT: messages: ok
// EXPECT: with the host: ok
// EXPECT: flag, latch, semaphore: ok
// NVCC: skip latches and semaphores have no default constructor there
#include "check.h"
#include <cuda/atomic>
static_assert(sizeof(cuda::std::atomic<int>) == 4, "cuda/atomic brings the standard library's names too");
#include <cuda/latch>
#include <cuda/semaphore>
#include <cuda/std/atomic>
#include <cuda/std/latch>
#include <cuda/std/semaphore>
#include <new>

const int blocks = 24, threads = 64, total = blocks * threads;

__device__ cuda::atomic<int, cuda::thread_scope_device> counter{100};

__global__ void integers(unsigned long long *out) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    counter.fetch_add(1, cuda::memory_order_relaxed);
    counter += 2;
    counter--;
    typedef unsigned long long u64;
    cuda::atomic_ref<u64, cuda::thread_scope_device> sum(out[0]), bits(out[1]), low(out[2]), high(out[3]), toggled(out[4]);
    sum++;
    ++sum;
    sum -= 1;
    bits |= 1ull << (i % 64);
    low.fetch_min((u64)(i * 7 % 100 + 5));
    high.fetch_max((u64)i);
    toggled ^= (u64)i;
    cuda::atomic_ref<u64, cuda::thread_scope_device> largest_by_hand(out[5]);
    u64 seen = largest_by_hand.load(cuda::memory_order_relaxed);
    while (seen < (u64)i && !largest_by_hand.compare_exchange_weak(seen, (u64)i, cuda::memory_order_acq_rel)) {
    }
}

struct Pair {
    short a, b;
};
__global__ void others(float *f, double *d, Pair *p, unsigned char *byte, int **pointer) {
    cuda::atomic_ref<float, cuda::thread_scope_device>(*f).fetch_add(0.5f);
    cuda::atomic_ref<double, cuda::thread_scope_device>(*d).fetch_sub(0.25);
    cuda::atomic_ref<unsigned char, cuda::thread_scope_device>(*byte).fetch_add(1);
    cuda::atomic_ref<int *, cuda::thread_scope_device>(*pointer).fetch_add(2);
    cuda::atomic_ref<Pair, cuda::thread_scope_device> pair(*p);
    Pair old = pair.load();
    while (!pair.compare_exchange_strong(old, Pair{(short)(old.a + 1), (short)(old.b - 1)})) {
    }
}

__global__ void in_shared(int *wrong) {
    __shared__ cuda::atomic<int, cuda::thread_scope_block> sum;
    __shared__ cuda::std::atomic<short> small;
    if (threadIdx.x == 0)
        new (&sum) cuda::atomic<int, cuda::thread_scope_block>(5), small.store(0);
    __syncthreads();
    sum.fetch_add((int)threadIdx.x);
    small++;
    __syncthreads();
    if (sum.load() != 5 + threads * (threads - 1) / 2 || small != threads)
        atomicAdd(wrong, 1);
}

/* Blocks pass a value on, each waiting for its turn. */
__global__ void messages(cuda::atomic<unsigned, cuda::thread_scope_device> *turn, int *value) {
    if (threadIdx.x != 0)
        return;
    for (unsigned now = turn->load(cuda::memory_order_acquire); now != blockIdx.x; now = turn->load(cuda::memory_order_acquire))
        turn->wait(now);
    *value = *value * 3 + (int)blockIdx.x;
    turn->store(blockIdx.x + 1, cuda::memory_order_release);
    turn->notify_all();
}

__global__ void with_host(cuda::std::atomic<int> *question, cuda::std::atomic<int> *answer) {
    for (int i = 1; i <= 20; i++) {
        while (question->load(cuda::std::memory_order_acquire) != i) {
        }
        answer->store(i * i, cuda::std::memory_order_release);
    }
}

__global__ void rest(int *out) {
    __shared__ cuda::std::atomic_flag flag;
    __shared__ cuda::latch<cuda::thread_scope_block> latch;
    __shared__ cuda::counting_semaphore<cuda::thread_scope_block, 3> places;
    __shared__ cuda::binary_semaphore<cuda::thread_scope_block> one;
    __shared__ int inside, most, firsts, passed;
    if (threadIdx.x == 0) {
        flag.clear();
        init(&latch, blockDim.x);
        new (&places) cuda::counting_semaphore<cuda::thread_scope_block, 3>(3);
        new (&one) cuda::binary_semaphore<cuda::thread_scope_block>(1);
        inside = most = firsts = passed = 0;
    }
    __syncthreads();
    if (!flag.test_and_set())
        atomicAdd(&firsts, 1);
    latch.arrive_and_wait();
    places.acquire();
    int now = atomicAdd(&inside, 1) + 1;
    atomicMax(&most, now);
    __nanosleep(100);
    atomicSub(&inside, 1);
    places.release();
    one.acquire();
    volatile int *unprotected = &passed;
    int before = *unprotected;
    __nanosleep(10);
    *unprotected = before + 1;
    one.release();
    __syncthreads();
    if (threadIdx.x == 0) {
        out[0] = flag.test() && firsts == 1;
        out[1] = most <= 3;
        out[2] = passed == (int)blockDim.x;
        out[3] = places.try_acquire_for(cuda::std::chrono::microseconds(5)) && latch.try_wait();
        one.acquire();
        out[4] = !one.try_acquire_for(cuda::std::chrono::microseconds(50));
    }
}

int main() {
    Array<unsigned long long> out(std::vector<unsigned long long>{0, 0, 1000, 0, 0, 0});
    integers<<<blocks, threads>>>(out);
    CHECK_LAUNCH();
    cuda::atomic<int, cuda::thread_scope_device> *symbol;
    int count = 0;
    CHECK(cudaGetSymbolAddress((void **)&symbol, counter));
    CHECK(cudaMemcpy(&count, symbol, sizeof count, cudaMemcpyDeviceToHost));
    unsigned long long toggled = 0;
    for (int i = 0; i < total; i++)
        toggled ^= (unsigned long long)i;
    std::vector<unsigned long long> have = out.host();
    have.push_back((unsigned long long)count);
    same("integers", have, {total, ~0ull, 5, total - 1, toggled, total - 1, 100 + 2 * total});

    Array<float> f(1);
    Array<double> d(1);
    Array<Pair> p(1);
    Array<unsigned char> byte(4);
    Array<int *> pointer(1);
    others<<<blocks, threads>>>(f, d, p, byte, pointer);
    CHECK_LAUNCH();
    Pair pair = p.host()[0];
    bool right = f.host()[0] == total * 0.5f && d.host()[0] == total * -0.25 && pair.a == total && pair.b == -total &&
                 byte.host()[0] == (unsigned char)total && byte.host()[1] == 0 && pointer.host()[0] == (int *)(8ull * total);
    std::printf("other values: %s\n", right ? "ok" : "wrong");

    Array<int> wrong(1);
    in_shared<<<blocks, threads>>>(wrong);
    CHECK_LAUNCH();
    same("shared", wrong.host(), {0});

    void *word;
    CHECK(cudaMalloc(&word, 4));
    CHECK(cudaMemset(word, 0, 4));
    messages<<<blocks, 32>>>((cuda::atomic<unsigned, cuda::thread_scope_device> *)word, wrong);
    CHECK_LAUNCH();
    unsigned value = 0;
    for (unsigned i = 0; i < blocks; i++)
        value = value * 3 + i;
    same("messages", wrong.host(), {(int)value});

    cuda::std::atomic<int> *shared;
    CHECK(cudaMallocManaged(&shared, 2 * sizeof *shared));
    new (shared) cuda::std::atomic<int>(0);
    new (shared + 1) cuda::std::atomic<int>(0);
    with_host<<<1, 1>>>(shared, shared + 1);
    int answers = 0;
    for (int i = 1; i <= 20; i++) {
        shared[0].store(i);
        while (shared[1].load() != i * i) {
        }
        answers++;
    }
    CHECK_LAUNCH();
    std::printf("with the host: %s\n", answers == 20 ? "ok" : "wrong");

    Array<int> ok(5);
    rest<<<1, 64>>>(ok);
    CHECK_LAUNCH();
    same("flag, latch, semaphore", ok.host(), {1, 1, 1, 1, 1});
    return 0;
}
