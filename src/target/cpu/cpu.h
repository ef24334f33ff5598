/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cpu.h: inside the CPU target. The steps, in the order in which cpu.c calls them; the binary interface that they all
 * meet is backend/cpu/artifact.h.
 */
#ifndef CW_TARGET_CPU_CPU_H
#define CW_TARGET_CPU_CPU_H

#include <llvm-c/TargetMachine.h>

#include "module/ir/ir.h"
#include "pass/pass.h"
#include "pass/vector/vector.h"

/* How generated code meets its runtime (backend/cpu/artifact.h). */
struct cw_cpu_form {
    const char *triple; /* what LLVM generates code for; NULL: the machine that the compiler runs on */
    const char *symbol; /* the artifact's */
    bool linked;        /* WebAssembly: the artifact is linked into the program; else a shared object that is loaded */
};

extern const struct cw_cpu_form cw_cpu_native; /* a shared object for this machine */

/* cpu.c: struct cw_target's `lower` for a form. */
cw_status cw_cpu_lower(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm,
                       const struct cw_lower_options *options, const struct cw_cpu_form *form) CW_MUST_USE;
LLVMTargetMachineRef cw_cpu_machine(struct cw_compiler *compiler, const struct cw_lower_options *options, const struct cw_cpu_form *form);

/* atomics.c: atomics that only one OS thread can see become plain accesses; scopes that a CPU doesn't have go. Needs
 * cw_pass_shared. */
bool cw_cpu_atomics(LLVMModuleRef llvm);
/* Metadata on plain accesses that stand for an atomic: threads do depend on each other there. */
#define CW_CPU_ATOMIC_MARK "cw.atomic"

/* What generated code knows of one kernel. */
struct cw_cpu_entry {
    const struct cw_kernel *kernel;
    LLVMValueRef run;     /* NULL in linked code that has run_lanes and whose threads would wait on their own */
    LLVMValueRef run_all; /* NULL when the kernel may suspend, or has run_lanes */
    LLVMValueRef ragged;  /* run_all once more, for blocks that whole.c can't prove to be inside; NULL when it is of no use */
    LLVMValueRef run_lanes; /* NULL when the kernel has no vector form */
    LLVMValueRef rows;      /* the widened kernel for blocks of whole rows inside the data; NULL likewise */
    LLVMValueRef narrow;    /* the same with fewer parts, for blocks that its own don't divide; NULL when `rows` has one, or is long */
    LLVMValueRef edges;     /* like `rows`, for blocks that aren't inside the data; NULL where such are few */
    LLVMValueRef others;    /* the one for all other blocks */
    LLVMValueRef inside;    /* tells whether a block lies inside the data */
    enum cw_vector_form others_form;
    enum cw_vector_waits waits;
    unsigned lanes;
    struct cw_vector_parts parts; /* many of `rows` and `edges`, few of `narrow` */
    uint32_t rows_frame, narrow_frame, edges_frame, others_frame; /* bytes */
    bool suspends; /* the kernel may have to wait in a service */
    uint32_t streamed; /* words of the packed parameters, by their bits: pointers through which stores may go past the caches */
    struct cw_vector_needs needs;
};

/* vector.c: adds the widened forms of every kernel that has them, and tells in `notes`, in the form of CW_EMIT_NOTES, how each runs
 * and what stood in the way. `lanes` is what the machine's registers hold of 32 bits. Needs yields and polls in place, and
 * atomics as they came. `shape`: of all blocks, if there is only one; else NULL. `entries` is zeroed. */
void cw_cpu_vectorise(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries, unsigned lanes,
                      const struct cw_dim3 *shape, struct cw_text *notes);
/* Bits of the vector registers of processors with Arm's SVE whose registers are wider than NEON's; else 0. Code for them assumes that
 * width, which the backend compares with the machine's before it runs such code (backend/cpu/score.c). */
