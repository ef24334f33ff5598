// SPDX-License-Identifier: Apache-2.0
// Documented misuses of texture and surface references (CUDA Runtime API 11, "Texture Reference Management").
// EXPECT: errors: 20 of 20
// NVCC: skip CUDA 12 removed them
#include "check.h"

texture<int, cudaTextureType1D> numbers;
texture<float, cudaTextureType2D> plane;
surface<void, cudaSurfaceType2D> image;

__global__ void read(int *out) { *out = tex1Dfetch(numbers, 0) + static_cast<int>(tex2D(plane, 0.5f, 0.5f)); }

static int right, rows;

static void expect(const char *call, cudaError_t want, cudaError_t got) {
    rows++;
    right += want == got && cudaGetLastError() == want;
    if (want != got) {
        std::printf("%s: %s instead of %s\n", call, cudaGetErrorName(got), cudaGetErrorName(want));
    }
}
#define EXPECT(want, call) expect(#call, cudaError##want, call)

int main() {
    Array<int> cells(256);
    cudaArray_t array;
    cudaChannelFormatDesc whole = cudaCreateChannelDesc<int>(), none = {0, 0, 0, 0, cudaChannelFormatKindNone};
    textureReference unknown = {};
    surfaceReference no_surface = {};
    const textureReference *found;
    const surfaceReference *surface_found;
    size_t offset;
    int host[4];
    CHECK(cudaMallocArray(&array, &whole, 4, 4));
    EXPECT(InvalidTexture, cudaBindTexture(&offset, &unknown, cells, &whole, 16));
    EXPECT(InvalidTexture, cudaBindTexture(&offset, static_cast<textureReference *>(nullptr), cells, &whole, 16));
    EXPECT(InvalidValue, cudaBindTexture(nullptr, numbers, cells + 1, 16)); /* an offset, and no place for it */
    EXPECT(InvalidValue, cudaBindTexture(nullptr, numbers, host, 16));
    EXPECT(InvalidValue, cudaBindTexture(nullptr, &numbers, cells, static_cast<cudaChannelFormatDesc *>(nullptr), 16));
    EXPECT(InvalidChannelDescriptor, cudaBindTexture(nullptr, numbers, cells, none, 16));
    EXPECT(InvalidValue, cudaBindTexture2D(nullptr, numbers, cells, 16, 2, 63));
    EXPECT(InvalidTexture, cudaBindTexture2D(nullptr, &unknown, cells, &whole, 16, 2, 64));
    EXPECT(InvalidResourceHandle, cudaBindTextureToArray(plane, reinterpret_cast<cudaArray_t>(host)));
    EXPECT(InvalidValue, cudaBindTextureToArray(plane, array, cudaCreateChannelDesc<float>()));
    EXPECT(InvalidResourceHandle, cudaBindTextureToMipmappedArray(plane, reinterpret_cast<cudaMipmappedArray_t>(host)));
    EXPECT(InvalidTexture, cudaUnbindTexture(&unknown));
    EXPECT(InvalidValue, cudaGetTextureAlignmentOffset(nullptr, plane));
    EXPECT(InvalidTextureBinding, cudaGetTextureAlignmentOffset(&offset, plane));
    EXPECT(InvalidTexture, cudaGetTextureReference(&found, &unknown));
    EXPECT(InvalidSurface, cudaBindSurfaceToArray(&no_surface, array, &whole));
    EXPECT(InvalidResourceHandle, cudaBindSurfaceToArray(image, static_cast<cudaArray_t>(nullptr)));
    EXPECT(InvalidSurface, cudaGetSurfaceReference(&surface_found, &unknown));
    EXPECT(InvalidSymbol, cudaMemcpyToSymbol(numbers, host, 4)); /* no variable */
    CHECK(cudaBindTexture(nullptr, numbers, cells));
    CHECK(cudaBindTextureToArray(plane, array));
    plane.filterMode = cudaFilterModeLinear; /* of integers that stay such: the launch finds out */
    read<<<1, 1>>>(cells);
    EXPECT(InvalidFilterSetting, cudaPeekAtLastError());
    std::printf("errors: %d of %d\n", right, rows);
    return 0;
}
