// SPDX-License-Identifier: Apache-2.0
// Floating-point atomics: float and double add, float exch, returned old values, in global and shared memory.
// EXPECT: float add 500000.0, exch one of them: yes
// EXPECT: double add 499.5000000000
// EXPECT: shared: 992.0 496.00
// EXPECT: old values are the partial sums: yes
#include "check.h"

__global__ void add(float *f, double *d) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    atomicAdd(&f[0], 500.0f);
    atomicExch(&f[1], static_cast<float>(i));
    atomicAdd(&d[0], i * 0.001);
}

__global__ void shared_add(float *f, double *d) {
    __shared__ float sf;
    __shared__ double sd;
    if (threadIdx.x == 0) {
        sf = 0;
        sd = 0;
    }
    __syncthreads();
    atomicAdd(&sf, 2.0f * threadIdx.x);
    atomicAdd(&sd, static_cast<double>(threadIdx.x));
    __syncthreads();
    if (threadIdx.x == 0) {
        *f = sf;
        *d = sd;
    }
}

__global__ void old_values(float *sum, int *seen) { atomicAdd(&seen[static_cast<int>(atomicAdd(sum, 1.0f))], 1); }

int main() {
    Array<float> f(2);
    Array<double> d(1);
    add<<<8, 125>>>(f, d);
    CHECK_LAUNCH();
    float exchanged = f.host()[1];
    std::printf("float add %.1f, exch one of them: %s\n", f.host()[0], exchanged >= 0 && exchanged < 1000 ? "yes" : "no");
    std::printf("double add %.10f\n", d.host()[0]);
    shared_add<<<1, 32>>>(f, d);
    CHECK_LAUNCH();
    std::printf("shared: %.1f %.2f\n", f.host()[0], d.host()[0]);
    Array<float> sum(1);
    Array<int> seen(1000);
    old_values<<<8, 125>>>(sum, seen);
    CHECK_LAUNCH();
    bool once = true;
    for (int n : seen.host())
        once = once && n == 1;
    std::printf("old values are the partial sums: %s\n", once ? "yes" : "no");
    return 0;
}
