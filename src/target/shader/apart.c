/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apart.c: warp collectives whose lanes may be at different places of the code. CUDA joins the lanes that the mask names wherever they are
 * (PTX ISA, "shfl.sync": a thread waits until all of membermask that have not exited have executed one with the same qualifiers and the
 * same mask); subgroup operations join those that are at the same place (Vulkan Specification, "Subgroups"; WGSL, 17.12). The two are the
 * same where all lanes of the mask come together. Where they may not, the kernel looks: when a lane is missing that has not ended, the
 * launch ends with a failed assertion that names the line, instead of with a wrong result.
 *
 * A collective needs the look if a branch that lanes may take differently leads to it on one side, before the sides join, and the other side
 * leads to one of its kind, itself included, with no barrier of the block between, whose mask may be the same. Lanes that can come to none
 * would only end, and CUDA's collective goes on without them.
 *
 * Lanes say that they have ended before the branch behind which they come to no collective any more: the other side of that branch may
 * run first.
 */
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "target/library.h"
#include "target/shader/agreement.h"
#include "target/shader/shader.h"

static const char functions[] =
    "@cw.ended = internal addrspace(3) global [32 x i32] poison, align 16\n"
    "define internal i32 @cw_lanes_index() #0 {\n"
    "  %x = call i32 @cw.tid.x()\n"
    "  %y = call i32 @cw.tid.y()\n"
    "  %z = call i32 @cw.tid.z()\n"
    "  %nx = call i32 @cw.ntid.x()\n"
    "  %ny = call i32 @cw.ntid.y()\n"
    "  %a = mul i32 %z, %ny\n"
    "  %b = add i32 %a, %y\n"
    "  %c = mul i32 %b, %nx\n"
    "  %d = add i32 %c, %x\n"
    "  ret i32 %d\n"
    "}\n"
    "define internal ptr addrspace(3) @cw_lanes_word() #0 {\n"
    "  %i = call i32 @cw_lanes_index()\n"
    "  %w = lshr i32 %i, 5\n"
    "  %p = getelementptr [32 x i32], ptr addrspace(3) @cw.ended, i32 0, i32 %w\n"
    "  ret ptr addrspace(3) %p\n"
    "}\n"
    /* Lanes that the block does not have count as ended. */
    "define void @cw_lanes_begin() #0 {\n"
    "  %i = call i32 @cw_lanes_index()\n"
    "  %lane = and i32 %i, 31\n"
    "  %first = icmp eq i32 %lane, 0\n"
    "  br i1 %first, label %set, label %done\n"
    "set:\n"
    "  %nx = call i32 @cw.ntid.x()\n"
    "  %ny = call i32 @cw.ntid.y()\n"
    "  %nz = call i32 @cw.ntid.z()\n"
    "  %nxy = mul i32 %nx, %ny\n"
    "  %n = mul i32 %nxy, %nz\n"
    "  %left = sub i32 %n, %i\n"
    "  %partial = icmp ult i32 %left, 32\n"
    "  %shift = and i32 %left, 31\n"
    "  %beyond = shl i32 -1, %shift\n"
    "  %none = select i1 %partial, i32 %beyond, i32 0\n"
    "  %p = call ptr addrspace(3) @cw_lanes_word()\n"
    "  %old = atomicrmw xchg ptr addrspace(3) %p, i32 %none monotonic, align 4\n"
    "  br label %done\n"
    "done:\n"
    "  call void @cw.barrier(i32 0, i32 0)\n"
    "  ret void\n"
    "}\n"
    /* Without a branch: LLVM would make it one with that which follows. */
    "define void @cw_lanes_leave(i1 %goes) #0 {\n"
    "  %i = call i32 @cw_lanes_index()\n"
    "  %lane = and i32 %i, 31\n"
    "  %own = shl i32 1, %lane\n"
    "  %bit = select i1 %goes, i32 %own, i32 0\n"
    "  %p = call ptr addrspace(3) @cw_lanes_word()\n"
    "  %old = atomicrmw or ptr addrspace(3) %p, i32 %bit monotonic, align 4\n"
    "  ret void\n"
    "}\n"
    "define void @cw_lanes_look(i32 %mask, ptr %message, ptr %file, i32 %line, ptr %function) #0 {\n"
    "  %here = call i32 @cw.activemask()\n"
    "  %away = xor i32 %here, -1\n"
    "  %missing = and i32 %mask, %away\n"
    "  %p = call ptr addrspace(3) @cw_lanes_word()\n"
    "  %ended = atomicrmw or ptr addrspace(3) %p, i32 0 monotonic, align 4\n"
    "  %not = xor i32 %ended, -1\n"
    "  %apart = and i32 %missing, %not\n"
    "  %bad = icmp ne i32 %apart, 0\n"
    "  br i1 %bad, label %fail, label %good\n"
    "fail:\n"
    "  call void @__assertfail(ptr %message, ptr %file, i32 %line, ptr %function, i64 1)\n"
    "  unreachable\n"
    "good:\n"
    "  ret void\n"
    "}\n"
    "declare i32 @cw.tid.x()\n"
    "declare i32 @cw.tid.y()\n"
    "declare i32 @cw.tid.z()\n"
    "declare i32 @cw.ntid.x()\n"
    "declare i32 @cw.ntid.y()\n"
    "declare i32 @cw.ntid.z()\n"
    "declare i32 @cw.activemask() #1\n"
    "declare void @cw.barrier(i32, i32) #1\n"
    "declare void @__assertfail(ptr, ptr, i32, ptr, i64) #2\n"
    "attributes #0 = { alwaysinline convergent nounwind }\n"
    "attributes #1 = { convergent nounwind }\n"
    "attributes #2 = { noreturn nounwind }\n";

