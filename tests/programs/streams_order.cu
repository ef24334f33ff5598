// SPDX-License-Identifier: Apache-2.0
// Work of one stream runs in order; events make one stream wait for another; waits for events that were never recorded, or
// are recorded again, do nothing.
// EXPECT: in order on one stream: ok
// EXPECT: across streams by events: ok
// EXPECT: diamond: 1 + 2 = 33
// EXPECT: unrecorded event: no wait
#include "check.h"

__global__ void append(int *log, int *used, int value) { log[(*used)++] = value; }
__global__ void slow_store(int *out, int value, int rounds) {
    int x = value;
    for (int i = 0; i < rounds; i++)
        x = x * 1664525 + 1013904223;
    *out = x == 123456789 ? 0 : value;
}
__global__ void combine(const int *a, const int *b, int *out) { *out = *a * 10 + *b + 3; }

int main() {
    cudaStream_t streams[3];
    for (cudaStream_t &s : streams)
        CHECK(cudaStreamCreate(&s));
    Array<int> log(200), used(1), values(4);
    std::vector<int> want(200);
    for (int i = 0; i < 200; i++) {
        want[i] = i;
        append<<<1, 1, 0, streams[0]>>>(log, used, i);
    }
    CHECK(cudaStreamSynchronize(streams[0]));
    same("in order on one stream", log.host(), want);

    CHECK(cudaMemset(used, 0, sizeof(int)));
    cudaEvent_t event;
    CHECK(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    for (int i = 0; i < 200; i++) {
        append<<<1, 1, 0, streams[i % 3]>>>(log, used, i);
        CHECK(cudaEventRecord(event, streams[i % 3]));
        CHECK(cudaStreamWaitEvent(streams[(i + 1) % 3], event, 0));
    }
    CHECK(cudaDeviceSynchronize());
    same("across streams by events", log.host(), want);

    cudaEvent_t a_done, b_done;
    CHECK(cudaEventCreate(&a_done));
    CHECK(cudaEventCreate(&b_done));
    slow_store<<<1, 1, 0, streams[0]>>>(values + 0, 1, 2000000);
    CHECK(cudaEventRecord(a_done, streams[0]));
    slow_store<<<1, 1, 0, streams[1]>>>(values + 1, 20, 2000000);
    CHECK(cudaEventRecord(b_done, streams[1]));
    CHECK(cudaStreamWaitEvent(streams[2], a_done, 0));
    CHECK(cudaStreamWaitEvent(streams[2], b_done, 0));
    combine<<<1, 1, 0, streams[2]>>>(values + 0, values + 1, values + 2);
    CHECK(cudaStreamSynchronize(streams[2]));
    std::printf("diamond: 1 + 2 = %d\n", values.host()[2]);

    cudaEvent_t never;
    CHECK(cudaEventCreate(&never));
    CHECK(cudaStreamWaitEvent(streams[0], never, 0));
    append<<<1, 1, 0, streams[0]>>>(log, used, 0);
    CHECK(cudaStreamSynchronize(streams[0]));
    std::printf("unrecorded event: no wait\n");
    for (cudaStream_t s : streams)
        CHECK(cudaStreamDestroy(s));
    for (cudaEvent_t e : {event, a_done, b_done, never})
        CHECK(cudaEventDestroy(e));
    return 0;
}
