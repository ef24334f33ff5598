/* SPDX-License-Identifier: Apache-2.0 */
/* host_config.h: where newer toolkits keep host_config.h. */
#ifndef __CRT_HOST_CONFIG_H__
#define __CRT_HOST_CONFIG_H__

#include "../host_config.h"

#endif
