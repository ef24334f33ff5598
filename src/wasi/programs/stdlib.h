/* SPDX-License-Identifier: Apache-2.0 */
/* stdlib.h: POSIX's temporary files, which wasi-libc leaves out. */
#ifndef CW_WASI_STDLIB_H
#define CW_WASI_STDLIB_H

#include_next <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

int mkstemp(char *path);

#ifdef __cplusplus
}
#endif
#endif
