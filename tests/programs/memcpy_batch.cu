// SPDX-License-Identifier: Apache-2.0
// Batches of copies, of pointers and of boxes, and which copy of a batch is at fault.
// EXPECT: pointers: ok
// EXPECT: boxes: ok
// EXPECT: rows ok
// NVCC: before 13 batches have other parameters
#include <cstdint>

#include "check.h"

int main() {
    const int count = 256;
    std::vector<int> source(count), result(count);
    for (int i = 0; i < count; i++)
        source[i] = 3 * i;
    Array<int> a(count), b(count);
    cudaStream_t stream;
    CHECK(cudaStreamCreate(&stream));
    cudaMemcpyAttributes attributes[2] = {};
    attributes[0].srcAccessOrder = cudaMemcpySrcAccessOrderStream;
    attributes[1].srcAccessOrder = cudaMemcpySrcAccessOrderDuringApiCall;
    size_t firsts[] = {0, 2}, failed = 7;
    int *parts = a;
    void *dsts[] = {parts, parts + 64, parts + 128};
    void *srcs[] = {source.data(), source.data() + 64, source.data() + 128};
    size_t sizes[] = {64 * sizeof(int), 64 * sizeof(int), 128 * sizeof(int)};
    CHECK(cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, firsts, 2, &failed, stream));
    CHECK(cudaStreamSynchronize(stream));
    same("pointers", a.host(), source);

    /* Two boxes of 4 x 8 bytes each out of rows of 16. */
    cudaMemcpy3DBatchOp ops[2] = {};
    for (int i = 0; i < 2; i++) {
        ops[i].src.type = ops[i].dst.type = cudaMemcpyOperandTypePointer;
        ops[i].src.op.ptr.ptr = reinterpret_cast<char *>(static_cast<int *>(a)) + 8 * i;
        ops[i].src.op.ptr.rowLength = 16;
        ops[i].dst.op.ptr.ptr = static_cast<int *>(b) + 8 * i;
        ops[i].extent = make_cudaExtent(8, 4, 1);
        ops[i].srcAccessOrder = cudaMemcpySrcAccessOrderStream;
    }
    CHECK(cudaMemcpy3DBatchAsync(2, ops, &failed, 0, stream));
    CHECK(cudaStreamSynchronize(stream));
    std::vector<int> want(count), have = b.host();
    for (int i = 0; i < 2; i++)
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 2; x++)
                want[8 * i + 2 * y + x] = source[4 * y + 2 * i + x];
    same("boxes", have, want);

    bool ok = true;
    sizes[1] = 4096; // past the end
    dsts[1] = parts + 200;
    ok = ok && cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, firsts, 2, &failed, stream) ==
                   cudaErrorInvalidValue && failed == 1;
    sizes[1] = 4;
    ok = ok && cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, firsts, 2, &failed, nullptr) ==
                   cudaErrorInvalidValue;
    firsts[0] = 1;
    ok = ok && cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, firsts, 2, &failed, stream) ==
                   cudaErrorInvalidValue && failed == SIZE_MAX;
    firsts[0] = 0;
    attributes[1].srcAccessOrder = cudaMemcpySrcAccessOrderInvalid;
    ok = ok && cudaMemcpyBatchAsync(dsts, srcs, sizes, 3, attributes, firsts, 2, &failed, stream) ==
                   cudaErrorInvalidValue;
    ok = ok && cudaMemcpyBatchAsync(dsts, srcs, sizes, 0, attributes, firsts, 1, &failed, stream) ==
                   cudaErrorInvalidValue;
    ops[1].extent.width = 0;
    ok = ok && cudaMemcpy3DBatchAsync(2, ops, &failed, 0, stream) == cudaErrorInvalidValue && failed == 1;
    std::printf("rows %s\n", ok ? "ok" : "wrong");
    return 0;
}
