/* SPDX-License-Identifier: Apache-2.0 */
/* Wrong arguments, one table: what is called, and the error that CUDA documents for it. */
#include <stdint.h>
#include <string.h>

#include "fake.h"
#include "harness.h"

static struct {
    char *device; /* 256 bytes */
    char *other;  /* 256 bytes */
    char *freed;
    char *pinned; /* 256 bytes */
    char *managed;
    char host[256];
    cudaStream_t stream, dead_stream;
    cudaEvent_t event, untimed, dead_event;
    cudaArray_t array, dead_array; /* 16 x 4 floats */
} have;

static void prepare(void) {
    struct cudaChannelFormatDesc desc = cudaCreateChannelDesc(32, 0, 0, 0, cudaChannelFormatKindFloat);
    fake_register();
    OK(cudaMalloc((void **)&have.device, 256));
    OK(cudaMalloc((void **)&have.other, 256));
    OK(cudaMalloc((void **)&have.freed, 1 << 20));
    OK(cudaFree(have.freed));
    OK(cudaMallocHost((void **)&have.pinned, 256));
    OK(cudaMallocManaged((void **)&have.managed, 256, cudaMemAttachGlobal));
    OK(cudaStreamCreate(&have.stream));
    OK(cudaStreamCreate(&have.dead_stream));
    OK(cudaStreamDestroy(have.dead_stream));
    OK(cudaEventCreate(&have.event));
    OK(cudaEventCreateWithFlags(&have.untimed, cudaEventDisableTiming));
    OK(cudaEventCreate(&have.dead_event));
    OK(cudaEventDestroy(have.dead_event));
    OK(cudaMallocArray(&have.array, &desc, 16, 4, 0));
    OK(cudaMallocArray(&have.dead_array, &desc, 16, 4, 0));
    OK(cudaFreeArray(have.dead_array));
}

static cudaError_t launch(const void *kernel, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                          unsigned bz, size_t shared) {
    return cudaLaunchKernel(kernel, (dim3){gx, gy, gz}, (dim3){bx, by, bz}, NULL, shared, NULL);
}

static cudaError_t copy_3d(struct cudaMemcpy3DParms parms) {
    return cudaMemcpy3D(&parms);
}

/* A configuration with one attribute. */
static cudaError_t launch_with(cudaLaunchAttributeID id, unsigned blocks, int value) {
    cudaLaunchAttribute attribute;
    memset(&attribute, 0, sizeof attribute);
    attribute.id = id;
    attribute.val.cooperative = value;
    cudaLaunchConfig_t config = {.gridDim = {blocks, 1, 1}, .blockDim = {1, 1, 1}, .attrs = &attribute, .numAttrs = 1};
    return cudaLaunchKernelExC(&config, &kernel_empty, NULL);
}

