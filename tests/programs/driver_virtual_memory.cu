// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Virtual memory: addresses reserved, memory created, mapped, shared between two places, made accessible and not.
// EXPECT: reserved and created: ok
// EXPECT: kernels across two pieces: ok
// EXPECT: copies across two pieces: ok
// EXPECT: the same memory twice: ok
// EXPECT: no access: ok
// EXPECT: by a file descriptor: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include <unistd.h>

#include "check.h"
#include "check_driver.h"

__global__ void count_up(int *data, int count) {
    int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < count)
        data[i] = i;
}

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

int main() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    int supported = 0;
    DRIVER(cuDeviceGetAttribute(&supported, CU_DEVICE_ATTRIBUTE_VIRTUAL_MEMORY_MANAGEMENT_SUPPORTED, device));

    CUmemAllocationProp prop = {};
    prop.type = CU_MEM_ALLOCATION_TYPE_PINNED;
    prop.location.type = CU_MEM_LOCATION_TYPE_DEVICE;
    prop.location.id = device;
    prop.requestedHandleTypes = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR;
    size_t piece = 0;
    DRIVER(cuMemGetAllocationGranularity(&piece, &prop, CU_MEM_ALLOC_GRANULARITY_MINIMUM));
    CUdeviceptr base, other;
    CUmemGenericAllocationHandle first, second;
    DRIVER(cuMemAddressReserve(&base, 2 * piece, 0, 0, 0));
    DRIVER(cuMemAddressReserve(&other, piece, 4 * piece, 0, 0));
    DRIVER(cuMemCreate(&first, piece, &prop, 0));
    DRIVER(cuMemCreate(&second, piece, &prop, 0));
    say("reserved and created", supported == 1 && piece > 0 && base % piece == 0 && other % (4 * piece) == 0);

    CUmemAccessDesc access = {{CU_MEM_LOCATION_TYPE_DEVICE, device}, CU_MEM_ACCESS_FLAGS_PROT_READWRITE};
    DRIVER(cuMemMap(base, piece, 0, first, 0));
    DRIVER(cuMemMap(base + piece, piece, 0, second, 0));
    DRIVER(cuMemSetAccess(base, 2 * piece, &access, 1));
    int count = static_cast<int>(2 * piece / sizeof(int));
    count_up<<<(count + 255) / 256, 256>>>(reinterpret_cast<int *>(base), count);
    CHECK_LAUNCH();
    std::vector<int> numbers(static_cast<size_t>(count));
    DRIVER(cuMemcpyDtoH(numbers.data(), base, 2 * piece));
    bool fine = true;
    for (int i = 0; i < count; i++)
        fine = fine && numbers[static_cast<size_t>(i)] == i;
    say("kernels across two pieces", fine);

    DRIVER(cuMemsetD32(base + piece - 8, 77, 4));
    int edge[4] = {};
    DRIVER(cuMemcpyDtoH(edge, base + piece - 8, 16));
    say("copies across two pieces", edge[0] == 77 && edge[3] == 77);

    DRIVER(cuMemMap(other, piece, 0, first, 0));
    DRIVER(cuMemSetAccess(other, piece, &access, 1));
    DRIVER(cuMemsetD32(other, 1234, 1));
    DRIVER(cuMemcpyDtoH(edge, base, 4));
    CUmemGenericAllocationHandle same_one;
    DRIVER(cuMemRetainAllocationHandle(&same_one, reinterpret_cast<void *>(other)));
    say("the same memory twice", edge[0] == 1234 && same_one == first);
    DRIVER(cuMemRelease(same_one));

    unsigned long long flags = 99;
    CUmemAccessDesc denied = {{CU_MEM_LOCATION_TYPE_DEVICE, device}, CU_MEM_ACCESS_FLAGS_PROT_NONE};
    DRIVER(cuMemGetAccess(&flags, &access.location, other));
    fine = flags == CU_MEM_ACCESS_FLAGS_PROT_READWRITE;
    DRIVER(cuMemSetAccess(other, piece, &denied, 1));
    say("no access", fine && cuMemsetD32(other, 1, 1) == CUDA_ERROR_INVALID_VALUE);

    int descriptor = -1;
    CUmemGenericAllocationHandle imported;
    DRIVER(cuMemExportToShareableHandle(&descriptor, second, CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR, 0));
    DRIVER(cuMemImportFromShareableHandle(&imported, reinterpret_cast<void *>(static_cast<intptr_t>(descriptor)),
                                          CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR));
    close(descriptor);
    DRIVER(cuMemUnmap(other, piece));
    DRIVER(cuMemMap(other, piece, 0, imported, 0));
    DRIVER(cuMemSetAccess(other, piece, &access, 1));
    DRIVER(cuMemsetD32(other + 64, 4321, 1));
    DRIVER(cuMemcpyDtoH(edge, base + piece + 64, 4));
    say("by a file descriptor", edge[0] == 4321);

    CUmemGenericAllocationHandle wrong;
    CUmemAllocationProp host = prop;
    host.location.type = CU_MEM_LOCATION_TYPE_INVALID;
    fine = cuMemCreate(&wrong, piece + 1, &prop, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuMemCreate(&wrong, piece, &host, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuMemMap(base, piece, 0, first, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuMemAddressFree(base, 2 * piece) == CUDA_ERROR_INVALID_VALUE &&
           cuMemUnmap(base, piece / 2) == CUDA_ERROR_INVALID_VALUE &&
           cuMemSetAccess(base, 2 * piece, &access, 0) == CUDA_ERROR_INVALID_VALUE;
    DRIVER(cuMemRelease(first));
    DRIVER(cuMemRelease(second));
    DRIVER(cuMemRelease(imported));
    fine = fine && cuMemRelease(imported) == CUDA_ERROR_INVALID_VALUE;
    DRIVER(cuMemUnmap(base, 2 * piece));
    DRIVER(cuMemUnmap(other, piece));
    DRIVER(cuMemAddressFree(base, 2 * piece));
    DRIVER(cuMemAddressFree(other, piece));
    say("refused", fine && cuMemcpyDtoH(edge, base, 4) == CUDA_ERROR_INVALID_VALUE);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
