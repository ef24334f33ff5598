// SPDX-License-Identifier: Apache-2.0
// Green contexts: resources are split, kernels of a context run on its processors alone, its streams and events meet.
// EXPECT: resources: ok
// EXPECT: context: ok
// EXPECT: one processor: ok
// EXPECT: cooperative limit: ok
// EXPECT: events: ok
// EXPECT: streams made later: ok
// EXPECT: exec affinity: ok
// EXPECT: refused: ok
// EXPECT: tensor maps: ok
// NVCC: skip NVIDIA's devices split their multiprocessors by multiples of 2 to 8, and have tensor maps
#include <cooperative_groups.h>

#include "check.h"
#include "check_driver.h"

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

/* How many blocks ran at the same time at most. */
__global__ void crowd(int *now, int *most) {
    if (threadIdx.x == 0) {
        int here = atomicAdd(now, 1) + 1;
        atomicMax(most, here);
        float work = float(here);
        for (int i = 0; i < 100000; i++) work = work * 1.0001f + 0.5f;
        atomicSub(now, work == 0.0f ? 0 : 1);
    }
}

__global__ void gather(int *cells) {
    cooperative_groups::this_grid().sync();
    cells[blockIdx.x] = 1;
}

__global__ void add(int *cell, int value) { *cell += value; }

