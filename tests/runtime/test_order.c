/* SPDX-License-Identifier: Apache-2.0 */
/* What runs before what: streams, the two kinds of default stream, events, host functions. */
#include <malloc.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "fake.h"
#include "harness.h"

static void expect_log(const int *values, int count) {
    CHECK(fake_log_count() == count, "%d notes, not %d", fake_log_count(), count);
    for (int i = 0; i < count; i++) {
        CHECK(fake_log_at(i) == values[i], "note %d is %d, not %d", i, fake_log_at(i), values[i]);
    }
}
#define EXPECT_LOG(...) expect_log((const int[]){__VA_ARGS__}, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

static void pause_ms(long ms) {
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Without synchronising: a dispatcher must do it. */
static bool log_reaches(int count) {
    for (int i = 0; i < 5000 && fake_log_count() < count; i++) {
        pause_ms(1);
    }
    return fake_log_count() >= count;
}

TEST(order, one_stream_runs_in_order) {
    fake_register();
    for (int i = 0; i < 1000; i++) {
        OK(fake_note(i, NULL));
    }
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 1000);
    for (int i = 0; i < 1000; i++) {
        CHECK(fake_log_at(i) == i);
    }
}

TEST(order, launches_return_before_they_run) {
    struct gate gate = {0};
    fake_register();
    OK(fake_gate(&gate, 1, NULL));
    CHECK(gate_wait_reached(&gate), "nobody runs the kernel although nobody synchronises");
    GIVES(cudaErrorNotReady, cudaStreamQuery(NULL));
    CHECK(cudaPeekAtLastError() == cudaSuccess, "not being ready is no error");
    CHECK(fake_log_count() == 0);
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(NULL));
    OK(cudaStreamQuery(NULL));
    EXPECT_LOG(1);
}

TEST(order, arguments_are_free_after_the_launch) {
    struct gate gate = {0};
    fake_register();
    OK(fake_gate(&gate, 1, NULL));
    int value = 2;
    void *args[] = {&value};
    OK(fake_launch(&kernel_note, args, NULL));
    value = 99;
    atomic_store(&gate.open, true);
    OK(cudaDeviceSynchronize());
    EXPECT_LOG(1, 2);
}

TEST(order, streams_run_side_by_side) {
    struct gate first = {0}, second = {0};
    cudaStream_t a, b;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreate(&b));
    OK(fake_gate(&first, 1, a));
    OK(fake_gate(&second, 2, b));
    CHECK(gate_wait_reached(&first));
    CHECK(gate_wait_reached(&second), "the second stream waits for the first");
    atomic_store(&second.open, true);
    OK(cudaStreamSynchronize(b));
    GIVES(cudaErrorNotReady, cudaStreamQuery(a));
    atomic_store(&first.open, true);
    OK(cudaStreamSynchronize(a));
    EXPECT_LOG(2, 1);
}

TEST(order, many_streams_are_all_in_flight) {
    enum { COUNT = 40 };
    static struct gate gates[COUNT];
    cudaStream_t streams[COUNT];
    fake_register();
    for (int i = 0; i < COUNT; i++) {
        OK(cudaStreamCreateWithFlags(&streams[i], cudaStreamNonBlocking));
        OK(fake_gate(&gates[i], i, streams[i]));
    }
    for (int i = COUNT; i-- > 0;) {
        CHECK(gate_wait_reached(&gates[i]), "stream %d does not run", i);
    }
    for (int i = 0; i < COUNT; i++) {
        atomic_store(&gates[i].open, true);
    }
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == COUNT);
}

TEST(order, legacy_stream_waits_for_blocking_streams) {
    struct gate gate = {0};
    cudaStream_t a;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, a));
    OK(fake_note(2, NULL));
    CHECK(gate_wait_reached(&gate));
    pause_ms(20);
    CHECK(fake_log_count() == 0, "the legacy stream did not wait");
    atomic_store(&gate.open, true);
    CHECK(log_reaches(2), "nobody runs what had to wait");
    EXPECT_LOG(1, 2);
}

TEST(order, synchronising_the_legacy_stream_waits_for_blocking_streams) {
    struct gate gate = {0}, other = {0};
    cudaStream_t a, b;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking));
    OK(fake_gate(&gate, 1, a));
    OK(fake_gate(&other, 2, b));
    GIVES(cudaErrorNotReady, cudaStreamQuery(NULL));
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(NULL));
    EXPECT_LOG(1);
    OK(cudaStreamQuery(cudaStreamLegacy));
    atomic_store(&other.open, true);
    OK(cudaDeviceSynchronize());
}

