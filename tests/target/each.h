/* SPDX-License-Identifier: Apache-2.0 */
/*
 * each.h: the same check for every way of compiling and running: scalar mode and vectors, with and without optimisation, each
 * processor that runs here, and every entry point of the kernel.
 */
#ifndef CW_TESTS_TARGET_EACH_H
#define CW_TESTS_TARGET_EACH_H

#include "compile.h"
#include "machine.h"

/* Compiles device/NAME.cu in every way and calls `check` with each artifact. */
void for_each_artifact(const char *name, void (*check)(const struct machine *machine));

/* Runs one block by `run` and by the fast entry point that the kernel has, if any; calls `check` after each. `reset` before each. */
void run_both(const struct machine *machine, const char *kernel, const void *params, const struct shape *shape,
              void (*reset)(void), void (*check)(const struct record *record));

#endif
