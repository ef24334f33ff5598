// SPDX-License-Identifier: Apache-2.0
// Conway's game of life on a torus: shared tiles with a halo, double buffering, many launches, bytes.
// EXPECT: 100 generations of a random field: ok
// EXPECT: glider after 80 generations: moved by 20 20
#include "check.h"

const int width = 90, height = 61;

__global__ void generation(const unsigned char *in, unsigned char *out) {
    __shared__ unsigned char tile[10][34];
    int x0 = blockIdx.x * 32 - 1, y0 = blockIdx.y * 8 - 1;
    for (int i = threadIdx.y * 32 + threadIdx.x; i < 340; i += 256) {
        int x = (x0 + i % 34 + width) % width, y = (y0 + i / 34 + height) % height;
        tile[i / 34][i % 34] = in[y * width + x];
    }
    __syncthreads();
    int x = x0 + 1 + threadIdx.x, y = y0 + 1 + threadIdx.y;
    if (x >= width || y >= height)
        return;
    int neighbours = 0;
    for (int dy = 0; dy < 3; dy++)
        for (int dx = 0; dx < 3; dx++)
            if (dx != 1 || dy != 1)
                neighbours += tile[threadIdx.y + dy][threadIdx.x + dx];
    bool alive = tile[threadIdx.y + 1][threadIdx.x + 1];
    out[y * width + x] = neighbours == 3 || (alive && neighbours == 2);
}

typedef std::vector<unsigned char> Field;

static Field run(const Field &start, int generations) {
    Array<unsigned char> a(start), b(start.size());
    unsigned char *in = a, *out = b;
    for (int i = 0; i < generations; i++) {
        generation<<<dim3((width + 31) / 32, (height + 7) / 8), dim3(32, 8)>>>(in, out);
        std::swap(in, out);
    }
    CHECK_LAUNCH();
    return in == a.data ? a.host() : b.host();
}

int main() {
    Random random(8);
    Field field(width * height), want, next(width * height);
    for (unsigned char &cell : field)
        cell = random.below(3) == 0;
    want = field;
    for (int i = 0; i < 100; i++) {
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) {
                int neighbours = 0;
                for (int dy = -1; dy <= 1; dy++)
                    for (int dx = -1; dx <= 1; dx++)
                        if (dx || dy)
                            neighbours += want[(y + dy + height) % height * width + (x + dx + width) % width];
                next[y * width + x] = neighbours == 3 || (want[y * width + x] && neighbours == 2);
            }
        want = next;
    }
    same("100 generations of a random field", run(field, 100), want);
    Field glider(width * height, 0);
    const int cells[5][2] = {{1, 0}, {2, 1}, {0, 2}, {1, 2}, {2, 2}};
    for (auto &c : cells)
        glider[c[1] * width + c[0]] = 1;
    Field after = run(glider, 80);
    for (int dy = 0; dy < 30; dy++)
        for (int dx = 0; dx < 30; dx++) {
            bool here = true;
            for (auto &c : cells)
                here = here && after[(c[1] + dy) * width + c[0] + dx];
            if (here)
                std::printf("glider after 80 generations: moved by %d %d\n", dx, dy);
        }
    return 0;
}
