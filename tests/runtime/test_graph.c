/* SPDX-License-Identifier: Apache-2.0 */
/* Graphs, captures and pools over the test's own kernels: orders, launches that are pending, threads, and no leaks. */
#include <pthread.h>

#include "fake.h"
#include "harness.h"

static void expect_log(const int *values, int count) {
    CHECK(fake_log_count() == count, "%d notes, not %d", fake_log_count(), count);
    for (int i = 0; i < count; i++) {
        CHECK(fake_log_at(i) == values[i], "note %d is %d, not %d", i, fake_log_at(i), values[i]);
    }
}
#define EXPECT_LOG(...) expect_log((const int[]){__VA_ARGS__}, (int)(sizeof((const int[]){__VA_ARGS__}) / sizeof(int)))

static struct cudaKernelNodeParams note_params(void **arguments) {
    return (struct cudaKernelNodeParams){
        .func = &kernel_note, .gridDim = {1, 1, 1}, .blockDim = {1, 1, 1}, .kernelParams = arguments};
}

static cudaGraphNode_t add_note(cudaGraph_t graph, const cudaGraphNode_t *after, size_t count, int value) {
    void *arguments[] = {&value};
    struct cudaKernelNodeParams params = note_params(arguments);
    cudaGraphNode_t node = NULL;
    OK(cudaGraphAddKernelNode(&node, graph, after, count, &params));
    return node;
}

TEST(graph, edges_decide_the_order) {
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    fake_register();
    OK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t last = add_note(graph, NULL, 0, 4);
    cudaGraphNode_t middle[2] = {add_note(graph, NULL, 0, 2), add_note(graph, NULL, 0, 3)};
    cudaGraphNode_t first = add_note(graph, NULL, 0, 1);
    cudaGraphNode_t from[4] = {first, first, middle[0], middle[1]}, to[4] = {middle[0], middle[1], last, last};
    OK(cudaGraphAddDependencies(graph, from, to, 4));
    OK(cudaGraphInstantiate(&exec, graph, 0));
    OK(cudaGraphLaunch(exec, NULL));
    OK(cudaGraphLaunch(exec, NULL));
    OK(cudaDeviceSynchronize());
    EXPECT_LOG(1, 2, 3, 4, 1, 2, 3, 4);
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
}

TEST(graph, destroying_and_updating_leave_pending_launches_alone) {
    struct gate gate = {0};
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    int value = 9;
    void *arguments[] = {&value};
    struct cudaKernelNodeParams params = note_params(arguments);
    fake_register();
    OK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t node = add_note(graph, NULL, 0, 5);
    OK(cudaGraphInstantiate(&exec, graph, 0));
    OK(fake_gate(&gate, 1, NULL));
    OK(cudaGraphLaunch(exec, NULL));
    OK(cudaGraphExecKernelNodeSetParams(exec, node, &params));
    OK(cudaGraphLaunch(exec, NULL));
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
    GIVES(cudaErrorInvalidValue, cudaGraphLaunch(exec, NULL));
    atomic_store(&gate.open, true);
    OK(cudaDeviceSynchronize());
    EXPECT_LOG(1, 5, 9);
}

TEST(graph, one_executable_graph_never_runs_beside_itself) {
    cudaStream_t streams[2];
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    fake_register();
    OK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t first = add_note(graph, NULL, 0, 1);
    add_note(graph, &first, 1, 2);
    OK(cudaGraphInstantiate(&exec, graph, 0));
    for (int i = 0; i < 2; i++) {
        OK(cudaStreamCreateWithFlags(&streams[i], cudaStreamNonBlocking));
    }
    for (int i = 0; i < 100; i++) {
        OK(cudaGraphLaunch(exec, streams[i % 2]));
    }
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 200);
    for (int i = 0; i < 200; i++) {
        CHECK(fake_log_at(i) == 1 + i % 2, "note %d is %d", i, fake_log_at(i));
    }
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
}

TEST(graph, faults_end_a_launch) {
    int kind = CW_FAULT_TRAP;
    void *arguments[] = {&kind};
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    cudaGraphNode_t node;
    fake_register();
    OK(cudaGraphCreate(&graph, 0));
    cudaGraphNode_t before = add_note(graph, NULL, 0, 1);
    struct cudaKernelNodeParams params = note_params(arguments);
    params.func = &kernel_fault;
    OK(cudaGraphAddKernelNode(&node, graph, &before, 1, &params));
    add_note(graph, &node, 1, 2);
    OK(cudaGraphInstantiate(&exec, graph, 0));
    OK(cudaGraphLaunch(exec, NULL));
    GIVES(cudaErrorLaunchFailure, cudaDeviceSynchronize());
    EXPECT_LOG(1);
    GIVES(cudaErrorLaunchFailure, cudaGraphLaunch(exec, NULL));
    OK(cudaDeviceReset());
}

/* ---- Threads ------------------------------------------------------------------------------------------------- */

static void *build_and_launch(void *unused) {
    cudaStream_t stream;
    (void)unused;
    OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    for (int i = 0; i < 50; i++) {
        cudaGraph_t graph, clone;
        cudaGraphExec_t exec;
        OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
        OK(fake_note(1, stream));
        OK(fake_note(1, stream));
        OK(cudaStreamEndCapture(stream, &graph));
        OK(cudaGraphClone(&clone, graph));
        OK(cudaGraphInstantiate(&exec, clone, 0));
        OK(cudaGraphLaunch(exec, stream));
        OK(cudaGraphDestroy(graph));
        OK(cudaGraphExecDestroy(exec));
        OK(cudaGraphDestroy(clone));
    }
    OK(cudaStreamSynchronize(stream));
    OK(cudaStreamDestroy(stream));
    return NULL;
}

