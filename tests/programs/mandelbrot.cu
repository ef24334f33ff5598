// SPDX-License-Identifier: Apache-2.0
// Mandelbrot with a complex number class and operators: divergent loops over a 2-D grid, counted exactly.
// EXPECT: 301 x 203: ok
// EXPECT: inside the set: 13015 points
#include "check.h"

template <typename T> struct Complex {
    T re, im;
    __host__ __device__ Complex operator+(Complex o) const { return {re + o.re, im + o.im}; }
    __host__ __device__ Complex operator*(Complex o) const { return {re * o.re - im * o.im, re * o.im + im * o.re}; }
    __host__ __device__ T norm() const { return re * re + im * im; }
};

/* Fixed point with 28 bits behind the point, so that host and device agree to the last bit. */
struct Fixed {
    long long raw;
    __host__ __device__ Fixed operator+(Fixed o) const { return {raw + o.raw}; }
    __host__ __device__ Fixed operator-(Fixed o) const { return {raw - o.raw}; }
    __host__ __device__ Fixed operator*(Fixed o) const { return {(raw * o.raw) >> 28}; }
};

__host__ __device__ int iterations(int x, int y) {
    const long long one = 1ll << 28;
    Complex<Fixed> c = {{(x - 200) * one / 100}, {(y - 101) * one / 85}}, z = {{0}, {0}};
    int n = 0;
    while (n < 200 && z.norm().raw <= 4 * one) {
        z = z * z + c;
        n++;
    }
    return n;
}

__global__ void mandelbrot(int *out, int width, int height) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        out[y * width + x] = iterations(x, y);
}

int main() {
    const int width = 301, height = 203;
    Array<int> out(width * height);
    mandelbrot<<<dim3((width + 15) / 16, (height + 15) / 16), dim3(16, 16)>>>(out, width, height);
    CHECK_LAUNCH();
    std::vector<int> want;
    int inside = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            want.push_back(iterations(x, y));
            inside += want.back() == 200;
        }
    same("301 x 203", out.host(), want);
    std::printf("inside the set: %d points\n", inside);
    return 0;
}
