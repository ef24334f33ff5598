// SPDX-License-Identifier: Apache-2.0
// Divisions behind a guard that holds in some rows of the block and not in others: those without it must not be computed.
// EXPECT: guarded divisions: ok
#include "check.h"

__global__ void divide(const unsigned long long *in, unsigned long long *out) {
    unsigned long long y = threadIdx.y, sum = 0;
    int i = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * blockIdx.x);
    for (unsigned long long k = 0; k < 3; k++) {
        unsigned long long divisor = y * (k + 1), value = in[i] + k;
        sum += divisor == 0 ? value : value % divisor;
        sum += divisor == 0 ? 7 : (1000 + k) / divisor;
    }
    out[i] = sum;
}

int main() {
    const dim3 block(16, 8);
    const int blocks = 3, count = blocks * 128;
    std::vector<unsigned long long> in(count);
    for (int i = 0; i < count; i++)
        in[i] = 1000003ull * i + 17;
    Array<unsigned long long> d_in(in), d_out(count);
    divide<<<blocks, block>>>(d_in, d_out);
    CHECK_LAUNCH();
    auto out = d_out.host();
    int wrong = 0;
    for (int i = 0; i < count; i++) {
        unsigned long long y = i / 16 % 8, sum = 0;
        for (unsigned long long k = 0; k < 3; k++) {
            unsigned long long divisor = y * (k + 1), value = in[i] + k;
            sum += divisor == 0 ? value : value % divisor;
            sum += divisor == 0 ? 7 : (1000 + k) / divisor;
        }
        wrong += out[i] != sum;
    }
    std::printf("guarded divisions: %s\n", wrong ? "wrong" : "ok");
    return 0;
}
