// SPDX-License-Identifier: Apache-2.0
// OpenGL's buffers and textures as graphics resources: registering, mapping, flags, what comes back, OpenGL's state left as
// it was, and CUDA's errors. The runtime takes OpenGL from the program's process; here that is a small one of the
// program's own, so that the test needs no display.
// RUN: -Xlinker --export-dynamic
// NVCC: skip NVIDIA's runtime shares with NVIDIA's OpenGL only
// EXPECT: no context: cudaErrorInvalidGraphicsContext
// EXPECT: buffer: 2 4 6 8
// EXPECT: read only: 2 4 6 8
// EXPECT: discarded: 9 9 9 9
// EXPECT: texture: 10 21 32 43 54 65
// EXPECT: by name: 18 18 18 18
// EXPECT: state: ok
// EXPECT: errors: ok
// EXPECT: driver API: 36 36 36 36
// EXPECT: driver API, texture: 20 31 42 53 64 75
// EXPECT: driver API, by name: 16 3 3 3 3
#include "check.h"

#include <cstring>

#if __has_include(<GL/gl.h>)
#include <cudaGL.h>
#include <cuda_gl_interop.h>
#else
#include <cuda.h>
#define cuGLMapBufferObject cuGLMapBufferObject_v2
extern "C" {
CUresult cuGraphicsGLRegisterBuffer(CUgraphicsResource *, unsigned, unsigned);
CUresult cuGraphicsGLRegisterImage(CUgraphicsResource *, unsigned, unsigned, unsigned);
CUresult cuGLRegisterBufferObject(unsigned);
CUresult cuGLMapBufferObject(CUdeviceptr *, size_t *, unsigned);
CUresult cuGLUnmapBufferObject(unsigned);
CUresult cuGLUnregisterBufferObject(unsigned);
cudaError_t cudaGraphicsGLRegisterImage(cudaGraphicsResource **, unsigned, unsigned, unsigned);
cudaError_t cudaGraphicsGLRegisterBuffer(cudaGraphicsResource **, unsigned, unsigned);
cudaError_t cudaGLRegisterBufferObject(unsigned);
cudaError_t cudaGLMapBufferObject(void **, unsigned);
cudaError_t cudaGLUnmapBufferObject(unsigned);
cudaError_t cudaGLUnregisterBufferObject(unsigned);
}
#endif

/* ---- An OpenGL with one buffer, 7, and one texture, 5: 3 x 2 elements of one 32-bit float ---- */

static bool context = false;
static float buffer[4], image[6];
static int bound_buffer = 3, bound_texture = 4, pack[2] = {4, 17}, reads = 0;

#define SHOWN extern "C" __attribute__((visibility("default"), used))
SHOWN const unsigned char *glGetString(unsigned) { return context ? (const unsigned char *)"4.6" : nullptr; }
SHOWN unsigned glGetError() { return 0; }
SHOWN void glGetIntegerv(unsigned name, int *value) {
    *value = name == 0x8894 ? bound_buffer : name == 0x8069 ? bound_texture : name == 0x0d05 ? pack[0] : name == 0x0d02 ? pack[1] : 0;
}
SHOWN void glPixelStorei(unsigned name, int value) {
    if (name == 0x0d05 || name == 0x0d02)
        pack[name == 0x0d02] = value;
}
SHOWN unsigned char glIsBuffer(unsigned name) { return name == 7; }
SHOWN void glBindBuffer(unsigned target, unsigned name) {
    if (target == 0x8892)
        bound_buffer = (int)name;
}
SHOWN void glGetBufferParameteriv(unsigned, unsigned, int *value) { *value = bound_buffer == 7 ? sizeof buffer : 0; }
SHOWN void glGetBufferSubData(unsigned, ptrdiff_t offset, ptrdiff_t size, void *data) {
    reads++;
    memcpy(data, (char *)buffer + offset, (size_t)size);
}
SHOWN void glBufferSubData(unsigned, ptrdiff_t offset, ptrdiff_t size, const void *data) {
    memcpy((char *)buffer + offset, data, (size_t)size);
}
SHOWN unsigned char glIsTexture(unsigned name) { return name == 5; }
SHOWN void glBindTexture(unsigned, unsigned name) { bound_texture = (int)name; }
SHOWN void glGetTexLevelParameteriv(unsigned, int, unsigned name, int *value) {
    *value = name == 0x1000 ? 3 : name == 0x1001 ? 2 : name == 0x8071 ? 1 : 0x822e;
}
SHOWN void glGetTexImage(unsigned, int, unsigned format, unsigned type, void *data) {
    if (format == 0x1903 && type == 0x1406 && pack[0] == 1 && pack[1] == 0)
        memcpy(data, image, sizeof image);
}
SHOWN void glTexSubImage2D(unsigned, int, int, int, int width, int height, unsigned, unsigned, const void *data) {
    memcpy(image, data, (size_t)(width * height) * sizeof(float));
}
SHOWN void glTexSubImage3D(unsigned, int, int, int, int, int, int, int, unsigned, unsigned, const void *) {}

