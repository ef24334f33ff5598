/* SPDX-License-Identifier: Apache-2.0 */
/* Names and texts; last errors by thread; kernels that fault, and what it takes to go on after one. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "fake.h"
#include "harness.h"

static cudaError_t launch_fault(enum cw_fault_kind kind, cudaStream_t stream) {
    int value = (int)kind;
    void *args[] = {&value};
    return fake_launch(&kernel_fault, args, stream);
}

TEST(errors, names_and_texts) {
    CHECK(strcmp(cudaGetErrorName(cudaSuccess), "cudaSuccess") == 0);
    CHECK(strcmp(cudaGetErrorString(cudaSuccess), "no error") == 0);
    CHECK(strcmp(cudaGetErrorName(cudaErrorIllegalAddress), "cudaErrorIllegalAddress") == 0);
    CHECK(strcmp(cudaGetErrorString(cudaErrorIllegalAddress), "an illegal memory access was encountered") == 0);
    CHECK(strcmp(cudaGetErrorString(cudaErrorInvalidValue), "invalid argument") == 0);
    CHECK(strcmp(cudaGetErrorName((cudaError_t)777777), "unrecognized error code") == 0);
    CHECK(strcmp(cudaGetErrorString((cudaError_t)777777), "unrecognized error code") == 0);
}

/* The table is searched by halving, so every row must be found, which also shows that it is sorted. */
TEST(errors, every_code_is_found) {
    static const struct {
        cudaError_t code;
        const char *name;
    } all[] = {
#define CW_CUDA_ERROR(name, text) {name, #name},
#include "runtime/errors.def"
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        CHECK(strcmp(cudaGetErrorName(all[i].code), all[i].name) == 0, "%s", all[i].name);
    }
}

TEST(errors, statuses_have_texts) {
    CHECK(strcmp(cw_status_text(CW_OK), "no error") == 0);
    CHECK(strcmp(cw_status_text((cw_status)99), "unknown status") == 0);
}

static void *fail_in_thread(void *unused) {
    (void)unused;
    CHECK(cudaGetLastError() == cudaSuccess);
    GIVES(cudaErrorInvalidDevice, cudaSetDevice(9));
    CHECK(strstr(cw_last_error_detail(), "no device 9"), "%s", cw_last_error_detail());
    return NULL;
}

TEST(errors, last_errors_belong_to_their_thread) {
    pthread_t thread;
    GIVES(cudaErrorInvalidValue, cudaMalloc(NULL, 1));
    CHECK(pthread_create(&thread, NULL, fail_in_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(cudaPeekAtLastError() == cudaErrorInvalidValue);
    OK(cudaSetDevice(0));
    CHECK(cudaGetLastError() == cudaErrorInvalidValue, "success hides an error");
    CHECK(cudaGetLastError() == cudaSuccess);
}

TEST(errors, faults_have_their_codes) {
    static const struct {
        enum cw_fault_kind kind;
        cudaError_t error;
    } table[] = {
        {CW_FAULT_ILLEGAL_ADDRESS, cudaErrorIllegalAddress},
        {CW_FAULT_ASSERT, cudaErrorAssert},
        {CW_FAULT_TRAP, cudaErrorLaunchFailure},
        {CW_FAULT_STACK_OVERFLOW, cudaErrorHardwareStackError},
        {CW_FAULT_DEADLOCK, cudaErrorLaunchTimeout},
        {CW_FAULT_ILLEGAL_INSTRUCTION, cudaErrorIllegalInstruction},
        {CW_FAULT_MISALIGNED, cudaErrorMisalignedAddress},
        {CW_FAULT_RESOURCES, cudaErrorLaunchOutOfResources},
    };
    fake_register();
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        OK(launch_fault(table[i].kind, NULL));
        GIVES(table[i].error, cudaDeviceSynchronize());
        OK(cudaDeviceReset());
        CHECK(cudaGetLastError() == cudaSuccess);
    }
}

TEST(errors, a_fault_sticks_until_reset) {
    char *device, *lost, host[16];
    cudaStream_t stream;
    cudaEvent_t event;
    fake_register();
    OK(cudaMalloc((void **)&device, 16));
    OK(cudaMalloc((void **)&lost, 16));
    OK(cudaStreamCreate(&stream));
    OK(cudaEventCreate(&event));
    OK(launch_fault(CW_FAULT_ILLEGAL_ADDRESS, stream));
    GIVES(cudaErrorIllegalAddress, cudaStreamSynchronize(stream));
    CHECK(strstr(cw_last_error_detail(), "as it was told"), "%s", cw_last_error_detail());
    /* Nothing helps but a reset. */
    CHECK(cudaGetLastError() == cudaErrorIllegalAddress);
    CHECK(cudaGetLastError() == cudaErrorIllegalAddress);
    CHECK(cudaPeekAtLastError() == cudaErrorIllegalAddress);
    int launches = atomic_load(&fake_launches);
    GIVES(cudaErrorIllegalAddress, fake_note(1, NULL));
    GIVES(cudaErrorIllegalAddress, cudaMalloc((void **)&device, 16));
    GIVES(cudaErrorIllegalAddress, cudaFree(device));
    GIVES(cudaErrorIllegalAddress, cudaMemcpy(device, host, 16, cudaMemcpyHostToDevice));
    GIVES(cudaErrorIllegalAddress, cudaEventRecord(event, stream));
    GIVES(cudaErrorIllegalAddress, cudaStreamQuery(stream));
    GIVES(cudaErrorIllegalAddress, cudaDeviceSynchronize());
    GIVES(cudaErrorIllegalAddress, cudaSetDevice(0));
    CHECK(atomic_load(&fake_launches) == launches, "a kernel ran on a failed device");
    /* What only asks still answers. */
    int count = 0;
    struct cudaDeviceProp prop;
    OK(cudaGetDeviceCount(&count));
    OK(cudaGetDevice(&count));
    OK(cudaGetDeviceProperties(&prop, 0));
    OK(cudaRuntimeGetVersion(&count));

    OK(cudaDeviceReset());
    CHECK(cudaGetLastError() == cudaSuccess);
    CHECK(atomic_load(&fake_allocations) == 0, "the reset leaked memory");
    CHECK(atomic_load(&fake_modules) == 0 && atomic_load(&fake_opens) == 0);
    GIVES(cudaErrorInvalidResourceHandle, cudaStreamSynchronize(stream));
    GIVES(cudaErrorInvalidResourceHandle, cudaEventQuery(event));
    GIVES(cudaErrorInvalidValue, cudaFree(lost));
    OK(fake_note(5, NULL));
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 1 && fake_log_at(0) == 5);
}