#define MESSAGE "the lanes of a warp collective are at one place: subgroups of this device join no others"

/* ---- Which collectives ---------------------------------------------------------------------------------------------- */

struct site {
    LLVMValueRef call;
    bool looks;
};

struct search {
    struct cw_agreement a;
    struct site *sites; /* in the order of blocks */
    uint32_t count;
    uint32_t *first;    /* by block: its first site; one more at the end */
    bool *stops;        /* by block: a barrier is in it */
    uint32_t *before;   /* by block: the end of its sites before the first barrier */
};

static uint32_t index_of(const struct search *s, LLVMValueRef end, unsigned k) {
    return cw_cfg_index(&s->a.cfg, LLVMGetSuccessor(end, k));
}

static void find_sites(struct search *s) {
    uint32_t blocks = s->a.cfg.count;
    s->first = cw_alloc_array(blocks + 1u, sizeof *s->first);
    s->before = cw_alloc_array(blocks + 1u, sizeof *s->before);
    s->stops = cw_alloc_array(blocks + 1u, sizeof *s->stops);
    for (unsigned pass = 0; pass < 2; pass++) {
        s->count = 0;
        for (uint32_t b = 0; b < blocks; b++) {
            s->first[b] = s->count;
            for (LLVMValueRef i = LLVMGetFirstInstruction(s->a.cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) {
                if (cw_shader_is_barrier(i) && !s->stops[b]) {
                    s->stops[b] = true;
                    s->before[b] = s->count;
                }
                if (cw_shader_is_collective(i) && cw_called_intrinsic(i) != CW_INTRINSIC_ACTIVEMASK) {
                    if (pass) {
                        s->sites[s->count] = (struct site){i, false};
                    }
                    s->count++;
                }
            }
            if (!s->stops[b]) {
                s->before[b] = s->count;
            }
        }
        s->first[blocks] = s->count;
        if (!pass) {
            s->sites = cw_alloc_array(s->count + 1u, sizeof *s->sites);
            memset(s->stops, 0, blocks * sizeof *s->stops);
        }
    }
}

/* Sites that threads come to from `start` on, up to barriers, and, if `joined`, up to where the ways from `branch` join. */
static void reach(const struct search *s, uint32_t branch, uint32_t start, bool joined, bool *sites) {
    uint32_t *stack = cw_alloc_array(s->a.cfg.count + 1u, sizeof *stack), depth = 0;
    bool *seen = cw_alloc_array(s->a.cfg.count + 1u, sizeof *seen);
    stack[depth++] = start;
    seen[start] = true;
    while (depth) {
        uint32_t b = stack[--depth];
        if (joined && cw_agreement_joins_at(&s->a, branch, b)) {
            continue;
        }
        for (uint32_t i = s->first[b]; i < s->before[b]; i++) {
            sites[i] = true;
        }
        LLVMValueRef end = LLVMGetBasicBlockTerminator(s->a.cfg.blocks[b]);
        for (unsigned k = 0; !s->stops[b] && k < LLVMGetNumSuccessors(end); k++) {
            uint32_t next = index_of(s, end, k);
            if (!seen[next]) {
                seen[next] = true;
                stack[depth++] = next;
            }
        }
    }
    free(seen);
    free(stack);
}

/* Lanes at `a` and at `b` may be meant for each other. */
static bool may_join(LLVMValueRef a, LLVMValueRef b) {
    LLVMValueRef masks[2] = {LLVMGetOperand(a, 0), LLVMGetOperand(b, 0)};
    bool differ = LLVMIsAConstantInt(masks[0]) && LLVMIsAConstantInt(masks[1]) && masks[0] != masks[1];
    return cw_called_intrinsic(a) == cw_called_intrinsic(b) && !differ;
}

/* The mask was made of the lanes that are here, in the same block. */
static bool has_mask_of_here(LLVMValueRef call) {
    LLVMValueRef mask = LLVMGetOperand(call, 0);
    return LLVMIsACallInst(mask) && cw_called_intrinsic(mask) == CW_INTRINSIC_ACTIVEMASK && LLVMGetInstructionParent(mask) == LLVMGetInstructionParent(call);
}

static bool look_at_branch(struct search *s, uint32_t branch) {
    LLVMValueRef end = LLVMGetBasicBlockTerminator(s->a.cfg.blocks[branch]);
    unsigned ways = LLVMGetNumSuccessors(end);
    bool found = false, *inside = cw_alloc_array((size_t)ways * s->count + 1u, sizeof *inside), *later = cw_alloc_array((size_t)ways * s->count + 1u, sizeof *later);
    for (unsigned k = 0; k < ways; k++) {
        reach(s, branch, index_of(s, end, k), true, inside + (size_t)k * s->count);
        reach(s, branch, index_of(s, end, k), false, later + (size_t)k * s->count);
    }
    for (unsigned k = 0; k < ways; k++) {
        for (uint32_t i = 0; i < s->count; i++) {
            bool looks = s->sites[i].looks || !inside[(size_t)k * s->count + i] || has_mask_of_here(s->sites[i].call);
            for (unsigned other = 0; !looks && other < ways; other++) {
                for (uint32_t j = 0; other != k && !s->sites[i].looks && j < s->count; j++) {
                    s->sites[i].looks = later[(size_t)other * s->count + j] && may_join(s->sites[i].call, s->sites[j].call);
                }
                looks = s->sites[i].looks;
                found |= looks;
            }
        }
    }
    free(later);
    free(inside);
    return found;
}

/* ---- What the kernel does about it -------------------------------------------------------------------------------------- */

static LLVMValueRef call_helper(LLVMModuleRef llvm, LLVMBuilderRef builder, const char *name, LLVMValueRef *arguments, unsigned count) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, name);
    return LLVMBuildCall2(builder, LLVMGlobalGetValueType(function), function, arguments, count, "");
}

