/* SPDX-License-Identifier: Apache-2.0 */
/* run_ptx.h: `run k.ptx`: a PTX text has no host program, so the command line says what is launched, on which data. */
#ifndef CW_TOOL_RUN_PTX_H
#define CW_TOOL_RUN_PTX_H

#include <stdbool.h>

/* True if the words (argv[0] is "cuda-wasm run") name a PTX file and no other source. */
bool cw_run_ptx_wanted(int argc, char **argv);
/* Loads the text through the driver API, launches one kernel, prints what its buffers hold. Returns an exit code. */
int cw_run_ptx(int argc, char **argv);

#endif
