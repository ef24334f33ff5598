/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intrinsics.c: the waist's intrinsics for AMD GPUs, as functions of LLVM IR that are linked where they are used.
 *
 * A warp is 32 neighbouring threads, as in CUDA, also where the hardware runs 64 lanes together: then a wave is two warps,
 * and whatever a warp does it does in its half. Lanes of a wave run in lockstep; who takes part in a collective is who has
 * not left it: lanes that are switched off read and vote as nothing.
 *
 * Sizes of blocks and grids are HIP's implicit kernel arguments (LLVM's "User Guide for AMDGPU Backend", "Code Object V5 Metadata":
 * hidden_block_count_x and so on); a reduction over a block goes through a word of shared memory.
 */
#include "target/gcn/gcn.h"

#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "target/library.h"

#define BODY(result, name, parameters, code) "define " result " @" name ".body" parameters " #0 {\n" code "}\n"
#define IMPLICIT(name, offset, type, widen)                                                                                                  \
    BODY("i32", name, "()",                                                                                                                  \
         "  %p = call ptr addrspace(4) @llvm.amdgcn.implicitarg.ptr()\n"                                                                     \
         "  %a = getelementptr i8, ptr addrspace(4) %p, i64 " offset "\n"                                                                    \
         "  %v = load " type ", ptr addrspace(4) %a, align 2, !invariant.load !0\n" widen)
#define SAME_RETURN "  ret i32 %v\n"
#define WIDEN_RETURN "  %w = zext i16 %v to i32\n  ret i32 %w\n"
#define VALUE(name, call) BODY("i32", name, "()", "  %v = call i32 " call "\n  ret i32 %v\n")

