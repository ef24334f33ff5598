// SPDX-License-Identifier: Apache-2.0
// Each thread follows one body; blocks take the others through shared memory, a tile at a time.
#include "bench_cuda.h"
#include "nbody.h"

constexpr int threads = 256;

__device__ float3 interaction(float4 a, float4 b, float3 sum) {
    float dx = b.x - a.x, dy = b.y - a.y, dz = b.z - a.z;
    float square = dx * dx + dy * dy + dz * dz + NBODY_SOFTENING * NBODY_SOFTENING;
    float inverse = rsqrtf(square);
    float factor = b.w * (inverse * inverse * inverse);
    sum.x += dx * factor;
    sum.y += dy * factor;
    sum.z += dz * factor;
    return sum;
}

__global__ void nbody(const float4 *bodies, float4 *forces, int n) {
    __shared__ float4 tile[threads];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float4 mine = bodies[i];
    float3 sum = make_float3(0.0f, 0.0f, 0.0f);
    for (int start = 0; start < n; start += threads) {
        tile[threadIdx.x] = bodies[start + threadIdx.x];
        __syncthreads();
#pragma unroll 8
        for (int j = 0; j < threads; j++)
            sum = interaction(mine, tile[j], sum);
        __syncthreads();
    }
    forces[i] = make_float4(sum.x, sum.y, sum.z, 0.0f);
}

struct device {
    int n;
    float *bodies, *forces;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    nbody<<<d->n / threads, threads>>>(reinterpret_cast<const float4 *>(d->bodies),
                                       reinterpret_cast<float4 *>(d->forces), d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct nbody p = nbody_make(bench.size);
    device d = {int(p.n), to_device(p.bodies, 4 * p.n), device_array<float>(4 * p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.forces, d.forces, 4 * p.n);
    return nbody_finish(&bench, &p);
}