/* The table: X(expected, call). A row is code, since calls differ in their arguments. */
#define MEMORY_ROWS(X)                                                                                                 \
    X(InvalidValue, cudaMalloc(NULL, 1))                                                                               \
    X(MemoryAllocation, cudaMalloc((void **)&p, (size_t)1 << 50))                                                      \
    X(MemoryAllocation, cudaMallocPitch((void **)&p, &n, SIZE_MAX, 2))                                                 \
    X(InvalidValue, cudaMallocPitch((void **)&p, NULL, 1, 1))                                                          \
    X(MemoryAllocation, cudaMalloc3D(&pitched, ((struct cudaExtent){1 << 20, SIZE_MAX / 2, 3})))                       \
    X(InvalidValue, cudaMallocManaged((void **)&p, 1, 77))                                                             \
    X(InvalidValue, cudaMallocManaged((void **)&p, 0, cudaMemAttachGlobal))                                            \
    X(InvalidValue, cudaFree(have.freed))                                                                              \
    X(InvalidValue, cudaFree(have.host))                                                                               \
    X(InvalidValue, cudaFree(have.device + 16))                                                                        \
    X(InvalidValue, cudaFree(have.pinned))                                                                             \
    X(InvalidValue, cudaFreeHost(have.device))                                                                         \
    X(InvalidValue, cudaFreeHost(have.host))                                                                           \
    X(InvalidValue, cudaHostAlloc((void **)&p, 16, 0x100))                                                             \
    X(InvalidValue, cudaHostRegister(NULL, 16, 0))                                                                     \
    X(InvalidValue, cudaHostRegister(have.host, 0, 0))                                                                 \
    X(HostMemoryAlreadyRegistered, cudaHostRegister(have.pinned, 16, 0))                                               \
    X(HostMemoryNotRegistered, cudaHostUnregister(have.host))                                                          \
    X(HostMemoryNotRegistered, cudaHostUnregister(have.pinned))                                                        \
    X(InvalidValue, cudaHostGetDevicePointer((void **)&p, have.host, 0))                                               \
    X(InvalidValue, cudaHostGetDevicePointer((void **)&p, have.pinned, 1))                                             \
    X(InvalidValue, cudaHostGetFlags(&u, have.host))                                                                   \
    X(InvalidValue, cudaMemGetInfo(NULL, &n))                                                                          \
    X(InvalidValue, cudaPointerGetAttributes(NULL, have.host))                                                         \
    X(InvalidValue, cudaMallocAsync(NULL, 16, NULL))                                                                   \
    X(InvalidResourceHandle, cudaMallocAsync((void **)&p, 16, have.dead_stream))                                       \
    X(InvalidValue, cudaFreeAsync(have.host, NULL))                                                                    \
    X(InvalidValue, cudaFreeAsync(NULL, NULL))                                                                         \
    X(InvalidValue, cudaMemPrefetchAsync(have.device, 16, 0, NULL))                                                    \
    X(InvalidDevice, cudaMemPrefetchAsync(have.managed, 16, 7, NULL))                                                  \
    X(InvalidValue, cudaMemPrefetchAsync(have.managed, 257, 0, NULL))                                                  \
    X(InvalidValue, cudaMemAdvise(have.managed, 16, (enum cudaMemoryAdvise)99, 0))

