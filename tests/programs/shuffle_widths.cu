// SPDX-License-Identifier: Apache-2.0
// Shuffles with a width: the warp falls into segments of 1, 2, 4, 8, 16 or 32 lanes that don't see each other.
// EXPECT: width 1: ok
// EXPECT: width 2: ok
// EXPECT: width 4: ok
// EXPECT: width 8: ok
// EXPECT: width 16: ok
// EXPECT: width 32: ok
#include "check.h"

__global__ void shuffle(int width, int *out) {
    int t = threadIdx.x;
    for (int n = 0; n < 40; n += 3) {
        int *row = out + n / 3 * 4 * blockDim.x;
        row[t] = __shfl_sync(0xffffffff, t, n, width);
        row[blockDim.x + t] = __shfl_up_sync(0xffffffff, t, n % 32, width);
        row[2 * blockDim.x + t] = __shfl_down_sync(0xffffffff, t, n % 32, width);
        row[3 * blockDim.x + t] = __shfl_xor_sync(0xffffffff, t, n % 32, width);
    }
}

/* PTX ISA, "shfl.sync", in the form that CUDA's C++ functions give it: segments of `width` lanes. A butterfly may read
 * from lower segments but not from higher ones. */
static int source(int kind, int lane, int n, int width) {
    int first = lane / width * width, last = first + width - 1, from;
    switch (kind) {
    case 0: return first + n % width;
    case 1: from = lane - n; return from < first ? lane : from;
    case 2: from = lane + n; return from > last ? lane : from;
    default: from = lane ^ n; return from > last ? lane : from;
    }
}

int main() {
    for (int width = 1; width <= 32; width *= 2) {
        const int rows = 14, threads = 64;
        Array<int> out(rows * 4 * threads);
        shuffle<<<1, threads>>>(width, out);
        CHECK_LAUNCH();
        std::vector<int> want;
        for (int row = 0; row < rows; row++)
            for (int kind = 0; kind < 4; kind++)
                for (int t = 0; t < threads; t++)
                    want.push_back(t / 32 * 32 + source(kind, t % 32, kind == 0 ? row * 3 : row * 3 % 32, width));
        char name[20];
        std::snprintf(name, sizeof name, "width %d", width);
        same(name, out.host(), want);
    }
    return 0;
}
