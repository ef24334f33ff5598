/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shared_storage.h: memory for a shared variable whose constructor does not run.
 *
 * Compiler-internal: declarations that CUDA's rule for __shared__ variables forbids to initialise are rewritten to this
 * (src/frontend/cuda/loose_shared.h). A union constructs no member by itself (C++17 [class.base.init]).
 */
#ifndef CW_DEVICE_SHARED_STORAGE_H
#define CW_DEVICE_SHARED_STORAGE_H

template <class Type>
union [[deprecated("shared variables are not initialized: this constructor does not run")]] cw_shared_storage {
    char nothing;
    Type value;
    __host__ __device__ cw_shared_storage() {}
    __host__ __device__ ~cw_shared_storage() {}
};

#endif
