// SPDX-License-Identifier: Apache-2.0
// A thread a query, whose row and sums stay in registers; keys and values pass through shared memory, 32 at a time.
#include <cfloat>

#include "attention.h"
#include "bench_cuda.h"

constexpr int threads = 64;
constexpr int tile = 32;

__global__ void attention(const float *q, const float *k, const float *v, float *out, int n, float scale) {
    __shared__ float keys[tile][WIDTH];
    __shared__ float values[tile][WIDTH];
    size_t head = size_t(blockIdx.y) * n * WIDTH;
    int row = blockIdx.x * threads + threadIdx.x;
    float query[WIDTH], sums[WIDTH];
    for (int d = 0; d < WIDTH; d++) {
        query[d] = q[head + row * WIDTH + d] * scale;
        sums[d] = 0.0f;
    }
    float largest = -FLT_MAX, total = 0.0f;
    for (int start = 0; start < n; start += tile) {
        for (int i = threadIdx.x; i < tile * WIDTH; i += threads) {
            keys[i / WIDTH][i % WIDTH] = k[head + start * WIDTH + i];
            values[i / WIDTH][i % WIDTH] = v[head + start * WIDTH + i];
        }
        __syncthreads();
        float scores[tile], tile_largest = largest;
        for (int j = 0; j < tile; j++) {
            float score = 0.0f;
            for (int d = 0; d < WIDTH; d++)
                score += query[d] * keys[j][d];
            scores[j] = score;
            tile_largest = fmaxf(tile_largest, score);
        }
        float correction = expf(largest - tile_largest);
        total *= correction;
        for (int d = 0; d < WIDTH; d++)
            sums[d] *= correction;
        for (int j = 0; j < tile; j++) {
            float weight = expf(scores[j] - tile_largest);
            total += weight;
            for (int d = 0; d < WIDTH; d++)
                sums[d] += weight * values[j][d];
        }
        largest = tile_largest;
        __syncthreads();
    }
    for (int d = 0; d < WIDTH; d++)
        out[head + row * WIDTH + d] = sums[d] / total;
}

struct device {
    int n;
    float *q, *k, *v, *out;
};

static void run(void *context) {
    device *d = static_cast<device *>(context);
    attention<<<dim3(d->n / threads, HEADS), threads>>>(d->q, d->k, d->v, d->out, d->n, 1.0f / sqrtf(float(WIDTH)));
    finish_launches();
}

int main(int argc, char **argv) {
    bench bench;
    bench_start(&bench, argc, argv);
    struct attention p = attention_make(bench.size);
    size_t elements = HEADS * p.n * WIDTH;
    device d = {int(p.n), to_device(p.q, elements), to_device(p.k, elements), to_device(p.v, elements),
                device_array<float>(elements)};
    bench_measure(&bench, nullptr, run, &d);
    to_host(p.out, d.out, elements);
    return attention_finish(&bench, &p);
}