static const char common[] =
    "declare i32 @llvm.amdgcn.workitem.id.x()\ndeclare i32 @llvm.amdgcn.workitem.id.y()\ndeclare i32 @llvm.amdgcn.workitem.id.z()\n"
    "declare i32 @llvm.amdgcn.workgroup.id.x()\ndeclare i32 @llvm.amdgcn.workgroup.id.y()\ndeclare i32 @llvm.amdgcn.workgroup.id.z()\n"
    "declare ptr addrspace(4) @llvm.amdgcn.implicitarg.ptr()\n"
    "declare i32 @llvm.amdgcn.mbcnt.lo(i32, i32)\ndeclare i32 @llvm.amdgcn.mbcnt.hi(i32, i32)\n"
    "declare i32 @llvm.amdgcn.ds.bpermute(i32, i32)\ndeclare i32 @llvm.amdgcn.ballot.i32(i1)\ndeclare i64 @llvm.amdgcn.ballot.i64(i1)\n"
    "declare void @llvm.amdgcn.s.barrier()\ndeclare void @llvm.amdgcn.wave.barrier()\ndeclare void @llvm.amdgcn.s.sleep(i32)\n"
    "declare i1 @llvm.amdgcn.is.shared(ptr)\ndeclare i1 @llvm.amdgcn.is.private(ptr)\n"
    "declare i64 @llvm.readcyclecounter()\ndeclare i64 @llvm.readsteadycounter()\n"
    "declare void @llvm.trap()\ndeclare void @llvm.debugtrap()\n"
    VALUE("cw.tid.x", "@llvm.amdgcn.workitem.id.x()") VALUE("cw.tid.y", "@llvm.amdgcn.workitem.id.y()")
    VALUE("cw.tid.z", "@llvm.amdgcn.workitem.id.z()") VALUE("cw.ctaid.x", "@llvm.amdgcn.workgroup.id.x()")
    VALUE("cw.ctaid.y", "@llvm.amdgcn.workgroup.id.y()") VALUE("cw.ctaid.z", "@llvm.amdgcn.workgroup.id.z()")
    IMPLICIT("cw.nctaid.x", "0", "i32", SAME_RETURN) IMPLICIT("cw.nctaid.y", "4", "i32", SAME_RETURN)
    IMPLICIT("cw.nctaid.z", "8", "i32", SAME_RETURN) IMPLICIT("cw.ntid.x", "12", "i16", WIDEN_RETURN)
    IMPLICIT("cw.ntid.y", "14", "i16", WIDEN_RETURN) IMPLICIT("cw.ntid.z", "16", "i16", WIDEN_RETURN)
    IMPLICIT("cw.dynamic_shared_size", "120", "i32", SAME_RETURN)
    "define i32 @cw.gcn.linear() #0 {\n"
    "  %x = call i32 @llvm.amdgcn.workitem.id.x()\n  %y = call i32 @llvm.amdgcn.workitem.id.y()\n"
    "  %z = call i32 @llvm.amdgcn.workitem.id.z()\n"
    "  %nx = call i32 @cw.ntid.x.body()\n  %ny = call i32 @cw.ntid.y.body()\n"
    "  %a = mul i32 %z, %ny\n  %b = add i32 %a, %y\n  %c = mul i32 %b, %nx\n  %d = add i32 %c, %x\n  ret i32 %d\n}\n"
    BODY("i32", "cw.warpid", "()", "  %l = call i32 @cw.gcn.linear()\n  %w = lshr i32 %l, 5\n  ret i32 %w\n")
    BODY("i32", "cw.laneid", "()", "  %l = call i32 @cw.gcn.physical()\n  %w = and i32 %l, 31\n  ret i32 %w\n")
    /* The value of a lane of the own warp. */
    "define i32 @cw.gcn.from(i32 %lane, i32 %value) #0 {\n"
    "  %me = call i32 @cw.gcn.physical()\n  %half = and i32 %me, 32\n  %to = or i32 %half, %lane\n  %at = shl i32 %to, 2\n"
    "  %v = call i32 @llvm.amdgcn.ds.bpermute(i32 %at, i32 %value)\n  ret i32 %v\n}\n"
    /* ---- Barriers ---- */
    BODY("void", "cw.barrier", "(i32 %id, i32 %count)",
         "  fence syncscope(\"workgroup\") release\n  call void @llvm.amdgcn.s.barrier()\n"
         "  fence syncscope(\"workgroup\") acquire\n  ret void\n")
    "@cw.gcn.count = internal addrspace(3) global i32 undef, align 4\n"
    BODY("i32", "cw.barrier.popc", "(i32 %p)",
         "  %some = icmp ne i32 %p, 0\n  %one = zext i1 %some to i32\n"
         "  call void @cw.barrier.body(i32 0, i32 0)\n"
         "  %linear = call i32 @cw.gcn.linear()\n  %first = icmp eq i32 %linear, 0\n  br i1 %first, label %clear, label %add\n"
         "clear:\n  store i32 0, ptr addrspace(3) @cw.gcn.count, align 4\n  br label %add\n"
         "add:\n  call void @cw.barrier.body(i32 0, i32 0)\n"
         "  %old = atomicrmw add ptr addrspace(3) @cw.gcn.count, i32 %one syncscope(\"workgroup\") monotonic, align 4\n"
         "  call void @cw.barrier.body(i32 0, i32 0)\n"
         "  %sum = load i32, ptr addrspace(3) @cw.gcn.count, align 4\n  ret i32 %sum\n")
    BODY("i32", "cw.barrier.or", "(i32 %p)",
         "  %n = call i32 @cw.barrier.popc.body(i32 %p)\n  %b = icmp ne i32 %n, 0\n  %r = zext i1 %b to i32\n  ret i32 %r\n")
    BODY("i32", "cw.barrier.and", "(i32 %p)",
         "  %no = icmp eq i32 %p, 0\n  %q = zext i1 %no to i32\n  %n = call i32 @cw.barrier.popc.body(i32 %q)\n"
         "  %b = icmp eq i32 %n, 0\n  %r = zext i1 %b to i32\n  ret i32 %r\n")
    /* ---- Votes ---- */
    BODY("void", "cw.warp.sync", "(i32 %mask)",
         "  fence syncscope(\"wavefront\") release\n  call void @llvm.amdgcn.wave.barrier()\n"
         "  fence syncscope(\"wavefront\") acquire\n  ret void\n")
    BODY("i32", "cw.activemask", "()", "  %b = call i32 @cw.gcn.ballot(i1 true)\n  ret i32 %b\n")
    BODY("i32", "cw.vote.ballot", "(i32 %mask, i32 %p)",
         "  %c = icmp ne i32 %p, 0\n  %b = call i32 @cw.gcn.ballot(i1 %c)\n  %r = and i32 %b, %mask\n  ret i32 %r\n")
    BODY("i32", "cw.vote.any", "(i32 %mask, i32 %p)",
         "  %b = call i32 @cw.vote.ballot.body(i32 %mask, i32 %p)\n  %c = icmp ne i32 %b, 0\n  %r = zext i1 %c to i32\n  ret i32 %r\n")
    BODY("i32", "cw.vote.all", "(i32 %mask, i32 %p)",
         "  %no = icmp eq i32 %p, 0\n  %q = zext i1 %no to i32\n  %b = call i32 @cw.vote.ballot.body(i32 %mask, i32 %q)\n"
         "  %c = icmp eq i32 %b, 0\n  %r = zext i1 %c to i32\n  ret i32 %r\n")
    BODY("i32", "cw.vote.uni", "(i32 %mask, i32 %p)",
         "  %all = call i32 @cw.vote.all.body(i32 %mask, i32 %p)\n  %any = call i32 @cw.vote.any.body(i32 %mask, i32 %p)\n"
         "  %c = icmp eq i32 %all, %any\n  %r = zext i1 %c to i32\n  ret i32 %r\n")
    /* ---- Addresses, time, ends ---- */
    BODY("i32", "cw.is_shared", "(ptr %p)", "  %b = call i1 @llvm.amdgcn.is.shared(ptr %p)\n  %r = zext i1 %b to i32\n  ret i32 %r\n")
    BODY("i32", "cw.is_local", "(ptr %p)", "  %b = call i1 @llvm.amdgcn.is.private(ptr %p)\n  %r = zext i1 %b to i32\n  ret i32 %r\n")
    BODY("i32", "cw.is_global", "(ptr %p)",
         "  %s = call i1 @llvm.amdgcn.is.shared(ptr %p)\n  %l = call i1 @llvm.amdgcn.is.private(ptr %p)\n  %o = or i1 %s, %l\n"
         "  %b = xor i1 %o, true\n  %r = zext i1 %b to i32\n  ret i32 %r\n")
    BODY("i64", "cw.clock64", "()", "  %t = call i64 @llvm.readcyclecounter()\n  ret i64 %t\n")
    BODY("i32", "cw.clock", "()", "  %t = call i64 @llvm.readcyclecounter()\n  %r = trunc i64 %t to i32\n  ret i32 %r\n")
    /* The steady counter of all these processors runs at 100 MHz. */
    BODY("i64", "cw.globaltimer", "()", "  %t = call i64 @llvm.readsteadycounter()\n  %r = mul i64 %t, 10\n  ret i64 %r\n")
    BODY("void", "cw.nanosleep", "(i32 %ns)", "  call void @llvm.amdgcn.s.sleep(i32 8)\n  ret void\n")
    BODY("void", "cw.yield", "()", "  ret void\n") BODY("void", "cw.poll", "()", "  call void @llvm.amdgcn.s.sleep(i32 1)\n  ret void\n")
    BODY("void", "cw.trap", "()", "  call void @llvm.trap()\n  unreachable\n")
    BODY("void", "__cxa_pure_virtual", "()", "  call void @llvm.trap()\n  unreachable\n")
    BODY("void", "__cxa_deleted_virtual", "()", "  call void @llvm.trap()\n  unreachable\n")
    BODY("void", "cw.breakpoint", "()", "  call void @llvm.debugtrap()\n  ret void\n")
    "attributes #0 = { alwaysinline convergent nounwind }\n!0 = !{}\n";

