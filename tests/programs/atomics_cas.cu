// SPDX-License-Identifier: Apache-2.0
// Compare-and-swap loops: float maximum, double multiplication, 16-bit values in words, a bounded counter, exch queues.
// EXPECT: float maximum 999.5, minimum -250.25
// EXPECT: double product 1024
// EXPECT: 16-bit counters 500 500
// EXPECT: saturating counter 100, refused 900
// EXPECT: unsigned short cas: 1000
// EXPECT: linked list through exch: 1000 nodes, sum 499500
#include "check.h"

__device__ float atomic_max(float *address, float value) {
    int *bits = reinterpret_cast<int *>(address), old = *bits, assumed;
    do {
        assumed = old;
        if (__int_as_float(assumed) >= value)
            break;
        old = atomicCAS(bits, assumed, __float_as_int(value));
    } while (old != assumed);
    return __int_as_float(old);
}

__device__ double atomic_multiply(double *address, double value) {
    unsigned long long *bits = reinterpret_cast<unsigned long long *>(address), old = *bits, assumed;
    do {
        assumed = old;
        old = atomicCAS(bits, assumed,
                        static_cast<unsigned long long>(__double_as_longlong(value * __longlong_as_double(assumed))));
    } while (assumed != old);
    return __longlong_as_double(old);
}

__device__ void add_half_word(unsigned *word, int half, unsigned value) {
    unsigned old = *word, assumed;
    do {
        assumed = old;
        unsigned part = ((assumed >> 16 * half) + value) & 0xffff;
        old = atomicCAS(word, assumed, (assumed & ~(0xffffu << 16 * half)) | part << 16 * half);
    } while (old != assumed);
}

struct Node {
    int value;
    int next;
};

__global__ void kernel(float *f, double *d, unsigned *words, int *counters, unsigned short *shorts, Node *nodes, int *head) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    atomic_max(&f[0], i + 0.5f);
    atomic_max(&f[1], i == 77 ? 250.25f : -1.0f);
    if (i < 10)
        atomic_multiply(d, 2.0);
    add_half_word(words, i % 2, 1);
    int seen = counters[0];
    for (;;) {
        if (seen >= 100) {
            atomicAdd(&counters[1], 1);
            break;
        }
        int old = atomicCAS(&counters[0], seen, seen + 1);
        if (old == seen)
            break;
        seen = old;
    }
    unsigned short expected = shorts[0];
    for (;;) {
        unsigned short old = atomicCAS(&shorts[0], expected, static_cast<unsigned short>(expected + 1));
        if (old == expected)
            break;
        expected = old;
    }
    nodes[i].value = i;
    nodes[i].next = atomicExch(head, i);
}

int main() {
    Array<float> f(std::vector<float>{-1e30f, -1e30f});
    Array<double> d(std::vector<double>{1.0});
    Array<unsigned> words(1);
    Array<int> counters(2), head(std::vector<int>{-1});
    Array<unsigned short> shorts(2);
    Array<Node> nodes(1000);
    kernel<<<8, 125>>>(f, d, words, counters, shorts, nodes, head);
    CHECK_LAUNCH();
    std::printf("float maximum %g, minimum %g\n", f.host()[0], -f.host()[1]);
    std::printf("double product %g\n", d.host()[0]);
    unsigned w = words.host()[0];
    std::printf("16-bit counters %u %u\n", w & 0xffff, w >> 16);
    std::printf("saturating counter %d, refused %d\n", counters.host()[0], counters.host()[1]);
    std::printf("unsigned short cas: %d\n", shorts.host()[0]);
    auto list = nodes.host();
    int count = 0, sum = 0;
    for (int i = head.host()[0]; i >= 0 && count <= 1000; i = list[i].next) {
        count++;
        sum += list[i].value;
    }
    std::printf("linked list through exch: %d nodes, sum %d\n", count, sum);
    return 0;
}
