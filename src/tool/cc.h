/* SPDX-License-Identifier: Apache-2.0 */
/* cc.h: what the files of `cuda-wasm cc` share. */
#ifndef CW_TOOL_CC_H
#define CW_TOOL_CC_H

#include "tool/units.h"

/* CPUs that kernels are compiled for: portable ones, as in `cuda-wasm build`, or with -arch=native this machine's, NULL. */
size_t cw_cc_cpus(const struct cw_cuda_options *options, const char *const **cpus);

/* ---- cc_output.c: names, lists, copies ---- */

/* Where the result for `source` goes in this phase; malloc'd. `source` is NULL for what has one result of all inputs. */
char *cw_cc_output(const struct cw_cuda_options *options, const char *source);
/* Writes the rule of make for `source`, whose clang-made list is at `list`; to stdout where no file is named. False, having
 * said why, on failure. */
bool cw_cc_write_rule(const struct cw_setting *setting, const char *list, const char *source);
/* Copies what lies in `folder` to where -keep wants it. False, having said why. */
bool cw_cc_keep(const struct cw_cuda_options *options, const char *folder);
/* Copies a file. False, having said why. */
bool cw_cc_copy(const char *from, const char *to);

/* ---- cc_show.c: what -v, --dryrun and --version print ---- */

void cw_cc_show_environment(const struct cw_setting *setting);
void cw_cc_show_version(void);
/* Lists the commands that a run would start; starts none. */
int cw_cc_dry_run(const struct cw_setting *setting);

/* ---- cc_phases.c: what is done with the inputs ---- */

/* An enum cw_exit. `folder` is for what is made on the way. */
int cw_cc_phase(const struct cw_setting *setting, const char *folder);
/* The command that merges a unit's two objects into one. */
void cw_cc_merge_command(struct cw_strings *argv, const struct cw_toolchain *toolchain, const char *host,
                         const char *device, const char *output);
/* The command that makes a library, up to its members. */
void cw_cc_library_command(struct cw_strings *argv, const struct cw_cuda_options *options);

#endif
