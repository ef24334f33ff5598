/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that is used as it should be: allocations, copies of every shape, arrays, variables, pools. */
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "harness.h"

static void fill_pattern(char *bytes, size_t size, int seed) {
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (char)(i * 7 + (size_t)seed);
    }
}

TEST(memory, copies_of_every_kind) {
    char host[64], back[64], *a, *b;
    fill_pattern(host, sizeof host, 1);
    OK(cudaMalloc((void **)&a, 64));
    OK(cudaMalloc((void **)&b, 64));
    OK(cudaMemcpy(a, host, 64, cudaMemcpyHostToDevice));
    OK(cudaMemcpy(b, a, 64, cudaMemcpyDeviceToDevice));
    OK(cudaMemcpy(back, b, 64, cudaMemcpyDeviceToHost));
    CHECK(memcmp(host, back, 64) == 0);
    OK(cudaMemset(a, 0x55, 32));
    OK(cudaMemcpy(back, a, 64, cudaMemcpyDefault));
    CHECK(back[31] == 0x55 && back[32] == host[32]);
    OK(cudaMemcpy(back, host, 64, cudaMemcpyHostToHost));
    CHECK(memcmp(host, back, 64) == 0);
    OK(cudaMemcpyPeer(a, 0, b, 0, 64));
    OK(cudaMemcpy(back + 16, a + 8, 8, cudaMemcpyDefault));
    CHECK(memcmp(back + 16, host + 8, 8) == 0);
    OK(cudaFree(a));
    OK(cudaFree(b));
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(memory, pitched_memory) {
    char host[5 * 7], back[5 * 7], *device;
    size_t pitch;
    fill_pattern(host, sizeof host, 2);
    OK(cudaMallocPitch((void **)&device, &pitch, 7, 5));
    CHECK(pitch >= 7 && pitch % 512 == 0);
    OK(cudaMemset2D(device, pitch, 0, pitch, 5));
    OK(cudaMemcpy2D(device, pitch, host, 7, 7, 5, cudaMemcpyHostToDevice));
    OK(cudaMemset2D(device + pitch, pitch, 9, 3, 2));
    OK(cudaMemcpy2D(back, 7, device, pitch, 7, 5, cudaMemcpyDeviceToHost));
    for (size_t y = 0; y < 5; y++) {
        for (size_t x = 0; x < 7; x++) {
            char expected = (y == 1 || y == 2) && x < 3 ? 9 : host[y * 7 + x];
            CHECK(back[y * 7 + x] == expected, "(%zu, %zu)", x, y);
        }
    }
    char gap = 1;
    OK(cudaMemcpy(&gap, device + 7, 1, cudaMemcpyDeviceToHost));
    CHECK(gap == 0, "the copy wrote between rows");
}

TEST(memory, boxes) {
    enum { W = 6, H = 5, D = 4 };
    char host[W * H * D], back[W * H * D];
    struct cudaPitchedPtr device;
    fill_pattern(host, sizeof host, 3);
    memset(back, 0, sizeof back);
    OK(cudaMalloc3D(&device, (struct cudaExtent){W, H, D}));
    OK(cudaMemset3D(device, 1, (struct cudaExtent){W, H, D}));
    struct cudaMemcpy3DParms up = {.srcPtr = {host, W, W, H},
                                   .srcPos = {1, 1, 1},
                                   .dstPtr = device,
                                   .dstPos = {2, 0, 1},
                                   .extent = {3, 2, 2},
                                   .kind = cudaMemcpyHostToDevice};
    OK(cudaMemcpy3D(&up));
    struct cudaMemcpy3DParms down = {
        .srcPtr = device, .dstPtr = {back, W, W, H}, .extent = {W, H, D}, .kind = cudaMemcpyDeviceToHost};
    OK(cudaMemcpy3DAsync(&down, NULL));
    OK(cudaDeviceSynchronize());
    for (size_t z = 0; z < D; z++) {
        for (size_t y = 0; y < H; y++) {
            for (size_t x = 0; x < W; x++) {
                bool inside = x >= 2 && x < 5 && y < 2 && z >= 1 && z < 3;
                char expected = inside ? host[(z * H + y + 1) * W + x - 1] : 1;
                CHECK(back[(z * H + y) * W + x] == expected, "(%zu, %zu, %zu)", x, y, z);
            }
        }
    }
}

TEST(memory, arrays) {
    enum { W = 8, H = 6 };
    float host[W * H], back[W * H];
    cudaArray_t array, copy;
    struct cudaChannelFormatDesc desc = cudaCreateChannelDesc(32, 0, 0, 0, cudaChannelFormatKindFloat), got;
    struct cudaExtent extent;
    for (int i = 0; i < W * H; i++) {
        host[i] = (float)i;
    }
    OK(cudaMallocArray(&array, &desc, W, H, 0));
    OK(cudaMallocArray(&copy, &desc, W, H, 0));
    OK(cudaArrayGetInfo(&got, &extent, NULL, array));
    CHECK(got.x == 32 && got.f == cudaChannelFormatKindFloat && extent.width == W && extent.height == H);
    OK(cudaMemcpy2DToArray(array, 0, 0, host, W * 4, W * 4, H, cudaMemcpyHostToDevice));
    OK(cudaMemcpy2DArrayToArray(copy, 0, 0, array, 0, 0, W * 4, H, cudaMemcpyDeviceToDevice));
    OK(cudaMemcpyFromArray(back, copy, 0, 0, sizeof back, cudaMemcpyDeviceToHost));
    CHECK(memcmp(host, back, sizeof back) == 0);
    memset(back, 0, sizeof back);
    OK(cudaMemcpy2DFromArray(back, W * 4, array, 2 * 4, 1, 3 * 4, 2, cudaMemcpyDeviceToHost));
    CHECK(back[0] == host[W + 2] && back[2] == host[W + 4] && back[3] == 0 && back[W] == host[2 * W + 2]);
    OK(cudaFreeArray(array));
    OK(cudaFreeArray(copy));

    cudaArray_t box;
    OK(cudaMalloc3DArray(&box, &desc, (struct cudaExtent){4, 3, 2}, 0));
    struct cudaMemcpy3DParms up = {
        .srcPtr = {host, 16, 4, 3}, .dstArray = box, .extent = {4, 3, 2}, .kind = cudaMemcpyHostToDevice};
    OK(cudaMemcpy3D(&up));
    struct cudaMemcpy3DParms down = {.srcArray = box,
                                     .srcPos = {1, 2, 1},
                                     .dstPtr = {back, 8, 2, 1},
                                     .extent = {2, 1, 1},
                                     .kind = cudaMemcpyDeviceToHost};
    OK(cudaMemcpy3D(&down));
    CHECK(back[0] == host[12 + 8 + 1] && back[1] == host[12 + 8 + 2]);
    OK(cudaFreeArray(box));
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(memory, variables) {
    int host[64], back[64];
    void *address;
    size_t size;
    fake_register();
    for (int i = 0; i < 64; i++) {
        host[i] = i;
    }
    OK(cudaMemcpyToSymbol(&variable_numbers, host, sizeof host, 0, cudaMemcpyHostToDevice));
    OK(cudaMemcpyToSymbolAsync(&variable_numbers, host + 10, 8, 4, cudaMemcpyHostToDevice, NULL));
    OK(cudaMemcpyFromSymbol(back, &variable_numbers, sizeof back, 0, cudaMemcpyDeviceToHost));
    CHECK(back[0] == 0 && back[1] == 10 && back[2] == 11 && back[3] == 3);
    OK(cudaGetSymbolAddress(&address, &variable_numbers));
    OK(cudaGetSymbolSize(&size, &variable_numbers));
    CHECK(size == 256);
    OK(cudaMemcpy(back, (char *)address + 12, 4, cudaMemcpyDeviceToHost));
    CHECK(back[0] == 3);
    /* A reset gives variables their first values again. */
    OK(cudaDeviceReset());
    OK(cudaMemcpyFromSymbol(back, &variable_numbers, sizeof back, 0, cudaMemcpyDeviceToHost));
    CHECK(back[3] == 0);
}

TEST(memory, what_a_pointer_is) {
    struct cudaPointerAttributes a;
    char *device, *pinned, *managed, host[16];
    unsigned flags;
    void *mapped;
    OK(cudaMalloc((void **)&device, 64));
    OK(cudaHostAlloc((void **)&pinned, 64, cudaHostAllocMapped));
    OK(cudaMallocManaged((void **)&managed, 64, cudaMemAttachGlobal));
    OK(cudaPointerGetAttributes(&a, device + 63));
    CHECK(a.type == cudaMemoryTypeDevice && a.device == 0 && a.devicePointer == device + 63 && !a.hostPointer);
    OK(cudaPointerGetAttributes(&a, pinned));
    CHECK(a.type == cudaMemoryTypeHost && a.hostPointer == pinned);
    OK(cudaPointerGetAttributes(&a, managed));
    CHECK(a.type == cudaMemoryTypeManaged && a.hostPointer == managed && a.devicePointer == managed);
    OK(cudaPointerGetAttributes(&a, host));
    CHECK(a.type == cudaMemoryTypeUnregistered && a.hostPointer == host && !a.devicePointer);
    OK(cudaHostRegister(host, 16, cudaHostRegisterDefault));
    OK(cudaPointerGetAttributes(&a, host + 1));
    CHECK(a.type == cudaMemoryTypeHost);
    OK(cudaHostGetFlags(&flags, pinned));
    CHECK(flags == cudaHostAllocMapped);
    OK(cudaHostGetDevicePointer(&mapped, host + 4, 0));
    CHECK(mapped == host + 4);
    OK(cudaHostUnregister(host));
    OK(cudaPointerGetAttributes(&a, host));
    CHECK(a.type == cudaMemoryTypeUnregistered);
    OK(cudaMemPrefetchAsync(managed, 64, 0, NULL));
    OK(cudaMemAdvise(managed, 64, cudaMemAdviseSetReadMostly, 0));
    OK(cudaFree(managed));
    OK(cudaFreeHost(pinned));
    OK(cudaFree(device));
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(memory, pools) {
    cudaMemPool_t pool, own;
    struct gate gate = {0};
    uint64_t used, threshold = 0;
    char *p, *q;
    fake_register();
    OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    OK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
    OK(cudaMallocAsync((void **)&p, 1000, NULL));
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &used));
    CHECK(used == 1024);
    OK(fake_gate(&gate, 1, NULL));
    OK(cudaFreeAsync(p, NULL));
    CHECK(atomic_load(&fake_allocations) == 1, "memory went before its stream came to it");
    GIVES(cudaErrorInvalidValue, cudaFreeAsync(p, NULL));
    atomic_store(&gate.open, true);
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_allocations) == 0);
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &used));
    CHECK(used == 0);
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &used));
    CHECK(used == 1024);
    struct cudaMemPoolProps props = {.allocType = cudaMemAllocationTypePinned,
                                     .location = {.type = cudaMemLocationTypeDevice, .id = 0}};
    OK(cudaMemPoolCreate(&own, &props));
    OK(cudaMallocFromPoolAsync((void **)&q, 10, own, NULL));
    OK(cudaFree(q));
    OK(cudaMemPoolDestroy(own));
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(memory, many_allocations_are_told_apart) {
    enum { COUNT = 2000 };
    static char *pointers[COUNT];
    struct cudaPointerAttributes a;
    unsigned seed = 1;
    for (int i = 0; i < COUNT; i++) {
        OK(cudaMalloc((void **)&pointers[i], (size_t)(i % 50) * 16 + 1));
    }
    for (int i = 0; i < COUNT; i += 2) {
        int at = (int)((seed = seed * 1103515245u + 12345u) >> 8) % COUNT;
        if (pointers[at]) {
            OK(cudaFree(pointers[at]));
            GIVES(cudaErrorInvalidValue, cudaFree(pointers[at]));
            pointers[at] = NULL;
        }
    }
    for (int i = 0; i < COUNT; i++) {
        if (!pointers[i]) {
            continue;
        }
        OK(cudaPointerGetAttributes(&a, pointers[i] + (i % 50) * 16));
        CHECK(a.type == cudaMemoryTypeDevice);
        OK(cudaFree(pointers[i]));
    }
    CHECK(atomic_load(&fake_allocations) == 0);
}
