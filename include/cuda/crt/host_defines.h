/* SPDX-License-Identifier: Apache-2.0 */
/* host_defines.h: where newer toolkits keep host_defines.h. */
#ifndef __CRT_HOST_DEFINES_H__
#define __CRT_HOST_DEFINES_H__

#include "../host_defines.h"

#endif
