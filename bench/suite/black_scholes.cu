// SPDX-License-Identifier: Apache-2.0
#include "bench_cuda.h"
#include "black_scholes.h"

__device__ inline float normal(float d) {
    const float a1 = 0.31938153f, a2 = -0.356563782f, a3 = 1.781477937f, a4 = -1.821255978f, a5 = 1.330274429f;
    float k = 1.0f / (1.0f + 0.2316419f * fabsf(d));
    float tail = 0.39894228040143267794f * expf(-0.5f * d * d) * (k * (a1 + k * (a2 + k * (a3 + k * (a4 + k * a5)))));
    return d > 0 ? 1.0f - tail : tail;
}

__global__ void black_scholes(const float *price, const float *strike, const float *years, float *call, float *put,
                              float rate, float volatility, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i >= n)
        return;
    float s = price[i], x = strike[i], t = years[i];
    float root = sqrtf(t);
    float d1 = (logf(s / x) + (rate + 0.5f * volatility * volatility) * t) / (volatility * root);
    float d2 = d1 - volatility * root;
    float n1 = normal(d1), n2 = normal(d2);
    float later = x * expf(-rate * t);
    call[i] = s * n1 - later * n2;
    put[i] = later * (1.0f - n2) - s * (1.0f - n1);
}

struct device {
    int n;
    float *price, *strike, *years, *call, *put;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    black_scholes<<<divide_up(d->n, 128), 128>>>(d->price, d->strike, d->years, d->call, d->put, BS_RATE,
                                                  BS_VOLATILITY, d->n);
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct black_scholes p = black_scholes_make(bench.size);
    device d = {int(p.n), to_device(p.price, p.n), to_device(p.strike, p.n), to_device(p.years, p.n),
                device_array<float>(p.n), device_array<float>(p.n)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.call, d.call, p.n);
    to_host(p.put, d.put, p.n);
    return black_scholes_finish(&bench, &p);
}
