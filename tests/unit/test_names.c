/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of the closed sets of names in module/module.h. */
#include "module/module.h"

#include <pthread.h>
#include <string.h>

#include <criterion/criterion.h>

Test(names, every_intrinsic_is_found_by_its_text) {
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        cr_assert_eq((unsigned)cw_intrinsic_find(cw_intrinsics[i].text), i, "%s", cw_intrinsics[i].text);
    }
}

Test(names, what_is_no_intrinsic) {
    cr_assert_eq(cw_intrinsic_find(""), CW_INTRINSIC_COUNT);
    cr_assert_eq(cw_intrinsic_find("cw.tid"), CW_INTRINSIC_COUNT);
    cr_assert_eq(cw_intrinsic_find("cw.tid.xx"), CW_INTRINSIC_COUNT);
    cr_assert_eq(cw_intrinsic_find("printf"), CW_INTRINSIC_COUNT);
}

Test(names, intrinsic_rows_are_consistent) {
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        const struct cw_intrinsic_info *info = &cw_intrinsics[i];
        cr_assert_neq(info->signature[0], '\0');
        cr_assert_eq(strspn(info->signature, "vilfpz"), strlen(info->signature), "%s", info->text);
        cr_assert_null(strchr(info->signature + 1, 'v'), "%s", info->text);
        cr_assert_str_neq(info->doc, "");
        /* A thread that may have to wait, or memory that may change, is not pure. */
        uint32_t impure = CW_EFFECT_MEMORY | CW_EFFECT_SUSPENDS | CW_EFFECT_CONVERGENT | CW_EFFECT_NORETURN;
        cr_assert(!(info->effects & CW_EFFECT_PURE) || !(info->effects & impure), "%s", info->text);
        cr_assert((info->effects & (CW_EFFECT_PURE | CW_EFFECT_MEMORY)) != 0, "%s", info->text);
        cr_assert_eq(info->feature & (info->feature - 1), 0, "%s", info->text);
        cr_assert_lt(info->feature, 1u << CW_FEATURE_COUNT);
    }
}

static void *find_all(void *argument) {
    bool *correct = argument;
    *correct = true;
    for (unsigned i = 0; i < CW_INTRINSIC_COUNT; i++) {
        *correct = *correct && (unsigned)cw_intrinsic_find(cw_intrinsics[i].text) == i;
    }
    return NULL;
}

/* The first searches of a process, all at once. */
Test(names, first_search_from_many_threads) {
    enum { COUNT = 16 };
    pthread_t threads[COUNT];
    bool correct[COUNT];
    for (unsigned i = 0; i < COUNT; i++) {
        cr_assert_eq(pthread_create(&threads[i], NULL, find_all, &correct[i]), 0);
    }
    for (unsigned i = 0; i < COUNT; i++) {
        pthread_join(threads[i], NULL);
        cr_assert(correct[i]);
    }
}

Test(names, allowed_llvm_intrinsics) {
    static const char *const names[] = {
        "llvm.memcpy.p0.p0.i64",
        "llvm.memcpy.inline.p3.p1.i32",
        "llvm.memset.p5.i64",
        "llvm.lifetime.start.p0",
        "llvm.dbg.value",
        "llvm.fma.f32",
        "llvm.fmuladd.v4f32",
        "llvm.sqrt.bf16",
        "llvm.fabs.v2f64",
        "llvm.sadd.sat.i32",
        "llvm.umul.with.overflow.i64",
        "llvm.fptosi.sat.i32.f32",
        "llvm.trap",
        "llvm.assume",
        "llvm.stacksave.p0",
        "llvm.vector.reduce.add.v4i32",
        "llvm.objectsize.i64.p0",
        "llvm.ldexp.f32.i32",
        "llvm.launder.invariant.group.p0",
        "llvm.experimental.noalias.scope.decl",
        "llvm.exp.f32",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_assert(cw_llvm_intrinsic_allowed(names[i]), "%s", names[i]);
    }
}

Test(names, refused_llvm_intrinsics) {
    static const char *const names[] = {
        "",
        "llvm",
        "llvm.",
        "memcpy",
        "llvm.memcpyx.p0.p0.i64",
        "llvm.memcpy.element.unordered.atomic.p0.p0.i32",
        "llvm.experimental.constrained.fadd.f32",
        "llvm.eh.typeid.for.p0",
        "llvm.threadlocal.address.p0",
        "llvm.va_start.p0",
        "llvm.nvvm.barrier0",
        "llvm.nvvm.read.ptx.sreg.tid.x",
        "llvm.x86.sse2.pause",
        "llvm.coro.begin",
        "llvm.fma.nxv4f32",
        "llvm.fma.",
        "llvm.fma.f",
        "llvm.fma.f32.",
        "llvm.fma.f32x",
        "llvm.fma.v.f32",
        "llvm.dbg",
        "llvm.vector.reduce",
        "llvm.a.very.long.name.that.no.row.of.the.table.comes.near.to.and.then.some.more.p0.p0.i64",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        cr_assert(!cw_llvm_intrinsic_allowed(names[i]), "%s", names[i]);
    }
}

Test(names, math_functions) {
    cr_assert(cw_math_function_known("__nv_sinf"));
    cr_assert(cw_math_function_known("__nv_sqrt"));
    cr_assert(!cw_math_function_known("sinf"));
    cr_assert(!cw_math_function_known("__nv_"));
    cr_assert(!cw_math_function_known(""));
}

Test(names, status_texts) {
    cr_assert_str_eq(cw_status_text(CW_OK), "no error");
    cr_assert_str_eq(cw_status_text(CW_ERROR_INTERNAL), "internal error");
    cr_assert_str_eq(cw_status_text((cw_status)12345), "unknown status");
}
