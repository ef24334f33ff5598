/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shader.h: what the targets for shading languages (SPIR-V, WGSL) share: from a kernel module to one body a kernel, in a form
 * that a printer for structured code without calls and without a stack can walk.
 *
 * After cw_shader_prepare:
 * - Every kernel is a function void() of its name with the kernel calling convention; nothing else has a body. Recursion and
 *   indirect calls were refused by name and line.
 * - Parameters are read from the external variable CW_SHADER_PARAMS, address space CW_SHADER_SPACE_PARAMS, which is laid out
 *   as the kernel table says. What such a read gives as a pointer points to global memory.
 * - Pointers have the address space of what they point to wherever that is known: 1 global, 3 shared, 4 constant, 5 local
 *   (the result of a cast of an alloca, its only use), generic else. Variables keep their spaces.
 * - No memcpy, memmove, memset; no lifetime markers, no debug intrinsics; no aggregate loads or stores that clang doesn't make.
 * - Vectors are loaded, stored, and taken apart or put together element by element: nothing else is done with them.
 * - Calls are of the waist's intrinsics and of LLVM's.
 */
#ifndef CW_TARGET_SHADER_SHADER_H
#define CW_TARGET_SHADER_SHADER_H

#include <llvm-c/TargetMachine.h>

#include "target/target.h"

#define CW_SHADER_RSQRT "cw.shader.rsqrt" /* float(float): 1 / sqrt(x) to 2 ulp; the one function beside the intrinsics that is called */
#define CW_SHADER_PARAMS "cw.params"
#define CW_SHADER_SPACE_PARAMS 101u /* NVPTX's param space, so that LLVM knows that nothing writes to it */

/* String attributes of the functions that kernels have become: what the kernel table says ("PARAM_BYTES MAX_THREADS LINE FEATURES
 * SOURCE", for `emit`, which has no table), and, of one that is refused, what it uses; such a one has an empty body. */
#define CW_SHADER_ROW "cw.row"
#define CW_SHADER_REFUSED "cw.refused"

struct cw_shader_options {
    uint32_t refused_features; /* set of enum cw_feature: kernels that use one of them are refused */
    bool float32_add, float64_add; /* the target has atomic additions of floats in global memory; else they become loops */
    bool fused; /* the target's fma() rounds once */
    bool exp2;  /* its 2^x is within 2^-22.5 on [-0.5, 0.5] */
    int opt_level;
};

/* words.c: the options say that the device has what the word stands for. */
bool cw_shader_has_word(const struct cw_lower_options *options, const char *word);

cw_status cw_shader_prepare(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                            const struct cw_shader_options *options) CW_MUST_USE;

/* Reads CW_SHADER_ROW of a function back. `name` and `source` are borrowed from the module and from `buffer`. False when the
 * function is no kernel. */
bool cw_shader_row(LLVMValueRef function, struct cw_kernel *row, char *buffer, size_t size);

/* Steps of it, of which the target wgsl takes some by themselves. */

/* prepare.c. The machine of LLVM's NVPTX, whose cost model and address spaces kernels are optimised with; the caller's. NULL: an error, which
 * was told. */
LLVMTargetMachineRef cw_shader_machine(struct cw_compiler *compiler, LLVMModuleRef llvm);
/* Everything goes into its kernels; what the host can't see may go. */
void cw_shader_mark_inlining(LLVMModuleRef llvm);
void cw_shader_drop_lists(LLVMModuleRef llvm);
/* Constant parts of addresses together, so that neighbouring accesses share the rest: what NVPTX does before it selects
 * instructions, and drivers were not seen to do. */
#define CW_SHADER_ADDRESSES "function(separate-const-offset-from-gep,slsr,early-cse,nary-reassociate,early-cse,dce)"

/* entry.c: kernels become functions without parameters. */
void cw_shader_entries(const struct cw_module *module, LLVMModuleRef llvm, uint32_t refused_features);
/* atomics.c: atomics that the target lacks become calls of loops around compare-and-exchange, which are inlined later. */
void cw_shader_atomics(LLVMModuleRef llvm, const struct cw_shader_options *options);
/* copies.c: memcpy, memmove and memset become loads and stores, calls of loops where they are long. True if there was one. */
bool cw_shader_copies(LLVMModuleRef llvm);
/* lockstep.c: a load by which a thread reads what a neighbour in its warp has just stored, without __syncwarp() between; NULL if there is
 * none. What targets say of it when they refuse it. */
LLVMValueRef cw_shader_find_lockstep(LLVMValueRef function);
#define CW_SHADER_LOCKSTEP "the lockstep of a warp through volatile shared memory, without __syncwarp()"
/* apart.c: before warp collectives whose lanes may be at different places, kernels look whether they are, and end the launch with a failed
 * assertion. To be inlined. False: an error of ours. */
bool cw_shader_look_for_lanes(LLVMModuleRef llvm) CW_MUST_USE;
/* hardware.c: __nv_rsqrtf and functions that are one instruction of shading languages are these, where the module only declares them. */
void cw_shader_keep_rsqrt(LLVMModuleRef llvm);
void cw_shader_keep_extrema(LLVMModuleRef llvm);
/* Defines what the module calls of the functions that `exp2` is for. */
bool cw_shader_link_hardware_math(LLVMModuleRef llvm) CW_MUST_USE;
/* spaces.c: says to LLVM's inference what allocas, and pointers read from parameters, point to. */
void cw_shader_local_space(LLVMModuleRef llvm);
void cw_shader_global_space(LLVMModuleRef llvm);

#endif