unsigned cw_cpu_sve_bits(const struct cw_lower_options *options);
/* How many values of 32 bits the machine's vector registers hold. */
unsigned cw_cpu_lanes(const struct cw_lower_options *options);
/* The attribute of a parameter that is a class passed by the address of the packed parameters, and only read. */
#define CW_CPU_BY_ADDRESS "cw.by_address"


/* entry.c: adds the entry points of every kernel around a call of the kernel itself. `entries` has room for all of the
 * table's kernels. */
void cw_cpu_add_entries(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries, const struct cw_cpu_form *form,
                        const struct cw_dim3 *shape);

/* whole.c: whether the function has guards that blocks inside the data pass as a whole; and turns them into constants in
 * `run_all`, which then leaves to `ragged` for other blocks. Needs the kernel inlined, intrinsics not yet resolved. */
bool cw_cpu_has_guards(LLVMValueRef function);
bool cw_cpu_split_whole(LLVMModuleRef llvm, LLVMValueRef run_all, LLVMValueRef ragged);
/* The same for a copy of a kernel, which has the kernel's parameters first: its guards become constants, and `inside`, a
 * declaration of i1(the kernel's parameters), becomes the function that tells whether they hold for a block. */
void cw_cpu_assume_inside(LLVMModuleRef llvm, LLVMValueRef copy, LLVMValueRef inside);

/* intrinsics.c: resolves every cw intrinsic: special registers to values, services to calls through import slots. Needs the
 * kernels inlined into their entries. */
void cw_cpu_lower_intrinsics(LLVMModuleRef llvm, const struct cw_cpu_form *form);
/* The C function that a service is, in linked code; NULL when `name` is none. */
const char *cw_cpu_service_symbol(const char *name);
/* The prefix of an import slot's name; the intrinsic's text follows. */
#define CW_CPU_SLOT_PREFIX "cw.slot."
/* Functions that entry.c calls and intrinsics.c resolves. */
#define CW_CPU_THREAD "cw.thread"         /* the current thread's struct cw_cpu_thread */
#define CW_CPU_THREAD_EXIT "cw.thread_exit" /* the service of that name */

/* parallel.c: tells LLVM that the accesses of different threads in `run_all` don't depend on each other. */
void cw_cpu_mark_parallel(LLVMModuleRef llvm, LLVMValueRef run_all);

/* gathers.c: gathers and scatters of 8 and 16 bits become accesses lane by lane, without branches. When all else is done, in
 * functions that have their code attributes. */
bool cw_cpu_narrow_gathers(LLVMModuleRef llvm);

/* shape.c: what code for one shape of blocks alone knows (options.block). The shape's questions become constants, in the whole module. */
void cw_cpu_fix_shape(LLVMModuleRef llvm, const struct cw_dim3 *block);
/* `one` is the module with the one kernel that `llvm` still has in its table; borrowed. Refuses kernels that can't have such code. */
cw_status cw_cpu_one_kernel(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, struct cw_module *one) CW_MUST_USE;
/* Variables become slots of their names, which hold their addresses. When intrinsics are resolved and constants writable. */
cw_status cw_cpu_share_variables(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;
/* True of what kernels or the host may change: what has to be one for all code of a module. */
bool cw_cpu_is_variable(LLVMValueRef global);

/* constants.c: marks loads of __constant__ memory invariant and makes the variables writable for the host. */
void cw_cpu_constants(LLVMModuleRef llvm);

/* descriptor.c: adds the artifact's one exported symbol. */
void cw_cpu_add_descriptor(const struct cw_module *module, LLVMModuleRef llvm, const struct cw_cpu_entry *entries,
                           const struct cw_shared_layout *layout, const struct cw_cpu_form *form, const struct cw_dim3 *shape);

/* suspends.c, for linked code, when all else is done: names the functions that may wait in a service or leave the block from one,
 * and has the linker bring what they need for that. */
void cw_cpu_name_suspending(LLVMModuleRef llvm);

/* link.c: an object to a shared object, by ld.lld. */
cw_status cw_cpu_link(struct cw_compiler *compiler, const struct cw_bytes *object, struct cw_bytes *out) CW_MUST_USE;

#endif
