// SPDX-License-Identifier: Apache-2.0
// Every copy that names an array: from and to the host, device memory and other arrays, in one, two and three dimensions,
// at offsets, in streams. What arrives is compared with the same copies done on plain vectors.
// EXPECT: 2D: ok
// EXPECT: 2D in a stream: ok
// EXPECT: array to array: ok
// EXPECT: 3D: ok
// EXPECT: device memory: ok
// EXPECT: mipmap levels: ok
#include "check.h"

#include <cstring>

static const size_t W = 20, H = 9, D = 4;
static bool good = true;

static void verdict(const char *name, bool fine) {
    std::printf("%s: %s\n", name, fine ? "ok" : "wrong");
    good &= fine;
}

static std::vector<int2> numbers(size_t count, int seed) {
    std::vector<int2> values(count);
    for (size_t i = 0; i < count; i++)
        values[i] = make_int2((int)i + seed, -(int)i);
    return values;
}

static bool equal(const std::vector<int2> &a, const std::vector<int2> &b) {
    return a.size() == b.size() && memcmp(a.data(), b.data(), a.size() * sizeof(int2)) == 0;
}

static cudaArray_t make(size_t w, size_t h, size_t d) {
    cudaArray_t array;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<int2>();
    CHECK(cudaMalloc3DArray(&array, &format, make_cudaExtent(w, h, d)));
    return array;
}

static std::vector<int2> whole(cudaArray_t array) {
    std::vector<int2> values(W * H);
    CHECK(cudaMemcpy2DFromArray(values.data(), W * 8, array, 0, 0, W * 8, H, cudaMemcpyDeviceToHost));
    return values;
}

/* A block of `w` x `h` elements from one picture of width W into another. */
static void move(std::vector<int2> &to, size_t tx, size_t ty, const std::vector<int2> &from, size_t fx, size_t fy, size_t w, size_t h) {
    for (size_t y = 0; y < h; y++)
        for (size_t x = 0; x < w; x++)
            to[(ty + y) * W + tx + x] = from[(fy + y) * W + fx + x];
}

