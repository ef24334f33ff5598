/* SPDX-License-Identifier: Apache-2.0 */
/* adapt.h: host objects made fit for what clang's host pass doesn't do by itself. */
#ifndef CW_TARGET_ADAPT_H
#define CW_TARGET_ADAPT_H

#include "module/ir/ir.h"

/* cw_compiler_api.adapt_host. */
cw_status cw_adapt_host(struct cw_compiler *compiler, const struct cw_module *module, const void *bitcode, size_t size,
                        struct cw_bytes *out);

#endif