TEST(graph, threads_capture_and_launch_side_by_side) {
    pthread_t threads[4];
    fake_register();
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, build_and_launch, NULL) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK(fake_log_count() == 4 * 50 * 2, "%d notes", fake_log_count());
}

static void *allocate_and_free(void *unused) {
    cudaStream_t stream;
    (void)unused;
    OK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    for (int i = 0; i < 200; i++) {
        void *a = NULL, *b = NULL;
        OK(cudaMallocAsync(&a, 100 + 700 * (size_t)(i % 5), stream));
        OK(cudaMallocAsync(&b, 100, stream));
        CHECK(a != b);
        OK(cudaMemsetAsync(a, i, 100, stream));
        OK(cudaFreeAsync(a, stream));
        OK(cudaFreeAsync(b, stream));
        if (i % 50 == 0) {
            OK(cudaStreamSynchronize(stream));
        }
    }
    OK(cudaStreamSynchronize(stream));
    OK(cudaStreamDestroy(stream));
    return NULL;
}

TEST(graph, threads_share_a_pool) {
    pthread_t threads[4];
    cudaMemPool_t pool;
    uint64_t used = 1, reserved = 1;
    fake_register();
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, allocate_and_free, NULL) == 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    OK(cudaDeviceSynchronize());
    OK(cudaDeviceGetDefaultMemPool(&pool, 0));
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &used));
    OK(cudaMemPoolGetAttribute(pool, cudaMemPoolAttrReservedMemCurrent, &reserved));
    CHECK(used == 0 && reserved == 0);
    CHECK(atomic_load(&fake_allocations) == 0);
}

/* ---- Memory --------------------------------------------------------------------------------------------------- */

TEST(graph, memory_nodes_give_everything_back) {
    cudaStream_t stream;
    cudaGraph_t graph;
    cudaGraphExec_t exec;
    void *kept, *freed;
    fake_register();
    OK(cudaStreamCreate(&stream));
    OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    OK(cudaMallocAsync(&freed, 1000, stream));
    OK(cudaMallocAsync(&kept, 1000, stream));
    OK(cudaMemsetAsync(freed, 0, 1000, stream));
    OK(cudaFreeAsync(freed, stream));
    OK(cudaStreamEndCapture(stream, &graph));
    OK(cudaGraphInstantiate(&exec, graph, 0));
    OK(cudaGraphLaunch(exec, stream));
    GIVES(cudaErrorInvalidValue, cudaGraphLaunch(exec, stream));
    OK(cudaFreeAsync(kept, stream));
    OK(cudaGraphLaunch(exec, stream));
    OK(cudaGraphExecDestroy(exec));
    OK(cudaGraphDestroy(graph));
    OK(cudaStreamSynchronize(stream));
    CHECK(atomic_load(&fake_allocations) == 1, "what the last launch left is the program's");
    OK(cudaFree(kept));
    CHECK(atomic_load(&fake_allocations) == 0);
    OK(cudaStreamDestroy(stream));
}

TEST(graph, a_capture_that_is_dropped_leaves_nothing) {
    cudaStream_t stream;
    void *pointer;
    fake_register();
    OK(cudaStreamCreate(&stream));
    OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeGlobal));
    OK(cudaMallocAsync(&pointer, 64, stream));
    OK(fake_note(1, stream));
    OK(cudaStreamDestroy(stream));
    OK(cudaDeviceSynchronize());
    CHECK(fake_log_count() == 0);
    CHECK(atomic_load(&fake_allocations) == 0);
}

TEST(graph, a_reset_ends_everything) {
    struct gate gate = {0};
    cudaStream_t stream, next;
    cudaEvent_t event;
    cudaGraph_t graph, captured;
    cudaGraphExec_t exec;
    enum cudaStreamCaptureStatus status;
    void *pointer;
    fake_register();
    OK(cudaGraphCreate(&graph, 0));
    add_note(graph, NULL, 0, 1);
    OK(cudaGraphInstantiate(&exec, graph, 0));
    OK(cudaStreamCreate(&stream));
    OK(cudaMallocAsync(&pointer, 5000, stream));
    OK(fake_gate(&gate, 7, stream));
    OK(cudaFreeAsync(pointer, stream));
    atomic_store(&gate.open, true);
    OK(cudaEventCreate(&event));
    OK(cudaStreamSynchronize(stream));
    OK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeRelaxed));
    OK(fake_note(2, stream));
    OK(cudaEventRecord(event, stream));
    OK(cudaDeviceReset());
    GIVES(cudaErrorInvalidValue, cudaGraphLaunch(exec, NULL));
    GIVES(cudaErrorInvalidValue, cudaGraphDestroy(graph));
    GIVES(cudaErrorInvalidResourceHandle, cudaStreamEndCapture(stream, &captured));
    /* Slots that are used again have forgotten it all. */
    for (int i = 0; i < 200; i++) {
        OK(cudaStreamCreate(&next));
        OK(cudaStreamIsCapturing(next, &status));
        CHECK(status == cudaStreamCaptureStatusNone);
        OK(cudaEventCreate(&event));
        OK(cudaEventQuery(event));
    }
    OK(cudaDeviceReset());
    CHECK(atomic_load(&fake_allocations) == 0);
}