static const char wave32[] =
    "define i32 @cw.gcn.physical() #0 {\n  %l = call i32 @llvm.amdgcn.mbcnt.lo(i32 -1, i32 0)\n  ret i32 %l\n}\n"
    "define i32 @cw.gcn.ballot(i1 %c) #0 {\n  %b = call i32 @llvm.amdgcn.ballot.i32(i1 %c)\n  ret i32 %b\n}\n";
static const char wave64[] =
    "define i32 @cw.gcn.physical() #0 {\n  %l = call i32 @llvm.amdgcn.mbcnt.lo(i32 -1, i32 0)\n"
    "  %h = call i32 @llvm.amdgcn.mbcnt.hi(i32 -1, i32 %l)\n  ret i32 %h\n}\n"
    "define i32 @cw.gcn.ballot(i1 %c) #0 {\n  %b = call i64 @llvm.amdgcn.ballot.i64(i1 %c)\n  %me = call i32 @cw.gcn.physical()\n"
    "  %half = and i32 %me, 32\n  %by = zext i32 %half to i64\n  %own = lshr i64 %b, %by\n  %r = trunc i64 %own to i32\n  ret i32 %r\n}\n";

/* ---- Shuffles, matches, reductions: the same text for several ---- */

/* %to is the lane that the value comes from, %own tells that it is the thread's own. PTX ISA "shfl.sync". */
static const struct shuffle {
    const char *name, *code;
} shuffles[] = {
    {"idx", "  %in = and i32 %arg, %last\n  %to = or i32 %start, %in\n  %own = icmp ugt i32 0, 1\n"},
    {"up", "  %to = sub i32 %lane, %arg\n  %room = sub i32 %lane, %start\n  %own = icmp ugt i32 %arg, %room\n"},
    {"down", "  %to = add i32 %lane, %arg\n  %room = sub i32 %end, %lane\n  %own = icmp ugt i32 %arg, %room\n"},
    {"xor", "  %to = xor i32 %lane, %arg\n  %own = icmp ugt i32 %to, %end\n"},
};