TEST(order, blocking_streams_wait_for_the_legacy_stream) {
    struct gate gate = {0};
    cudaStream_t a;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, cudaStreamLegacy));
    OK(fake_note(2, a));
    CHECK(gate_wait_reached(&gate));
    pause_ms(20);
    CHECK(fake_log_count() == 0, "the blocking stream did not wait");
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(a));
    EXPECT_LOG(1, 2);
}

TEST(order, legacy_stream_is_a_barrier_between_blocking_streams) {
    struct gate gate = {0};
    cudaStream_t a, b;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(cudaStreamCreate(&b));
    OK(fake_gate(&gate, 1, a));
    OK(fake_note(2, NULL));
    OK(fake_note(3, b));
    pause_ms(20);
    CHECK(fake_log_count() == 0);
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(b));
    EXPECT_LOG(1, 2, 3);
}

TEST(order, non_blocking_streams_ignore_the_legacy_stream) {
    struct gate gate = {0};
    cudaStream_t a;
    fake_register();
    OK(cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking));
    OK(fake_gate(&gate, 1, NULL));
    OK(fake_note(2, a));
    OK(cudaStreamSynchronize(a));
    EXPECT_LOG(2);
    struct gate other = {0};
    OK(fake_gate(&other, 3, a));
    atomic_store(&gate.open, true);
    OK(fake_note(4, NULL));
    OK(cudaStreamSynchronize(NULL));
    EXPECT_LOG(2, 1, 4);
    atomic_store(&other.open, true);
    OK(cudaDeviceSynchronize());
}

static void *use_per_thread_stream(void *data) {
    struct gate *gate = data;
    OK(fake_gate(gate, 1, cudaStreamPerThread));
    return NULL;
}

TEST(order, per_thread_streams_differ_and_outlive_their_thread) {
    struct gate gate = {0};
    pthread_t thread;
    fake_register();
    OK(fake_note(0, cudaStreamPerThread));
    OK(cudaStreamSynchronize(cudaStreamPerThread));
    CHECK(pthread_create(&thread, NULL, use_per_thread_stream, &gate) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(gate_wait_reached(&gate));
    OK(fake_note(2, cudaStreamPerThread));
    OK(cudaStreamSynchronize(cudaStreamPerThread));
    EXPECT_LOG(0, 2);
    OK(fake_note(3, NULL));
    pause_ms(20);
    CHECK(fake_log_count() == 2, "the legacy stream does not wait for a per-thread stream");
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(NULL));
    EXPECT_LOG(0, 2, 1, 3);
}

TEST(order, blocking_copies_wait_for_what_is_before) {
    struct gate gate = {0};
    cudaStream_t a;
    int *device, host = 0;
    fake_register();
    OK(cudaMalloc((void **)&device, sizeof *device));
    OK(cudaMemset(device, 1, sizeof *device));
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, a));
    OK(cudaMemsetAsync(device, 2, sizeof *device, a));
    atomic_store(&gate.open, true);
    OK(cudaMemcpy(&host, device, sizeof host, cudaMemcpyDeviceToHost));
    CHECK(host == 0x02020202);
    EXPECT_LOG(1);
}

TEST(order, pageable_sources_are_free_after_an_async_copy) {
    enum { SMALL = 16, LARGE = 1 << 20 };
    static char source[LARGE];
    struct gate gate = {0};
    char *device, back[SMALL];
    cudaStream_t a;
    fake_register();
    OK(cudaMalloc((void **)&device, LARGE));
    OK(cudaStreamCreate(&a));
    memset(source, 1, sizeof source);
    OK(fake_gate(&gate, 1, a));
    OK(cudaMemcpyAsync(device, source, SMALL, cudaMemcpyHostToDevice, a));
    memset(source, 2, sizeof source);
    atomic_store(&gate.open, true);
    OK(cudaMemcpy(back, device, SMALL, cudaMemcpyDeviceToHost));
    CHECK(back[0] == 1 && back[SMALL - 1] == 1);
    OK(cudaMemcpyAsync(device, source, LARGE, cudaMemcpyHostToDevice, a));
    memset(source, 3, sizeof source);
    OK(cudaMemcpy(back, device + LARGE - SMALL, SMALL, cudaMemcpyDeviceToHost));
    CHECK(back[0] == 2 && back[SMALL - 1] == 2);
}

TEST(order, pinned_copies_are_asynchronous) {
    struct gate gate = {0};
    char *device, *pinned;
    cudaStream_t a;
    fake_register();
    OK(cudaMalloc((void **)&device, 1 << 20));
    OK(cudaMallocHost((void **)&pinned, 1 << 20));
    memset(pinned, 1, 1 << 20);
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, a));
    OK(cudaMemcpyAsync(device, pinned, 1 << 20, cudaMemcpyHostToDevice, a));
    OK(cudaMemsetAsync(device, 7, 1 << 19, a));
    OK(cudaMemcpyAsync(pinned, device, 1 << 20, cudaMemcpyDeviceToHost, a));
    CHECK(pinned[0] == 1);
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(a));
    CHECK(pinned[0] == 7 && pinned[1 << 19] == 1);
}

