/* SPDX-License-Identifier: Apache-2.0 */
/*
 * grid.c: the barrier of a cooperative grid (CUDA C++ Programming Guide, "Grid Synchronization").
 *
 * The driver promises that all blocks of a cooperative launch are resident; the barrier is ours: two words of global
 * memory for each launch, whose address the backend hands to the kernel as one more parameter behind the source's (0 in a
 * launch that is not cooperative). Kernels that need it become functions inside such a kernel, which keeps the address in a
 * shared variable for functions that were not inlined. Every thread writes the same value there and reads it after its own
 * write, so that needs no barrier.
 *
 * The backend knows such kernels by a variable with the kernel's name behind CW_PTX_GRID_MARK.
 *
 * PTX that runs without our runtime has nobody who adds a parameter. NVIDIA's driver gives every cooperative launch a workspace whose
 * address is in %envreg1 (the high half) and %envreg2, 0 in other launches; its second word, 0 at first, is there for the barrier of the grid.
 *
 * Only the second word is used, here as there: the first block adds 2^31 - (blocks - 1) and each other one 1. When all have arrived the highest
 * bit has changed and the others are what they were, so the words serve one launch after another without being cleared.
 */
#include "target/ptx/ptx.h"

#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cuda/artifact.h"
#include "target/library.h"

/* Where the words are: as the driver's registers say, or as the kernel's last parameter did. */
static const char driver_words[] =
    "declare i32 @llvm.nvvm.read.ptx.sreg.envreg1()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.envreg2()\n"
    "define i64 @cw.grid.words() #0 {\n"
    "  %high = call i32 @llvm.nvvm.read.ptx.sreg.envreg1()\n"
    "  %low = call i32 @llvm.nvvm.read.ptx.sreg.envreg2()\n"
    "  %wide.high = zext i32 %high to i64\n"
    "  %wide.low = zext i32 %low to i64\n"
    "  %shifted = shl i64 %wide.high, 32\n"
    "  %address = or i64 %shifted, %wide.low\n"
    "  ret i64 %address\n"
    "}\n"
    "define ptr @cw.grid.workspace.body() #0 {\n"
    "  %address = call i64 @cw.grid.words()\n"
    "  %words = inttoptr i64 %address to ptr\n"
    "  ret ptr %words\n"
    "}\n"
    "attributes #0 = { alwaysinline convergent nounwind }\n";

static const char parameter_words[] =
    "@cw.grid.place = internal addrspace(3) global ptr undef, align 8\n"
    "define i64 @cw.grid.words() #0 {\n"
    "  %words = load ptr, ptr addrspace(3) @cw.grid.place, align 8\n"
    "  %address = ptrtoint ptr %words to i64\n"
    "  ret i64 %address\n"
    "}\n"
    "attributes #0 = { alwaysinline convergent nounwind }\n";

