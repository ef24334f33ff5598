/* SPDX-License-Identifier: Apache-2.0 */
/* prelude.h: getting the precompiled prelude for a command's passes, and making it. */
#ifndef CW_TOOL_PRELUDE_H
#define CW_TOOL_PRELUDE_H

#include "frontend/cuda/precompiled.h"
#include "tool/device_code.h"

/* Both passes' prelude: [0] the host's, [1] the device's. */
struct cw_prelude {
    struct cw_precompiled passes[2];
};

/* Finds both; makes, in `folder`, what is missing and worth it. `folder` is removed when a signal ends the tool. */
void cw_prelude_prepare(struct cw_prelude *prelude, const struct cw_setting *setting, const char *folder);
void cw_prelude_fini(struct cw_prelude *prelude);

/* Makes both for the default options, inside this installation. An enum cw_exit; says on stderr what went wrong. */
int cw_prelude_install(const struct cw_setting *setting);

#endif