static void add_shuffles(struct cw_text *text) {
    for (size_t i = 0; i < sizeof shuffles / sizeof shuffles[0]; i++) {
        cw_text_printf(text,
                       "define i32 @cw.shfl.%s.body(i32 %%mask, i32 %%value, i32 %%arg, i32 %%width) #0 {\n"
                       "  %%lane = call i32 @cw.laneid.body()\n  %%last = sub i32 %%width, 1\n  %%not = xor i32 %%last, -1\n"
                       "  %%start = and i32 %%lane, %%not\n  %%end = add i32 %%start, %%last\n%s"
                       "  %%from = select i1 %%own, i32 %%lane, i32 %%to\n  %%in32 = and i32 %%from, 31\n"
                       "  %%v = call i32 @cw.gcn.from(i32 %%in32, i32 %%value)\n  ret i32 %%v\n}\n"
                       "define i64 @cw.shfl.%s.b64.body(i32 %%mask, i64 %%value, i32 %%arg, i32 %%width) #0 {\n"
                       "  %%l = trunc i64 %%value to i32\n  %%s = lshr i64 %%value, 32\n  %%h = trunc i64 %%s to i32\n"
                       "  %%a = call i32 @cw.shfl.%s.body(i32 %%mask, i32 %%l, i32 %%arg, i32 %%width)\n"
                       "  %%b = call i32 @cw.shfl.%s.body(i32 %%mask, i32 %%h, i32 %%arg, i32 %%width)\n"
                       "  %%c = zext i32 %%a to i64\n  %%d = zext i32 %%b to i64\n  %%e = shl i64 %%d, 32\n  %%r = or i64 %%c, %%e\n"
                       "  ret i64 %%r\n}\n",
                       shuffles[i].name, shuffles[i].code, shuffles[i].name, shuffles[i].name, shuffles[i].name);
    }
}

