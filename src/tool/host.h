/* SPDX-License-Identifier: Apache-2.0 */
/* host.h: which processor this is, without LLVM: cheap enough for every start of the tool. */
#ifndef CW_TOOL_HOST_H
#define CW_TOOL_HOST_H

#include "base/hash.h"

/* Hashes what decides which instructions this machine has: a cache may be shared by different machines. */
void cw_host_hash(struct cw_hash *hash);

/* The CPUs that portable artifacts for this architecture are made for, best first; NULL-terminated. Borrowed for ever. */
const char *const *cw_host_portable_cpus(void);

/* The words of the CPU's vector extensions, for people ("sse4.2 avx2 avx512f"). Borrowed for ever. */
const char *cw_host_vector_features(void);

#endif
