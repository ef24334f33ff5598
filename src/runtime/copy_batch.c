/* SPDX-License-Identifier: Apache-2.0 */
/*
 * copy_batch.c: many copies in one call (CUDA Runtime API, cudaMemcpyBatchAsync and cudaMemcpy3DBatchAsync). They are
 * queued one by one, which is one of the orders that CUDA allows. Sources that are pageable are free when the call
 * returns, which every access order allows too.
 */
#include "cuda/cuda_runtime_api.h"
#include "runtime/array.h"
#include "runtime/copy.h"
#include "runtime/device.h"
#include "runtime/stream.h"
#include "runtime/thread.h"

/* Batches need a stream that was created, or the thread's own. */
static cudaError_t check_stream(cudaStream_t handle) {
    struct cw_rt_device *device;
    struct CUstream_st *stream;
    cudaError_t error = cw_rt_device_current(&device);
    if (error == cudaSuccess) {
        error = cw_rt_stream_resolve(device, handle, &stream);
    }
    if (error == cudaSuccess && stream->legacy) {
        error = cw_rt_fail(cudaErrorInvalidValue, "batches of copies can't use the legacy default stream");
    }
    return error;
}

static cudaError_t check_order(enum cudaMemcpySrcAccessOrder order, unsigned flags) {
    if (order < cudaMemcpySrcAccessOrderStream || order > cudaMemcpySrcAccessOrderAny) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no access order %d", (int)order);
    }
    return flags & ~(unsigned)cudaMemcpyFlagPreferOverlapWithCompute
               ? cw_rt_fail(cudaErrorInvalidValue, "unknown flags 0x%x", flags)
               : cudaSuccess;
}

/* ---- Pointers ------------------------------------------------------------------------------------------------ */

struct batch {
    void **dsts, **srcs;
    const size_t *sizes;
    size_t count;
    const struct cudaMemcpyAttributes *attributes;
    const size_t *indices;
    size_t attribute_count;
};

/* Each set of attributes holds from its index to the next one's; the first begins at 0. */
static cudaError_t check_attributes(const struct batch *batch) {
    if (batch->attribute_count == 0 || batch->attribute_count > batch->count || !batch->attributes || !batch->indices ||
        batch->indices[0] != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu sets of attributes for %zu copies; the first must be for copy 0",
                          batch->attribute_count, batch->count);
    }
    for (size_t i = 0; i < batch->attribute_count; i++) {
        if (batch->indices[i] >= batch->count || (i > 0 && batch->indices[i] <= batch->indices[i - 1])) {
            return cw_rt_fail(cudaErrorInvalidValue, "attributes %zu are for copy %zu", i, batch->indices[i]);
        }
        cudaError_t error = check_order(batch->attributes[i].srcAccessOrder, batch->attributes[i].flags);
        if (error != cudaSuccess) {
            return error;
        }
    }
    return cudaSuccess;
}

static cudaError_t copy_batch(const struct batch *batch, size_t *failed, cudaStream_t stream) {
    if (failed) {
        *failed = SIZE_MAX; /* none in particular */
    }
    if (batch->count == 0 || !batch->dsts || !batch->srcs || !batch->sizes) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu copies, or an array that is NULL", batch->count);
    }
    cudaError_t error = check_attributes(batch);
    if (error == cudaSuccess) {
        error = check_stream(stream);
    }
    for (size_t i = 0; error == cudaSuccess && i < batch->count; i++) {
        struct cw_rt_side dst = {batch->dsts[i], 0, 0}, src = {batch->srcs[i], 0, 0};
        error = batch->sizes[i] ? cw_rt_copy(dst, src, (struct cw_rt_box){batch->sizes[i], 1, 1}, cudaMemcpyDefault,
                                             stream, CW_RT_STREAMED)
                                : cw_rt_fail(cudaErrorInvalidValue, "copy %zu has 0 bytes", i);
        if (error != cudaSuccess && failed) {
            *failed = i;
        }
    }
    return error;
}

