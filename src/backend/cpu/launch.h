/* SPDX-License-Identifier: Apache-2.0 */
/* launch.h: running a grid. */
#ifndef CW_BACKEND_CPU_LAUNCH_H
#define CW_BACKEND_CPU_LAUNCH_H

#include "cudawasm/cw_backend.h"

/* cw_backend.launch. */
cw_status cw_cpu_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);

#endif
