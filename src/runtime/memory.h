/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: allocating and explaining memory, for the other parts of the runtime. */
#ifndef CW_RUNTIME_MEMORY_H
#define CW_RUNTIME_MEMORY_H

#include "runtime/allocation.h"
#include "runtime/device.h"

/* The range that holds `pointer` on any open device, and that device (NULL when there is none). */
struct cw_rt_range cw_rt_memory_find(const void *pointer, struct cw_rt_device **owner);
/* Memory of the device, entered into its table with `flags`. `size` > 0. */
cudaError_t cw_rt_memory_alloc(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind, unsigned flags,
                               void **pointer);
/* The same without looking for idle memory when there is none left: for pools. */
cudaError_t cw_rt_memory_take(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind, unsigned flags,
                              void **pointer);
/* As cw_rt_memory_take, for memory that other processes will be given. */
cudaError_t cw_rt_memory_take_shareable(struct cw_rt_device *device, size_t size, enum cw_rt_memory kind,
                                        unsigned flags, void **pointer);
/* Gives back what a range stands for; the range is out of the table already. */
void cw_rt_memory_release(struct cw_rt_device *device, const struct cw_backend *backend,
                          const struct cw_rt_range *range);
/* Takes memory of that kind out of the table and gives it back; without waiting. */
void cw_rt_memory_discard(struct cw_rt_device *device, void *pointer, enum cw_rt_memory kind);
/* height * pitch and depth * height * pitch with overflow checked; false on overflow. */
bool cw_rt_memory_product(size_t a, size_t b, size_t c, size_t *product);

#endif
