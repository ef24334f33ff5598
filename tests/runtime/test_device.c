/* SPDX-License-Identifier: Apache-2.0 */
/* What a device says of itself, its settings, and the occupancy model. */
#include <string.h>

#include "fake.h"
#include "harness.h"

TEST(device, properties_are_those_of_capability_8_0) {
    struct cudaDeviceProp prop;
    OK(cudaGetDeviceProperties(&prop, 0));
    CHECK(strcmp(prop.name, "Fake") == 0);
    CHECK(prop.major == 8 && prop.minor == 0 && prop.warpSize == 32);
    CHECK(prop.maxThreadsPerBlock == 1024 && prop.maxThreadsDim[2] == 64);
    CHECK(prop.maxGridSize[0] == 2147483647 && prop.maxGridSize[1] == 65535 && prop.maxGridSize[2] == 65535);
    CHECK(prop.sharedMemPerBlock == 48 * 1024 && prop.sharedMemPerBlockOptin == 163 * 1024);
    CHECK(prop.multiProcessorCount == 4 && prop.totalGlobalMem == 1u << 30 && prop.clockRate == 2000000);
    CHECK(prop.unifiedAddressing == 1 && prop.managedMemory == 1 && prop.canMapHostMemory == 1);
}

TEST(device, every_attribute_has_a_value) {
    static const int holes[] = {44, 102, 103, 104, 105, 107, 110, 136, 137};
    for (int i = 1; i < cudaDevAttrMax; i++) {
        int value = -12345;
        bool hole = false;
        for (size_t h = 0; h < sizeof holes / sizeof holes[0]; h++) {
            hole = hole || holes[h] == i;
        }
        GIVES(hole ? cudaErrorInvalidValue : cudaSuccess, cudaDeviceGetAttribute(&value, (enum cudaDeviceAttr)i, 0));
        CHECK(hole || value != -12345, "attribute %d", i);
    }
}

TEST(device, attributes_agree_with_properties) {
    struct cudaDeviceProp prop;
    int value;
    OK(cudaGetDeviceProperties(&prop, 0));
    OK(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
    CHECK((size_t)value == prop.sharedMemPerBlockOptin);
    OK(cudaDeviceGetAttribute(&value, cudaDevAttrMaxGridDimX, 0));
    CHECK(value == prop.maxGridSize[0]);
    OK(cudaDeviceGetAttribute(&value, cudaDevAttrComputeCapabilityMajor, 0));
    CHECK(value == 8);
    OK(cudaDeviceGetAttribute(&value, cudaDevAttrMaxTexture3DDepth, 0));
    CHECK(value == prop.maxTexture3D[2]);
}

TEST(device, versions_and_ids) {
    int value, device = -1;
    char id[16];
    OK(cudaDriverGetVersion(&value));
    CHECK(value == 12090);
    OK(cudaRuntimeGetVersion(&value));
    CHECK(value == 12090);
    OK(cudaDeviceGetPCIBusId(id, sizeof id, 0));
    OK(cudaDeviceGetByPCIBusId(&device, id));
    CHECK(device == 0);
    struct cudaDeviceProp wish = {.major = 7};
    OK(cudaChooseDevice(&device, &wish));
    CHECK(device == 0);
    OK(cudaDeviceCanAccessPeer(&value, 0, 0));
    CHECK(value == 0);
}

TEST(device, settings_are_kept_until_reset) {
    size_t value;
    unsigned flags;
    enum cudaFuncCache cache;
    int least, greatest, priority;
    cudaStream_t stream;
    OK(cudaDeviceSetLimit(cudaLimitMallocHeapSize, 1 << 24));
    OK(cudaDeviceGetLimit(&value, cudaLimitMallocHeapSize));
    CHECK(value == 1 << 24);
    OK(cudaSetDeviceFlags(cudaDeviceScheduleBlockingSync));
    OK(cudaGetDeviceFlags(&flags));
    CHECK(flags == cudaDeviceScheduleBlockingSync);
    OK(cudaDeviceSetCacheConfig(cudaFuncCachePreferL1));
    OK(cudaDeviceReset());
    OK(cudaDeviceGetLimit(&value, cudaLimitMallocHeapSize));
    CHECK(value == 8 << 20);
    OK(cudaDeviceGetCacheConfig(&cache));
    CHECK(cache == cudaFuncCachePreferNone);
    OK(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    CHECK(greatest < least);
    OK(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, greatest - 10));
    OK(cudaStreamGetPriority(stream, &priority));
    CHECK(priority == greatest);
    OK(cudaStreamGetFlags(stream, &flags));
    CHECK(flags == cudaStreamNonBlocking);
}

static int blocks(const void *kernel, int size, size_t shared) {
    int count = -1;
    OK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&count, kernel, size, shared));
    return count;
}

TEST(device, occupancy) {
    fake_register();
    CHECK(blocks(&kernel_empty, 1024, 0) == 2);
    CHECK(blocks(&kernel_empty, 256, 0) == 8);
    CHECK(blocks(&kernel_empty, 32, 0) == 32);
    CHECK(blocks(&kernel_empty, 1, 0) == 32);
    CHECK(blocks(&kernel_empty, 33, 0) == 32);
    CHECK(blocks(&kernel_empty, 96, 0) == 21);
    CHECK(blocks(&kernel_empty, 128, 40 * 1024) == 4);
    CHECK(blocks(&kernel_empty, 128, 163 * 1024) == 1);
    CHECK(blocks(&kernel_empty, 128, 164 * 1024) == 0);
    CHECK(blocks(&kernel_bounded, 256, 0) == 0);
    CHECK(blocks(&kernel_bounded, 128, 0) == 16);
    size_t bytes;
    OK(cudaOccupancyAvailableDynamicSMemPerBlock(&bytes, &kernel_bounded, 4, 128));
    CHECK(bytes == 41 * 1024 - 2048);
}

TEST(device, function_attributes) {
    struct cudaFuncAttributes attributes;
    const char *name;
    size_t offset, size;
    fake_register();
    OK(cudaFuncGetAttributes(&attributes, &kernel_bounded));
    CHECK(attributes.sharedSizeBytes == 1024 && attributes.maxThreadsPerBlock == 128);
    CHECK(attributes.maxDynamicSharedSizeBytes == 47 * 1024 && attributes.binaryVersion == 80);
    OK(cudaFuncSetAttribute(&kernel_bounded, cudaFuncAttributeMaxDynamicSharedMemorySize, 100000));
    OK(cudaFuncGetAttributes(&attributes, &kernel_bounded));
    CHECK(attributes.maxDynamicSharedSizeBytes == 100000);
    OK(cudaFuncGetName(&name, &kernel_bounded));
    CHECK(strcmp(name, "bounded") == 0);
    OK(cudaFuncGetParamInfo(&kernel_add, 1, &offset, &size));
    CHECK(offset == 8 && size == 4);
    GIVES(cudaErrorInvalidValue, cudaFuncGetParamInfo(&kernel_add, 2, &offset, &size));
    OK(cudaFuncSetCacheConfig(&kernel_empty, cudaFuncCachePreferShared));
    GIVES(cudaErrorInvalidDeviceFunction, cudaFuncSetCacheConfig(&kernel_foreign, cudaFuncCachePreferShared));
}
