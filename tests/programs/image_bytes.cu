// SPDX-License-Identifier: Apache-2.0
// Unsigned char images: 2-D grids with ragged edges, uchar3 and uchar4 pixels, clamping, byte stores that keep neighbours.
// EXPECT: grey: ok
// EXPECT: inverted uchar4: ok
// EXPECT: blur: ok
// EXPECT: checksum 188
#include "check.h"

const int width = 201, height = 77;

__host__ __device__ unsigned char grey_of(uchar3 c) { return static_cast<unsigned char>((c.x * 77 + c.y * 150 + c.z * 29) >> 8); }

__global__ void grey(const uchar3 *in, unsigned char *out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        out[y * width + x] = grey_of(in[y * width + x]);
}

__global__ void invert(uchar4 *pixels) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x >= width || y >= height)
        return;
    uchar4 &p = pixels[y * width + x];
    p.x = 255 - p.x;
    p.z = ~p.z;
}

__host__ __device__ unsigned char blur_at(const unsigned char *in, int x, int y) {
    int sum = 0;
    for (int dy = -2; dy <= 2; dy++)
        for (int dx = -2; dx <= 2; dx++) {
            int sx = x + dx < 0 ? 0 : x + dx >= width ? width - 1 : x + dx;
            int sy = y + dy < 0 ? 0 : y + dy >= height ? height - 1 : y + dy;
            sum += in[sy * width + sx];
        }
    return static_cast<unsigned char>(sum / 25);
}

__global__ void blur(const unsigned char *in, unsigned char *out) {
    int x = blockIdx.x * blockDim.x + threadIdx.x, y = blockIdx.y * blockDim.y + threadIdx.y;
    if (x < width && y < height)
        out[y * width + x] = blur_at(in, x, y);
}

int main() {
    const int count = width * height;
    Random random(3);
    std::vector<uchar3> colours(count);
    std::vector<unsigned char> want(count), want_blur(count);
    for (int i = 0; i < count; i++) {
        colours[i].x = random.below(256); // one by one: arguments are evaluated in any order
        colours[i].y = random.below(256);
        colours[i].z = random.below(256);
        want[i] = grey_of(colours[i]);
    }
    dim3 block(16, 8), grid((width + 15) / 16, (height + 7) / 8);
    Array<uchar3> in(colours);
    Array<unsigned char> out(count), blurred(count);
    grey<<<grid, block>>>(in, out);
    CHECK_LAUNCH();
    same("grey", out.host(), want);

    std::vector<uchar4> pixels(count);
    std::vector<int> want_words, have_words;
    for (int i = 0; i < count; i++) {
        pixels[i] = make_uchar4(i, i >> 3, i >> 5, i % 7);
        want_words.push_back((255 - (i & 255)) | (i >> 3 & 255) << 8 | (255 - (i >> 5 & 255)) << 16 | (i % 7) << 24);
    }
    Array<uchar4> device_pixels(pixels);
    invert<<<grid, block>>>(device_pixels);
    CHECK_LAUNCH();
    for (uchar4 p : device_pixels.host())
        have_words.push_back(p.x | p.y << 8 | p.z << 16 | p.w << 24);
    same("inverted uchar4", have_words, want_words);

    blur<<<grid, block>>>(out, blurred);
    CHECK_LAUNCH();
    unsigned checksum = 0;
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            want_blur[y * width + x] = blur_at(want.data(), x, y);
            checksum = (checksum * 31 + want_blur[y * width + x]) % 9973;
        }
    same("blur", blurred.host(), want_blur);
    std::printf("checksum %u\n", checksum);
    return 0;
}
