/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pass.h: the passes, one a file. Each takes a module (or function) in the waist's form and tells whether it changed
 * anything. Where a pass needs another to have run before it, its comment here says so.
 */
#ifndef CW_PASS_PASS_H
#define CW_PASS_PASS_H

#include <stdbool.h>

#include "module/ir/ir.h"

/* division.c: makes integer division total, as it is on NVIDIA hardware (a zero divisor gives an unspecified value, never a
 * trap; INT_MIN / -1 wraps). */
bool cw_pass_division(LLVMModuleRef llvm);

/* conversion.c: float-to-integer conversions saturate and turn NaN into 0 (PTX ISA "cvt"). */
bool cw_pass_conversion(LLVMModuleRef llvm);

/* shift.c: shifts by the operand's width or more give 0, or the sign (PTX ISA "shl", "shr"). */
bool cw_pass_shift(LLVMModuleRef llvm);

/* units.c: for devices without units for products of matrices and for copies: every cw.matrix and cw.async answers 0. */
bool cw_pass_no_units(LLVMModuleRef llvm);

/* clusters.c: what kernels ask of their cluster as arithmetic with these two functions, the address of the first block's shared memory
 * and the binary logarithm of the distance between neighbours', and with cw.shared.window: before cw_pass_shared. What is left are
 * special registers and the barrier. */
bool cw_pass_clusters(LLVMModuleRef llvm);
#define CW_CLUSTER_BASE "cw.cluster_base"
#define CW_CLUSTER_SHIFT "cw.cluster_shift"
/* For targets without clusters: each block is one of its own, and nothing is left. */
bool cw_pass_no_clusters(LLVMModuleRef llvm);
/* True of the functions that give where shared memory lies: the block's, and its cluster's. */
bool cw_is_shared_place(const char *name);

/* scope.c: gives the atomics and fences of CUDA's functions the sync scopes "block" and "device". Before anything is inlined. */
bool cw_pass_scope(LLVMModuleRef llvm);

/* unroll.c: asks for full unrolling of loops whose counter indexes a local array: for GPUs. Needs SSA form (after inlining and SROA). */
bool cw_pass_unroll(LLVMModuleRef llvm);
/* Asks for the opposite for loops that sum up floats, pragmas or not: for targets whose code generators keep too much in registers otherwise. */
bool cw_pass_keep_loops(LLVMModuleRef llvm);

/* roll.c: local arrays that were taken apart into registers, and code unrolled for that, become arrays and loops again: for CPUs. Needs SSA form
 * (after inlining and SROA). */
bool cw_pass_roll(LLVMModuleRef llvm);

/* progress.c: inserts cw.yield between volatile accesses that must not overtake each other. Best after inlining, when
 * barriers and accesses of a kernel are in one body. */
bool cw_pass_yield(LLVMModuleRef llvm);
/* progress.c: inserts cw.poll into loops that wait for other threads. Needs SSA form (after inlining and SROA). */
bool cw_pass_poll(LLVMModuleRef llvm);

/* split_barriers.c: arriving at the block's barrier and waiting at it later become one barrier, at the wait: for targets that have no
 * other. What is left of cw.barrier.arrive has a count. */
bool cw_pass_split_barriers(LLVMModuleRef llvm);

/* inline.c: strips target attributes, makes everything but kernels internal, and marks for inlining what should be. */
bool cw_pass_prepare_inlining(LLVMModuleRef llvm);

/* managed.c: each managed variable becomes a pointer of the same name, which the loader fills in; its uses load it. Before
 * cw_pass_global_space, which knows managed variables no more. */
bool cw_pass_managed(LLVMModuleRef llvm);

/* global_space.c: moves global and constant variables (address spaces 1 and 4) to address space 0. */
bool cw_pass_global_space(LLVMModuleRef llvm);

/* shared.c: gives every shared variable an offset and turns its uses into `base + offset`, where base is a call of the
 * function "cw.shared_base" in each function's entry block. A variable that kernels don't have in common may overlap
 * another's. */
struct cw_shared_layout {
    uint32_t dynamic_offset; /* where dynamic shared memory begins, the same for every kernel of the module; bytes */
    uint32_t kernel_count;
    uint32_t *kernel_ends; /* bytes that the static variables of each kernel reach up to, gaps included; in module order */
};
void cw_shared_layout_fini(struct cw_shared_layout *layout);
bool cw_pass_shared(LLVMModuleRef llvm, struct cw_shared_layout *layout);
#define CW_SHARED_BASE "cw.shared_base"

#endif