cudaError_t cudaMemcpyBatchAsync(void **dsts, void **srcs, size_t *sizes, size_t count,
                                 struct cudaMemcpyAttributes *attributes, size_t *indices, size_t attribute_count,
                                 size_t *failed, cudaStream_t stream) {
    struct batch batch = {dsts, srcs, sizes, count, attributes, indices, attribute_count};
    return cw_rt_record(copy_batch(&batch, failed, stream));
}

/* ---- Boxes --------------------------------------------------------------------------------------------------- */

/* One side in the words of the general copy. Rows and layers of pointers are in elements; 0 means as many as copied. */
static cudaError_t read_operand(const struct cudaMemcpy3DOperand *operand, const struct cudaExtent *extent,
                                size_t element, struct cudaPitchedPtr *pitched, cudaArray_t *array,
                                struct cudaPos *pos) {
    if (operand->type == cudaMemcpyOperandTypeArray) {
        *array = operand->op.array.array;
        *pos = (struct cudaPos){operand->op.array.offset.x, operand->op.array.offset.y, operand->op.array.offset.z};
        return cudaSuccess;
    }
    if (operand->type != cudaMemcpyOperandTypePointer) {
        return cw_rt_fail(cudaErrorInvalidValue, "there is no type %d of operands", (int)operand->type);
    }
    size_t row = operand->op.ptr.rowLength ? operand->op.ptr.rowLength : extent->width;
    size_t height = operand->op.ptr.layerHeight ? operand->op.ptr.layerHeight : extent->height;
    size_t pitch;
    if (row < extent->width || height < extent->height || __builtin_mul_overflow(row, element, &pitch)) {
        return cw_rt_fail(cudaErrorInvalidValue, "layers of %zu rows of %zu elements are smaller than what is copied",
                          height, row);
    }
    *pitched = (struct cudaPitchedPtr){operand->op.ptr.ptr, pitch, row, height};
    return cudaSuccess;
}

static cudaError_t copy_box(const struct cudaMemcpy3DBatchOp *op, cudaStream_t stream) {
    struct cudaMemcpy3DParms params = {.extent = op->extent, .kind = cudaMemcpyDefault};
    size_t element = 1;
    cudaError_t error = check_order(op->srcAccessOrder, op->flags);
    if (error == cudaSuccess && (op->extent.width == 0 || op->extent.height == 0 || op->extent.depth == 0)) {
        error = cw_rt_fail(cudaErrorInvalidValue, "an extent of 0");
    }
    if (error == cudaSuccess && op->dst.type == cudaMemcpyOperandTypeArray) {
        error = cw_rt_array_element(op->dst.op.array.array, &element);
    } else if (error == cudaSuccess && op->src.type == cudaMemcpyOperandTypeArray) {
        error = cw_rt_array_element(op->src.op.array.array, &element);
    }
    if (error == cudaSuccess) {
        error = read_operand(&op->dst, &op->extent, element, &params.dstPtr, &params.dstArray, &params.dstPos);
    }
    if (error == cudaSuccess) {
        error = read_operand(&op->src, &op->extent, element, &params.srcPtr, &params.srcArray, &params.srcPos);
    }
    return error != cudaSuccess ? error : cudaMemcpy3DAsync(&params, stream);
}

static cudaError_t copy_boxes(const struct cudaMemcpy3DBatchOp *ops, size_t count, size_t *failed,
                              unsigned long long flags, cudaStream_t stream) {
    if (failed) {
        *failed = SIZE_MAX;
    }
    if (count == 0 || !ops || flags != 0) {
        return cw_rt_fail(cudaErrorInvalidValue, "%zu copies, flags 0x%llx", count, flags);
    }
    cudaError_t error = check_stream(stream);
    for (size_t i = 0; error == cudaSuccess && i < count; i++) {
        error = copy_box(&ops[i], stream);
        if (error != cudaSuccess && failed) {
            *failed = i;
        }
    }
    return error;
}

cudaError_t cudaMemcpy3DBatchAsync(size_t count, struct cudaMemcpy3DBatchOp *ops, size_t *failed,
                                   unsigned long long flags, cudaStream_t stream) {
    return cw_rt_record(copy_boxes(ops, count, failed, flags, stream));
}
