/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chain.h: which of the backends that are here takes this program, when CUDA_WASM_BACKEND leaves that open.
 *
 * The best device comes first, and the CPU last: it takes everything. A device takes a program when it opens and when it can
 * have code for the kernels that the program brings along: an artifact that it likes, or one that the compiler makes of
 * the bitcode (which goes to the cache, so loading finds it). Single kernels that a target refuses run on the CPU (elsewhere.h);
 * when it refuses all of them, or one that uses the device's heap or textures, the whole program goes to the next device. Either is
 * said once under CUDA_WASM_LOG=info.
 */
#ifndef CW_RUNTIME_CHAIN_H
#define CW_RUNTIME_CHAIN_H

#include <stdbool.h>

#include "cudawasm/cw_backend.h"

/* True if the first device of the backend takes the program; else a sentence has been logged. */
bool cw_rt_chain_takes(const struct cw_backend *backend);
/* The device that cw_rt_chain_takes opened of the backend that was chosen then, for whoever opens device `ordinal`; NULL when
 * it is another, or was taken. The caller owns it. */
struct cw_backend_device *cw_rt_chain_opened(const struct cw_backend *backend, uint32_t ordinal);

#endif