static LLVMValueRef text_of(LLVMModuleRef llvm, const char *name, const char *text, size_t size) {
    LLVMValueRef variable = LLVMGetNamedGlobal(llvm, name);
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    if (!variable) {
        LLVMValueRef value = LLVMConstStringInContext2(context, text, size, 0);
        variable = LLVMAddGlobalInAddressSpace(llvm, LLVMTypeOf(value), name, CW_SPACE_GLOBAL);
        LLVMSetInitializer(variable, value);
        LLVMSetGlobalConstant(variable, 1);
        LLVMSetLinkage(variable, LLVMInternalLinkage);
    }
    return LLVMConstAddrSpaceCast(variable, LLVMPointerTypeInContext(context, CW_SPACE_GENERIC));
}

static void look_before(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function, LLVMValueRef call) {
    LLVMTypeRef word = LLVMInt32TypeInContext(LLVMGetModuleContext(llvm));
    unsigned line = LLVMGetDebugLocLine(call), length = 0;
    const char *file = line ? LLVMGetDebugLocFilename(call, &length) : NULL;
    const char *kernel = cw_value_name(function);
    char *file_name = cw_format("cw.file.%.*s", (int)length, file ? file : ""), *kernel_name = cw_format("cw.kernel.%s", kernel);
    LLVMPositionBuilderBefore(builder, call);
    LLVMValueRef arguments[] = {LLVMGetOperand(call, 0), text_of(llvm, "cw.apart", MESSAGE, sizeof MESSAGE - 1), text_of(llvm, file_name, file ? file : "", length),
                                LLVMConstInt(word, line, 0), text_of(llvm, kernel_name, kernel, strlen(kernel))};
    call_helper(llvm, builder, "cw_lanes_look", arguments, 5);
    free(kernel_name);
    free(file_name);
}

