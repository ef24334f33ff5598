// SPDX-License-Identifier: Apache-2.0
// Memory behind file descriptors, by the runtime API and the driver API: two mappings of one file are the same memory, as the
// host's own mapping is; ranges, sizes, descriptors and handles that are wrong; memory that cuMemExportToShareableHandle gives.
// EXPECT: kernel through both mappings: 42 43, host sees 43
// EXPECT: driver: 44
// EXPECT: exported by the driver: 7
// EXPECT: refused: size 1, range 1, no descriptor 400, another system's 801, no kind 1, destroyed 400, image 801, semaphore 801
// EXPECT: mapped still after its handle has gone: 45
// NVCC: skip hardware imports memory of graphics drivers alone
#include "check.h"
#include <cuda.h>
#include <sys/mman.h>
#include <unistd.h>

__global__ void add(int *p, int value) { *p += value; }
static void run(int *p, int value) {
    add<<<1, 1>>>(p, value);
    CHECK_LAUNCH();
}

static int file_of(size_t size) {
    char name[] = "/tmp/external-memory-XXXXXX";
    int file = mkstemp(name);
    unlink(name);
    return file >= 0 && ftruncate(file, (off_t)size) == 0 ? file : -1;
}

static cudaError_t import(cudaExternalMemory_t *memory, int file, size_t size,
                          cudaExternalMemoryHandleType type = cudaExternalMemoryHandleTypeOpaqueFd) {
    cudaExternalMemoryHandleDesc desc = {};
    desc.type = type;
    desc.handle.fd = file;
    desc.size = size;
    return cudaImportExternalMemory(memory, &desc);
}
static cudaError_t map(int **pointer, cudaExternalMemory_t memory, size_t offset, size_t size) {
    cudaExternalMemoryBufferDesc desc = {};
    desc.offset = offset;
    desc.size = size;
    return cudaExternalMemoryGetMappedBuffer((void **)pointer, memory, &desc);
}

int main() {
    const size_t size = 1 << 16;
    cudaExternalMemory_t memory, other;
    int *whole, *part, file = file_of(size), mine = dup(file), value = 0;
    volatile int *host = (volatile int *)mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, mine, 0);
    host[1025] = 41;
    CHECK(import(&memory, file, size));
    CHECK(map(&whole, memory, 0, size));
    CHECK(map(&part, memory, 4100, 8192));
    run(whole + 1025, 1);
    printf("kernel through both mappings: %d ", host[1025]);
    run(part, 1);
    CHECK(cudaMemcpy(&value, whole + 1025, sizeof value, cudaMemcpyDeviceToHost));
    printf("%d, host sees %d\n", value, host[1025]);

    CUexternalMemory same;
    CUDA_EXTERNAL_MEMORY_HANDLE_DESC desc = {};
    CUDA_EXTERNAL_MEMORY_BUFFER_DESC buffer = {};
    CUdeviceptr address;
    desc.type = CU_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD;
    desc.handle.fd = dup(mine);
    desc.size = size;
    buffer.size = 4096;
    buffer.offset = 4096;
    bool right = cuImportExternalMemory(&same, &desc) == CUDA_SUCCESS &&
                 cuExternalMemoryGetMappedBuffer(&address, same, &buffer) == CUDA_SUCCESS;
    run((int *)address + 1, 1);
    right = right && cuMemFree(address) == CUDA_SUCCESS && cuDestroyExternalMemory(same) == CUDA_SUCCESS &&
            cuDestroyExternalMemory(same) == CUDA_ERROR_INVALID_HANDLE;
    printf("driver: %d\n", right ? host[1025] : -1);

    CUmemAllocationProp props = {};
    CUmemGenericAllocationHandle made;
    int exported = -1;
    size_t granularity = 0;
    props.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    props.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    props.requestedHandleTypes = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR;
    cuMemGetAllocationGranularity(&granularity, &props, CU_MEM_ALLOC_GRANULARITY_MINIMUM);
    int *seen = nullptr;
    if (cuMemCreate(&made, granularity, &props, 0) == CUDA_SUCCESS &&
        cuMemExportToShareableHandle(&exported, made, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0) == CUDA_SUCCESS) {
        CHECK(import(&other, exported, granularity));
        CHECK(map(&seen, other, 0, granularity));
        run(seen, 7);
        CHECK(cudaMemcpy(&value, seen, sizeof value, cudaMemcpyDefault));
        CHECK(cudaFree(seen));
        CHECK(cudaDestroyExternalMemory(other));
        cuMemRelease(made);
    }
    printf("exported by the driver: %d\n", value);

    cudaExternalMemoryMipmappedArrayDesc image = {};
    cudaMipmappedArray_t mipmap;
    cudaExternalSemaphoreHandleDesc semaphore = {};
    cudaExternalSemaphore_t made_semaphore;
    semaphore.type = cudaExternalSemaphoreHandleTypeOpaqueFd;
    printf("refused: size %d, ", import(&other, mine, size + 1));
    printf("range %d, ", map(&seen, memory, size - 4, 8));
    printf("no descriptor %d, ", import(&other, 9999, size));
    printf("another system's %d, ", import(&other, mine, size, cudaExternalMemoryHandleTypeD3D12Heap));
    printf("no kind %d, ", import(&other, mine, size, (cudaExternalMemoryHandleType)77));
    cudaError_t no_image = cudaExternalMemoryGetMappedMipmappedArray(&mipmap, memory, &image);
    CHECK(cudaDestroyExternalMemory(memory));
    printf("destroyed %d, image %d, semaphore %d\n", map(&seen, memory, 0, 8), no_image,
           cudaImportExternalSemaphore(&made_semaphore, &semaphore));
    cudaGetLastError();
    run(part, 1);
    printf("mapped still after its handle has gone: %d\n", host[1025]);
    CHECK(cudaFree(part));
    CHECK(cudaFree(whole));
    munmap((void *)host, size);
    close(mine);
    return 0;
}
