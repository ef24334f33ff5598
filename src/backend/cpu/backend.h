/* SPDX-License-Identifier: Apache-2.0 */
/* backend.h: the CPU backend, which is built into the runtime and always works. */
#ifndef CW_BACKEND_CPU_BACKEND_H
#define CW_BACKEND_CPU_BACKEND_H

#include "cudawasm/cw_backend.h"

extern const struct cw_backend cw_backend_cpu;

#endif
