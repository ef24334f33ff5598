/* SPDX-License-Identifier: Apache-2.0 */
/* copy_batch.c: the driver API's face of copies in batches: both APIs describe them by the same words. */
#include "runtime/driver/driver.h"

_Static_assert(sizeof(CUmemcpyAttributes) == sizeof(struct cudaMemcpyAttributes), "attributes are the same");
_Static_assert(sizeof(CUDA_MEMCPY3D_BATCH_OP) == sizeof(struct cudaMemcpy3DBatchOp), "copies are the same");
_Static_assert(offsetof(CUDA_MEMCPY3D_BATCH_OP, extent) == offsetof(struct cudaMemcpy3DBatchOp, extent), "copies are the same");
_Static_assert(offsetof(CUmemcpy3DOperand, op.array.offset) == offsetof(struct cudaMemcpy3DOperand, op.array.offset),
               "operands are the same");

CUresult cuMemcpyBatchAsync(CUdeviceptr *destinations, CUdeviceptr *sources, size_t *sizes, size_t count,
                            CUmemcpyAttributes *attributes, size_t *indices, size_t attribute_count, size_t *failed,
                            CUstream stream) {
    return CW_DRIVER(cudaMemcpyBatchAsync((void **)destinations, (void **)sources, sizes, count,
                                          (struct cudaMemcpyAttributes *)attributes, indices, attribute_count, failed, stream));
}

CUresult cuMemcpy3DBatchAsync(size_t count, CUDA_MEMCPY3D_BATCH_OP *operations, size_t *failed, unsigned long long flags,
                              CUstream stream) {
    return CW_DRIVER(cudaMemcpy3DBatchAsync(count, (struct cudaMemcpy3DBatchOp *)operations, failed, flags, stream));
}
