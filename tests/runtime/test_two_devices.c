/* SPDX-License-Identifier: Apache-2.0 */
/* Two devices: what belongs to which, and what one's failure does to the other. */
#include <stdlib.h>

#include "fake.h"
#include "harness.h"

static void prepare(void) {
    int count = 0;
    atomic_store(&fake_devices, 2);
    fake_register();
    OK(cudaGetDeviceCount(&count));
    CHECK(count == 2);
}

TEST(two_devices, memory_belongs_to_its_device) {
    struct cudaPointerAttributes attributes;
    int *first, *second, value = 5, back = 0;
    prepare();
    OK(cudaMalloc((void **)&first, sizeof *first));
    OK(cudaSetDevice(1));
    OK(cudaMalloc((void **)&second, sizeof *second));
    OK(cudaPointerGetAttributes(&attributes, first));
    CHECK(attributes.device == 0);
    OK(cudaPointerGetAttributes(&attributes, second));
    CHECK(attributes.device == 1);
    OK(cudaMemcpy(first, &value, sizeof value, cudaMemcpyHostToDevice));
    OK(cudaMemcpyPeer(second, 1, first, 0, sizeof value));
    OK(cudaMemcpy(&back, second, sizeof back, cudaMemcpyDeviceToHost));
    CHECK(back == 5);
    OK(cudaFree(first));
    OK(cudaFree(second));
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(two_devices, memory_apart_is_copied_through_the_host) {
    enum { BYTES = 5 << 20 }; /* more than a piece */
    char *first, *second, *host = malloc(BYTES);
    atomic_store(&fake_apart, true);
    prepare();
    OK(cudaMalloc((void **)&first, BYTES));
    OK(cudaMemset(first, 7, BYTES));
    OK(cudaSetDevice(1));
    OK(cudaMalloc((void **)&second, BYTES));
    OK(cudaMemcpyPeer(second, 1, first, 0, BYTES));
    CHECK(atomic_load(&fake_copies[CW_COPY_DEVICE_TO_HOST]) == 2);
    CHECK(atomic_load(&fake_copies[CW_COPY_HOST_TO_DEVICE]) == 2);
    CHECK(atomic_load(&fake_copies[CW_COPY_DEVICE_TO_DEVICE]) == 0);
    OK(cudaMemcpy(host, second, BYTES, cudaMemcpyDeviceToHost));
    CHECK(host[0] == 7 && host[BYTES - 1] == 7);
    OK(cudaFree(first));
    OK(cudaFree(second));
    free(host);
    GIVES(cudaErrorNotSupported, cudaMallocManaged((void **)&first, 16, cudaMemAttachGlobal));
}

TEST(two_devices, a_range_is_split) {
    uint64_t first = 9, share = 9, next, rest;
    prepare();
    CHECK(cw_distribute_range(101, 0, &first, &share) == CW_OK && first == 0 && share == 50);
    CHECK(cw_distribute_range(101, 1, &next, &rest) == CW_OK && next == share && next + rest == 101);
    CHECK(cw_distribute_range(UINT64_MAX, 1, &next, &rest) == CW_OK && next + rest == UINT64_MAX);
    CHECK(cw_distribute_range(0, 0, &first, &share) == CW_OK && share == 0);
    CHECK(cw_distribute_range(1, 2, &first, &share) == CW_ERROR_NOT_FOUND);
    CHECK(cw_distribute_range(1, 0, NULL, &share) == CW_ERROR_INVALID_ARGUMENT);
}

TEST(two_devices, streams_and_events) {
    struct gate gate = {0};
    cudaStream_t first, second;
    cudaEvent_t event;
    int ordinal = -1;
    prepare();
    OK(cudaStreamCreate(&first));
    OK(cudaEventCreate(&event));
    OK(fake_gate(&gate, 1, first));
    OK(cudaEventRecord(event, first));
    OK(cudaSetDevice(1));
    GIVES(cudaErrorInvalidResourceHandle, fake_note(9, first));
    OK(cudaStreamCreate(&second));
    GIVES(cudaErrorInvalidResourceHandle, cudaEventRecord(event, second));
    OK(cudaStreamWaitEvent(second, event, 0));
    OK(fake_note(2, second));
    OK(cudaStreamGetDevice(first, &ordinal));
    CHECK(ordinal == 0);
    OK(fake_note(3, NULL));
    GIVES(cudaErrorNotReady, cudaStreamQuery(first));
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(second));
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 3 && fake_log_at(0) == 1 && fake_log_at(1) == 2 && fake_log_at(2) == 3);
    OK(cudaStreamDestroy(first));
}

TEST(two_devices, a_fault_stays_on_its_device) {
    int kind = CW_FAULT_TRAP, *second;
    void *args[] = {&kind};
    prepare();
    OK(cudaSetDevice(1));
    OK(cudaMalloc((void **)&second, sizeof *second));
    OK(cudaSetDevice(0));
    OK(fake_launch(&kernel_fault, args, NULL));
    GIVES(cudaErrorLaunchFailure, cudaDeviceSynchronize());
    OK(cudaSetDevice(1));
    OK(fake_note(1, NULL));
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_opens) == 2 && atomic_load(&fake_modules) == 2);
    GIVES(cudaErrorLaunchFailure, cudaSetDevice(0));
    OK(cudaDeviceReset());
    CHECK(atomic_load(&fake_opens) == 1 && atomic_load(&fake_modules) == 1 && atomic_load(&fake_allocations) == 1);
    OK(fake_note(2, NULL));
    OK(cudaSetDevice(1));
    OK(cudaMemset(second, 0, sizeof *second));
    OK(cudaDeviceReset());
    CHECK(atomic_load(&fake_allocations) == 0);
}
