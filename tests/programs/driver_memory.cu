// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// The driver API's memory: allocating, copies of one to three dimensions, fills, arrays, pointers' attributes, pools.
// EXPECT: allocating: ok
// EXPECT: rows: ok
// EXPECT: boxes: ok
// EXPECT: fills: ok
// EXPECT: arrays: ok
// EXPECT: host memory: ok
// EXPECT: attributes: ok
// EXPECT: stream-ordered: ok
// EXPECT: batches: ok
// EXPECT: arrays from within: ok
// NVCC: before 13 cuCtxCreate and cuMemPrefetchAsync have other parameters
#include <cstring>

#include "check.h"
#include "check_driver.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));

    CUdeviceptr memory, pitched, base;
    size_t pitch = 0, size = 0, free_bytes = 0, total = 0;
    DRIVER(cuMemAlloc(&memory, 4096));
    DRIVER(cuMemAllocPitch(&pitched, &pitch, 100, 20, 4));
    bool fine = cuMemGetAddressRange(&base, &size, memory + 100) == CUDA_SUCCESS && base == memory && size == 4096 &&
                pitch >= 100 && cuMemGetInfo(&free_bytes, &total) == CUDA_SUCCESS && free_bytes <= total;
    CUdeviceptr none;
    say("allocating", fine && cuMemAlloc(&none, 0) == CUDA_ERROR_INVALID_VALUE &&
                          cuMemAlloc(nullptr, 4) == CUDA_ERROR_INVALID_VALUE &&
                          cuMemAlloc(&none, ~static_cast<size_t>(0) / 2) == CUDA_ERROR_OUT_OF_MEMORY &&
                          cuMemAllocPitch(&none, &pitch, 100, 20, 3) == CUDA_ERROR_INVALID_VALUE &&
                          cuMemFree(memory + 4) == CUDA_ERROR_INVALID_VALUE);

    unsigned char host[4096], back[4096] = {};
    for (int i = 0; i < 4096; i++)
        host[i] = static_cast<unsigned char>(i * 7);
    CUDA_MEMCPY2D copy = {};
    copy.srcMemoryType = CU_MEMORYTYPE_HOST;
    copy.srcHost = host;
    copy.srcPitch = 128;
    copy.srcXInBytes = 3;
    copy.srcY = 1;
    copy.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    copy.dstDevice = pitched;
    copy.dstPitch = pitch;
    copy.WidthInBytes = 90;
    copy.Height = 20;
    DRIVER(cuMemcpy2D(&copy));
    CUDA_MEMCPY2D home = {};
    home.srcMemoryType = CU_MEMORYTYPE_UNIFIED;
    home.srcDevice = pitched;
    home.srcPitch = pitch;
    home.dstMemoryType = CU_MEMORYTYPE_HOST;
    home.dstHost = back;
    home.dstPitch = 90;
    home.WidthInBytes = 90;
    home.Height = 20;
    DRIVER(cuMemcpy2D(&home));
    fine = true;
    for (int y = 0; y < 20; y++)
        fine = fine && std::memcmp(back + y * 90, host + (y + 1) * 128 + 3, 90) == 0;
    home.dstPitch = 80;
    say("rows", fine && cuMemcpy2D(&home) == CUDA_ERROR_INVALID_VALUE && cuMemcpy2D(nullptr) == CUDA_ERROR_INVALID_VALUE);

    CUDA_MEMCPY3D box = {};
    box.srcMemoryType = CU_MEMORYTYPE_HOST;
    box.srcHost = host;
    box.srcPitch = 16;
    box.srcHeight = 8;
    box.srcZ = 1;
    box.dstMemoryType = CU_MEMORYTYPE_DEVICE;
    box.dstDevice = memory;
    box.dstPitch = 10;
    box.dstHeight = 6;
    box.WidthInBytes = 10;
    box.Height = 6;
    box.Depth = 5;
    DRIVER(cuMemcpy3D(&box));
    DRIVER(cuMemcpyDtoH(back, memory, 300));
    fine = true;
    for (int z = 0; z < 5; z++)
        for (int y = 0; y < 6; y++)
            fine = fine && std::memcmp(back + (z * 6 + y) * 10, host + ((z + 1) * 8 + y) * 16, 10) == 0;
    say("boxes", fine);

    unsigned words[32];
    DRIVER(cuMemsetD8(memory, 0x11, 128));
    DRIVER(cuMemsetD16(memory + 8, 0x2233, 4));
    DRIVER(cuMemsetD32(memory + 32, 0x44556677, 4));
    DRIVER(cuMemsetD2D16(memory + 64, 32, 0xabcd, 3, 2));
    DRIVER(cuMemcpyDtoH(words, memory, 128));
    fine = words[0] == 0x11111111 && words[2] == 0x22332233 && words[4] == 0x11111111 && words[8] == 0x44556677 &&
           words[16] == 0xabcdabcd && words[17] == 0x1111abcd && words[18] == 0x11111111 && words[24] == 0xabcdabcd;
    say("fills", fine && cuMemsetD32(memory + 2, 0, 1) == CUDA_ERROR_INVALID_VALUE &&
                     cuMemsetD8(memory, 0, 5000) == CUDA_ERROR_INVALID_VALUE);

    CUarray array;
    CUDA_ARRAY_DESCRIPTOR description = {16, 8, CU_AD_FORMAT_SIGNED_INT16, 2}, answer;
    CUDA_ARRAY3D_DESCRIPTOR bad = {16, 8, 2, CU_AD_FORMAT_FLOAT, 3, 0};
    DRIVER(cuArrayCreate(&array, &description));
    CUDA_MEMCPY2D upload = {};
    upload.srcMemoryType = CU_MEMORYTYPE_HOST;
    upload.srcHost = host;
    upload.srcPitch = 64;
    upload.dstMemoryType = CU_MEMORYTYPE_ARRAY;
    upload.dstArray = array;
    upload.WidthInBytes = 64;
    upload.Height = 8;
    DRIVER(cuMemcpy2D(&upload));
    std::memset(back, 0, sizeof back);
    DRIVER(cuMemcpyAtoH(back, array, 8, 32));
    DRIVER(cuArrayGetDescriptor(&answer, array));
    fine = std::memcmp(back, host + 8, 32) == 0 && answer.Width == 16 && answer.Height == 8 &&
           answer.Format == CU_AD_FORMAT_SIGNED_INT16 && answer.NumChannels == 2;
    DRIVER(cuArrayDestroy(array));
    say("arrays", fine && cuArrayDestroy(array) == CUDA_ERROR_INVALID_HANDLE &&
                      cuArray3DCreate(&array, &bad) == CUDA_ERROR_INVALID_VALUE);

    void *pinned = nullptr;
    CUdeviceptr mapped = 0;
    unsigned flags = 0;
    DRIVER(cuMemHostAlloc(&pinned, 256, CU_MEMHOSTALLOC_DEVICEMAP));
    DRIVER(cuMemHostGetDevicePointer(&mapped, pinned, 0));
    DRIVER(cuMemsetD8(mapped, 0x5a, 256));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuMemHostGetFlags(&flags, pinned));
    fine = static_cast<unsigned char *>(pinned)[255] == 0x5a && flags == CU_MEMHOSTALLOC_DEVICEMAP;
    DRIVER(cuMemHostRegister(host, sizeof host, 0));
    fine = fine && cuMemHostRegister(host, sizeof host, 0) == CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED;
    DRIVER(cuMemHostUnregister(host));
    say("host memory", fine && cuMemHostUnregister(host) == CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED &&
                           cuMemFreeHost(host) == CUDA_ERROR_INVALID_VALUE);

    CUdeviceptr managed, start = 0;
    DRIVER(cuMemAllocManaged(&managed, 1000, CU_MEM_ATTACH_GLOBAL));
    unsigned type = 0, is_managed = 0;
    int ordinal = -5;
    size_t range = 0;
    CUpointer_attribute asked[] = {CU_POINTER_ATTRIBUTE_MEMORY_TYPE, CU_POINTER_ATTRIBUTE_IS_MANAGED,
                                   CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR,
                                   CU_POINTER_ATTRIBUTE_RANGE_SIZE};
    void *places[] = {&type, &is_managed, &ordinal, &start, &range};
    DRIVER(cuPointerGetAttributes(5, asked, places, managed + 10));
    fine = type == CU_MEMORYTYPE_DEVICE && is_managed == 1 && ordinal == device && start == managed && range == 1000;
    DRIVER(cuPointerGetAttributes(5, asked, places, reinterpret_cast<CUdeviceptr>(words)));
    fine = fine && type == 0 && ordinal == CU_DEVICE_INVALID;
    DRIVER(cuMemPrefetchAsync(managed, 1000, device, nullptr));
    say("attributes", fine && cuPointerGetAttribute(&type, CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
                                                    reinterpret_cast<CUdeviceptr>(words)) == CUDA_ERROR_INVALID_VALUE);

    CUmemoryPool pool;
    CUstream stream;
    CUdeviceptr ordered;
    cuuint64_t used = 1;
    DRIVER(cuStreamCreate(&stream, CU_STREAM_DEFAULT));
    DRIVER(cuDeviceGetDefaultMemPool(&pool, device));
    DRIVER(cuMemAllocAsync(&ordered, 1 << 16, stream));
    DRIVER(cuMemsetD32Async(ordered, 7, 1 << 14, stream));
    DRIVER(cuMemPoolGetAttribute(pool, CU_MEMPOOL_ATTR_USED_MEM_CURRENT, &used));
    fine = used >= 1 << 16;
    DRIVER(cuMemcpyDtoHAsync(words, ordered, 4, stream));
    DRIVER(cuMemFreeAsync(ordered, stream));
    DRIVER(cuStreamSynchronize(stream));
    say("stream-ordered", fine && words[0] == 7 && cuMemPoolDestroy(pool) == CUDA_ERROR_INVALID_VALUE);

    CUdeviceptr to[2] = {memory, memory + 100}, from[2] = {memory + 200, memory + 300};
    size_t sizes[2] = {50, 60}, first[1] = {0}, failed = 7;
    CUmemcpyAttributes attributes = {CU_MEMCPY_SRC_ACCESS_ORDER_STREAM, {}, {}, CU_MEMCPY_FLAG_DEFAULT};
    DRIVER(cuMemcpyHtoD(memory, host, 512));
    DRIVER(cuMemcpyBatchAsync(to, from, sizes, 2, &attributes, first, 1, &failed, stream));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(back, memory, 512));
    fine = std::memcmp(back, host + 200, 50) == 0 && std::memcmp(back + 100, host + 300, 60) == 0 && back[50] == host[50];
    CUDA_MEMCPY3D_BATCH_OP boxes[1] = {};
    boxes[0].src.type = boxes[0].dst.type = CU_MEMCPY_OPERAND_TYPE_POINTER;
    boxes[0].src.op.ptr.ptr = memory + 256;
    boxes[0].dst.op.ptr.ptr = memory;
    boxes[0].extent = {16, 4, 2};
    boxes[0].srcAccessOrder = CU_MEMCPY_SRC_ACCESS_ORDER_STREAM;
    DRIVER(cuMemcpy3DBatchAsync(1, boxes, &failed, 0, stream));
    DRIVER(cuStreamSynchronize(stream));
    DRIVER(cuMemcpyDtoH(back, memory, 128));
    say("batches", fine && std::memcmp(back, host + 256, 128) == 0 &&
                       cuMemcpyBatchAsync(to, from, sizes, 0, &attributes, first, 1, &failed, stream) == CUDA_ERROR_INVALID_VALUE &&
                       cuMemcpyBatchAsync(to, from, sizes, 2, &attributes, first, 1, &failed, nullptr) == CUDA_ERROR_INVALID_VALUE);

    CUDA_ARRAY_MEMORY_REQUIREMENTS needs = {};
    CUDA_ARRAY_SPARSE_PROPERTIES tiles = {};
    CUmipmappedArray mipmap;
    CUDA_ARRAY3D_DESCRIPTOR levels = {16, 16, 0, CU_AD_FORMAT_FLOAT, 1, 0};
    CUarray plane;
    DRIVER(cuArrayCreate(&array, &description));
    DRIVER(cuMipmappedArrayCreate(&mipmap, &levels, 3));
    fine = cuArrayGetSparseProperties(&tiles, array) == CUDA_ERROR_INVALID_VALUE &&
           cuMipmappedArrayGetSparseProperties(&tiles, mipmap) == CUDA_ERROR_INVALID_VALUE &&
           cuArrayGetPlane(&plane, array, 0) == CUDA_ERROR_INVALID_VALUE;
    CUresult deferred[2] = {cuArrayGetMemoryRequirements(&needs, array, device),
                            cuMipmappedArrayGetMemoryRequirements(&needs, mipmap, device)};
    if (!fine || deferred[0] != CUDA_ERROR_INVALID_VALUE || deferred[1] != CUDA_ERROR_INVALID_VALUE)
        std::printf("%d %d %d %d %d\n", cuArrayGetSparseProperties(&tiles, array),
                    cuMipmappedArrayGetSparseProperties(&tiles, mipmap), cuArrayGetPlane(&plane, array, 0), deferred[0], deferred[1]);
    say("arrays from within", fine && deferred[0] == CUDA_ERROR_INVALID_VALUE && deferred[1] == CUDA_ERROR_INVALID_VALUE);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