#define COPY_ROWS(X)                                                                                                   \
    X(InvalidMemcpyDirection, cudaMemcpy(have.device, have.host, 16, (enum cudaMemcpyKind)9))                          \
    X(InvalidMemcpyDirection, cudaMemcpy(have.device, have.host, 16, (enum cudaMemcpyKind) - 1))                       \
    X(InvalidValue, cudaMemcpy(NULL, have.host, 16, cudaMemcpyHostToDevice))                                           \
    X(InvalidValue, cudaMemcpy(have.device, NULL, 16, cudaMemcpyHostToDevice))                                         \
    X(InvalidValue, cudaMemcpy(have.device, have.host, 257, cudaMemcpyHostToDevice))                                   \
    X(InvalidValue, cudaMemcpy(have.device + 1, have.host, 256, cudaMemcpyHostToDevice))                               \
    X(InvalidValue, cudaMemcpy(have.host, have.device + 255, 2, cudaMemcpyDeviceToHost))                               \
    X(InvalidValue, cudaMemcpy(have.device, have.host, SIZE_MAX, cudaMemcpyHostToDevice))                              \
    X(InvalidValue, cudaMemcpy(have.host, have.device, 16, cudaMemcpyHostToDevice))                                    \
    X(InvalidValue, cudaMemcpy(have.device, have.host, 16, cudaMemcpyDeviceToHost))                                    \
    X(InvalidValue, cudaMemcpy(have.device, have.host, 16, cudaMemcpyDeviceToDevice))                                  \
    X(InvalidValue, cudaMemcpy(have.freed, have.host, 16, cudaMemcpyHostToDevice))                                     \
    X(InvalidResourceHandle, cudaMemcpyAsync(have.device, have.host, 16, cudaMemcpyDefault, have.dead_stream))         \
    X(InvalidDevice, cudaMemcpyPeer(have.device, 0, have.other, 5, 16))                                                \
    X(InvalidPitchValue, cudaMemcpy2D(have.device, 8, have.host, 16, 16, 2, cudaMemcpyHostToDevice))                   \
    X(InvalidPitchValue, cudaMemcpy2D(have.device, 16, have.host, 8, 16, 2, cudaMemcpyHostToDevice))                   \
    X(InvalidPitchValue, cudaMemcpy2D(have.device, (size_t)1 << 40, have.host, 16, 16, 2, cudaMemcpyHostToDevice))     \
    X(InvalidValue, cudaMemcpy2D(have.device, 64, have.host, 64, 64, 5, cudaMemcpyHostToDevice))                       \
    X(InvalidValue, cudaMemcpy2D(have.device, 64, have.host, 64, 64, SIZE_MAX / 2, cudaMemcpyHostToDevice))            \
    X(InvalidMemcpyDirection, cudaMemcpy2D(have.device, 16, have.host, 16, 16, 2, (enum cudaMemcpyKind)9))             \
    X(InvalidValue, cudaMemcpy3D(NULL))                                                                                \
    X(InvalidValue, copy_3d((struct cudaMemcpy3DParms){.dstPtr = {have.device, 16, 16, 4}, .extent = {16, 4, 1}}))     \
    X(InvalidValue, copy_3d((struct cudaMemcpy3DParms){.srcArray = have.array,                                         \
                                                       .srcPtr = {have.device, 16, 16, 4},                             \
                                                       .dstPtr = {have.other, 64, 16, 4},                              \
                                                       .extent = {4, 1, 1},                                            \
                                                       .kind = cudaMemcpyDeviceToDevice}))                             \
    X(InvalidPitchValue, copy_3d((struct cudaMemcpy3DParms){.srcPtr = {have.host, 8, 16, 4},                           \
                                                            .dstPtr = {have.device, 16, 16, 4},                        \
                                                            .extent = {16, 4, 1},                                      \
                                                            .kind = cudaMemcpyHostToDevice}))                          \
    X(InvalidValue, cudaMemset(have.host, 0, 16))                                                                      \
    X(InvalidValue, cudaMemset(NULL, 0, 16))                                                                           \
    X(InvalidValue, cudaMemset(have.device, 0, 257))                                                                   \
    X(InvalidValue, cudaMemset2D(have.device, 8, 0, 16, 2))                                                            \
    X(InvalidValue, cudaMemset2D(have.device, 64, 0, 64, 5))                                                           \
    X(InvalidResourceHandle, cudaMemsetAsync(have.device, 0, 16, have.dead_stream))                                    \
    X(InvalidSymbol, cudaMemcpyToSymbol(have.host, have.host, 4, 0, cudaMemcpyHostToDevice))                           \
    X(InvalidSymbol, cudaMemcpyToSymbol(&variable_absent, have.host, 4, 0, cudaMemcpyHostToDevice))                    \
    X(InvalidValue, cudaMemcpyToSymbol(&variable_numbers, have.host, 257, 0, cudaMemcpyHostToDevice))                  \
    X(InvalidValue, cudaMemcpyToSymbol(&variable_numbers, have.host, 4, 253, cudaMemcpyHostToDevice))                  \
    X(InvalidMemcpyDirection, cudaMemcpyToSymbol(&variable_numbers, have.host, 4, 0, cudaMemcpyDeviceToHost))          \
    X(InvalidMemcpyDirection, cudaMemcpyFromSymbol(have.host, &variable_numbers, 4, 0, cudaMemcpyHostToDevice))        \
    X(InvalidSymbol, cudaGetSymbolAddress((void **)&p, have.host))                                                     \
    X(InvalidSymbol, cudaGetSymbolSize(&n, have.host))                                                                 \
    X(InvalidValue, cudaGetSymbolSize(NULL, &variable_numbers))                                                        \
    X(InvalidValue, cudaMemcpy2DToArray(have.array, 0, 0, have.host, 64, 64, 5, cudaMemcpyHostToDevice))               \
    X(InvalidValue, cudaMemcpy2DToArray(have.array, 4, 0, have.host, 64, 64, 1, cudaMemcpyHostToDevice))               \
    X(InvalidPitchValue, cudaMemcpy2DToArray(have.array, 0, 0, have.host, 32, 64, 1, cudaMemcpyHostToDevice))          \
    X(InvalidResourceHandle, cudaMemcpy2DToArray(have.dead_array, 0, 0, have.host, 64, 64, 1, cudaMemcpyHostToDevice)) \
    X(InvalidResourceHandle, cudaFreeArray(have.dead_array))                                                           \
    X(InvalidChannelDescriptor, cudaMallocArray(&array, &odd, 4, 4, 0))

