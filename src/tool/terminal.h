/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.h: what the tool itself says to people, on stderr. Colours and progress only where stderr is a terminal. */
#ifndef CW_TOOL_TERMINAL_H
#define CW_TOOL_TERMINAL_H

#include <stdbool.h>

/* True if `fd` is a terminal that should get colours: NO_COLOR unset, TERM not "dumb". */
bool cw_terminal_colour(int fd);

/* "cuda-wasm: error: ..." and "cuda-wasm: note: ...", one line each. */
void cw_say_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cw_say_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Shows or replaces the progress line; NULL removes it. Nothing where stderr is no terminal. */
void cw_progress(const char *text);

#endif
