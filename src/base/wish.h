/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wish.h: $CUDA_WASM_DEVICES, which says what devices a program gets: words with blanks or semicolons between them, in order of
 * preference.
 *
 *     cuda            the devices of that backend
 *     cuda:1,0        those of them, in that order
 *     cpu:4           the CPU as four devices
 *     4               the same; says nothing of other backends
 */
#ifndef CW_BASE_WISH_H
#define CW_BASE_WISH_H

#include <stdbool.h>
#include <stddef.h>

/* The first word that names `backend`: true, and what stands behind its colon, "" when there is no colon. */
bool cw_wish_for(const char *backend, char *list, size_t size);
/* The name of the backend that word number `index` names, bare numbers left out. False when there is no such word. */
bool cw_wish_at(size_t index, char *backend, size_t size);

#endif
