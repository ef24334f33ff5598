// SPDX-License-Identifier: Apache-2.0
// The hardware's units for products of matrices and for copies that nobody waits for; before sm_80 other instructions do their work.
// RUN: --to ptx --arch sm_80
// RUN: --to ptx --arch sm_90
// RUN: PREFIX=OLD --to ptx --arch sm_70
// CHECK-LABEL: .entry _Z4tile
// CHECK: wmma.load.a.sync.aligned.row.m16n16k16.f16
// CHECK: wmma.load.b.sync.aligned.col.m16n16k16.f16
// CHECK: wmma.mma.sync.aligned.row.col.m16n16k16.f32.f32
// CHECK-NOT: .local
// CHECK: wmma.store.d.sync.aligned.row.m16n16k16.f32
// CHECK-LABEL: .entry _Z4copy
// CHECK: cp.async.cg.shared.global
// CHECK: cp.async.commit_group
// CHECK: cp.async.wait_group 1
// CHECK: cp.async.wait_all
// CHECK-LABEL: .entry _Z7written
// CHECK: cp.async.ca.shared.global
// CHECK: mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
// OLD-NOT: wmma
// OLD-NOT: cp.async
// OLD-NOT: mma.sync
#include <cuda_pipeline.h>
#include <mma.h>

using namespace nvcuda;

__global__ void tile(const __half *a, const __half *b, float *d, int n) {
    wmma::fragment<wmma::matrix_a, 16, 16, 16, __half, wmma::row_major> fa;
    wmma::fragment<wmma::matrix_b, 16, 16, 16, __half, wmma::col_major> fb;
    wmma::fragment<wmma::accumulator, 16, 16, 16, float> sum;
    wmma::fill_fragment(sum, 0.0f);
    for (int k = 0; k < n; k += 16) {
        wmma::load_matrix_sync(fa, a + k, n);
        wmma::load_matrix_sync(fb, b + k, n);
        wmma::mma_sync(sum, fa, fb, sum);
    }
    for (int i = 0; i < sum.num_elements; i++)
        sum.x[i] *= 2.0f;
    wmma::store_matrix_sync(d, sum, n, wmma::mem_row_major);
}

__global__ void copy(const float4 *from, float4 *to) {
    __shared__ float4 stage[2][64];
    __pipeline_memcpy_async(&stage[0][threadIdx.x], &from[threadIdx.x], 16);
    __pipeline_commit();
    __pipeline_memcpy_async(&stage[1][threadIdx.x], &from[threadIdx.x + 64], 16);
    __pipeline_commit();
    __pipeline_wait_prior(1);
    to[threadIdx.x] = stage[0][threadIdx.x];
    __pipeline_wait_prior(0);
    to[threadIdx.x + 64] = stage[1][threadIdx.x];
}

__global__ void written(const float *from, float *to) {
    __shared__ float word[32];
    asm volatile("cp.async.ca.shared.global [%0], [%1], 4;" ::"r"((unsigned)__cvta_generic_to_shared(&word[threadIdx.x])), "l"(from + threadIdx.x));
    asm volatile("cp.async.wait_all;");
    float d[4], x = word[threadIdx.x];
    unsigned a = __float_as_uint(x);
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %4, %4, %4}, {%4, %4}, {%5, %5, %5, %5};"
                 : "=f"(d[0]), "=f"(d[1]), "=f"(d[2]), "=f"(d[3])
                 : "r"(a), "f"(x));
    to[threadIdx.x] = d[0] + d[1] + d[2] + d[3];
}
