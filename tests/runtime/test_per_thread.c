/* SPDX-License-Identifier: Apache-2.0 */
/* Programs compiled for per-thread default streams: the same functions under their other names. */
#define CUDA_API_PER_THREAD_DEFAULT_STREAM
#include <pthread.h>

#include "fake.h"
#include "harness.h"

TEST(per_thread, stream_0_is_the_threads_own) {
    struct gate gate = {0};
    cudaStream_t other;
    int value = 1, *device, host = 0;
    void *args[] = {&value};
    fake_register();
    OK(cudaMalloc((void **)&device, sizeof *device));
    OK(cudaStreamCreate(&other));
    struct gate *pointer = &gate;
    void *gate_args[] = {&pointer, &value};
    OK(cudaLaunchKernel(&kernel_gate, (dim3){1, 1, 1}, (dim3){1, 1, 1}, gate_args, 0, other));
    /* None of these waits for the blocking stream, as the legacy stream's would. */
    OK(cudaLaunchKernel(&kernel_note, (dim3){1, 1, 1}, (dim3){1, 1, 1}, args, 0, NULL));
    OK(cudaStreamSynchronize(NULL));
    CHECK(fake_log_count() == 1);
    OK(cudaMemset(device, 3, sizeof *device));
    OK(cudaMemcpy(&host, device, sizeof host, cudaMemcpyDeviceToHost));
    CHECK(host == 0x03030303);
    OK(cudaStreamQuery(NULL));
    GIVES(cudaErrorNotReady, cudaStreamQuery(other));
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(other));
    CHECK(fake_log_count() == 2);
}
