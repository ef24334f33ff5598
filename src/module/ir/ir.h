/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ir.h: the LLVM side of a kernel module. Only front ends, passes and targets include this.
 *
 * One LLVM context serves one compile session. A kernel module owns an LLVM module in that context plus the kernel
 * table that was read off it. The LLVM module keeps the form in which the front end left it (NVPTX data layout, address
 * spaces 1 global, 3 shared, 4 constant; kernels by the ptx_kernel calling convention); targets work on copies.
 */
#ifndef CW_MODULE_IR_IR_H
#define CW_MODULE_IR_IR_H

#include <llvm-c/Core.h>
#include <stdbool.h>

#include "base/memory.h"
#include "base/text.h"
#include "cudawasm/cw.h"
#include "module/module.h"

/* NVPTX's address spaces, the waist's own (PTX ISA "State Spaces"). */
enum cw_address_space {
    CW_SPACE_GENERIC = 0,
    CW_SPACE_GLOBAL = 1,
    CW_SPACE_SHARED = 3,
    CW_SPACE_CONSTANT = 4,
    CW_SPACE_LOCAL = 5,
};

/* llvm::CallingConv::PTX_Kernel, which marks kernels. */
#define CW_CALLING_CONVENTION_KERNEL 71u

struct cw_compiler {
    LLVMContextRef context;
    struct cw_text log;    /* diagnostics, a line each */
    uint32_t errors;       /* diagnostics that are errors */
    struct cw_text notes;  /* what a target tells of the kernels it lowers: see CW_EMIT_NOTES */
    const struct cw_module *lowered; /* what was last lowered, for targets whose `emit` reads its kernel table; borrowed */
    char *host_cpu;        /* LLVM's allocation */
    char *host_features;   /* LLVM's allocation */
    char *triple;          /* the machine that programs are built for; NULL: this one */
};

struct cw_module {
    struct cw_compiler *compiler;
    LLVMModuleRef llvm; /* owned */
    struct cw_table table;
    struct cw_arena arena; /* owns the table's rows and strings */
    struct cw_strings lowered; /* lowered.c: the names of expressions */
    bool unit;             /* relocatable: it leaves names open, and is not lowered */
};

