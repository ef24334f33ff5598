/* SPDX-License-Identifier: Apache-2.0 */
/* ptx_as_written.h: which PTX of a program's own a device that takes PTX gets as it is. */
#ifndef CW_RUNTIME_PTX_AS_WRITTEN_H
#define CW_RUNTIME_PTX_AS_WRITTEN_H

#include <stdbool.h>

#include "base/text.h"
#include "runtime/loading.h"

/* True if NVIDIA's driver makes of the text what its author meant, so that there is no reason to compile it here; then `cpu` has its
 * .target. `table` is the written kernel table of the module that was made of it. Textures and surfaces are this runtime's own objects,
 * managed variables and kernels that launch kernels need what it adds to code, and functions that the driver doesn't define can't
 * be left open: such text is compiled. */
bool cw_rt_ptx_as_written(const struct cw_rt_ptx *ptx, const struct cw_text *table, char cpu[32]);

#endif
