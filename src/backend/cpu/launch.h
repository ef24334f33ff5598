/* SPDX-License-Identifier: Apache-2.0 */
/* launch.h: running a grid. */
#ifndef CW_BACKEND_CPU_LAUNCH_H
#define CW_BACKEND_CPU_LAUNCH_H

#include "cudawasm/cw_backend.h"

struct cw_cpu_node;
struct cw_cpu_worker;

/* cw_backend.launch. */
cw_status cw_cpu_launch(struct cw_backend_device *device, const struct cw_launch *launch, struct cw_fault *fault);

/* Runs one grid on the calling thread, whose worker is `worker`, and on helpers. `node` is the grid's in its family (family.h),
 * or NULL when its kernel launches nothing. As cw_backend.launch otherwise. */
cw_status cw_cpu_grid_run(struct cw_backend_device *device, struct cw_cpu_worker *worker, const struct cw_launch *request,
                          struct cw_cpu_node *node, struct cw_fault *fault);

#endif
