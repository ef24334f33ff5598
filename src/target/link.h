/* SPDX-License-Identifier: Apache-2.0 */
/* link.h: an object to a shared object, by ld.lld as a subprocess; CUDA_WASM_LLD names another. */
#ifndef CW_TARGET_LINK_H
#define CW_TARGET_LINK_H

#include "module/ir/ir.h"

/* `words` go to the linker beside what every artifact is linked with. A linker that is missing or fails is named. */
cw_status cw_target_link(struct cw_compiler *compiler, const struct cw_strings *words, const struct cw_bytes *object,
                         struct cw_bytes *out) CW_MUST_USE;

#endif
