// SPDX-License-Identifier: Apache-2.0
// N-body step with tiles in shared memory, float4, rsqrtf and a ragged last tile, against the same sums on the host.
// EXPECT: 500 bodies, 3 steps: largest relative error below 1e-4
// EXPECT: momentum conserved: yes
#include "check.h"
#include <cmath>

const float softening = 0.01f, step = 0.001f;

__device__ float3 pull(float3 acceleration, float4 mine, float4 other) {
    float x = other.x - mine.x, y = other.y - mine.y, z = other.z - mine.z;
    float inverse = rsqrtf(x * x + y * y + z * z + softening);
    float strength = other.w * inverse * inverse * inverse;
    acceleration.x += x * strength;
    acceleration.y += y * strength;
    acceleration.z += z * strength;
    return acceleration;
}

__global__ void accelerate(const float4 *bodies, float4 *velocities, int count) {
    __shared__ float4 tile[64];
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    float4 mine = bodies[i < count ? i : 0];
    float3 acceleration = make_float3(0, 0, 0);
    for (int start = 0; start < count; start += 64) {
        int other = start + threadIdx.x;
        tile[threadIdx.x] = other < count ? bodies[other] : make_float4(0, 0, 0, 0);
        __syncthreads();
#pragma unroll 8
        for (int k = 0; k < 64; k++)
            acceleration = pull(acceleration, mine, tile[k]);
        __syncthreads();
    }
    if (i < count) {
        velocities[i].x += acceleration.x * step;
        velocities[i].y += acceleration.y * step;
        velocities[i].z += acceleration.z * step;
    }
}

__global__ void move(float4 *bodies, const float4 *velocities, int count) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < count) {
        bodies[i].x += velocities[i].x * step;
        bodies[i].y += velocities[i].y * step;
        bodies[i].z += velocities[i].z * step;
    }
}

int main() {
    const int count = 500, steps = 3;
    Random random(21);
    std::vector<float4> bodies(count), velocities(count, make_float4(0, 0, 0, 0));
    for (float4 &b : bodies)
        b = make_float4(random.unit() * 2 - 1, random.unit() * 2 - 1, random.unit() * 2 - 1, random.unit() + 0.1f);
    Array<float4> device_bodies(bodies), device_velocities(velocities);
    for (int s = 0; s < steps; s++) {
        accelerate<<<(count + 63) / 64, 64>>>(device_bodies, device_velocities, count);
        move<<<(count + 63) / 64, 64>>>(device_bodies, device_velocities, count);
        std::vector<double> a(count * 3, 0.0);
        for (int i = 0; i < count; i++)
            for (int k = 0; k < count; k++) {
                double x = bodies[k].x - bodies[i].x, y = bodies[k].y - bodies[i].y, z = bodies[k].z - bodies[i].z;
                double inverse = 1 / std::sqrt(x * x + y * y + z * z + softening), strength = bodies[k].w * inverse * inverse * inverse;
                a[3 * i] += x * strength;
                a[3 * i + 1] += y * strength;
                a[3 * i + 2] += z * strength;
            }
        for (int i = 0; i < count; i++) {
            velocities[i].x += static_cast<float>(a[3 * i] * step);
            velocities[i].y += static_cast<float>(a[3 * i + 1] * step);
            velocities[i].z += static_cast<float>(a[3 * i + 2] * step);
            bodies[i].x += velocities[i].x * step;
            bodies[i].y += velocities[i].y * step;
            bodies[i].z += velocities[i].z * step;
        }
    }
    CHECK_LAUNCH();
    auto v = device_velocities.host();
    double worst = 0, momentum = 0, total = 0;
    for (int i = 0; i < count; i++) {
        double size = std::fabs(velocities[i].x) + std::fabs(velocities[i].y) + std::fabs(velocities[i].z);
        double error = std::fabs(v[i].x - velocities[i].x) + std::fabs(v[i].y - velocities[i].y) + std::fabs(v[i].z - velocities[i].z);
        worst = std::fmax(worst, error / size);
        momentum += bodies[i].w * v[i].x;
        total += bodies[i].w * std::fabs(v[i].x);
    }
    std::printf("500 bodies, 3 steps: largest relative error %s 1e-4\n", worst < 1e-4 ? "below" : "above");
    std::printf("momentum conserved: %s\n", std::fabs(momentum) < 1e-4 * total ? "yes" : "no");
    return 0;
}