/* A loop over the lanes of the mask that take part: %other is the lane's value, %so the result up to it; `step` gives %next. */
static void add_loop(struct cw_text *text, const char *name, const char *type, const char *first, const char *step) {
    bool wide = strcmp(type, "i64") == 0;
    cw_text_printf(text,
                   "define i32 @%s.body(i32 %%mask, %s %%value) #0 {\n"
                   "entry:\n  %%active = call i32 @cw.gcn.ballot(i1 true)\n  %%members = and i32 %%active, %%mask\n  br label %%loop\n"
                   "loop:\n  %%k = phi i32 [ 0, %%entry ], [ %%k1, %%loop ]\n  %%so = phi i32 [ %s, %%entry ], [ %%after, %%loop ]\n",
                   name, type, first);
    if (wide)
        cw_text_printf(text, "  %%l = trunc i64 %%value to i32\n  %%s = lshr i64 %%value, 32\n  %%h = trunc i64 %%s to i32\n"
                             "  %%ol = call i32 @cw.gcn.from(i32 %%k, i32 %%l)\n  %%oh = call i32 @cw.gcn.from(i32 %%k, i32 %%h)\n"
                             "  %%zl = zext i32 %%ol to i64\n  %%zh = zext i32 %%oh to i64\n  %%sh = shl i64 %%zh, 32\n"
                             "  %%other = or i64 %%zl, %%sh\n");
    else cw_text_printf(text, "  %%other = call i32 @cw.gcn.from(i32 %%k, i32 %%value)\n");
    cw_text_printf(text,
                   "  %%bit = shl i32 1, %%k\n  %%has = and i32 %%members, %%bit\n  %%member = icmp ne i32 %%has, 0\n%s"
                   "  %%after = select i1 %%member, i32 %%next, i32 %%so\n  %%k1 = add i32 %%k, 1\n  %%more = icmp ult i32 %%k1, 32\n"
                   "  br i1 %%more, label %%loop, label %%done\ndone:\n  ret i32 %%after\n}\n",
                   step);
}

#define CHOICE(predicate) "  %next0 = icmp " predicate " i32 %so, %other\n  %next = select i1 %next0, i32 %so, i32 %other\n"

static void add_loops(struct cw_text *text) {
    static const char equal32[] = "  %same = icmp eq i32 %other, %value\n  %add = select i1 %same, i32 %bit, i32 0\n  %next = or i32 %so, %add\n";
    static const char equal64[] = "  %same = icmp eq i64 %other, %value\n  %add = select i1 %same, i32 %bit, i32 0\n  %next = or i32 %so, %add\n";
    add_loop(text, "cw.match.any", "i32", "0", equal32);
    add_loop(text, "cw.match.any.b64", "i64", "0", equal64);
    add_loop(text, "cw.redux.add", "i32", "0", "  %next = add i32 %so, %other\n");
    add_loop(text, "cw.redux.and", "i32", "-1", "  %next = and i32 %so, %other\n");
    add_loop(text, "cw.redux.or", "i32", "0", "  %next = or i32 %so, %other\n");
    add_loop(text, "cw.redux.xor", "i32", "0", "  %next = xor i32 %so, %other\n");
    add_loop(text, "cw.redux.min", "i32", "2147483647", CHOICE("slt"));
    add_loop(text, "cw.redux.max", "i32", "-2147483648", CHOICE("sgt"));
    add_loop(text, "cw.redux.umin", "i32", "-1", CHOICE("ult"));
    add_loop(text, "cw.redux.umax", "i32", "0", CHOICE("ugt"));
    for (int wide = 0; wide < 2; wide++)
        cw_text_printf(text,
                       "define i32 @cw.match.all%s.body(i32 %%mask, %s %%value) #0 {\n"
                       "  %%active = call i32 @cw.gcn.ballot(i1 true)\n  %%members = and i32 %%active, %%mask\n"
                       "  %%equal = call i32 @cw.match.any%s.body(i32 %%mask, %s %%value)\n  %%all = icmp eq i32 %%equal, %%members\n"
                       "  %%yes = zext i1 %%all to i32\n  %%votes = call i32 @cw.vote.all.body(i32 %%mask, i32 %%yes)\n"
                       "  %%c = icmp ne i32 %%votes, 0\n  %%r = select i1 %%c, i32 %%mask, i32 0\n  ret i32 %%r\n}\n",
                       wide ? ".b64" : "", wide ? "i64" : "i32", wide ? ".b64" : "", wide ? "i64" : "i32");
}

