/* SPDX-License-Identifier: Apache-2.0 */
/* host_config.h: facts about the host compiler. Included first, so that the host's libc macros are settled. */
#ifndef __HOST_CONFIG_H__
#define __HOST_CONFIG_H__

#if !defined(__CUDACC_RTC__)
#include <features.h>
#endif

#endif
