// SPDX-License-Identifier: Apache-2.0
// NVCC: -lcuda
// Streams and events by the driver API: words that streams write and wait for, callbacks, timing, occupancy.
// EXPECT: values: ok
// EXPECT: cyclic comparison: ok
// EXPECT: a batch: ok
// EXPECT: host functions: ok
// EXPECT: events: ok
// EXPECT: occupancy: ok
// EXPECT: refused: ok
// NVCC: before 13 cuCtxCreate has other parameters
#include "check.h"
#include "check_driver.h"

__global__ void __launch_bounds__(256) work(float *data) { data[threadIdx.x] += 1; }

static void say(const char *what, bool fine) { std::printf("%s: %s\n", what, fine ? "ok" : "wrong"); }

static int calls;
static CUresult last_status = CUDA_ERROR_UNKNOWN;
static void count_call(void *data) { *static_cast<int *>(data) += 1; }
static void note_status(CUstream, CUresult status, void *data) {
    last_status = status;
    *static_cast<int *>(data) += 10;
}

int main() {
    CUdevice device;
    CUcontext context;
    CUstream first, second;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuCtxCreate(&context, 0, device));
    DRIVER(cuStreamCreate(&first, CU_STREAM_NON_BLOCKING));
    DRIVER(cuStreamCreateWithPriority(&second, CU_STREAM_NON_BLOCKING, -1));

    CUdeviceptr words;
    unsigned value = 0;
    DRIVER(cuMemAlloc(&words, 64));
    DRIVER(cuMemsetD32(words, 0, 16));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuStreamWaitValue32(first, words, 5, CU_STREAM_WAIT_VALUE_GEQ));
    DRIVER(cuStreamWriteValue32(first, words + 4, 1, CU_STREAM_WRITE_VALUE_DEFAULT));
    bool fine = cuStreamQuery(first) == CUDA_ERROR_NOT_READY;
    DRIVER(cuStreamWriteValue32(second, words, 6, CU_STREAM_WRITE_VALUE_DEFAULT));
    DRIVER(cuStreamSynchronize(first));
    DRIVER(cuMemcpyDtoH(&value, words + 4, 4));
    say("values", fine && value == 1);

    DRIVER(cuMemsetD32(words, 0xfffffff0, 1));
    DRIVER(cuCtxSynchronize());
    DRIVER(cuStreamWaitValue32(first, words, 0xffffff00, CU_STREAM_WAIT_VALUE_GEQ)); // holds
    DRIVER(cuStreamWaitValue32(first, words, 0xf0, CU_STREAM_WAIT_VALUE_AND));      // holds
    DRIVER(cuStreamWaitValue32(first, words, 0, CU_STREAM_WAIT_VALUE_NOR));         // bits 0 to 3 are 0 in both
    DRIVER(cuStreamSynchronize(first));
    DRIVER(cuStreamWaitValue32(first, words, 3, CU_STREAM_WAIT_VALUE_GEQ)); // 0xfffffff0 - 3 is negative
    fine = cuStreamQuery(first) == CUDA_ERROR_NOT_READY;
    DRIVER(cuStreamWriteValue32(second, words, 3, 0));
    DRIVER(cuStreamSynchronize(first));
    say("cyclic comparison", fine);

    CUstreamBatchMemOpParams batch[3] = {};
    batch[0].writeValue.operation = CU_STREAM_MEM_OP_WRITE_VALUE_64;
    batch[0].writeValue.address = words + 8;
    batch[0].writeValue.value64 = 0x123456789abcdefull;
    batch[1].memoryBarrier.operation = CU_STREAM_MEM_OP_BARRIER;
    batch[2].waitValue.operation = CU_STREAM_MEM_OP_WAIT_VALUE_64;
    batch[2].waitValue.address = words + 8;
    batch[2].waitValue.value64 = 0x123456789abcdefull;
    batch[2].waitValue.flags = CU_STREAM_WAIT_VALUE_EQ;
    unsigned long long wide = 0;
    DRIVER(cuStreamBatchMemOp(first, 3, batch, 0));
    DRIVER(cuStreamSynchronize(first));
    DRIVER(cuMemcpyDtoH(&wide, words + 8, 8));
    say("a batch", wide == 0x123456789abcdefull);

    DRIVER(cuLaunchHostFunc(first, count_call, &calls));
    DRIVER(cuStreamAddCallback(first, note_status, &calls, 0));
    DRIVER(cuStreamSynchronize(first));
    say("host functions", calls == 11 && last_status == CUDA_SUCCESS);

    CUevent begin, end;
    float ms = -1;
    DRIVER(cuEventCreate(&begin, CU_EVENT_DEFAULT));
    DRIVER(cuEventCreate(&end, CU_EVENT_BLOCKING_SYNC));
    DRIVER(cuEventRecord(begin, first));
    DRIVER(cuStreamWaitEvent(second, begin, 0));
    DRIVER(cuEventRecordWithFlags(end, second, CU_EVENT_RECORD_DEFAULT));
    DRIVER(cuEventSynchronize(end));
    DRIVER(cuEventElapsedTime(&ms, begin, end));
    fine = ms >= 0 && cuEventQuery(end) == CUDA_SUCCESS;
    DRIVER(cuEventDestroy(end));
    say("events", fine && cuEventQuery(end) == CUDA_ERROR_INVALID_HANDLE &&
                      cuEventElapsedTime(&ms, begin, end) == CUDA_ERROR_INVALID_HANDLE);

    cudaFunction_t function;
    int blocks = 0, grid = 0, block = 0, threads = 0;
    CHECK(cudaGetFuncBySymbol(&function, reinterpret_cast<const void *>(work)));
    DRIVER(cuOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, function, 256, 0));
    DRIVER(cuOccupancyMaxPotentialBlockSize(&grid, &block, function, nullptr, 0, 0));
    DRIVER(cuFuncGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, function));
    fine = blocks > 0 && block == 256 && grid > 0 && threads == 256;
    DRIVER(cuFuncSetAttribute(function, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 100000));
    DRIVER(cuFuncGetAttribute(&threads, CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, function));
    say("occupancy", fine && threads == 100000);

    say("refused", cuStreamWaitValue32(first, words + 2, 0, 0) == CUDA_ERROR_INVALID_VALUE &&
                       cuStreamWaitValue32(first, words, 0, 64) == CUDA_ERROR_INVALID_VALUE &&
                       cuStreamWriteValue32(first, reinterpret_cast<CUdeviceptr>(&value), 0, 0) ==
                           CUDA_ERROR_INVALID_VALUE &&
                       cuStreamBatchMemOp(first, 0, batch, 0) == CUDA_ERROR_INVALID_VALUE &&
                       cuStreamCreate(&first, 99) == CUDA_ERROR_INVALID_VALUE &&
                       cuStreamDestroy(nullptr) == CUDA_ERROR_INVALID_HANDLE &&
                       cuLaunchHostFunc(second, nullptr, nullptr) == CUDA_ERROR_INVALID_VALUE &&
                       cuFuncGetAttribute(&threads, static_cast<CUfunction_attribute>(99), function) ==
                           CUDA_ERROR_INVALID_VALUE &&
                       cuFuncSetAttribute(function, CU_FUNC_ATTRIBUTE_NUM_REGS, 3) == CUDA_ERROR_INVALID_VALUE);
    DRIVER(cuCtxDestroy(context));
    return 0;
}