/* Adds one diagnostic "FILE:LINE:COLUMN: error: ..." at the place of `where` (an instruction or function, or NULL). */
void cw_diagnose(struct cw_compiler *compiler, LLVMValueRef where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The path of a source file as debug information gives it: joined, and relative to the current folder if it lies below. The
 * caller frees it. */
char *cw_source_path(const char *directory, size_t directory_length, const char *file, size_t length);

/* True if `function` is a kernel of the waist. */
bool cw_is_kernel(LLVMValueRef function);
/* True if `function` is declared here only. */
bool cw_is_declaration(LLVMValueRef function);
/* The function that `call` calls directly, or NULL for an indirect call or inline assembly. */
LLVMValueRef cw_called_function(LLVMValueRef call);
/* The intrinsic of the waist that `call` calls, or CW_INTRINSIC_COUNT. */
enum cw_intrinsic cw_called_intrinsic(LLVMValueRef call);
/* A value's name, "" when it has none. Borrowed. */
const char *cw_value_name(LLVMValueRef value);

/* Attributes of functions by LLVM's names. `value` is 0 for attributes that have none. */
#define CW_FUNCTION_INDEX ((LLVMAttributeIndex)LLVMAttributeFunctionIndex)
unsigned cw_attribute_kind(const char *name);
bool cw_has_attribute(LLVMValueRef function, const char *name);
void cw_add_attribute(LLVMValueRef function, const char *name, uint64_t value);
/* Gives the loop whose branch back to its header is `branch` a node of its own, "llvm.loop", with that property (LLVM Language Reference,
 * "llvm.loop"); what it had is replaced. */
void cw_set_loop_property(LLVMValueRef branch, LLVMMetadataRef property);
/* A property that is a word alone. */
LLVMMetadataRef cw_loop_word(LLVMContextRef context, const char *word);
void cw_remove_attribute(LLVMValueRef function, const char *name);

/* `value` in every lane of `type`, an integer or a vector of integers. */
LLVMValueRef cw_splat(LLVMTypeRef type, unsigned long long value);

/* The global object (variable or function) that the constant `value` is or is computed from; NULL when none. */
LLVMValueRef cw_constant_base(LLVMValueRef value);

/* True if `variable` is the private constant that clang copies to initialise a local variable, so that it may hold addresses
 * of shared variables: nothing but such copies sees its address. */
bool cw_is_shared_table(LLVMValueRef variable);

/* True if the constant is made of numbers, null pointers and undefined values alone: no address of anything. */
bool cw_is_plain_constant(LLVMValueRef value);

/* annotations.c: a __managed__ variable is one of address space 1 in this section. */
#define CW_MANAGED_SECTION "cw.managed"
bool cw_is_managed(LLVMValueRef variable);
/* Moves the variables that clang's annotations call managed into the section, and gives kernels the dimensions of clusters that
 * theirs say (the attribute "nvvm.cluster_dim"); drops all annotations. */
void cw_module_note_annotations(LLVMModuleRef llvm);
/* An attribute of kernels whose launches must say the dimensions of clusters (PTX: .explicitcluster alone). */
#define CW_CLUSTER_NEEDED "cw.cluster_needed"
/* Texture and surface references (reference.c): whether a variable is one; marks one; makes those of clang's the waist's. */
enum cw_reference cw_reference_of(LLVMModuleRef llvm, LLVMValueRef variable);
void cw_reference_note(LLVMModuleRef llvm, LLVMValueRef variable, enum cw_reference reference);
void cw_module_note_references(LLVMModuleRef llvm);

/* lowered.c, for NVRTC's programs: makes static variables external; takes the variables that stand for expressions out of the module; adds what they name to `names`, "" for an
 * expression that names nothing. */
void cw_module_take_lowered(LLVMModuleRef llvm, struct cw_strings *names);

/* check.c: reports everything in the module that the waist does not allow. */
cw_status cw_module_check(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;
/* The same for a unit that is linked later: names that it leaves open are allowed. */
cw_status cw_unit_check(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;

/* canonical.c: rewrites what clang emits outside the waist into the waist's own words. */
void cw_module_canonicalise(LLVMModuleRef llvm);

/* heap.c, for canonical.c: defines the operators new and delete that the module calls and doesn't define. */
void cw_module_define_new(LLVMModuleRef llvm);

/* link.c: one module of several units, which the caller disposes of. Faults name symbol and unit. */
cw_status cw_module_link(struct cw_compiler *compiler, const struct cw_unit *units, size_t count, LLVMModuleRef *out) CW_MUST_USE;
/* Repairs what clang leaves open in a unit of relocatable device code. */
void cw_unit_settle(LLVMModuleRef llvm);

/* describe.c: reads the kernel table off the module; rows and strings live in `arena`. */
void cw_module_describe(LLVMModuleRef llvm, struct cw_table *table, struct cw_arena *arena);

/* signature.c: the kernels' parameters as JSON, by their source's names and types. CW_ERROR_UNSUPPORTED, diagnosed, for a module
 * that was compiled without type information. */
bool cw_module_has_types(const struct cw_module *module);
cw_status cw_module_signatures(struct cw_compiler *compiler, const struct cw_module *module, struct cw_text *out) CW_MUST_USE;

/* reach.c: for each defined function of a module what it reaches through calls (and, where it calls indirectly, through
 * every function whose address is taken). */
struct cw_reach {
    LLVMValueRef *functions; /* every function with a body */
    size_t count;
    uint32_t *features;      /* enum cw_feature, transitive */
    uint32_t *effects;       /* enum cw_intrinsic_effect of all intrinsics reached */
    bool *recursive;         /* the function calls itself, directly or not */
    bool *reached;           /* count * count: [caller * count + callee], transitive, reflexive */
};
void cw_reach_build(struct cw_reach *reach, LLVMModuleRef llvm);
void cw_reach_fini(struct cw_reach *reach);
/* Index of `function` in the tables, or (size_t)-1. */
size_t cw_reach_index(const struct cw_reach *reach, LLVMValueRef function);

/* Calls `visit` for every instruction that uses the global object `object`: directly, through constants, or through the
 * initialisers of variables. An instruction may be visited more than once. */
void cw_for_each_using_instruction(LLVMValueRef object, void (*visit)(LLVMValueRef instruction, void *context), void *context);
/* The same for the functions that such instructions are in. */
void cw_for_each_using_function(LLVMValueRef object, void (*visit)(LLVMValueRef function, void *context), void *context);

#endif
