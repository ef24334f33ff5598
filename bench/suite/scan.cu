// SPDX-License-Identifier: Apache-2.0
// Reduce, then scan (Merrill and Grimshaw, "Parallel Scan for Stream Architectures", 2009): blocks add up their parts, the sums
// are scanned likewise, level by level, and then each block scans its part with warp shuffles from what stands before it.
// Every element is read twice and written once, as in the OpenMP form.
#include <vector>

#include "bench_cuda.h"
#include "scan.h"

constexpr int threads = 256;
constexpr int items = 4; // a thread
constexpr int part = threads * items;

__device__ unsigned warp_scan(unsigned value) {
    int lane = threadIdx.x & 31;
    for (int offset = 1; offset < 32; offset *= 2) {
        unsigned other = __shfl_up_sync(0xffffffff, value, offset);
        if (lane >= offset)
            value += other;
    }
    return value;
}

// The sum of the block's part.
__global__ void add_up(const unsigned *in, unsigned *sums, int n) {
    __shared__ unsigned warps[threads / 32];
    int first = blockIdx.x * part;
    unsigned sum = 0;
#pragma unroll
    for (int k = 0; k < items; k++) {
        int i = first + k * threads + threadIdx.x;
        if (i < n)
            sum += in[i];
    }
    for (int offset = 16; offset > 0; offset /= 2)
        sum += __shfl_down_sync(0xffffffff, sum, offset);
    if (threadIdx.x % 32 == 0)
        warps[threadIdx.x / 32] = sum;
    __syncthreads();
    if (threadIdx.x == 0) {
        unsigned total = 0;
        for (int k = 0; k < threads / 32; k++)
            total += warps[k];
        sums[blockIdx.x] = total;
    }
}

// `before`: the inclusive sums of the blocks, or null for one block.
__global__ void scan_blocks(const unsigned *in, unsigned *out, const unsigned *before, int n) {
    __shared__ unsigned warps[threads / 32];
    int first = blockIdx.x * part + threadIdx.x * items;
    int lane = threadIdx.x & 31, warp = threadIdx.x / 32;
    unsigned values[items], sum = 0;
    if (first + items <= n) {
        uint4 four = *reinterpret_cast<const uint4 *>(in + first);
        values[0] = four.x, values[1] = four.y, values[2] = four.z, values[3] = four.w;
    } else {
        for (int k = 0; k < items; k++)
            values[k] = first + k < n ? in[first + k] : 0;
    }
#pragma unroll
    for (int k = 0; k < items; k++) {
        sum += values[k];
        values[k] = sum;
    }
    unsigned inclusive = warp_scan(sum);
    if (lane == 31)
        warps[warp] = inclusive;
    __syncthreads();
    if (warp == 0) {
        unsigned value = lane < threads / 32 ? warps[lane] : 0;
        value = warp_scan(value);
        if (lane < threads / 32)
            warps[lane] = value;
    }
    __syncthreads();
    unsigned start = inclusive - sum + (warp > 0 ? warps[warp - 1] : 0);
    if (before && blockIdx.x > 0)
        start += before[blockIdx.x - 1];
    if (first + items <= n) {
        *reinterpret_cast<uint4 *>(out + first) =
            make_uint4(start + values[0], start + values[1], start + values[2], start + values[3]);
    } else {
        for (int k = 0; k < items; k++)
            if (first + k < n)
                out[first + k] = start + values[k];
    }
}

struct device {
    const unsigned *in;
    unsigned *out;
    std::vector<unsigned *> sums; // of each level's blocks, down to one block
    int n;
};

static void scan_level(device *d, const unsigned *in, unsigned *out, int n, size_t level) {
    int blocks = divide_up(n, part);
    unsigned *sums = blocks > 1 ? d->sums[level] : nullptr;
    if (blocks > 1) {
        add_up<<<blocks, threads>>>(in, sums, n);
        scan_level(d, sums, sums, blocks, level + 1);
    }
    scan_blocks<<<blocks, threads>>>(in, out, sums, n);
}

static void run(void *context) {
    device *d = static_cast<device *>(context);
    scan_level(d, d->in, d->out, d->n, 0);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct scan p = scan_make(bench.size);
    device d = {to_device(p.in, p.n), device_array<unsigned>(p.n), {}, int(p.n)};
    for (int blocks = divide_up(d.n, part); blocks > 1; blocks = divide_up(blocks, part))
        d.sums.push_back(device_array<unsigned>(blocks));
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, p.n);
    return scan_finish(&bench, &p);
}
