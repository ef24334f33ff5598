// SPDX-License-Identifier: Apache-2.0
// Memory pools: memory that is freed is given out again in its stream's order, to other streams when it may be; accounts,
// thresholds, trimming, limits and properties.
// ENV: CUDA_WASM_MEMORY=512M
// EXPECT: same stream reuses: yes
// EXPECT: another stream does not while work is pending: yes
// EXPECT: after an event: yes
// EXPECT: accounts ok
// EXPECT: released at synchronisation: yes
// EXPECT: kept below the threshold: yes
// EXPECT: trimmed: yes
// EXPECT: limits ok
// EXPECT: data ok
// EXPECT: properties ok
// NVCC: skip sizes of pieces and of the device are our own
#include <atomic>
#include <thread>

#include "check.h"

static std::atomic<bool> go;
static void wait_for_go(void *) {
    while (!go)
        std::this_thread::yield();
}

static size_t get(cudaMemPool_t pool, cudaMemPoolAttr which) {
    size_t value = 0;
    CHECK(cudaMemPoolGetAttribute(pool, which, &value));
    return value;
}

__global__ void fill(int *to, int value, int count) {
    for (int i = threadIdx.x; i < count; i += blockDim.x)
        to[i] = value;
}

int main() {
    cudaMemPool_t pool, own;
    cudaStream_t one, two;
    cudaEvent_t event;
    CHECK(cudaDeviceGetDefaultMemPool(&pool, 0));
    CHECK(cudaStreamCreateWithFlags(&one, cudaStreamNonBlocking));
    CHECK(cudaStreamCreateWithFlags(&two, cudaStreamNonBlocking));
    CHECK(cudaEventCreate(&event));

    void *a, *b, *c, *d;
    CHECK(cudaLaunchHostFunc(one, wait_for_go, nullptr));
    CHECK(cudaMallocAsync(&a, 100000, one));
    CHECK(cudaFreeAsync(a, one));
    CHECK(cudaMallocAsync(&b, 90000, two));
    bool apart = b != a;
    CHECK(cudaMallocAsync(&c, 80000, one));
    std::printf("same stream reuses: %s\n", c == a ? "yes" : "no");
    std::printf("another stream does not while work is pending: %s\n", apart ? "yes" : "no");
    CHECK(cudaFreeAsync(c, one));
    CHECK(cudaEventRecord(event, one));
    CHECK(cudaStreamWaitEvent(two, event, 0));
    CHECK(cudaMallocAsync(&d, 80000, two));
    std::printf("after an event: %s\n", d == a ? "yes" : "no");
    bool ok = cudaFreeAsync(c, two) == cudaSuccess; // d is the same memory
    ok = ok && cudaFreeAsync(c, two) == cudaErrorInvalidValue;
    ok = ok && cudaMemsetAsync(c, 0, 4, two) == cudaErrorInvalidValue;
    ok = ok && get(pool, cudaMemPoolAttrUsedMemCurrent) == 90112;
    ok = ok && get(pool, cudaMemPoolAttrReservedMemCurrent) == 2 * 131072;
    ok = ok && get(pool, cudaMemPoolAttrUsedMemHigh) > 90112;
    size_t zero = 0, threshold = 1 << 20;
    CHECK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemHigh, &zero));
    ok = ok && get(pool, cudaMemPoolAttrUsedMemHigh) == 90112;
    ok = ok && cudaMemPoolSetAttribute(pool, cudaMemPoolAttrUsedMemCurrent, &zero) == cudaErrorInvalidValue;
    std::printf("accounts %s\n", ok ? "ok" : "wrong");
    go = true;
    CHECK(cudaFreeAsync(b, two));
    CHECK(cudaDeviceSynchronize());
    std::printf("released at synchronisation: %s\n", get(pool, cudaMemPoolAttrReservedMemCurrent) == 0 ? "yes" : "no");

    CHECK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &threshold));
    CHECK(cudaMallocAsync(&a, 1000, one));
    CHECK(cudaFreeAsync(a, one));
    CHECK(cudaStreamSynchronize(one));
    CHECK(cudaMallocAsync(&b, 1024, two));
    std::printf("kept below the threshold: %s\n", a == b ? "yes" : "no");
    CHECK(cudaFree(b));
    ok = get(pool, cudaMemPoolAttrReservedMemCurrent) == 1024;
    CHECK(cudaMemPoolTrimTo(pool, 0));
    std::printf("trimmed: %s\n", ok && get(pool, cudaMemPoolAttrReservedMemCurrent) == 0 ? "yes" : "no");

    /* The device's memory, idle memory included. */
    CHECK(cudaMemPoolSetAttribute(pool, cudaMemPoolAttrReleaseThreshold, &(threshold = ~static_cast<size_t>(0))));
    CHECK(cudaMallocAsync(&a, 300 << 20, one));
    ok = cudaMallocAsync(&b, 300 << 20, one) == cudaErrorMemoryAllocation;
    ok = ok && cudaGetLastError() == cudaErrorMemoryAllocation;
    CHECK(cudaFreeAsync(a, one));
    CHECK(cudaDeviceSynchronize());
    ok = ok && get(pool, cudaMemPoolAttrReservedMemCurrent) >= 300u << 20;
    ok = ok && cudaMalloc(&b, 400 << 20) == cudaSuccess; // what is idle goes first
    CHECK(cudaFree(b));
    cudaMemPoolProps props = {};
    props.allocType = cudaMemAllocationTypePinned;
    props.location.type = cudaMemLocationTypeDevice;
    props.maxSize = 4 << 20;
    CHECK(cudaMemPoolCreate(&own, &props));
    CHECK(cudaMallocFromPoolAsync(&a, 3 << 20, own, one));
    ok = ok && cudaMallocFromPoolAsync(&b, 2 << 20, own, one) == cudaErrorMemoryAllocation;
    CHECK(cudaFreeAsync(a, one));
    CHECK(cudaMallocFromPoolAsync(&b, 2 << 20, own, one));
    CHECK(cudaFreeAsync(b, one));
    std::printf("limits %s\n", ok ? "ok" : "wrong");

    /* Work that was queued with the memory keeps what it wrote. */
    std::vector<int> result(4096), want(4096);
    CHECK(cudaDeviceSetMemPool(0, own));
    int *data[2], *total;
    CHECK(cudaMalloc(&total, 4096 * sizeof(int)));
    for (int i = 0; i < 50; i++) {
        cudaStream_t stream = i % 2 ? one : two;
        CHECK(cudaMallocAsync(&data[0], (i % 7 + 1) * 4096, stream));
        fill<<<1, 64, 0, stream>>>(data[0], i, 1024);
        CHECK(cudaMemcpyAsync(total + 64 * i, data[0], 64 * sizeof(int), cudaMemcpyDeviceToDevice, stream));
        CHECK(cudaFreeAsync(data[0], stream));
    }
    CHECK(cudaDeviceSynchronize());
    CHECK(cudaMemcpy(result.data(), total, 50 * 64 * sizeof(int), cudaMemcpyDeviceToHost));
    ok = true;
    for (int i = 0; i < 50 * 64; i++)
        ok = ok && result[i] == i / 64;
    std::printf("data %s\n", ok ? "ok" : "wrong");

    cudaMemLocation location = {cudaMemLocationTypeDevice, 0};
    cudaMemAccessFlags access = cudaMemAccessFlagsProtNone;
    cudaMemPool_t now;
    CHECK(cudaMemPoolGetAccess(&access, own, &location));
    CHECK(cudaDeviceGetMemPool(&now, 0));
    ok = access == cudaMemAccessFlagsProtReadWrite && now == own;
    cudaMemAccessDesc none = {location, cudaMemAccessFlagsProtNone};
    ok = ok && cudaMemPoolSetAccess(own, &none, 1) == cudaErrorInvalidDevice;
    ok = ok && cudaMemPoolDestroy(pool) == cudaErrorInvalidValue;
    CHECK(cudaMemPoolDestroy(own));
    ok = ok && cudaMemPoolTrimTo(own, 0) == cudaErrorInvalidValue;
    CHECK(cudaDeviceGetMemPool(&now, 0));
    ok = ok && now == pool;
    props.allocType = cudaMemAllocationTypeInvalid;
    ok = ok && cudaMemPoolCreate(&own, &props) == cudaErrorInvalidValue;
    std::printf("properties %s\n", ok ? "ok" : "wrong");
    return 0;
}
