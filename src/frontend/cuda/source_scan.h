/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source_scan.h: as much of the lexis of C++ as scans of source text need to see code only (C++17 [lex.comment], [lex.literal]).
 */
#ifndef CW_FRONTEND_CUDA_SOURCE_SCAN_H
#define CW_FRONTEND_CUDA_SOURCE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* True for what names and numbers are made of. */
bool cw_source_is_word(char c);

/* Behind the comment, string, raw string or character at `place`; `place` itself when none begins there. */
size_t cw_source_skip_literal(const char *text, size_t size, size_t place);

#endif
