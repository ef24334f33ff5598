// SPDX-License-Identifier: Apache-2.0
// Texture and surface references (CUDA C++ Programming Guide 11, "Texture Reference API"), which programs older than CUDA 12 hold:
// linear and pitched memory, arrays, mipmaps, layers and cubemaps, read modes, fields that change between launches, rebinding
// between launches that were not waited for, offsets.
// EXPECT: linear: 1 4 9
// EXPECT: aligned down: 16 4
// EXPECT: pitched: 21 22
// EXPECT: filtered: 0.5 then 1
// EXPECT: normalised: 1
// EXPECT: border: 0
// EXPECT: volume: 7
// EXPECT: layer: 3
// EXPECT: cube face: 5
// EXPECT: level: 1
// EXPECT: gather: 3 4 2 1
// EXPECT: surface: 6
// EXPECT: ping-pong: 0 1 2 3 4 5 6 7
// EXPECT: graph: 2
// NVCC: skip CUDA 12 removed them
#include "check.h"

#include <vector>

texture<float> line;
static texture<int4, cudaTextureType1D, cudaReadModeElementType> quads;
texture<unsigned char, 2, cudaReadModeNormalizedFloat> bytes(1, cudaFilterModePoint, cudaAddressModeBorder);
texture<float, cudaTextureType2D> plane;
texture<float, cudaTextureType3D> volume;
texture<float, cudaTextureType2DLayered> layers;
texture<float, cudaTextureTypeCubemap> cube;
texture<float, cudaTextureType2D> levels;
namespace inner {
texture<int, 1> numbers;
}
surface<void, cudaSurfaceType2D> written;

__global__ void read_line(float *out) { out[threadIdx.x] = tex1Dfetch(line, threadIdx.x); }
__global__ void read_quads(int *out, int at) { *out = tex1Dfetch(quads, at).x; }
__global__ void read_plane(float *out, float x, float y) { *out = tex2D(plane, x, y); }
__global__ void read_bytes(float *out, float x) { *out = tex2D(bytes, x, 0.5f); }
__global__ void read_volume(float *out) { *out = tex3D(volume, 1.5f, 1.5f, 1.5f); }
__global__ void read_layer(float *out) { *out = tex2DLayered(layers, 0.5f, 0.5f, 1); }
__global__ void read_cube(float *out) { *out = texCubemap(cube, 0, 0, -1); }
__global__ void read_level(float *out) { *out = tex2DLod(levels, 0.5f, 0.5f, 1); }
__global__ void gather(float4 *out) { *out = tex2Dgather(plane, 1, 1); }
__global__ void step(int *out) { *out = tex1Dfetch(inner::numbers, 0) + 1; }
__global__ void twice() {
    float value;
    surf2Dread(&value, written, 4, 0);
    surf2Dwrite(2 * value, written, 4, 0);
}

static cudaArray_t array_of(const std::vector<float> &values, size_t width, size_t height, size_t depth = 0, unsigned flags = 0) {
    cudaChannelFormatDesc desc = cudaCreateChannelDesc<float>();
    cudaArray_t array;
    CHECK(cudaMalloc3DArray(&array, &desc, make_cudaExtent(width, height, depth), flags));
    cudaMemcpy3DParms copy = {};
    copy.srcPtr = make_cudaPitchedPtr(const_cast<float *>(values.data()), width * sizeof(float), width, height);
    copy.dstArray = array;
    copy.extent = make_cudaExtent(width, height, depth ? depth : 1);
    copy.kind = cudaMemcpyHostToDevice;
    CHECK(cudaMemcpy3D(&copy));
    return array;
}

static std::vector<float> rising(int count) {
    std::vector<float> values(count);
    for (int i = 0; i < count; i++) {
        values[i] = static_cast<float>(i);
    }
    return values;
}

static Array<float> out(32);

template <class... T> static float result(void (*kernel)(float *, T...), T... arguments) {
    kernel<<<1, 1>>>(out, arguments...);
    CHECK_LAUNCH();
    return out.host()[0];
}

static void memory() {
    std::vector<float> squares(32);
    for (int i = 0; i < 32; i++) {
        squares[i] = static_cast<float>(i * i);
    }
    Array<float> data(squares);
    size_t offset = 1;
    CHECK(cudaBindTexture(nullptr, line, data));
    read_line<<<1, 32>>>(out);
    CHECK_LAUNCH();
    std::vector<float> got = out.host();
    std::printf("linear: %g %g %g\n", got[1], got[2], got[3]);

    std::vector<int> many(64);
    for (int i = 0; i < 64; i++) {
        many[i] = i / 4;
    }
    Array<int> numbers(many), one(1);
    CHECK(cudaBindTexture(&offset, quads, (int *)numbers + 4, 64 * sizeof(int)));
    read_quads<<<1, 1>>>(one, static_cast<int>(offset / sizeof(int4)) + 3);
    CHECK_LAUNCH();
    size_t again = 0;
    CHECK(cudaGetTextureAlignmentOffset(&again, quads));
    std::printf("aligned down: %zu %d\n", again, again == offset ? one.host()[0] : -1);

    size_t pitch;
    float *rows;
    CHECK(cudaMallocPitch(&rows, &pitch, 10 * sizeof(float), 4));
    std::vector<float> values = rising(40);
    CHECK(cudaMemcpy2D(rows, pitch, values.data(), 40, 40, 4, cudaMemcpyHostToDevice));
    CHECK(cudaBindTexture2D(&offset, plane, rows, 10, 4, pitch));
    float first = result(read_plane, 1.5f, 2.5f), second = result(read_plane, 2.5f, 2.5f);
    std::printf("pitched: %g %g\n", first, second);
    CHECK(cudaUnbindTexture(plane));
    CHECK(cudaFree(rows));
}

