// SPDX-License-Identifier: Apache-2.0
// Bounds that most blocks pass as a whole and the last one does not: every comparison, signed and unsigned, 32 and 64 bits, lower
// bounds, two axes, constants, empty ranges, and indices that wrap around within a block.
// EXPECT: 1-D guards: 0 wrong
// EXPECT: 2-D guards: 0 wrong
// EXPECT: wrapped indices: 0 wrong
#include "check.h"
#include <climits>

__host__ __device__ inline int passed(int kind, int i, unsigned u, long long w, int n) {
    switch (kind) {
    case 0: return i < n;
    case 1: return !(i >= n);
    case 2: return i <= n;
    case 3: return n > i;
    case 4: return u < (unsigned)n;
    case 5: return !(u > (unsigned)n);
    case 6: return w < n;
    case 7: return i > 0 && i < n - 1;
    case 8: return i >= 3 && i < 700;
    case 9: return i < 5;
    case 10: return !(i < 2 || i > n);
    case 11: return w - 4 < n && i + 1 < n;
    default: return i != n;
    }
}

template <int kind> __global__ void one(unsigned char *out, int n, int offset) {
    int i = blockIdx.x * blockDim.x + threadIdx.x + offset;
    unsigned u = blockIdx.x * blockDim.x + threadIdx.x + (unsigned)offset;
    long long w = (long long)blockIdx.x * blockDim.x + threadIdx.x + offset;
    out[blockIdx.x * blockDim.x + threadIdx.x] = passed(kind, i, u, w, n) ? 1 : 2;
}

template <int kind> static int check_one(Array<unsigned char> &out, int n, int offset) {
    const int blocks = 9, threads = 100;
    one<kind><<<blocks, threads>>>(out, n, offset);
    CHECK_LAUNCH();
    std::vector<unsigned char> have = out.host();
    int wrong = 0;
    for (int t = 0; t < blocks * threads; t++) {
        unsigned u = (unsigned)t + (unsigned)offset;
        wrong += have[t] != (passed(kind, (int)u, u, (long long)t + offset, n) ? 1 : 2);
    }
    return wrong;
}

template <int kind> static int check_all(Array<unsigned char> &out, const std::vector<int> &bounds, int offset) {
    int wrong = 0;
    for (int n : bounds)
        wrong += check_one<kind>(out, n, offset);
    if constexpr (kind < 12)
        wrong += check_all<kind + 1>(out, bounds, offset);
    return wrong;
}

__global__ void two(unsigned char *out, int width, int height, int pitch) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    bool inner = x > 0 && y > 0 && x < width - 1 && y < height - 1;
    out[y * pitch + x] = inner ? 7 : 3;
}

int main() {
    Array<unsigned char> out(900);
    std::vector<int> bounds = {-5, 0, 1, 4, 99, 100, 101, 250, 600, 899, 900, 901, 5000, INT_MAX - 1};
    std::printf("1-D guards: %d wrong\n", check_all<0>(out, bounds, 0));

    const int width = 75, height = 53, pitch = 96, rows = 64;
    Array<unsigned char> image(std::vector<unsigned char>(pitch * rows, 1));
    two<<<dim3(6, 8), dim3(16, 8)>>>(image, width, height, pitch);
    CHECK_LAUNCH();
    std::vector<unsigned char> have = image.host();
    int wrong = 0;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < pitch; x++) {
            int want = x >= width || y >= height ? 1 : x > 0 && y > 0 && x < width - 1 && y < height - 1 ? 7 : 3;
            wrong += have[y * pitch + x] != want;
        }
    std::printf("2-D guards: %d wrong\n", wrong);

    // Unsigned arithmetic wraps by definition, and the signed index is made from it.
    wrong = 0;
    for (int offset : {INT_MAX - 450, -450, INT_MIN, INT_MAX - 899}) {
        for (int n : bounds)
            wrong += check_one<4>(out, n, offset) + check_one<5>(out, n, offset) + check_one<6>(out, n, offset);
        wrong += check_one<0>(out, 10, offset) + check_one<1>(out, -10, offset) + check_one<3>(out, INT_MAX, offset);
    }
    std::printf("wrapped indices: %d wrong\n", wrong);
    return 0;
}