TEST(order, destroyed_streams_finish_their_work) {
    struct gate gate = {0};
    cudaStream_t a, b;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, a));
    OK(fake_note(2, a));
    OK(cudaStreamDestroy(a));
    GIVES(cudaErrorInvalidResourceHandle, cudaStreamSynchronize(a));
    GIVES(cudaErrorInvalidResourceHandle, cudaStreamDestroy(a));
    OK(cudaStreamCreate(&b));
    CHECK(a != b, "the slot is still in use");
    atomic_store(&gate.open, true);
    CHECK(log_reaches(2));
    EXPECT_LOG(1, 2);
    (void)cudaGetLastError();
    OK(cudaDeviceSynchronize());
}

/* ---- Events -------------------------------------------------------------------------------------------------- */

TEST(order, events_order_streams) {
    struct gate gate = {0};
    cudaStream_t a, b;
    cudaEvent_t event;
    fake_register();
    OK(cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking));
    OK(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking));
    OK(cudaEventCreate(&event));
    OK(fake_gate(&gate, 1, a));
    OK(cudaEventRecord(event, a));
    GIVES(cudaErrorNotReady, cudaEventQuery(event));
    OK(cudaStreamWaitEvent(b, event, 0));
    OK(fake_note(2, b));
    GIVES(cudaErrorNotReady, cudaStreamQuery(b));
    pause_ms(10);
    CHECK(fake_log_count() == 0);
    atomic_store(&gate.open, true);
    CHECK(log_reaches(2));
    OK(cudaEventSynchronize(event));
    OK(cudaEventQuery(event));
    EXPECT_LOG(1, 2);
}

TEST(order, waiting_means_the_record_at_the_time_of_the_call) {
    struct gate first = {0}, second = {0};
    cudaStream_t a, b;
    cudaEvent_t event;
    fake_register();
    OK(cudaStreamCreateWithFlags(&a, cudaStreamNonBlocking));
    OK(cudaStreamCreateWithFlags(&b, cudaStreamNonBlocking));
    OK(cudaEventCreate(&event));
    OK(fake_gate(&first, 1, a));
    OK(cudaEventRecord(event, a));
    OK(cudaStreamWaitEvent(b, event, 0));
    OK(fake_note(2, b));
    OK(fake_gate(&second, 3, a));
    OK(cudaEventRecord(event, a));
    atomic_store(&first.open, true);
    OK(cudaStreamSynchronize(b));
    EXPECT_LOG(1, 2);
    GIVES(cudaErrorNotReady, cudaEventQuery(event));
    OK(cudaEventDestroy(event));
    atomic_store(&second.open, true);
    OK(cudaDeviceSynchronize());
}

TEST(order, events_that_were_never_recorded_are_complete) {
    cudaEvent_t event;
    float ms;
    fake_register();
    OK(cudaEventCreate(&event));
    OK(cudaEventQuery(event));
    OK(cudaEventSynchronize(event));
    OK(cudaStreamWaitEvent(NULL, event, 0));
    GIVES(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&ms, event, event));
}

TEST(order, events_measure_time) {
    struct gate gate = {0};
    cudaEvent_t start, stop, untimed;
    float ms = -1;
    fake_register();
    OK(cudaEventCreate(&start));
    OK(cudaEventCreate(&stop));
    OK(cudaEventCreateWithFlags(&untimed, cudaEventDisableTiming));
    OK(cudaEventRecord(start, NULL));
    OK(fake_gate(&gate, 1, NULL));
    OK(cudaEventRecord(stop, NULL));
    OK(cudaEventRecord(untimed, NULL));
    GIVES(cudaErrorNotReady, cudaEventElapsedTime(&ms, start, stop));
    CHECK(gate_wait_reached(&gate)); /* from here on the start is recorded */
    pause_ms(30);
    atomic_store(&gate.open, true);
    OK(cudaEventSynchronize(stop));
    OK(cudaEventElapsedTime(&ms, start, stop));
    CHECK(ms >= 29 && ms < 5000, "%f ms", (double)ms);
    OK(cudaEventElapsedTime(&ms, stop, start));
    CHECK(ms <= -29);
    OK(cudaEventSynchronize(untimed));
    GIVES(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&ms, start, untimed));
}

