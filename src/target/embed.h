/* SPDX-License-Identifier: Apache-2.0 */
/* embed.h: native objects that carry containers: registered with the runtime when the program starts, or waiting for a
 * device link. cw.h documents each. */
#ifndef CW_TARGET_EMBED_H
#define CW_TARGET_EMBED_H

#include "module/ir/ir.h"

cw_status cw_embed(struct cw_compiler *compiler, const uint8_t id[16], const void *container, size_t size, struct cw_bytes *object);
cw_status cw_embed_unit(struct cw_compiler *compiler, const void *container, size_t size, struct cw_bytes *object);
cw_status cw_embed_linked(struct cw_compiler *compiler, const char *const *functions, size_t count, const void *container,
                          size_t size, struct cw_bytes *object);
cw_status cw_embed_wasm(struct cw_compiler *compiler, const uint8_t id[16], const char *symbol, const char *const *functions, size_t count,
                        const void *container, size_t size, struct cw_bytes *object);

#endif