/* The memory orders are those of a barrier: what blocks wrote before it is seen by all behind it. */
static const char barrier[] =
    "declare i64 @cw.grid.words()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()\n"
    "declare i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()\n"
    "declare void @llvm.trap()\n"
    "define i32 @cw.grid.valid.body() #0 {\n"
    "  %words = call i64 @cw.grid.words()\n"
    "  %valid = icmp ne i64 %words, 0\n"
    "  %result = zext i1 %valid to i32\n"
    "  ret i32 %result\n"
    "}\n"
    "define i64 @cw.grid.arrive.body() #0 {\n"
    "  %address = call i64 @cw.grid.words()\n"
    "  %invalid = icmp eq i64 %address, 0\n"
    "  br i1 %invalid, label %trap, label %arrive\n"
    "trap:\n"
    "  call void @llvm.trap()\n"
    "  ret i64 0\n"
    "arrive:\n"
    "  %x = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.x()\n"
    "  %y = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.y()\n"
    "  %z = call i32 @llvm.nvvm.read.ptx.sreg.nctaid.z()\n"
    "  %xy = mul i32 %x, %y\n"
    "  %blocks = mul i32 %xy, %z\n"
    "  %bx = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()\n"
    "  %by = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.y()\n"
    "  %bz = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.z()\n"
    "  %bxy = or i32 %bx, %by\n"
    "  %bxyz = or i32 %bxy, %bz\n"
    "  %first = icmp eq i32 %bxyz, 0\n"
    "  %rest = sub i32 -2147483647, %blocks\n"
    "  %amount = select i1 %first, i32 %rest, i32 1\n"
    "  %words = inttoptr i64 %address to ptr\n"
    "  %word = getelementptr i8, ptr %words, i64 4\n"
    "  fence syncscope(\"device\") seq_cst\n"
    "  %before = atomicrmw add ptr %word, i32 %amount syncscope(\"device\") acq_rel, align 4\n"
    "  %wide = zext i32 %before to i64\n"
    "  ret i64 %wide\n"
    "}\n"
    "define void @cw.grid.wait.body(i64 %wide) #0 {\n"
    "  %before = trunc i64 %wide to i32\n"
    "  %address = call i64 @cw.grid.words()\n"
    "  %words = inttoptr i64 %address to ptr\n"
    "  %word = getelementptr i8, ptr %words, i64 4\n"
    "  br label %loop\n"
    "loop:\n"
    "  %now = load atomic i32, ptr %word syncscope(\"device\") acquire, align 4\n"
    "  %changed = xor i32 %now, %before\n"
    "  %same = icmp sge i32 %changed, 0\n"
    "  br i1 %same, label %loop, label %done\n"
    "done:\n"
    "  fence syncscope(\"device\") seq_cst\n"
    "  ret void\n"
    "}\n"
    "attributes #0 = { alwaysinline convergent nounwind }\n";

static LLVMValueRef uses(LLVMModuleRef llvm, enum cw_intrinsic intrinsic) {
    LLVMValueRef function = LLVMGetNamedFunction(llvm, cw_intrinsics[intrinsic].text);
    return function && LLVMGetFirstUse(function) ? function : NULL;
}

static void note(LLVMValueRef function, void *context) {
    struct cw_reach *reach = context;
    size_t index = cw_reach_index(reach, function);
    if (index != (size_t)-1) reach->features[index] |= 1u << 31;
}

/* True if `function` reaches one that is marked. */
static bool reaches(const struct cw_reach *reach, LLVMValueRef function) {
    size_t index = cw_reach_index(reach, function);
    for (size_t i = 0; index != (size_t)-1 && i < reach->count; i++)
        if (reach->reached[index * reach->count + i] && (reach->features[i] & 1u << 31)) return true;
    return false;
}

static void copy_attributes(LLVMValueRef to, LLVMValueRef from, LLVMAttributeIndex index) {
    unsigned count = LLVMGetAttributeCountAtIndex(from, index);
    LLVMAttributeRef *attributes = cw_alloc_array(count + 1, sizeof(LLVMAttributeRef));
    LLVMGetAttributesAtIndex(from, index, attributes);
    for (unsigned i = 0; i < count; i++) LLVMAddAttributeAtIndex(to, index, attributes[i]);
    free(attributes);
}