/* ---- Linking -------------------------------------------------------------------------------------------------- */

static LLVMModuleRef read_support(LLVMModuleRef llvm, unsigned wave) {
    struct cw_text text = {0};
    cw_text_add(&text, common);
    cw_text_add(&text, wave == 32 ? wave32 : wave64);
    add_shuffles(&text);
    add_loops(&text);
    const char *string = cw_text_string(&text);
    LLVMModuleRef module = cw_read_library_text(llvm, string, strlen(string));
    cw_text_fini(&text);
    return module;
}

/* Only the barrier of the whole block exists here. */
static bool barriers_fit(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    LLVMValueRef barrier = LLVMGetNamedFunction(llvm, cw_intrinsics[CW_INTRINSIC_BARRIER].text);
    bool fit = true;
    for (LLVMUseRef use = barrier ? LLVMGetFirstUse(barrier) : NULL; use; use = LLVMGetNextUse(use)) {
        LLVMValueRef call = LLVMGetUser(use);
        for (unsigned i = 0; i < 2; i++) {
            LLVMValueRef operand = LLVMGetOperand(call, i);
            if (LLVMIsAConstantInt(operand) && LLVMConstIntGetZExtValue(operand) == 0) continue;
            cw_diagnose(compiler, call, "barriers of some threads of a block, or other barriers than 0, are not supported on AMD devices");
            fit = false;
            break;
        }
    }
    return fit;
}

cw_status cw_gcn_define_intrinsics(struct cw_compiler *compiler, LLVMModuleRef llvm, unsigned wave) {
    LLVMModuleRef module = read_support(llvm, wave);
    cw_status status = barriers_fit(compiler, llvm) ? CW_OK : CW_ERROR_UNSUPPORTED;
    if (!module || LLVMLinkModules2(llvm, module)) {
        cw_diagnose(compiler, NULL, "internal: the intrinsics for AMD devices can't be read");
        return CW_ERROR_INTERNAL;
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm), next; f; f = next) {
        next = LLVMGetNextFunction(f);
        const char *name = cw_value_name(f);
        size_t length = strlen(name);
        if (!cw_is_declaration(f) && length > 5 && strcmp(name + length - 5, ".body") == 0) LLVMSetLinkage(f, LLVMInternalLinkage);
        if (!cw_is_declaration(f) && strncmp(name, "cw.gcn.", 7) == 0) LLVMSetLinkage(f, LLVMInternalLinkage);
        if (!cw_is_declaration(f) || !LLVMGetFirstUse(f) || cw_intrinsic_find(name) == CW_INTRINSIC_COUNT) continue;
        char *own = cw_format("%s.body", name);
        LLVMValueRef body = LLVMGetNamedFunction(llvm, own);
        free(own);
        if (body) {
            LLVMReplaceAllUsesWith(f, body);
            continue;
        }
        LLVMValueRef user = LLVMGetUser(LLVMGetFirstUse(f));
        cw_diagnose(compiler, LLVMIsACallInst(user) ? user : NULL, "'%s' is not supported on AMD devices by cuda-wasm", name);
        status = CW_ERROR_UNSUPPORTED;
    }
    return status;
}