TEST(order, an_event_in_the_legacy_stream_waits_for_blocking_streams) {
    struct gate gate = {0};
    cudaStream_t a;
    cudaEvent_t event;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(cudaEventCreate(&event));
    OK(fake_gate(&gate, 1, a));
    OK(cudaEventRecord(event, NULL));
    GIVES(cudaErrorNotReady, cudaEventQuery(event));
    atomic_store(&gate.open, true);
    OK(cudaEventSynchronize(event));
    EXPECT_LOG(1);
}

/* ---- Host functions ------------------------------------------------------------------------------------------ */

static void host_function(void *data) {
    atomic_int *result = data;
    int device;
    atomic_store(result, (int)cudaMalloc((void **)&device, 4));
}

static void stream_callback(cudaStream_t stream, cudaError_t status, void *data) {
    (void)stream;
    atomic_store((atomic_int *)data, (int)status + 1000);
}

TEST(order, host_functions_take_their_turn_and_may_not_call_cuda) {
    struct gate gate = {0};
    cudaStream_t a;
    atomic_int result = -1, status = -1;
    fake_register();
    OK(cudaStreamCreate(&a));
    OK(fake_gate(&gate, 1, a));
    OK(cudaLaunchHostFunc(a, host_function, &result));
    OK(cudaStreamAddCallback(a, stream_callback, &status, 0));
    OK(fake_note(2, a));
    CHECK(atomic_load(&result) == -1);
    atomic_store(&gate.open, true);
    OK(cudaStreamSynchronize(a));
    CHECK(atomic_load(&result) == cudaErrorNotPermitted);
    CHECK(atomic_load(&status) == 1000 + cudaSuccess);
    EXPECT_LOG(1, 2);
    CHECK(atomic_load(&fake_allocations) == 0);
}

/* ---- Memory -------------------------------------------------------------------------------------------------- */

/* Under a sanitizer malloc keeps no such account, and the test says nothing. */
TEST(order, a_steady_state_allocates_nothing) {
    atomic_int target = 0, *pointer = &target;
    int value = 1;
    void *args[] = {&pointer, &value};
    cudaStream_t stream;
    cudaEvent_t event;
    size_t before = 0;
    fake_register();
    OK(cudaStreamCreate(&stream));
    OK(cudaEventCreate(&event));
    for (int i = 0; i < 3000; i++) {
        for (int k = 0; k < 8; k++) {
            OK(fake_launch(&kernel_add, args, k % 2 ? stream : NULL));
        }
        OK(cudaEventRecord(event, stream));
        OK(cudaStreamWaitEvent(NULL, event, 0));
        OK(cudaDeviceSynchronize());
        if (i == 1000) {
            before = mallinfo2().uordblks;
        }
    }
    /* One allocation a launch would be megabytes; a longer queue than any before is a few operations more. */
    CHECK(mallinfo2().uordblks <= before + 65536, "%zu bytes more", mallinfo2().uordblks - before);
}

/* ---- Many threads -------------------------------------------------------------------------------------------- */

enum { THREADS = 8, ROUNDS = 400 };
static atomic_int sum;

static void *work(void *data) {
    cudaStream_t streams[2];
    cudaEvent_t event;
    atomic_int *target = &sum;
    int value = 1;
    void *args[] = {&target, &value};
    bool blocking = ((uintptr_t)data & 1) != 0;
    OK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    for (int i = 0; i < 2; i++) {
        OK(cudaStreamCreateWithFlags(&streams[i], blocking ? cudaStreamDefault : cudaStreamNonBlocking));
    }
    for (int i = 0; i < ROUNDS; i++) {
        OK(fake_launch(&kernel_add, args, streams[0]));
        OK(cudaEventRecord(event, streams[0]));
        OK(cudaStreamWaitEvent(streams[1], event, 0));
        OK(fake_launch(&kernel_add, args, streams[1]));
        if (i % 7 == 0) {
            OK(fake_launch(&kernel_add, args, NULL));
        } else {
            OK(fake_launch(&kernel_add, args, cudaStreamPerThread));
        }
        if (i % 5 == 0) {
            OK(cudaStreamSynchronize(streams[1]));
        }
        if (i % 50 == 0) {
            OK(cudaStreamDestroy(streams[0]));
            OK(cudaStreamCreate(&streams[0]));
        }
    }
    OK(cudaStreamDestroy(streams[0]));
    OK(cudaStreamDestroy(streams[1]));
    OK(cudaEventDestroy(event));
    return NULL;
}

TEST(order, many_threads_lose_nothing) {
    pthread_t threads[THREADS];
    fake_register();
    for (uintptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, work, (void *)i) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    OK(cudaDeviceSynchronize());
    CHECK(atomic_load(&sum) == THREADS * ROUNDS * 3, "%d", atomic_load(&sum));
}