#define STREAM_ROWS(X)                                                                                                 \
    X(InvalidValue, cudaStreamCreate(NULL))                                                                            \
    X(InvalidValue, cudaStreamCreateWithFlags(&stream, 0x40))                                                          \
    X(InvalidResourceHandle, cudaStreamDestroy(NULL))                                                                  \
    X(InvalidResourceHandle, cudaStreamDestroy(have.dead_stream))                                                      \
    X(InvalidResourceHandle, cudaStreamDestroy((cudaStream_t)(uintptr_t)0x1234))                                       \
    X(InvalidResourceHandle, cudaStreamSynchronize(have.dead_stream))                                                  \
    X(InvalidResourceHandle, cudaStreamQuery(have.dead_stream))                                                        \
    X(InvalidResourceHandle, cudaLaunchHostFunc(have.dead_stream, nothing, NULL))                                      \
    X(InvalidValue, cudaLaunchHostFunc(NULL, NULL, NULL))                                                              \
    X(InvalidValue, cudaStreamAddCallback(NULL, NULL, NULL, 0))                                                        \
    X(InvalidValue, cudaStreamGetFlags(have.stream, NULL))                                                             \
    X(InvalidValue, cudaEventCreate(NULL))                                                                             \
    X(InvalidValue, cudaEventCreateWithFlags(&event, 0x1000))                                                          \
    X(InvalidValue, cudaEventCreateWithFlags(&event, cudaEventInterprocess))                                           \
    X(InvalidResourceHandle, cudaEventDestroy(have.dead_event))                                                        \
    X(InvalidResourceHandle, cudaEventRecord(have.dead_event, NULL))                                                   \
    X(InvalidResourceHandle, cudaEventRecord(NULL, NULL))                                                              \
    X(InvalidResourceHandle, cudaEventRecord(have.event, have.dead_stream))                                            \
    X(InvalidResourceHandle, cudaEventQuery(have.dead_event))                                                          \
    X(InvalidResourceHandle, cudaEventSynchronize(have.dead_event))                                                    \
    X(InvalidResourceHandle, cudaStreamWaitEvent(NULL, have.dead_event, 0))                                            \
    X(InvalidValue, cudaStreamWaitEvent(NULL, have.event, 8))                                                          \
    X(InvalidResourceHandle, cudaEventElapsedTime(&f, have.event, have.untimed))                                       \
    X(InvalidValue, cudaEventElapsedTime(NULL, have.event, have.event))

#define LAUNCH_ROWS(X)                                                                                                 \
    X(InvalidDeviceFunction, launch(&kernel_foreign, 1, 1, 1, 1, 1, 1, 0))                                             \
    X(InvalidDeviceFunction, launch(NULL, 1, 1, 1, 1, 1, 1, 0))                                                        \
    X(InvalidDeviceFunction, launch(&kernel_absent, 1, 1, 1, 1, 1, 1, 0))                                              \
    X(InvalidDeviceFunction, launch(&kernel_unlisted, 1, 1, 1, 1, 1, 1, 0))                                            \
    X(InvalidDeviceFunction, launch(&variable_numbers, 1, 1, 1, 1, 1, 1, 0))                                           \
    X(InvalidConfiguration, launch(&kernel_empty, 0, 1, 1, 1, 1, 1, 0))                                                \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 0, 1, 1, 1, 1, 0))                                                \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 1, 1, 1, 0, 0))                                                \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 1, 1025, 1, 1, 0))                                             \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 1, 32, 33, 1, 0))                                              \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 1, 1, 1, 65, 0))                                               \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 1, 0x80000000u, 2, 1, 0))                                      \
    X(InvalidConfiguration, launch(&kernel_empty, 0x80000000u, 1, 1, 1, 1, 1, 0))                                      \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 65536, 1, 1, 1, 1, 0))                                            \
    X(InvalidConfiguration, launch(&kernel_empty, 1, 1, 65536, 1, 1, 1, 0))                                            \
    X(LaunchOutOfResources, launch(&kernel_bounded, 1, 1, 1, 129, 1, 1, 0))                                            \
    X(InvalidValue, launch(&kernel_empty, 1, 1, 1, 1, 1, 1, 49153))                                                    \
    X(InvalidValue, launch(&kernel_bounded, 1, 1, 1, 1, 1, 1, 48129))                                                  \
    X(InvalidValue, launch(&kernel_note, 1, 1, 1, 1, 1, 1, 0))                                                         \
    X(InvalidResourceHandle, cudaLaunchKernel(&kernel_empty, one, one, NULL, 0, have.dead_stream))                     \
    X(CooperativeLaunchTooLarge,                                                                                       \
      cudaLaunchCooperativeKernel(&kernel_empty, (dim3){4 * 32 + 1, 1, 1}, one, NULL, 0, NULL))                        \
    X(InvalidValue, cudaLaunchCooperativeKernelMultiDevice(NULL, 1, 0))                                                \
    X(InvalidValue, cudaLaunchKernelExC(NULL, &kernel_empty, NULL))                                                    \
    X(CooperativeLaunchTooLarge, launch_with(cudaLaunchAttributeCooperative, 4 * 32 + 1, 1))                           \
    X(NotSupported, launch_with(cudaLaunchAttributeProgrammaticEvent, 1, 0))                                           \
    X(InvalidValue, launch_with(cudaLaunchAttributeClusterDimension, 1, 2))                                            \
    X(MissingConfiguration, __cudaPopCallConfiguration(&popped, &popped, &n, &stream))                                 \
    X(InvalidDeviceFunction, cudaFuncGetAttributes(&attributes, &kernel_foreign))                                      \
    X(InvalidValue, cudaFuncGetAttributes(NULL, &kernel_empty))                                                        \
    X(InvalidValue, cudaFuncSetAttribute(&kernel_bounded, cudaFuncAttributeMaxDynamicSharedMemorySize, 166912))        \
    X(InvalidValue, cudaFuncSetAttribute(&kernel_empty, cudaFuncAttributeMaxDynamicSharedMemorySize, -1))              \
    X(InvalidValue, cudaFuncSetAttribute(&kernel_empty, (enum cudaFuncAttribute)77, 1))                                \
    X(InvalidDeviceFunction, cudaFuncSetAttribute(NULL, cudaFuncAttributePreferredSharedMemoryCarveout, 1))            \
    X(InvalidDeviceFunction, cudaOccupancyMaxActiveBlocksPerMultiprocessor(&i, &kernel_foreign, 32, 0))                \
    X(InvalidValue, cudaOccupancyMaxActiveBlocksPerMultiprocessor(&i, &kernel_empty, 0, 0))

