// SPDX-License-Identifier: Apache-2.0
// Advice and prefetching of managed memory can be asked: for whole ranges, parts, and ranges whose parts differ.
// EXPECT: fresh: 0 -2 -2
// EXPECT: read mostly: whole 1, half 1, more than that 0
// EXPECT: preferred: -1 type 2
// EXPECT: accessed by: -1 0 -2
// EXPECT: prefetched: 0 mixed -2
// EXPECT: refusals ok
// NVCC: before 13 advice takes locations
#include "check.h"

static int ask(const void *pointer, size_t count, cudaMemRangeAttribute attribute) {
    int value = 77;
    CHECK(cudaMemRangeGetAttribute(&value, sizeof value, attribute, pointer, count));
    return value;
}

int main() {
    char *data, *plain;
    const size_t size = 1 << 20;
    CHECK(cudaMallocManaged(&data, size));
    CHECK(cudaMalloc(&plain, size));
    cudaMemLocation host = {cudaMemLocationTypeHost, 0}, device = {cudaMemLocationTypeDevice, 0};
    std::printf("fresh: %d %d %d\n", ask(data, size, cudaMemRangeAttributeReadMostly),
                ask(data, size, cudaMemRangeAttributePreferredLocation),
                ask(data, size, cudaMemRangeAttributeLastPrefetchLocation));
    CHECK(cudaMemAdvise(data, size / 2, cudaMemAdviseSetReadMostly, 0));
    int part = ask(data, size / 2, cudaMemRangeAttributeReadMostly);
    int more = ask(data, size / 2 + 1, cudaMemRangeAttributeReadMostly);
    CHECK(cudaMemAdvise(data + size / 2, size / 2, cudaMemAdviseSetReadMostly, 0));
    std::printf("read mostly: whole %d, half %d, more than that %d\n", ask(data, size, cudaMemRangeAttributeReadMostly),
                part, more);
    CHECK(cudaMemAdvise(data, size, cudaMemAdviseSetPreferredLocation, host)); // CUDA 13's signature
    std::printf("preferred: %d type %d\n", ask(data, size, cudaMemRangeAttributePreferredLocation),
                ask(data, size, cudaMemRangeAttributePreferredLocationType));
    int devices[3], preferred = 0;
    CHECK(cudaMemAdvise(data, size, cudaMemAdviseSetAccessedBy, 0));
    CHECK(cudaMemAdvise(data, size, cudaMemAdviseSetAccessedBy, cudaCpuDeviceId));
    void *places[] = {devices, &preferred};
    size_t sizes[] = {sizeof devices, sizeof preferred};
    cudaMemRangeAttribute wanted[] = {cudaMemRangeAttributeAccessedBy, cudaMemRangeAttributePreferredLocation};
    CHECK(cudaMemRangeGetAttributes(places, sizes, wanted, 2, data, size));
    std::printf("accessed by: %d %d %d\n", preferred, devices[0], devices[2]);
    CHECK(cudaMemPrefetchAsync(data, size, device, 0));
    int there = ask(data, size, cudaMemRangeAttributeLastPrefetchLocation);
    CHECK(cudaMemPrefetchAsync(data, 4096, cudaCpuDeviceId, 0));
    std::printf("prefetched: %d mixed %d\n", there, ask(data, size, cudaMemRangeAttributeLastPrefetchLocation));

    int value;
    bool ok = cudaMemRangeGetAttribute(&value, 4, cudaMemRangeAttributeReadMostly, plain, 16) == cudaErrorInvalidValue;
    ok = ok && cudaMemRangeGetAttribute(&value, 2, cudaMemRangeAttributeReadMostly, data, 16) == cudaErrorInvalidValue;
    ok = ok && cudaMemRangeGetAttribute(&value, 4, (cudaMemRangeAttribute)99, data, 16) == cudaErrorInvalidValue;
    ok = ok && cudaMemRangeGetAttribute(&value, 4, cudaMemRangeAttributeReadMostly, data, size + 1) ==
                   cudaErrorInvalidValue;
    ok = ok && cudaMemRangeGetAttributes(places, sizes, wanted, 0, data, size) == cudaErrorInvalidValue;
    CHECK(cudaFree(data));
    ok = ok && cudaMemRangeGetAttribute(&value, 4, cudaMemRangeAttributeReadMostly, data, 16) == cudaErrorInvalidValue;
    std::printf("refusals %s\n", ok ? "ok" : "differ");
    return 0;
}