static void flat() {
    cudaArray_t a = make(W, H, 0), b = make(W, H, 0);
    std::vector<int2> picture = numbers(W * H, 7), other = numbers(W * H, 1000), want = picture;
    CHECK(cudaMemcpy2DToArray(a, 0, 0, picture.data(), W * 8, W * 8, H, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy2DToArray(a, 3 * 8, 2, &other[4 * W + 1], W * 8, 10 * 8, 5, cudaMemcpyHostToDevice));
    move(want, 3, 2, other, 1, 4, 10, 5);
    std::vector<int2> part(10 * 5), part_want(10 * 5);
    CHECK(cudaMemcpy2DFromArray(part.data(), 10 * 8, a, 5 * 8, 1, 10 * 8, 5, cudaMemcpyDeviceToHost));
    for (size_t i = 0; i < part.size(); i++)
        part_want[i] = want[(1 + i / 10) * W + 5 + i % 10];
    verdict("2D", equal(whole(a), want) && equal(part, part_want));

    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    std::vector<int2> back(W * H);
    CHECK(cudaMemcpy2DToArrayAsync(b, 0, 0, other.data(), W * 8, W * 8, H, cudaMemcpyHostToDevice, stream));
    CHECK(cudaMemcpy2DFromArrayAsync(back.data(), W * 8, b, 0, 0, W * 8, H, cudaMemcpyDeviceToHost, stream));
    CHECK(cudaStreamSynchronize(stream));
    CHECK(cudaStreamDestroy(stream));
    verdict("2D in a stream", equal(back, other));

    CHECK(cudaMemcpy2DArrayToArray(b, 2 * 8, 1, a, 7 * 8, 3, 6 * 8, 4));
    std::vector<int2> merged = other;
    move(merged, 2, 1, want, 7, 3, 6, 4);
    verdict("array to array", equal(whole(b), merged));
    CHECK(cudaFreeArray(a));
    CHECK(cudaFreeArray(b));
}

static void solid() {
    cudaArray_t a = make(W, H, D), b = make(W, H, D);
    std::vector<int2> volume = numbers(W * H * D, 3), back(W * H * D), box(5 * 4 * 2), box_want(5 * 4 * 2);
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(volume.data(), W * 8, W, H);
    copy.dstArray = a;
    copy.extent = make_cudaExtent(W, H, D);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    /* Between arrays all of it, then a box out of the second. */
    cudaMemcpy3DParms between = {};
    between.srcArray = a;
    between.dstArray = b;
    between.extent = make_cudaExtent(W, H, D);
    between.kind = cudaMemcpyDeviceToDevice;
    CHECK(cudaMemcpy3DAsync(&between, 0));
    cudaMemcpy3DParms out = {};
    out.srcArray = b;
    out.dstPtr = make_cudaPitchedPtr(back.data(), W * 8, W, H);
    out.extent = make_cudaExtent(W, H, D);
    out.kind = cudaMemcpyDeviceToHost;
    CHECK(cudaMemcpy3D(&out));
    out.srcPos = make_cudaPos(6, 2, 1);
    out.dstPtr = make_cudaPitchedPtr(box.data(), 5 * 8, 5, 4);
    out.extent = make_cudaExtent(5, 4, 2);
    CHECK(cudaMemcpy3D(&out));
    for (size_t i = 0; i < box.size(); i++)
        box_want[i] = volume[((1 + i / 20) * H + 2 + i / 5 % 4) * W + 6 + i % 5];
    verdict("3D", equal(back, volume) && equal(box, box_want));
    CHECK(cudaFreeArray(a));
    CHECK(cudaFreeArray(b));
}

static void device() {
    cudaArray_t a = make(W, H, 0);
    std::vector<int2> picture = numbers(W * H, 70), back(W * H);
    int2 *memory;
    size_t pitch;
    CHECK(cudaMallocPitch((void **)&memory, &pitch, W * 8, H));
    CHECK(cudaMemcpy2D(memory, pitch, picture.data(), W * 8, W * 8, H, cudaMemcpyHostToDevice));
    CHECK(cudaMemcpy2DToArray(a, 0, 0, memory, pitch, W * 8, H, cudaMemcpyDeviceToDevice));
    bool fine = equal(whole(a), picture);
    CHECK(cudaMemset2D(memory, pitch, 0, W * 8, H));
    CHECK(cudaMemcpy2DFromArray(memory, pitch, a, 0, 0, W * 8, H, cudaMemcpyDefault));
    CHECK(cudaMemcpy2D(back.data(), W * 8, memory, pitch, W * 8, H, cudaMemcpyDeviceToHost));
    verdict("device memory", fine && equal(back, picture));
    CHECK(cudaFree(memory));
    CHECK(cudaFreeArray(a));
}

static void levels() {
    cudaMipmappedArray_t mipmap;
    cudaChannelFormatDesc format = cudaCreateChannelDesc<int2>();
    CHECK(cudaMallocMipmappedArray(&mipmap, &format, make_cudaExtent(W, H, 0), 4));
    bool fine = true;
    for (unsigned l = 0; l < 4; l++) {
        cudaArray_t level;
        CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, l));
        std::vector<int2> values = numbers((W >> l) * (H >> l), (int)l);
        CHECK(cudaMemcpy2DToArray(level, 0, 0, values.data(), (W >> l) * 8, (W >> l) * 8, H >> l, cudaMemcpyHostToDevice));
    }
    for (unsigned l = 0; l < 4; l++) {
        cudaArray_t level;
        CHECK(cudaGetMipmappedArrayLevel(&level, mipmap, l));
        std::vector<int2> back((W >> l) * (H >> l));
        CHECK(cudaMemcpy2DFromArray(back.data(), (W >> l) * 8, level, 0, 0, (W >> l) * 8, H >> l, cudaMemcpyDeviceToHost));
        fine &= equal(back, numbers((W >> l) * (H >> l), (int)l));
    }
    verdict("mipmap levels", fine);
    CHECK(cudaFreeMipmappedArray(mipmap));
}

int main() {
    flat();
    solid();
    device();
    levels();
    return !good;
}
