// SPDX-License-Identifier: Apache-2.0
// Misuse of captures: each call's documented error, and that the capture is invalid afterwards where CUDA says so.
// EXPECT: all rows ok
#include <thread>

#include "check.h"

__global__ void nothing() {}

static int failures;
static void expect(int line, const char *what, cudaError_t have, cudaError_t want) {
    if (have != want) {
        std::printf("line %d: %s: %s, should be %s\n", line, what, cudaGetErrorName(have), cudaGetErrorName(want));
        failures++;
    }
    cudaGetLastError();
}
#define EXPECT(want, call) expect(__LINE__, #call, call, want)

static cudaStream_t stream, other, blocking;
static cudaGraph_t graph;

static void begin(cudaStream_t in, cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal) {
    CHECK(cudaStreamBeginCapture(in, mode));
    nothing<<<1, 1, 0, in>>>();
    CHECK(cudaGetLastError());
}

/* `call` is refused, and has made the capture invalid or not. */
#define IN_CAPTURE(mode, want, want_end, call)                                                                         \
    do {                                                                                                               \
        begin(stream, mode);                                                                                           \
        EXPECT(want, call);                                                                                            \
        graph = nullptr;                                                                                               \
        EXPECT(want_end, cudaStreamEndCapture(stream, &graph));                                                        \
        if (graph)                                                                                                     \
            CHECK(cudaGraphDestroy(graph));                                                                            \
    } while (0)

#define GLOBAL cudaStreamCaptureModeGlobal
#define LOCAL cudaStreamCaptureModeThreadLocal
#define RELAXED cudaStreamCaptureModeRelaxed
#define UNSUPPORTED cudaErrorStreamCaptureUnsupported
#define INVALIDATED cudaErrorStreamCaptureInvalidated

static void callback(cudaStream_t, cudaError_t, void *) {}

