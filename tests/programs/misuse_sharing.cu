// SPDX-License-Identifier: Apache-2.0
// Misuse of pools, handles between processes, peers, events, clusters and profiling: the documented error of each call, one
// row each.
// EXPECT: 0 rows differ
// NVCC: skip NVIDIA crashes on null pointers
#include <cstdint>

#include <cuda_profiler_api.h>

#include "check.h"

__global__ void kernel() {}

static int differ;
#define ROW(want, call)                                                                                                \
    do {                                                                                                               \
        cudaError_t have = (call);                                                                                     \
        cudaGetLastError();                                                                                            \
        if (have != (want)) {                                                                                          \
            std::printf("line %d: %s, should be %s\n", __LINE__, cudaGetErrorName(have), cudaGetErrorName(want));      \
            differ++;                                                                                                  \
        }                                                                                                              \
    } while (0)
#define VALUE cudaErrorInvalidValue
#define HANDLE cudaErrorInvalidResourceHandle
#define DEVICE cudaErrorInvalidDevice

int main() {
    cudaMemPool_t pool, made, bad;
    cudaEvent_t event, shared, recorded, untimed;
    cudaStream_t stream;
    void *memory, *host, *piece;
    int number;
    size_t size;
    float ms;
    CHECK(cudaDeviceGetDefaultMemPool(&pool, 0));
    CHECK(cudaEventCreate(&event));
    CHECK(cudaEventCreate(&recorded));
    CHECK(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming));
    CHECK(cudaEventCreateWithFlags(&shared, cudaEventInterprocess | cudaEventDisableTiming));
    CHECK(cudaStreamCreate(&stream));
    CHECK(cudaMalloc(&memory, 4096));
    CHECK(cudaMallocHost(&host, 4096));
    CHECK(cudaMallocAsync(&piece, 4096, stream));
    CHECK(cudaEventRecord(recorded, stream));
    CHECK(cudaEventRecord(untimed, stream));
    CHECK(cudaStreamSynchronize(stream));
    bad = reinterpret_cast<cudaMemPool_t>(host);

    /* Pools. */
    cudaMemPoolProps props = {};
    ROW(VALUE, cudaMemPoolCreate(&made, nullptr));
    ROW(VALUE, cudaMemPoolCreate(nullptr, &props));
    ROW(VALUE, cudaMemPoolCreate(&made, &props));
    props.allocType = cudaMemAllocationTypePinned;
    props.location = {cudaMemLocationTypeDevice, 5};
    ROW(DEVICE, cudaMemPoolCreate(&made, &props));
    props.location.id = 0;
    props.handleTypes = cudaMemHandleTypeWin32;
    ROW(cudaErrorNotSupported, cudaMemPoolCreate(&made, &props));
    ROW(VALUE, cudaMemPoolDestroy(bad));
    ROW(VALUE, cudaMemPoolTrimTo(nullptr, 0));
    ROW(VALUE, cudaMemPoolGetAttribute(pool, static_cast<cudaMemPoolAttr>(99), &size));
    ROW(VALUE, cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, nullptr));
    ROW(VALUE, cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &(size = 0)));
    ROW(VALUE, cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &(size = 1)));
    cudaMemLocation location = {cudaMemLocationTypeHost, 0};
    cudaMemAccessFlags flags;
    ROW(VALUE, cudaMemPoolGetAccess(&flags, pool, &location));
    cudaMemAccessDesc access = {location, cudaMemAccessFlagsProtReadWrite};
    ROW(VALUE, cudaMemPoolSetAccess(pool, &access, 1));
    ROW(VALUE, cudaMemPoolSetAccess(pool, nullptr, 1));
    ROW(VALUE, cudaDeviceGetDefaultMemPool(nullptr, 0));
    ROW(DEVICE, cudaDeviceGetDefaultMemPool(&made, 4));
    ROW(VALUE, cudaDeviceSetMemPool(0, bad));
    ROW(VALUE, cudaMallocFromPoolAsync(&memory, 16, bad, stream));
    ROW(VALUE, cudaMallocAsync(static_cast<void **>(nullptr), 16, stream));
    ROW(cudaErrorMemoryAllocation, cudaMallocAsync(&host, ~static_cast<size_t>(0), stream));
    CHECK(cudaMallocHost(&host, 4096));
    ROW(VALUE, cudaFreeAsync(static_cast<char *>(piece) + 256, stream));
    ROW(VALUE, cudaFreeAsync(host, stream));
    ROW(cudaSuccess, cudaFreeAsync(piece, stream));
    ROW(VALUE, cudaFreeAsync(piece, stream));
    ROW(VALUE, cudaFree(piece));
    /* Handles. */
    cudaIpcMemHandle_t handle = {};
    cudaIpcEventHandle_t event_handle = {};
    cudaMemPoolPtrExportData data;
    ROW(VALUE, cudaIpcGetMemHandle(nullptr, memory));
    ROW(VALUE, cudaIpcGetMemHandle(&handle, host));
    ROW(VALUE, cudaIpcOpenMemHandle(&piece, handle, 0));
    ROW(HANDLE, cudaIpcOpenMemHandle(&piece, handle, cudaIpcMemLazyEnablePeerAccess));
    ROW(VALUE, cudaIpcCloseMemHandle(memory));
    ROW(HANDLE, cudaIpcGetEventHandle(&event_handle, event));
    ROW(cudaErrorMapBufferObjectFailed, cudaIpcOpenEventHandle(&event, event_handle));
    ROW(VALUE, cudaMemPoolExportToShareableHandle(&number, pool, cudaMemHandleTypePosixFileDescriptor, 0));
    ROW(VALUE, cudaMemPoolImportFromShareableHandle(&made, reinterpret_cast<void *>(static_cast<intptr_t>(-1)),
                                                    cudaMemHandleTypePosixFileDescriptor, 0));
    ROW(VALUE, cudaMemPoolExportPointer(&data, memory));
    ROW(VALUE, cudaMemPoolImportPointer(&piece, pool, &data));
    /* Events. */
    ROW(VALUE, cudaEventCreateWithFlags(&event, cudaEventInterprocess));
    ROW(VALUE, cudaEventCreateWithFlags(&event, 64));
    ROW(HANDLE, cudaEventElapsedTime(&ms, event, recorded)); // never recorded
    ROW(HANDLE, cudaEventElapsedTime(&ms, recorded, untimed));
    ROW(VALUE, cudaEventElapsedTime(nullptr, recorded, recorded));
    ROW(VALUE, cudaEventRecordWithFlags(recorded, stream, 8));
    ROW(cudaErrorIllegalState, cudaEventRecordWithFlags(recorded, stream, cudaEventRecordExternal));
    ROW(cudaErrorIllegalState, cudaStreamWaitEvent(stream, recorded, cudaEventWaitExternal));
    ROW(cudaSuccess, cudaEventQuery(event)); // nothing was recorded: nothing is pending
    /* Peers and clusters. */
    ROW(DEVICE, cudaDeviceEnablePeerAccess(0, 0));
    ROW(DEVICE, cudaDeviceEnablePeerAccess(1, 0));
    ROW(DEVICE, cudaDeviceCanAccessPeer(&number, 0, 1));
    ROW(VALUE, cudaDeviceCanAccessPeer(nullptr, 0, 0));
    ROW(DEVICE, cudaMemcpyPeer(memory, 0, memory, 1, 16));
    cudaLaunchAttribute cluster = {};
    cluster.id = cudaLaunchAttributeClusterDimension;
    cluster.val.clusterDim.x = cluster.val.clusterDim.y = cluster.val.clusterDim.z = 1;
    cudaLaunchConfig_t config = {};
    config.gridDim = config.blockDim = dim3(8);
    config.attrs = &cluster;
    config.numAttrs = 1;
    ROW(cudaSuccess, cudaOccupancyMaxPotentialClusterSize(&number, kernel, &config));
    ROW(cudaSuccess, cudaLaunchKernelEx(&config, kernel));
    cluster.val.clusterDim.x = 3;
    ROW(cudaSuccess, cudaOccupancyMaxActiveClusters(&number, kernel, &config));
    ROW(cudaErrorInvalidClusterSize, cudaLaunchKernelEx(&config, kernel));
    ROW(VALUE, cudaOccupancyMaxActiveClusters(nullptr, kernel, &config));
    ROW(cudaSuccess, cudaFuncSetAttribute(kernel, cudaFuncAttributeNonPortableClusterSizeAllowed, 1));
    ROW(VALUE, cudaFuncSetAttribute(kernel, cudaFuncAttributeClusterDimMustBeSet, 1));
    /* The rest. */
    cudaStreamCaptureMode mode = static_cast<cudaStreamCaptureMode>(9);
    ROW(VALUE, cudaThreadExchangeStreamCaptureMode(&mode));
    ROW(cudaErrorNotSupported,
        cudaDeviceFlushGPUDirectRDMAWrites(cudaFlushGPUDirectRDMAWritesTargetCurrentDevice,
                                           cudaFlushGPUDirectRDMAWritesToOwner));
    ROW(cudaSuccess, cudaProfilerStart());
    ROW(cudaSuccess, cudaProfilerStop());
    ROW(cudaSuccess, cudaDeviceSynchronize());
    std::printf("%d rows differ\n", differ);
    return 0;
}