/* ---- The program ---- */

__global__ void scale(float *values, float by) { values[threadIdx.x] *= by; }
__global__ void fill(float *values, float with) { values[threadIdx.x] = with; }
__global__ void add_tens(cudaSurfaceObject_t surface) {
    int x = threadIdx.x, y = threadIdx.y;
    float value = surf2Dread<float>(surface, x * 4, y);
    surf2Dwrite(value + 10.0f * (float)(y * 3 + x + 1), surface, x * 4, y);
}

static float *mapped(cudaGraphicsResource *resource) {
    float *pointer;
    size_t size;
    CHECK(cudaGraphicsMapResources(1, &resource));
    CHECK(cudaGraphicsResourceGetMappedPointer((void **)&pointer, &size, resource));
    if (size != sizeof buffer)
        std::printf("size %zu\n", size);
    return pointer;
}

static void show(const char *what, const float *values, int count) {
    std::printf("%s:", what);
    for (int i = 0; i < count; i++)
        std::printf(" %g", values[i]);
    std::printf("\n");
}

static void driver(CUresult result, const char *call) {
    if (result != CUDA_SUCCESS) {
        std::printf("%s: %d\n", call, result);
        std::exit(2);
    }
}
#define DRIVER(call) driver(call, #call)

/* The same by the driver API: a registered buffer, a texture's array, a buffer by name. */
static void through_driver() {
    CUgraphicsResource resource;
    CUdeviceptr pointer;
    size_t size = 0;
    DRIVER(cuGraphicsGLRegisterBuffer(&resource, 7, CU_GRAPHICS_REGISTER_FLAGS_NONE));
    DRIVER(cuGraphicsResourceSetMapFlags(resource, CU_GRAPHICS_MAP_RESOURCE_FLAGS_NONE));
    DRIVER(cuGraphicsMapResources(1, &resource, nullptr));
    DRIVER(cuGraphicsResourceGetMappedPointer(&pointer, &size, resource));
    scale<<<1, 4>>>((float *)pointer, 2);
    DRIVER(cuGraphicsUnmapResources(1, &resource, nullptr));
    DRIVER(cuGraphicsUnregisterResource(resource));
    show("driver API", buffer, size == sizeof buffer ? 4 : 0);

    CUDA_RESOURCE_DESC desc = {};
    CUsurfObject surface;
    DRIVER(cuGraphicsGLRegisterImage(&resource, 5, 0x0de1, CU_GRAPHICS_REGISTER_FLAGS_SURFACE_LDST));
    DRIVER(cuGraphicsMapResources(1, &resource, nullptr));
    desc.resType = CU_RESOURCE_TYPE_ARRAY;
    DRIVER(cuGraphicsSubResourceGetMappedArray(&desc.res.array.hArray, resource, 0, 0));
    DRIVER(cuSurfObjectCreate(&surface, &desc));
    for (int i = 0; i < 6; i++)
        image[i] = -1; /* overwritten when the array comes back */
    DRIVER(cuGraphicsUnmapResources(1, &resource, nullptr));
    DRIVER(cuSurfObjectDestroy(surface));
    for (int i = 0; i < 6; i++)
        image[i] += 10.0f;
    show("driver API, texture", image, 6);
    DRIVER(cuGraphicsUnregisterResource(resource));

    DRIVER(cuGLRegisterBufferObject(7));
    DRIVER(cuGLMapBufferObject(&pointer, &size, 7));
    fill<<<1, 4>>>((float *)pointer, 3);
    DRIVER(cuGLUnmapBufferObject(7));
    DRIVER(cuGLUnregisterBufferObject(7));
    float last[5] = {(float)size, buffer[0], buffer[1], buffer[2], buffer[3]};
    show("driver API, by name", last, 5);
}