#define DEVICE_ROWS(X)                                                                                                 \
    X(InvalidDevice, cudaSetDevice(1))                                                                                 \
    X(InvalidDevice, cudaSetDevice(-1))                                                                                \
    X(InvalidValue, cudaGetDevice(NULL))                                                                               \
    X(InvalidValue, cudaGetDeviceCount(NULL))                                                                          \
    X(InvalidDevice, cudaGetDeviceProperties(&prop, 1))                                                                \
    X(InvalidValue, cudaGetDeviceProperties(NULL, 0))                                                                  \
    X(InvalidValue, cudaDeviceGetAttribute(&i, (enum cudaDeviceAttr)9999, 0))                                          \
    X(InvalidDevice, cudaDeviceGetAttribute(&i, cudaDevAttrWarpSize, 3))                                               \
    X(UnsupportedLimit, cudaDeviceSetLimit((enum cudaLimit)77, 1))                                                     \
    X(UnsupportedLimit, cudaDeviceGetLimit(&n, (enum cudaLimit)77))                                                    \
    X(InvalidValue, cudaDeviceSetLimit(cudaLimitMallocHeapSize, (size_t)1 << 50))                                      \
    X(InvalidValue, cudaSetDeviceFlags(0x3000))                                                                        \
    X(InvalidValue, cudaDeviceSetCacheConfig((enum cudaFuncCache)9))                                                   \
    X(InvalidDevice, cudaDeviceEnablePeerAccess(0, 0))                                                                 \
    X(InvalidDevice, cudaDeviceEnablePeerAccess(1, 0))                                                                 \
    X(InvalidValue, cudaDeviceGetPCIBusId(have.host, 4, 0))                                                            \
    X(InvalidDevice, cudaDeviceGetByPCIBusId(&i, "0000:77:00.0"))                                                      \
    X(InvalidValue, cudaDeviceGetByPCIBusId(&i, "nonsense"))                                                           \
    X(InvalidValue, cudaMemPoolDestroy(NULL))                                                                          \
    X(InvalidValue, cudaDriverGetVersion(NULL))

static void nothing(void *data) {
    (void)data;
}

