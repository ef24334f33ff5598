// SPDX-License-Identifier: Apache-2.0
// Tiled matrix product: shared memory, two barriers a tile, ragged sizes, a tile size given as a template argument.
// EXPECT: 64 x 64 x 64, tile 16: ok
// EXPECT: 75 x 130 x 51, tile 16: ok
// EXPECT: 75 x 130 x 51, tile 8: ok
// EXPECT: 33 x 1 x 100, tile 32: ok
#include "check.h"

template <int Tile>
__global__ void multiply(const float *a, const float *b, float *c, int rows, int inner, int columns) {
    __shared__ float tile_a[Tile][Tile], tile_b[Tile][Tile + 1];
    int x = threadIdx.x, y = threadIdx.y, row = blockIdx.y * Tile + y, column = blockIdx.x * Tile + x;
    float sum = 0.0f;
    for (int start = 0; start < inner; start += Tile) {
        tile_a[y][x] = row < rows && start + x < inner ? a[row * inner + start + x] : 0.0f;
        tile_b[y][x] = start + y < inner && column < columns ? b[(start + y) * columns + column] : 0.0f;
        __syncthreads();
#pragma unroll
        for (int k = 0; k < Tile; k++)
            sum += tile_a[y][k] * tile_b[k][x];
        __syncthreads();
    }
    if (row < rows && column < columns)
        c[row * columns + column] = sum;
}

template <int Tile> static void test(int rows, int inner, int columns) {
    Random random(5);
    std::vector<float> a(rows * inner), b(inner * columns), want(rows * columns, 0.0f);
    for (float &v : a)
        v = static_cast<float>(random.below(17) - 8);
    for (float &v : b)
        v = static_cast<float>(random.below(17) - 8);
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < inner; k++)
            for (int j = 0; j < columns; j++)
                want[i * columns + j] += a[i * inner + k] * b[k * columns + j];
    Array<float> device_a(a), device_b(b), c(want.size());
    multiply<Tile><<<dim3((columns + Tile - 1) / Tile, (rows + Tile - 1) / Tile), dim3(Tile, Tile)>>>(device_a, device_b, c, rows,
                                                                                              inner, columns);
    CHECK_LAUNCH();
    char name[80];
    std::snprintf(name, sizeof name, "%d x %d x %d, tile %d", rows, inner, columns, Tile);
    same(name, c.host(), want);
}

int main() {
    test<16>(64, 64, 64);
    test<16>(75, 130, 51);
    test<8>(75, 130, 51);
    test<32>(33, 1, 100);
    return 0;
}