int main() {
    cudaGraphicsResource *resource, *texture;
    std::printf("no context: %s\n", cudaGetErrorName(cudaGraphicsGLRegisterBuffer(&resource, 7, 0)));
    context = true;
    for (int i = 0; i < 4; i++)
        buffer[i] = (float)(i + 1);
    for (int i = 0; i < 6; i++)
        image[i] = (float)i;

    CHECK(cudaGraphicsGLRegisterBuffer(&resource, 7, cudaGraphicsRegisterFlagsNone));
    scale<<<1, 4>>>(mapped(resource), 2);
    CHECK(cudaGraphicsUnmapResources(1, &resource));
    show("buffer", buffer, 4);
    CHECK(cudaGraphicsResourceSetMapFlags(resource, cudaGraphicsMapFlagsReadOnly));
    scale<<<1, 4>>>(mapped(resource), 100);
    CHECK(cudaGraphicsUnmapResources(1, &resource));
    show("read only", buffer, 4);
    CHECK(cudaGraphicsResourceSetMapFlags(resource, cudaGraphicsMapFlagsWriteDiscard));
    int before = reads;
    fill<<<1, 4>>>(mapped(resource), 9);
    CHECK(cudaGraphicsUnmapResources(1, &resource));
    show("discarded", buffer, reads == before ? 4 : 0);
    CHECK(cudaGraphicsUnregisterResource(resource));

    CHECK(cudaGraphicsGLRegisterImage(&texture, 5, 0x0de1, cudaGraphicsRegisterFlagsSurfaceLoadStore));
    CHECK(cudaGraphicsMapResources(1, &texture));
    cudaResourceDesc desc = {};
    desc.resType = cudaResourceTypeArray;
    CHECK(cudaGraphicsSubResourceGetMappedArray(&desc.res.array.array, texture, 0, 0));
    cudaSurfaceObject_t surface;
    CHECK(cudaCreateSurfaceObject(&surface, &desc));
    add_tens<<<1, dim3(3, 2)>>>(surface);
    CHECK(cudaGraphicsUnmapResources(1, &texture));
    CHECK(cudaDestroySurfaceObject(surface));
    show("texture", image, 6);

    float *pointer;
    CHECK(cudaGLRegisterBufferObject(7));
    CHECK(cudaGLMapBufferObject((void **)&pointer, 7));
    scale<<<1, 4>>>(pointer, 2);
    CHECK(cudaGLUnmapBufferObject(7));
    show("by name", buffer, 4);
    CHECK(cudaGLUnregisterBufferObject(7));
    std::printf("state: %s\n", bound_buffer == 3 && bound_texture == 4 && pack[0] == 4 && pack[1] == 17 ? "ok" : "changed");

    cudaArray_t array;
    size_t size;
    bool fine = cudaGraphicsGLRegisterBuffer(&resource, 8, 0) == cudaErrorInvalidResourceHandle &&
                cudaGraphicsGLRegisterBuffer(&resource, 7, 64) == cudaErrorInvalidValue &&
                cudaGraphicsGLRegisterImage(&resource, 6, 0x0de1, 0) == cudaErrorInvalidResourceHandle &&
                cudaGraphicsGLRegisterImage(&resource, 5, 0x0de0, 0) == cudaErrorNotSupported &&
                cudaGraphicsSubResourceGetMappedArray(&array, texture, 0, 0) == cudaErrorUnknown &&
                cudaGraphicsUnmapResources(1, &texture) == cudaErrorUnknown;
    CHECK(cudaGraphicsMapResources(1, &texture));
    fine &= cudaGraphicsMapResources(1, &texture) == cudaErrorUnknown &&
            cudaGraphicsResourceGetMappedPointer((void **)&pointer, &size, texture) == cudaErrorUnknown &&
            cudaGraphicsSubResourceGetMappedArray(&array, texture, 1, 0) == cudaErrorInvalidValue;
    CHECK(cudaGraphicsUnmapResources(1, &texture));
    CHECK(cudaGraphicsUnregisterResource(texture));
    fine &= cudaGraphicsUnregisterResource(texture) == cudaErrorInvalidResourceHandle &&
            cudaGLMapBufferObject((void **)&pointer, 7) == cudaErrorInvalidResourceHandle;
    std::printf("errors: %s\n", fine ? "ok" : "wrong");
    through_driver();
    return 0;
}
