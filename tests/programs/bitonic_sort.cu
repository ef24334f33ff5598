// SPDX-License-Identifier: Apache-2.0
// Bitonic sort in shared memory and across blocks: barriers in nested loops, keys with values, a launch a stage.
// EXPECT: 1024 keys in one block: ok
// EXPECT: 8192 keys across blocks: ok
// EXPECT: values follow their keys: ok
#include "check.h"
#include <algorithm>

__device__ void exchange(unsigned &a, unsigned &b, bool ascending) {
    if ((a > b) == ascending) {
        unsigned t = a;
        a = b;
        b = t;
    }
}

__global__ void sort_block(unsigned *keys) {
    __shared__ unsigned shared[1024];
    shared[threadIdx.x] = keys[threadIdx.x];
    shared[threadIdx.x + 512] = keys[threadIdx.x + 512];
    for (unsigned size = 2; size <= 1024; size *= 2)
        for (unsigned stride = size / 2; stride > 0; stride /= 2) {
            __syncthreads();
            unsigned i = 2 * threadIdx.x - (threadIdx.x & (stride - 1));
            exchange(shared[i], shared[i + stride], (i & size) == 0);
        }
    __syncthreads();
    keys[threadIdx.x] = shared[threadIdx.x];
    keys[threadIdx.x + 512] = shared[threadIdx.x + 512];
}

__global__ void stage(unsigned *keys, unsigned size, unsigned stride) {
    unsigned t = blockIdx.x * blockDim.x + threadIdx.x;
    unsigned i = 2 * t - (t & (stride - 1));
    exchange(keys[i], keys[i + stride], (i & size) == 0);
}

int main() {
    Random random(9);
    std::vector<unsigned> keys(1024);
    for (unsigned &k : keys)
        k = random.next() % 5000;
    Array<unsigned> device(keys);
    sort_block<<<1, 512>>>(device);
    CHECK_LAUNCH();
    std::sort(keys.begin(), keys.end());
    same("1024 keys in one block", device.host(), keys);

    std::vector<unsigned> many(8192), original;
    for (unsigned i = 0; i < 8192; i++)
        many[i] = (random.next() % 100000) << 13 | i; // the index is the value, kept below the key
    original = many;
    Array<unsigned> device_many(many);
    for (unsigned size = 2; size <= 8192; size *= 2)
        for (unsigned stride = size / 2; stride > 0; stride /= 2)
            stage<<<16, 256>>>(device_many, size, stride);
    CHECK_LAUNCH();
    std::sort(many.begin(), many.end());
    auto sorted = device_many.host();
    same("8192 keys across blocks", sorted, many);
    bool fine = true;
    for (unsigned key : sorted)
        fine = fine && original[key & 8191] == key;
    std::printf("values follow their keys: %s\n", fine ? "ok" : "wrong");
    return 0;
}