/* `inner` stops being a kernel; a kernel of its name and with one more parameter calls it. */
static void wrap(LLVMModuleRef llvm, LLVMValueRef inner, LLVMValueRef place) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMTypeRef type = LLVMGlobalGetValueType(inner), pointer = LLVMPointerTypeInContext(context, CW_SPACE_GENERIC);
    unsigned count = LLVMCountParams(inner);
    LLVMTypeRef *types = cw_alloc_array(count + 1, sizeof *types);
    LLVMValueRef *arguments = cw_alloc_array(count + 1, sizeof *arguments);
    LLVMGetParamTypes(type, types);
    types[count] = pointer;
    char *name = cw_strdup(cw_value_name(inner)), *mark = cw_format(CW_PTX_GRID_MARK "%s", name);
    LLVMSetValueName2(inner, "", 0);
    LLVMValueRef kernel = LLVMAddFunction(llvm, name, LLVMFunctionType(LLVMVoidTypeInContext(context), types, count + 1, 0));
    LLVMSetFunctionCallConv(kernel, CW_CALLING_CONVENTION_KERNEL);
    LLVMSetFunctionCallConv(inner, LLVMCCallConv);
    LLVMSetLinkage(inner, LLVMInternalLinkage);
    copy_attributes(kernel, inner, CW_FUNCTION_INDEX);
    cw_add_attribute(inner, "alwaysinline", 0);
    for (unsigned i = 0; i < count; i++) {
        copy_attributes(kernel, inner, i + 1);
        LLVMRemoveEnumAttributeAtIndex(inner, i + 1, cw_attribute_kind("byval"));
    }
    LLVMGetParams(kernel, arguments);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, kernel, "entry"));
    LLVMBuildStore(builder, arguments[count], place);
    LLVMBuildCall2(builder, type, inner, arguments, count, "");
    LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);

    LLVMTypeRef byte = LLVMInt8TypeInContext(context);
    LLVMValueRef marker = LLVMAddGlobalInAddressSpace(llvm, byte, mark, CW_SPACE_GLOBAL);
    LLVMSetInitializer(marker, LLVMConstNull(byte));
    free(mark);
    free(name);
    free(arguments);
    free(types);
}

static bool link_text(LLVMModuleRef llvm, const char *text, size_t size) {
    LLVMModuleRef module = cw_read_library_text(llvm, text, size);
    return module && LLVMLinkModules2(llvm, module) == 0;
}

static bool add_support(LLVMModuleRef llvm, bool alone) {
    if (!link_text(llvm, barrier, sizeof barrier - 1)) return false;
    bool linked = alone ? link_text(llvm, driver_words, sizeof driver_words - 1) : link_text(llvm, parameter_words, sizeof parameter_words - 1);
    LLVMValueRef words = LLVMGetNamedFunction(llvm, "cw.grid.words");
    if (linked) LLVMSetLinkage(words, LLVMInternalLinkage);
    return linked;
}

bool cw_ptx_grid(LLVMModuleRef llvm, bool alone) {
    /* The last one is NVIDIA's driver's. */
    static const enum cw_intrinsic all[] = {CW_INTRINSIC_GRID_VALID, CW_INTRINSIC_GRID_ARRIVE, CW_INTRINSIC_GRID_WAIT, CW_INTRINSIC_GRID_WORKSPACE};
    size_t count = alone ? 4 : 3;
    struct cw_reach reach;
    bool any = false;
    for (size_t i = 0; i < count; i++) any |= uses(llvm, all[i]) != NULL;
    if (!any) return true;
    cw_reach_build(&reach, llvm);
    for (size_t i = 0; i < reach.count; i++) reach.features[i] &= ~(1u << 31);
    for (size_t i = 0; i < count; i++)
        if (uses(llvm, all[i])) cw_for_each_using_function(uses(llvm, all[i]), note, &reach);
    if (!add_support(llvm, alone)) {
        cw_reach_fini(&reach);
        return false;
    }
    LLVMValueRef place = LLVMGetNamedGlobal(llvm, "cw.grid.place");
    for (size_t i = 0; i < count; i++) {
        char *name = cw_format("%s.body", cw_intrinsics[all[i]].text);
        LLVMValueRef body = LLVMGetNamedFunction(llvm, name), intrinsic = uses(llvm, all[i]);
        LLVMSetLinkage(body, LLVMInternalLinkage);
        if (intrinsic) LLVMReplaceAllUsesWith(intrinsic, body);
        free(name);
    }
    for (size_t i = 0; i < reach.count && !alone; i++)
        if (cw_is_kernel(reach.functions[i]) && reaches(&reach, reach.functions[i])) wrap(llvm, reach.functions[i], place);
    cw_reach_fini(&reach);
    return true;
}