int main() {
    CUdevice device;
    CUcontext context, other, as_context, of_stream;
    CUgreenCtx green, of_green;
    CUdevResource all, groups[64], rest, back;
    CUdevResourceDesc description;
    CUstream stream, second;
    unsigned count = 0;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    int processors = 0;
    DRIVER(cuDeviceGetAttribute(&processors, CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, device));
    DRIVER(cuDeviceGetDevResource(device, &all, CU_DEV_RESOURCE_TYPE_SM));
    DRIVER(cuDevSmResourceSplitByCount(nullptr, &count, &all, nullptr, 0, 1));
    bool fine = all.sm.smCount == unsigned(processors) && count == unsigned(processors);
    count = 1;
    DRIVER(cuDevSmResourceSplitByCount(groups, &count, &all, &rest, 0, 1));
    say("resources", fine && count == 1 && groups[0].sm.smCount == 1 && rest.sm.smCount == unsigned(processors) - 1);

    unsigned long long id = 0;
    DRIVER(cuDevResourceGenerateDesc(&description, groups, 1));
    DRIVER(cuGreenCtxCreate(&green, description, device, CU_GREEN_CTX_DEFAULT_STREAM));
    DRIVER(cuCtxFromGreenCtx(&as_context, green));
    DRIVER(cuGreenCtxGetId(green, &id));
    DRIVER(cuGreenCtxGetDevResource(green, &back, CU_DEV_RESOURCE_TYPE_SM));
    DRIVER(cuGreenCtxStreamCreate(&stream, green, CU_STREAM_NON_BLOCKING, 0));
    DRIVER(cuStreamGetCtx_v2(stream, &of_stream, &of_green));
    fine = id != 0 && back.sm.smCount == 1 && of_green == green && !of_stream;
    DRIVER(cuStreamGetGreenCtx(nullptr, &of_green));
    DRIVER(cuStreamGetCtx_v2(nullptr, &of_stream, &of_green));
    say("context", fine && !of_green && of_stream == context);

    int *cells;
    CHECK(cudaMallocManaged(&cells, 64 * sizeof(int)));
    CHECK(cudaMemset(cells, 0, 64 * sizeof(int)));
    CHECK(cudaDeviceSynchronize());
    crowd<<<16, 1, 0, stream>>>(cells, cells + 1);
    DRIVER(cuStreamSynchronize(stream));
    fine = cells[1] == 1;
    DRIVER(cuCtxPushCurrent(as_context));
    cells[1] = 0;
    crowd<<<16, 1>>>(cells, cells + 1); // the default stream, with the green context current
    DRIVER(cuCtxSynchronize());
    DRIVER(cuCtxPopCurrent(&other));
    say("one processor", fine && cells[1] == 1 && other == as_context);

    int fit = 0;
    CHECK(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&fit, gather, 1024, 0));
    void *arguments[] = {&cells};
    cudaError_t within = cudaLaunchCooperativeKernel(gather, dim3(fit), dim3(1024), arguments, 0, stream);
    DRIVER(cuStreamSynchronize(stream));
    cudaError_t beyond = cudaLaunchCooperativeKernel(gather, dim3(fit + 1), dim3(1024), arguments, 0, stream);
    cudaGetLastError();
    say("cooperative limit", within == cudaSuccess && beyond == cudaErrorCooperativeLaunchTooLarge && cells[fit - 1] == 1);

    CUevent event, free_event;
    CUstream outside;
    DRIVER(cuEventCreate(&event, 0));
    DRIVER(cuEventCreate(&free_event, 0));
    DRIVER(cuStreamCreate(&outside, CU_STREAM_NON_BLOCKING));
    DRIVER(cuGreenCtxStreamCreate(&second, green, CU_STREAM_NON_BLOCKING, 0));
    cells[0] = 0;
    add<<<1, 1, 0, stream>>>(cells, 3);
    DRIVER(cuGreenCtxRecordEvent(green, event));
    DRIVER(cuStreamWaitEvent(outside, event, 0));
    add<<<1, 1, 0, outside>>>(cells, 4);
    DRIVER(cuEventRecord(event, outside));
    DRIVER(cuGreenCtxWaitEvent(green, event));
    add<<<1, 1, 0, second>>>(cells, 5);
    DRIVER(cuStreamSynchronize(second));
    say("events", cells[0] == 12);

    CUdeviceptr word = reinterpret_cast<CUdeviceptr>(cells + 8);
    CUstream third;
    cells[8] = 0;
    DRIVER(cuStreamWaitValue32(outside, word, 1, CU_STREAM_WAIT_VALUE_EQ));
    DRIVER(cuEventRecord(free_event, outside));
    DRIVER(cuCtxWaitEvent(as_context, free_event));
    DRIVER(cuGreenCtxStreamCreate(&third, green, CU_STREAM_NON_BLOCKING, 0));
    add<<<1, 1, 0, third>>>(cells, 1);
    fine = cuStreamQuery(third) == CUDA_ERROR_NOT_READY;
    cells[8] = 1;
    DRIVER(cuStreamSynchronize(third));
    DRIVER(cuCtxRecordEvent(as_context, event));
    DRIVER(cuEventSynchronize(event));
    say("streams made later", fine && cells[0] == 13);

    CUexecAffinityParam affinity = {};
    int supported = 0;
    affinity.type = CU_EXEC_AFFINITY_TYPE_SM_COUNT;
    affinity.param.smCount.val = 1;
    DRIVER(cuDeviceGetExecAffinitySupport(&supported, CU_EXEC_AFFINITY_TYPE_SM_COUNT, device));
    DRIVER(cuCtxCreate_v3(&other, &affinity, 1, 0, device));
    affinity.param.smCount.val = 0;
    DRIVER(cuCtxGetExecAffinity(&affinity, CU_EXEC_AFFINITY_TYPE_SM_COUNT));
    cells[0] = cells[1] = 0;
    crowd<<<16, 1>>>(cells, cells + 1);
    DRIVER(cuCtxSynchronize());
    DRIVER(cuCtxDestroy(other));
    say("exec affinity", supported == 1 && affinity.param.smCount.val == 1 && cells[1] == 1);

    CUgreenCtx none = reinterpret_cast<CUgreenCtx>(cells);
    CUdevResource nothing = {};
    count = 1;
    fine = cuDeviceGetDevResource(device, &back, CU_DEV_RESOURCE_TYPE_INVALID) == CUDA_ERROR_INVALID_RESOURCE_TYPE &&
           cuDeviceGetDevResource(99, &back, CU_DEV_RESOURCE_TYPE_SM) == CUDA_ERROR_INVALID_DEVICE &&
           cuCtxGetDevResource(reinterpret_cast<CUcontext>(cells), &back, CU_DEV_RESOURCE_TYPE_SM) == CUDA_ERROR_INVALID_CONTEXT &&
           cuDevSmResourceSplitByCount(groups, &count, &all, &rest, 0, processors + 1) == CUDA_ERROR_INVALID_RESOURCE_CONFIGURATION &&
           cuDevSmResourceSplitByCount(groups, nullptr, &all, &rest, 0, 1) == CUDA_ERROR_INVALID_VALUE &&
           cuDevResourceGenerateDesc(&description, &nothing, 1) == CUDA_ERROR_INVALID_RESOURCE_TYPE &&
           cuDevResourceGenerateDesc(&description, nullptr, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuGreenCtxCreate(&of_green, description, device, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuGreenCtxGetDevResource(none, &back, CU_DEV_RESOURCE_TYPE_SM) == CUDA_ERROR_INVALID_HANDLE &&
           cuGreenCtxGetId(none, &id) == CUDA_ERROR_INVALID_HANDLE &&
           cuCtxFromGreenCtx(&other, none) == CUDA_ERROR_INVALID_HANDLE &&
           cuGreenCtxStreamCreate(&second, green, 0, 0) == CUDA_ERROR_INVALID_VALUE &&
           cuGreenCtxRecordEvent(none, event) == CUDA_ERROR_INVALID_HANDLE &&
           cuGreenCtxWaitEvent(none, event) == CUDA_ERROR_INVALID_HANDLE &&
           cuCtxRecordEvent(nullptr, event) == CUDA_ERROR_INVALID_CONTEXT &&
           cuCtxWaitEvent(nullptr, event) == CUDA_ERROR_INVALID_CONTEXT &&
           cuStreamGetGreenCtx(nullptr, nullptr) == CUDA_ERROR_INVALID_VALUE &&
           cuStreamGetCtx_v2(nullptr, nullptr, nullptr) == CUDA_ERROR_INVALID_VALUE;
    DRIVER(cuGreenCtxDestroy(green));
    say("refused", fine && cuGreenCtxDestroy(green) == CUDA_ERROR_INVALID_HANDLE);

    CUtensorMap map;
    cuuint64_t dims[1] = {64}, strides[1] = {0};
    cuuint32_t box[1] = {32}, steps[1] = {1};
    int corner[1] = {0};
    say("tensor maps",
        cuTensorMapEncodeTiled(&map, CU_TENSOR_MAP_DATA_TYPE_INT32, 1, cells, dims, strides, box, steps,
                               CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_NONE, CU_TENSOR_MAP_L2_PROMOTION_NONE,
                               CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) == CUDA_ERROR_NOT_SUPPORTED &&
            cuTensorMapEncodeIm2col(&map, CU_TENSOR_MAP_DATA_TYPE_INT32, 1, cells, dims, strides, corner, corner, 1, 1, steps,
                                    CU_TENSOR_MAP_INTERLEAVE_NONE, CU_TENSOR_MAP_SWIZZLE_NONE,
                                    CU_TENSOR_MAP_L2_PROMOTION_NONE, CU_TENSOR_MAP_FLOAT_OOB_FILL_NONE) == CUDA_ERROR_NOT_SUPPORTED &&
            cuTensorMapReplaceAddress(&map, cells) == CUDA_ERROR_NOT_SUPPORTED);
    return 0;
}