static void arrays() {
    cudaArray_t flat = array_of({0, 1, 2, 3, 4, 5, 6, 7}, 2, 4);
    CHECK(cudaBindTextureToArray(plane, flat));
    plane.filterMode = cudaFilterModeLinear;
    float filtered = result(read_plane, 1.0f, 0.5f);
    plane.filterMode = cudaFilterModePoint; /* after the binding */
    std::printf("filtered: %g then %g\n", filtered, result(read_plane, 1.0f, 0.5f));

    unsigned char white[4] = {255, 255, 255, 255};
    cudaArray_t small;
    CHECK(cudaMallocArray(&small, &bytes.channelDesc, 4, 1));
    CHECK(cudaMemcpy2DToArray(small, 0, 0, white, 4, 4, 1, cudaMemcpyHostToDevice));
    CHECK(cudaBindTextureToArray(bytes, small, bytes.channelDesc));
    std::printf("normalised: %g\n", result(read_bytes, 0.4f));
    std::printf("border: %g\n", result(read_bytes, 1.2f));

    cudaArray_t deep = array_of(rising(8), 2, 2, 2);
    CHECK(cudaBindTextureToArray(volume, deep));
    std::printf("volume: %g\n", result(read_volume));
    cudaArray_t sheets = array_of({0, 1, 2, 3, 4, 5, 6, 7, 8}, 3, 1, 3, cudaArrayLayered);
    CHECK(cudaBindTextureToArray(layers, sheets));
    std::printf("layer: %g\n", result(read_layer));
    cudaArray_t faces = array_of(rising(6), 1, 1, 6, cudaArrayCubemap);
    cube.normalized = 1;
    CHECK(cudaBindTextureToArray(cube, faces));
    std::printf("cube face: %g\n", result(read_cube));

    cudaMipmappedArray_t pyramid;
    cudaChannelFormatDesc desc = cudaCreateChannelDesc<float>();
    CHECK(cudaMallocMipmappedArray(&pyramid, &desc, make_cudaExtent(2, 2, 0), 2));
    for (unsigned i = 0; i < 2; i++) {
        cudaArray_t level;
        std::vector<float> values(4, static_cast<float>(i));
        CHECK(cudaGetMipmappedArrayLevel(&level, pyramid, i));
        CHECK(cudaMemcpy2DToArray(level, 0, 0, values.data(), 4 * (2 - i), 4 * (2 - i), 2 - i, cudaMemcpyHostToDevice));
    }
    levels.normalized = 1;
    levels.maxMipmapLevelClamp = 1;
    CHECK(cudaBindTextureToMipmappedArray(levels, pyramid, desc));
    std::printf("level: %g\n", result(read_level));

    Array<float4> four(1);
    cudaArray_t square = array_of({1, 2, 3, 4}, 2, 2);
    CHECK(cudaBindTextureToArray(plane, square));
    gather<<<1, 1>>>(four);
    CHECK_LAUNCH();
    float4 texels = four.host()[0];
    std::printf("gather: %g %g %g %g\n", texels.x, texels.y, texels.z, texels.w);

    cudaArray_t target = array_of({1, 3}, 2, 1, 0, cudaArraySurfaceLoadStore);
    float pair[2];
    CHECK(cudaBindSurfaceToArray(written, target));
    twice<<<1, 1>>>();
    CHECK_LAUNCH();
    CHECK(cudaMemcpy2DFromArray(pair, 8, target, 0, 0, 8, 1, cudaMemcpyDeviceToHost));
    std::printf("surface: %g\n", pair[1]);
    for (cudaArray_t array : {flat, small, deep, sheets, faces, square, target}) {
        CHECK(cudaFreeArray(array));
    }
    CHECK(cudaFreeMipmappedArray(pyramid));
}

/* Each launch reads what was bound when it was made. */
static void ping_pong() {
    Array<int> cells(8 * 128);
    CHECK(cudaMemset(cells, 0, 8 * 128 * sizeof(int)));
    for (int i = 0; i < 7; i++) {
        CHECK(cudaBindTexture(nullptr, inner::numbers, (int *)cells + 128 * i, 512));
        step<<<1, 1>>>((int *)cells + 128 * (i + 1));
    }
    CHECK_LAUNCH();
    std::vector<int> got = cells.host();
    std::printf("ping-pong:");
    for (int i = 0; i < 8; i++) {
        std::printf(" %d", got[128 * i]);
    }
    std::printf("\n");

    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    step<<<1, 1, 0, stream>>>(cells);
    CHECK(cudaStreamEndCapture(stream, &graph));
    CHECK(cudaGraphInstantiate(&exec, graph, 0));
    CHECK(cudaBindTexture(nullptr, inner::numbers, (int *)cells + 128, 512));
    CHECK(cudaGraphLaunch(exec, stream));
    CHECK(cudaStreamSynchronize(stream));
    std::printf("graph: %d\n", cells.host()[0]);
    CHECK(cudaGraphExecDestroy(exec));
    CHECK(cudaGraphDestroy(graph));
    CHECK(cudaStreamDestroy(stream));
}

int main() {
    memory();
    arrays();
    ping_pong();
    return 0;
}
