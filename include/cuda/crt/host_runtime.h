/* SPDX-License-Identifier: Apache-2.0 */
/* host_runtime.h: what compiled host code calls is declared by the runtime API. */
#ifndef __CRT_HOST_RUNTIME_H__
#define __CRT_HOST_RUNTIME_H__

#include "../cuda_runtime.h"

#endif