/* Each row is checked twice: the call's own result, and what cudaGetLastError gives then and after. */
#define ROW(expected, call)                                                                                            \
    GIVES(cudaError##expected, call);                                                                                  \
    CHECK(cudaPeekAtLastError() == cudaError##expected, "%s", #call);                                                  \
    CHECK(cudaGetLastError() == cudaError##expected, "%s", #call);                                                     \
    CHECK(cudaGetLastError() == cudaSuccess, "%s", #call);

TEST(misuse, memory) {
    char *p = NULL;
    size_t n;
    unsigned u;
    struct cudaPitchedPtr pitched;
    prepare();
    MEMORY_ROWS(ROW)
    (void)p;
}

TEST(misuse, copies) {
    char *p = NULL;
    size_t n;
    cudaArray_t array;
    struct cudaChannelFormatDesc odd = {8, 16, 0, 0, cudaChannelFormatKindUnsigned};
    prepare();
    COPY_ROWS(ROW)
    (void)p;
}

TEST(misuse, streams_and_events) {
    cudaStream_t stream;
    cudaEvent_t event;
    float f;
    prepare();
    OK(cudaEventRecord(have.event, NULL));
    OK(cudaEventRecord(have.untimed, NULL));
    STREAM_ROWS(ROW)
}

TEST(misuse, launches) {
    const dim3 one = {1, 1, 1};
    dim3 popped;
    size_t n;
    int i;
    cudaStream_t stream;
    struct cudaFuncAttributes attributes;
    prepare();
    LAUNCH_ROWS(ROW)
    CHECK(atomic_load(&fake_launches) == 0);
}

TEST(misuse, devices) {
    int i;
    size_t n;
    struct cudaDeviceProp prop;
    prepare();
    DEVICE_ROWS(ROW)
}

/* What is at the limit, and allowed. */
TEST(misuse, limits_themselves_are_allowed) {
    prepare();
    OK(launch(&kernel_empty, 0x7fffffffu, 1, 1, 1, 1, 1, 0));
    OK(launch(&kernel_empty, 1, 65535, 65535, 1, 1, 1, 0));
    OK(launch(&kernel_empty, 1, 1, 1, 1024, 1, 1, 0));
    OK(launch(&kernel_empty, 1, 1, 1, 4, 4, 64, 49152));
    OK(launch(&kernel_bounded, 1, 1, 1, 128, 1, 1, 48128));
    OK(cudaFuncSetAttribute(&kernel_bounded, cudaFuncAttributeMaxDynamicSharedMemorySize, 166912 - 1024));
    OK(launch(&kernel_bounded, 1, 1, 1, 128, 1, 1, 166912 - 1024));
    GIVES(cudaErrorInvalidValue, launch(&kernel_bounded, 1, 1, 1, 128, 1, 1, 166912 - 1023));
    OK(cudaLaunchCooperativeKernel(&kernel_empty, (dim3){1, 1, 1}, (dim3){64, 1, 1}, NULL, 0, NULL));
    OK(launch_with(cudaLaunchAttributeCooperative, 4 * 32, 1));
    OK(launch_with(cudaLaunchAttributeCooperative, 4 * 32 + 1, 0));
    OK(launch_with(cudaLaunchAttributePriority, 1, -1));
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_launches) == 10);
    OK(cudaFree(NULL));
    OK(cudaFreeHost(NULL));
    OK(cudaFreeArray(NULL));
    char *p = have.device;
    OK(cudaMalloc((void **)&p, 0));
    CHECK(p == NULL);
    OK(cudaMemcpy(have.device, have.host, 0, cudaMemcpyHostToDevice));
    OK(cudaMemcpy(NULL, NULL, 0, cudaMemcpyHostToDevice));
    OK(cudaMemcpy2D(have.device, 64, have.host, 64, 64, 4, cudaMemcpyHostToDevice));
    OK(cudaMemset(have.pinned, 0, 256));
    OK(cudaMemset(have.managed, 0, 256));
}

TEST(misuse, out_of_memory_is_not_sticky) {
    char *p;
    prepare();
    atomic_store(&fake_alloc_fails, true);
    GIVES(cudaErrorMemoryAllocation, cudaMalloc((void **)&p, 16));
    atomic_store(&fake_alloc_fails, false);
    OK(cudaMalloc((void **)&p, 16));
    CHECK(cudaGetLastError() == cudaErrorMemoryAllocation);
    OK(cudaFree(p));
    OK(cudaGetLastError());
}
