/* SPDX-License-Identifier: Apache-2.0 */
/*
 * __errno.h: wasi-libc declares a variable of each thread, and Debian's library, which is made for one thread, has it as one of all.
 * So with threads a failing call of another thread may change it between a call and the look at it.
 */
#ifndef CW_WASI_ERRNO_H
#define CW_WASI_ERRNO_H

#ifdef __cplusplus
extern "C" {
#endif

extern int errno;
#define errno errno

#ifdef __cplusplus
}
#endif
#endif
