/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warm.c: the first compilation in a process costs a sixth more than the second: pages of LLVM's libraries are faulted in one by
 * one, functions are bound at their first call, instruction tables and pass registries are built. clang takes that long anyway,
 * on another processor.
 */
#include "tool/warm.h"

#include <stdlib.h>

#include "tool/tasks.h"

/* A guard, a load, a fused multiplication, a store: what most kernels need of the compiler. */
static const char kernel[] =
    ".version 7.0\n"
    ".target sm_80\n"
    ".address_size 64\n"
    ".visible .entry warm(.param .u32 n, .param .f32 a, .param .u64 x)\n"
    "{\n"
    "    .reg .pred %p;\n"
    "    .reg .b32 %t, %i, %c, %n;\n"
    "    .reg .b64 %x, %o;\n"
    "    .reg .f32 %a, %f;\n"
    "    ld.param.u32 %n, [n];\n"
    "    ld.param.f32 %a, [a];\n"
    "    ld.param.u64 %x, [x];\n"
    "    mov.u32 %c, %ctaid.x;\n"
    "    mov.u32 %t, %tid.x;\n"
    "    shl.b32 %i, %c, 6;\n"
    "    add.s32 %i, %i, %t;\n"
    "    setp.ge.s32 %p, %i, %n;\n"
    "    @%p bra done;\n"
    "    mul.wide.s32 %o, %i, 4;\n"
    "    add.s64 %x, %x, %o;\n"
    "    ld.global.f32 %f, [%x];\n"
    "    fma.rn.f32 %f, %a, %f, %f;\n"
    "    st.global.f32 [%x], %f;\n"
    "done:\n"
    "    ret;\n"
    "}\n";

void cw_warm(const struct cw_compiler_api *api) {
    if (cw_tasks_processors() < 2) {
        return;
    }
    struct cw_compiler *compiler = api->create();
    struct cw_module *module = NULL;
    if (compiler && api->import_ptx(compiler, kernel, sizeof kernel - 1, "warm", 0, &module) == CW_OK) {
        const struct cw_lower_options options = {.size = sizeof options, .target = "cpu", .opt_level = 3};
        struct cw_bytes bytes = {0};
        (void)api->emit(compiler, module, &options, CW_EMIT_ASSEMBLY, &bytes);
        free(bytes.data);
        api->module_destroy(module);
    }
    api->destroy(compiler);
}
