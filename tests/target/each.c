/* SPDX-License-Identifier: Apache-2.0 */
/* each.c: see each.h. */
#include "each.h"

#include <stdlib.h>

#include <criterion/criterion.h>

void for_each_artifact(const char *name, void (*check)(const struct machine *machine)) {
    struct session session = open_session(name);
    for (size_t p = 0; p == 0 || processors[p]; p++) {
        if (!processor_runs_here(processors[p])) continue;
        /* Scalar mode and vectors, each with and without much optimisation. */
        for (int way = 0; way < 4; way++) {
            static const int levels[] = {0, 3, 1, 3};
            session.scalar = way < 2;
            struct cw_bytes bytes = emit_cpu(&session, processors[p], levels[way], CW_EMIT_ARTIFACT);
            struct machine machine = load_artifact(&bytes);
            machine.scalar = session.scalar;
            check(&machine);
            unload_artifact(&machine);
            free(bytes.data);
        }
    }
    close_session(&session);
}

void run_both(const struct machine *machine, const char *name, const void *params, const struct shape *shape, void (*reset)(void),
              void (*check)(const struct record *record)) {
    const struct cw_cpu_kernel *kernel = find_kernel(machine, name);
    uint32_t threads = shape->block.x * shape->block.y * shape->block.z;
    if (reset) reset();
    struct record record = run_block(kernel, params, shape, ENTRY_RUN);
    if (!record.trapped) cr_assert_eq(record.exits, threads, "%s: %u of %u threads ended", name, record.exits, threads);
    check(&record);
    enum entry fast = kernel->run_all ? ENTRY_ALL : kernel->run_lanes ? ENTRY_LANES : ENTRY_RUN;
    if (fast == ENTRY_RUN) return;
    if (reset) reset();
    record = run_block(kernel, params, shape, fast);
    check(&record);
}
