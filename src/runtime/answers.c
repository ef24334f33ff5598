/* SPDX-License-Identifier: Apache-2.0 */
/* answers.c: see answers.h. Called from kernels, on any thread, while the device is open; nothing here waits or records. */
#include "runtime/answers.h"

#include "cuda/cuda_runtime_api.h"
#include "cudawasm/cw_backend.h"
#include "runtime/device.h"
#include "runtime/graph_device.h"

int64_t cw_rt_answer(void *context, uint32_t question, int64_t argument) {
    struct cw_rt_device *device = context;
    int value;
    switch ((enum cw_device_question)question) {
    case CW_ASK_ATTRIBUTE:
        return cw_rt_device_attribute(&value, (enum cudaDeviceAttr)argument, device->ordinal) == cudaSuccess ? value
                                                                                                             : -1;
    case CW_ASK_LIMIT: {
        uint64_t limit;
        return cw_rt_device_limit(device, (enum cudaLimit)argument, &limit) ? (int64_t)limit : -1;
    }
    case CW_ASK_ERROR_NAME:
        return (int64_t)(intptr_t)cudaGetErrorName((cudaError_t)argument);
    case CW_ASK_ERROR_TEXT:
        return (int64_t)(intptr_t)cudaGetErrorString((cudaError_t)argument);
    case CW_ASK_DEVICE:
        return device->ordinal;
    case CW_ASK_DEVICE_COUNT:
        return cw_rt_device_count(&value) == cudaSuccess ? value : -1;
    case CW_ASK_GRAPH_LAUNCH:
        return cw_rt_graph_device_launch((const struct cw_graph_question *)(intptr_t)argument);
    case CW_ASK_GRAPH_CURRENT:
        return (int64_t)(intptr_t)cw_rt_graph_device_current((const struct cw_graph_question *)(intptr_t)argument);
    }
    return -1;
}