int main() {
    cudaEvent_t event, outside, never;
    void *memory;
    char host[16];
    int *device;
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
    CHECK(cudaStreamCreate(&blocking));
    CHECK(cudaEventCreate(&event));
    CHECK(cudaEventCreate(&outside));
    CHECK(cudaEventCreate(&never));
    CHECK(cudaMalloc(&device, 16));
    CHECK(cudaEventRecord(outside, other));

    /* Waiting for what will not happen. */
    IN_CAPTURE(RELAXED, UNSUPPORTED, INVALIDATED, cudaStreamSynchronize(stream));
    IN_CAPTURE(RELAXED, UNSUPPORTED, INVALIDATED, cudaStreamQuery(stream));
    IN_CAPTURE(GLOBAL, UNSUPPORTED, INVALIDATED, cudaStreamSynchronize(other));
    IN_CAPTURE(GLOBAL, UNSUPPORTED, INVALIDATED, cudaDeviceSynchronize());
    IN_CAPTURE(LOCAL, UNSUPPORTED, INVALIDATED, cudaEventQuery(outside));
    IN_CAPTURE(RELAXED, UNSUPPORTED, INVALIDATED, cudaDeviceSynchronize());
    /* Calls that could wait. */
    IN_CAPTURE(GLOBAL, UNSUPPORTED, INVALIDATED, cudaMalloc(&memory, 16));
    IN_CAPTURE(LOCAL, UNSUPPORTED, INVALIDATED, cudaFree(device));
    IN_CAPTURE(GLOBAL, UNSUPPORTED, INVALIDATED, cudaMallocHost(&memory, 16));
    IN_CAPTURE(GLOBAL, cudaSuccess, cudaSuccess, cudaMemcpy(host, device, 16, cudaMemcpyDeviceToHost));
    IN_CAPTURE(RELAXED, cudaSuccess, cudaSuccess, cudaMalloc(&memory, 16));
    IN_CAPTURE(RELAXED, UNSUPPORTED, INVALIDATED, cudaStreamAddCallback(stream, callback, nullptr, 0));
    /* Parameters are checked as without a capture. */
    IN_CAPTURE(RELAXED, cudaErrorInvalidValue, cudaSuccess,
               cudaMemcpyAsync(device, host, 17, cudaMemcpyHostToDevice, stream));
    /* Events. */
    IN_CAPTURE(RELAXED, cudaErrorStreamCaptureIsolation, INVALIDATED, cudaStreamWaitEvent(stream, outside, 0));
    IN_CAPTURE(RELAXED, cudaSuccess, cudaSuccess, cudaStreamWaitEvent(stream, never, 0));
    begin(stream, RELAXED);
    CHECK(cudaEventRecord(event, stream));
    EXPECT(cudaErrorCapturedEvent, cudaEventSynchronize(event));
    EXPECT(INVALIDATED, cudaMemsetAsync(device, 0, 16, stream));
    EXPECT(INVALIDATED, cudaStreamEndCapture(stream, &graph));
    EXPECT(cudaErrorInvalidValue, cudaEventQuery(event));
    CHECK(cudaEventRecord(event, other)); // an ordinary record makes it an ordinary event again
    EXPECT(cudaSuccess, cudaEventSynchronize(event));
    begin(stream);
    CHECK(cudaEventRecord(event, stream));
    EXPECT(cudaErrorStreamCaptureImplicit, cudaStreamWaitEvent(cudaStreamLegacy, event, 0));
    cudaStreamEndCapture(stream, &graph);
    begin(stream);
    begin(other);
    CHECK(cudaEventRecord(event, stream));
    EXPECT(cudaErrorStreamCaptureMerge, cudaStreamWaitEvent(other, event, 0));
    EXPECT(INVALIDATED, cudaStreamEndCapture(other, &graph));
    EXPECT(cudaSuccess, cudaStreamEndCapture(stream, &graph));
    /* Beginning and ending. */
    EXPECT(UNSUPPORTED, cudaStreamBeginCapture(cudaStreamLegacy, GLOBAL));
    EXPECT(UNSUPPORTED, cudaStreamBeginCapture(nullptr, GLOBAL));
    EXPECT(cudaErrorInvalidValue, cudaStreamBeginCapture(stream, static_cast<cudaStreamCaptureMode>(7)));
    EXPECT(cudaErrorIllegalState, cudaStreamEndCapture(stream, &graph));
    IN_CAPTURE(GLOBAL, cudaErrorIllegalState, cudaSuccess, cudaStreamBeginCapture(stream, GLOBAL));
    begin(stream);
    CHECK(cudaEventRecord(event, stream));
    CHECK(cudaStreamWaitEvent(other, event, 0));
    EXPECT(cudaErrorStreamCaptureUnmatched, cudaStreamEndCapture(other, &graph));
    EXPECT(INVALIDATED, cudaStreamEndCapture(stream, &graph));
    begin(stream);
    CHECK(cudaEventRecord(event, stream));
    CHECK(cudaStreamWaitEvent(other, event, 0));
    nothing<<<1, 1, 0, other>>>();
    EXPECT(cudaErrorStreamCaptureUnjoined, cudaStreamEndCapture(stream, &graph));
    EXPECT(cudaSuccess, cudaStreamSynchronize(other));
    for (cudaStreamCaptureMode mode : {GLOBAL, LOCAL, RELAXED}) {
        begin(stream, mode);
        cudaError_t there = cudaSuccess, allocation = cudaSuccess;
        std::thread([&] {
            void *piece;
            allocation = mode == LOCAL ? cudaMalloc(&piece, 16) : cudaSuccess;
            there = cudaStreamEndCapture(stream, &graph);
        }).join();
        EXPECT(cudaSuccess, allocation); // another thread's local capture is none of its business
        EXPECT(mode == RELAXED ? cudaSuccess : cudaErrorStreamCaptureWrongThread, there);
        if (mode != RELAXED)
            EXPECT(cudaSuccess, cudaStreamEndCapture(stream, &graph));
    }
    /* The legacy default stream and a blocking stream's capture. */
    cudaStreamCaptureStatus status;
    begin(blocking);
    EXPECT(cudaErrorStreamCaptureImplicit, cudaStreamIsCapturing(cudaStreamLegacy, &status));
    EXPECT(cudaSuccess, cudaStreamIsCapturing(blocking, &status));
    if (status != cudaStreamCaptureStatusActive)
        failures++;
    EXPECT(cudaErrorStreamCaptureImplicit, cudaMemsetAsync(device, 0, 16, nullptr));
    EXPECT(cudaSuccess, cudaStreamIsCapturing(blocking, &status));
    if (status != cudaStreamCaptureStatusInvalidated)
        failures++;
    EXPECT(INVALIDATED, cudaStreamEndCapture(blocking, &graph));
    IN_CAPTURE(RELAXED, cudaSuccess, cudaSuccess, cudaMemsetAsync(device, 0, 16, nullptr));
    /* The thread's own mode. */
    cudaStreamCaptureMode mode = RELAXED;
    CHECK(cudaThreadExchangeStreamCaptureMode(&mode));
    if (mode != GLOBAL)
        failures++;
    IN_CAPTURE(GLOBAL, cudaSuccess, cudaSuccess, cudaMalloc(&memory, 16));
    CHECK(cudaThreadExchangeStreamCaptureMode(&mode));
    IN_CAPTURE(GLOBAL, UNSUPPORTED, INVALIDATED, cudaMalloc(&memory, 16));
    std::printf(failures ? "%d rows failed\n" : "all rows ok\n", failures);
    return 0;
}
