// SPDX-License-Identifier: Apache-2.0
// The largest blocks, with barriers, on a machine of very many cores: stacks must stay within what the system gives.
// ENV: CUDA_WASM_THREADS=80
// EXPECT: 400 blocks of 1024: ok
#include "check.h"

__global__ void rotate(int *out) {
    __shared__ int s[1024];
    int t = threadIdx.x;
    s[t] = t;
    __syncthreads();
    out[blockIdx.x * 1024 + t] = s[(t + blockIdx.x) % 1024];
}

int main() {
    const int blocks = 400;
    Array<int> out(blocks * 1024);
    rotate<<<blocks, 1024>>>(out);
    CHECK_LAUNCH();
    std::vector<int> have = out.host();
    bool ok = true;
    for (int i = 0; i < blocks * 1024; i++)
        ok &= have[i] == (i % 1024 + i / 1024) % 1024;
    std::printf("%d blocks of 1024: %s\n", blocks, ok ? "ok" : "wrong");
    return 0;
}