TEST(errors, work_behind_a_fault_is_dropped_and_waiters_go_on) {
    struct gate gate = {0};
    cudaStream_t a, b;
    cudaEvent_t event;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreate(&b));
    OK(cudaEventCreate(&event));
    OK(fake_gate(&gate, 1, a));
    OK(launch_fault(CW_FAULT_TRAP, a));
    OK(fake_note(2, a));
    OK(cudaEventRecord(event, a));
    OK(cudaStreamWaitEvent(b, event, 0));
    OK(fake_note(3, b));
    atomic_store(&gate.open, true);
    GIVES(cudaErrorLaunchFailure, cudaStreamSynchronize(b));
    CHECK(fake_log_count() == 1);
    OK(cudaDeviceReset());
}

static void stream_callback(cudaStream_t stream, cudaError_t status, void *data) {
    (void)stream;
    atomic_store((atomic_int *)data, (int)status);
}

static void host_function(void *data) {
    atomic_store((atomic_int *)data, 1);
}

TEST(errors, callbacks_learn_of_a_fault_host_functions_are_dropped) {
    struct gate gate = {0};
    atomic_int status = -1, called = 0;
    fake_register();
    OK(fake_gate(&gate, 1, NULL));
    OK(launch_fault(CW_FAULT_ASSERT, NULL));
    OK(cudaStreamAddCallback(NULL, stream_callback, &status, 0));
    OK(cudaLaunchHostFunc(NULL, host_function, &called));
    atomic_store(&gate.open, true);
    GIVES(cudaErrorAssert, cudaDeviceSynchronize());
    CHECK(atomic_load(&status) == cudaErrorAssert && atomic_load(&called) == 0);
}

TEST(errors, a_blocking_copy_reports_the_fault_before_it) {
    char *device, host[16] = {1};
    fake_register();
    OK(cudaMalloc((void **)&device, 16));
    OK(cudaMemset(device, 7, 16));
    OK(launch_fault(CW_FAULT_ILLEGAL_ADDRESS, NULL));
    GIVES(cudaErrorIllegalAddress, cudaMemcpy(host, device, 16, cudaMemcpyDeviceToHost));
    CHECK(host[0] == 1);
}

TEST(errors, launch_errors_do_not_stick) {
    fake_register();
    GIVES(cudaErrorInvalidConfiguration,
          cudaLaunchKernel(&kernel_empty, (dim3){0, 1, 1}, (dim3){1, 1, 1}, NULL, 0, NULL));
    CHECK(strstr(cw_last_error_detail(), "empty"), "%s", cw_last_error_detail());
    OK(fake_note(1, NULL));
    OK(cudaDeviceSynchronize());
    CHECK(cudaGetLastError() == cudaErrorInvalidConfiguration);
    CHECK(cudaGetLastError() == cudaSuccess);
}

TEST(errors, blocking_launches_report_their_own_fault) {
    setenv("CUDA_LAUNCH_BLOCKING", "1", 1);
    fake_register();
    OK(fake_note(1, NULL));
    CHECK(fake_log_count() == 1);
    GIVES(cudaErrorIllegalAddress, launch_fault(CW_FAULT_ILLEGAL_ADDRESS, NULL));
}

TEST(errors, synchronising_flushes_output) {
    fake_register();
    OK(cudaFree(NULL));
    int before = atomic_load(&fake_flushes);
    OK(cudaStreamSynchronize(NULL));
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&fake_flushes) == before + 2);
    OK(cudaDeviceReset());
    CHECK(atomic_load(&fake_flushes) == before + 3);
}
