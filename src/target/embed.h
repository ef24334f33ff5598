/* SPDX-License-Identifier: Apache-2.0 */
/* embed.h: a native object that carries a container and registers it with the runtime when its program starts. */
#ifndef CW_TARGET_EMBED_H
#define CW_TARGET_EMBED_H

#include "module/ir/ir.h"

cw_status cw_embed(struct cw_compiler *compiler, const uint8_t id[16], const void *container, size_t size, struct cw_bytes *object);

#endif