/* By block: threads at its begin may come to a collective yet. */
static bool *find_open(const struct search *s) {
    bool *open = cw_alloc_array(s->a.cfg.count + 1u, sizeof *open);
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t b = s->a.cfg.count; b-- > 0;) {
            LLVMValueRef end = LLVMGetBasicBlockTerminator(s->a.cfg.blocks[b]);
            bool now = s->first[b] != s->first[b + 1];
            for (unsigned k = 0; !now && k < LLVMGetNumSuccessors(end); k++) {
                now = open[index_of(s, end, k)];
            }
            changed |= now != open[b];
            open[b] = now;
        }
    }
    return open;
}

/* Whether the thread goes where no collective is any more, as a value before the block's end; NULL: it does not. */
static LLVMValueRef leaves(const struct search *s, LLVMBuilderRef builder, LLVMValueRef end, const bool *open) {
    unsigned ways = LLVMGetNumSuccessors(end), closed = 0;
    LLVMTypeRef boolean = LLVMInt1TypeInContext(LLVMGetTypeContext(LLVMTypeOf(end)));
    LLVMValueRef yes = LLVMConstInt(boolean, 1, 0), goes = LLVMConstNull(boolean);
    for (unsigned k = 0; k < ways; k++) {
        closed += !open[index_of(s, end, k)];
    }
    if (closed == ways) {
        return yes; /* it returns here, too */
    }
    if (!closed) {
        return NULL;
    }
    if (!LLVMIsASwitchInst(end)) {
        LLVMValueRef condition = LLVMGetCondition(end);
        return open[index_of(s, end, 0)] ? LLVMBuildNot(builder, condition, "") : condition;
    }
    LLVMValueRef any = goes;
    for (unsigned k = 1; k < ways; k++) {
        LLVMValueRef equal = LLVMBuildICmp(builder, LLVMIntEQ, LLVMGetOperand(end, 0), LLVMGetSwitchCaseValue(end, k), "");
        any = LLVMBuildOr(builder, any, equal, "");
        if (!open[index_of(s, end, k)]) {
            goes = LLVMBuildOr(builder, goes, equal, "");
        }
    }
    return open[index_of(s, end, 0)] ? goes : LLVMBuildOr(builder, goes, LLVMBuildNot(builder, any, ""), "");
}

static void say_who_ends(const struct search *s, LLVMModuleRef llvm, LLVMBuilderRef builder) {
    bool *open = find_open(s);
    for (uint32_t b = 0; b < s->a.cfg.count; b++) {
        LLVMValueRef end = LLVMGetBasicBlockTerminator(s->a.cfg.blocks[b]);
        if (!open[b] || LLVMIsAUnreachableInst(end)) {
            continue;
        }
        LLVMPositionBuilderBefore(builder, end);
        LLVMValueRef goes = leaves(s, builder, end, open);
        if (goes) {
            call_helper(llvm, builder, "cw_lanes_leave", &goes, 1);
        }
    }
    free(open);
}

static bool link_helpers(LLVMModuleRef llvm) {
    if (LLVMGetNamedFunction(llvm, "cw_lanes_look")) {
        return true;
    }
    LLVMModuleRef library = cw_read_library_text(llvm, functions, sizeof functions - 1);
    return library && LLVMLinkModules2(llvm, library) == 0;
}

static bool look_in(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef function) {
    struct search s = {0};
    bool any = false, good = true;
    cw_agreement_build(&s.a, function);
    find_sites(&s);
    for (uint32_t b = 0; b < s.a.cfg.count && s.count; b++) {
        any |= cw_agreement_parts(&s.a, b) && look_at_branch(&s, b);
    }
    if (any && (good = link_helpers(llvm))) {
        say_who_ends(&s, llvm, builder);
        for (uint32_t i = 0; i < s.count; i++) {
            if (s.sites[i].looks) {
                look_before(llvm, builder, function, s.sites[i].call);
            }
        }
        LLVMValueRef first = LLVMGetFirstInstruction(s.a.cfg.blocks[0]);
        while (LLVMIsAAllocaInst(first)) {
            first = LLVMGetNextInstruction(first);
        }
        LLVMPositionBuilderBefore(builder, first);
        call_helper(llvm, builder, "cw_lanes_begin", NULL, 0);
    }
    free(s.sites);
    free(s.first);
    free(s.before);
    free(s.stops);
    cw_agreement_fini(&s.a);
    return good;
}

bool cw_shader_look_for_lanes(LLVMModuleRef llvm) {
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(LLVMGetModuleContext(llvm));
    bool good = true;
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f && good; f = LLVMGetNextFunction(f)) {
        good = cw_is_declaration(f) || !cw_is_kernel(f) || look_in(llvm, builder, f);
    }
    LLVMDisposeBuilder(builder);
    return good;
}
