/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h: what the files of the lowering share.
 *
 * A register is a variable of its function while its code is built; LLVM's mem2reg makes SSA of it afterwards, and pointers.c
 * makes pointers of the integers that PTX computes addresses with. A register that is read before it is written reads as 0.
 *
 * An instruction under a predicate is, where it has no effect but its results, computed by everyone and its results selected;
 * otherwise a branch goes around it.
 *
 * Addresses: generic, global, constant and local ones are the pointer's bits. A shared address is the distance from the beginning of
 * the block's shared memory, as on hardware, so that it fits 32 bits.
 */
#ifndef CW_FRONTEND_PTX_LOWER_STATE_H
#define CW_FRONTEND_PTX_LOWER_STATE_H

#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

#include "frontend/ptx/ast.h"
#include "frontend/ptx/lower/lower.h"

#define CW_PTX_FAMILIES(X)                                                                                             \
    X(INTEGER, "integer")                                                                                              \
    X(FLOAT, "float")                                                                                                  \
    X(WARP, "warp")                                                                                                    \
    X(MATRIX, "matrix")                                                                                                \
    X(FRAGMENT, "fragment")                                                                                            \
    X(SPARSE, "sparse")                                                                                                \
    X(ASYNC, "async")                                                                                                  \
    X(REDUCE, "reduce")                                                                                                \
    X(LAUNCH, "launch")

enum cw_ptx_family {
#define X(name, text) CW_PTX_FAMILY_##name,
    CW_PTX_FAMILIES(X)
#undef X
    CW_PTX_FAMILY_COUNT
};

struct cw_ptx_lowering {
    struct cw_compiler *compiler;
    const struct cw_ptx_module *ptx;
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMValueRef place; /* inline assembly: the call that it stands for, to which diagnostics point; else NULL */
    bool failed;

    LLVMTypeRef i1, i8, i16, i32, i64, i128, f16, bf16, f32, f64, pointer, nothing;
    LLVMTypeRef size; /* an integer as wide as a generic pointer */

    /* Symbols of the whole module and of the function at hand: variables, functions. Open addressing by the symbol's address. */
    struct cw_ptx_binding {
        const struct cw_ptx_symbol *symbol;
        LLVMValueRef value;
    } *bindings;
    size_t binding_count, binding_capacity;

    LLVMDIBuilderRef debug;
    LLVMMetadataRef unit, own_file;
    LLVMMetadataRef *files; /* by .file's number */
    uint32_t file_count;

    /* The function at hand. */
    const struct cw_ptx_function *function;
    LLVMValueRef code;
    LLVMBasicBlockRef entry;       /* holds variables; branches to the first block of code when all is done */
    LLVMValueRef *registers;       /* variables, by the register's number; NULL until used */
    LLVMBasicBlockRef *labels;     /* by the label's number; NULL until used */
    LLVMValueRef guard;            /* results are selected by this, or NULL */
    LLVMValueRef carry;            /* CC.CF, a variable; NULL until used */
    LLVMValueRef window;           /* the beginning of shared memory; NULL until used */
    LLVMMetadataRef subprogram;
};

/* What lowers one opcode's instructions. */
typedef void cw_ptx_lower_function(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i);

/* ---- values.c ---- */

/* Adds an error at `span` (of inline assembly: at the statement's line) and marks the lowering as failed. */
void cw_ptx_refuse(struct cw_ptx_lowering *l, struct cw_ptx_span span, const char *format, ...) __attribute__((format(printf, 3, 4)));

void cw_ptx_bind(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, LLVMValueRef value);
/* NULL when there is none. */
LLVMValueRef cw_ptx_bound(const struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol);

/* LLVM's type for a PTX type: integers for .u .s .b and packed types, i1 for .pred. tf32 is its bits. */
LLVMTypeRef cw_ptx_type(struct cw_ptx_lowering *l, enum cw_ptx_word type);
LLVMTypeRef cw_ptx_integer(struct cw_ptx_lowering *l, unsigned bits);
bool cw_ptx_is_signed(enum cw_ptx_word type);
bool cw_ptx_is_float(enum cw_ptx_word type);
LLVMValueRef cw_ptx_constant(struct cw_ptx_lowering *l, LLVMTypeRef type, uint64_t value);
LLVMValueRef cw_ptx_i32(struct cw_ptx_lowering *l, uint32_t value);

/* A variable of the function, in its entry block; zeroed there if `zeroed`. */
LLVMValueRef cw_ptx_variable(struct cw_ptx_lowering *l, LLVMTypeRef type, unsigned align, bool zeroed, const char *name);

/* The bits of `value` as `type` of the same width. */
LLVMValueRef cw_ptx_bits(struct cw_ptx_lowering *l, LLVMValueRef value, LLVMTypeRef type);
/* The bits of `value` as an integer of `bits`, cut off or extended. */
LLVMValueRef cw_ptx_resize(struct cw_ptx_lowering *l, LLVMValueRef value, unsigned bits, bool is_signed);

/* The operand's value as `type`. */
LLVMValueRef cw_ptx_read(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word type);
LLVMValueRef cw_ptx_read_as(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMTypeRef type);
LLVMValueRef cw_ptx_read_register(struct cw_ptx_lowering *l, const struct cw_ptx_register *reg);
/* Element `index` of a vector operand; the operand itself if it is no vector. */
const struct cw_ptx_operand *cw_ptx_element(const struct cw_ptx_operand *operand, uint32_t index);
uint32_t cw_ptx_element_count(const struct cw_ptx_operand *operand);

/* Stores a result, extended to the register's width by `is_signed`; a sink takes nothing. The second destination of d|p is written by
 * cw_ptx_write_second; it does nothing where there is none. */
void cw_ptx_write(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef value, bool is_signed);
void cw_ptx_write_second(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, LLVMValueRef value);

/* ---- calls.c ---- */

LLVMValueRef cw_ptx_call(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count);
/* A function of src/library/ptx: "integer_prmt". */
LLVMValueRef cw_ptx_helper(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count);
/* A word of the waist, by its number; integers are resized to what its signature says. */
LLVMValueRef cw_ptx_word_call(struct cw_ptx_lowering *l, enum cw_intrinsic intrinsic, LLVMValueRef *arguments, unsigned count);
/* An LLVM intrinsic overloaded by one type. */
LLVMValueRef cw_ptx_llvm(struct cw_ptx_lowering *l, const char *name, LLVMTypeRef overload, LLVMValueRef *arguments, unsigned count);
LLVMValueRef cw_ptx_llvm1(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a);
LLVMValueRef cw_ptx_llvm2(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a, LLVMValueRef b);
LLVMValueRef cw_ptx_llvm3(struct cw_ptx_lowering *l, const char *name, LLVMValueRef a, LLVMValueRef b, LLVMValueRef c);
/* The function type of a word of the waist. */
LLVMTypeRef cw_ptx_word_type(struct cw_ptx_lowering *l, enum cw_intrinsic intrinsic);

/* ---- helpers.c, passes.c ---- */

#define CW_PTX_HELPER_PREFIX "__cw_ptx_"
/* Links the helpers that the module calls. */
cw_status cw_ptx_link_helpers(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;
/* LLVM's passes, as opt's -passes names them, over the module, and over one function. */
cw_status cw_ptx_run_passes(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *passes) CW_MUST_USE;
cw_status cw_ptx_run_passes_on(struct cw_compiler *compiler, LLVMValueRef function, const char *passes) CW_MUST_USE;

/* ---- address.c ---- */

/* The generic pointer to a variable or function. */
LLVMValueRef cw_ptx_symbol_pointer(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol);
/* Its address in its own state space, as an integer of `bits`. */
LLVMValueRef cw_ptx_symbol_address(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol, int64_t offset, unsigned bits);
/* The generic pointer that an ADDRESS operand means in `space` (CW_PTX_NONE: generic). */
LLVMValueRef cw_ptx_pointer(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_ptx_word space);
/* An integer address in `space` as a generic pointer, and back, as an integer of the pointer's width. */
LLVMValueRef cw_ptx_to_pointer(struct cw_ptx_lowering *l, LLVMValueRef address, enum cw_ptx_word space);
LLVMValueRef cw_ptx_from_pointer(struct cw_ptx_lowering *l, LLVMValueRef pointer, enum cw_ptx_word space);
/* True for .shared and its cta form. */
bool cw_ptx_is_shared(enum cw_ptx_word space);

/* ---- variable.c, function.c ---- */

void cw_ptx_declare_variable(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol);
void cw_ptx_define_variable(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol);
/* The LLVM type of a function by its parameters and results. */
LLVMTypeRef cw_ptx_function_type(struct cw_ptx_lowering *l, const struct cw_ptx_function *function);
/* What a parameter or result of a .func is passed as. */
LLVMTypeRef cw_ptx_passed_type(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *symbol);
void cw_ptx_declare_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function);
void cw_ptx_define_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function);
/* The statements of a function into `l->code`, whose entry block and builder are in place. */
void cw_ptx_lower_body(struct cw_ptx_lowering *l, const struct cw_ptx_block *block);
void cw_ptx_begin_function(struct cw_ptx_lowering *l, const struct cw_ptx_function *function, LLVMValueRef code);
void cw_ptx_end_function(struct cw_ptx_lowering *l);
LLVMBasicBlockRef cw_ptx_label(struct cw_ptx_lowering *l, const struct cw_ptx_symbol *label);
/* A new block, and the builder behind a jump to it. */
LLVMBasicBlockRef cw_ptx_block(struct cw_ptx_lowering *l, const char *name);

void cw_ptx_lowering_init(struct cw_ptx_lowering *l, struct cw_compiler *compiler, const struct cw_ptx_module *ptx, LLVMModuleRef llvm);
void cw_ptx_lowering_fini(struct cw_ptx_lowering *l);

/* ---- instruction.c ---- */

/* True if the instruction does nothing but compute its results. */
bool cw_ptx_is_pure(const struct cw_ptx_instruction *i);
void cw_ptx_lower_instruction(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i);
/* The part of shared memory that the system keeps (reserved.c): an offset of it; and, when all is lowered, clearing it. */
LLVMValueRef cw_ptx_reserved_shared(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand);
void cw_ptx_clear_reserved(struct cw_ptx_lowering *l);
LLVMValueRef cw_ptx_special_register(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand);

/* ---- exit.c ---- */

/* Inlines the functions that end the thread, until only kernels do. */
cw_status cw_ptx_settle_exits(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;

/* ---- reroll.c ---- */

/* Makes one loop of loops that were unrolled, in SSA form and before pointers are recovered. True if it did, so that simplifycfg has to run. */
bool cw_ptx_reroll(LLVMValueRef function);

/* ---- exponential.c ---- */

/* Exponentials as nvcc expands them. In SSA form. */
void cw_ptx_settle_exponentials(LLVMModuleRef llvm);

/* ---- pointers.c ---- */

/* Makes pointers of the integers that addresses are computed with, in SSA form. */
/* indices.c: 32-bit sums in addresses, so that threads' neighbours are seen. Before pointers are recovered, in SSA form. */
void cw_ptx_split_indices(LLVMValueRef function);
void cw_ptx_recover_pointers(LLVMModuleRef llvm);
void cw_ptx_recover_function(LLVMValueRef function);

/* ---- The families of instructions: integer.c, video.c, float.c, half.c, convert.c, compare.c, memory.c, atomic.c, warp.c, control.c,
 * texture.c, matrix.c, async.c ---- */

#define CW_PTX_LOWERINGS(X)                                                                                            \
    X(add) X(sub) X(mul) X(mad) X(mul24) X(mad24) X(extended) X(sad) X(div) X(rem) X(abs) X(neg) X(min) X(max) X(popc) X(clz) X(bfind)   \
    X(fns) X(brev) X(bfe) X(bfi) X(szext) X(bmsk) X(dp4a) X(dp2a) X(logic) X(not) X(cnot) X(lop3) X(shl) X(shr) X(shf) X(prmt)          \
    X(video) X(vmad) X(vset) X(simd)                                                                                   \
    X(fma) X(rcp) X(sqrt) X(rsqrt) X(approximate) X(testp) X(copysign)                                                 \
    X(set) X(setp) X(selp) X(slct) X(cvt) X(cvt_pack) X(mov)                                                           \
    X(ld) X(ldu) X(st) X(prefetch) X(isspacep) X(cvta) X(mapa) X(atom) X(red) X(membar) X(fence)                       \
    X(bar) X(vote) X(match) X(redux) X(shfl) X(activemask) X(elect) X(nanosleep) X(trap) X(brkpt) X(nothing)           \
    X(bra) X(brx) X(call) X(ret) X(exit) X(stack)                                                                               \
    X(tex) X(tld4) X(txq) X(suld) X(sust) X(sured) X(suq) X(istypep)                                                                       \
    X(mma) X(wmma) X(ldmatrix) X(stmatrix) X(movmatrix) X(cp) X(mbarrier) X(unsupported)

#define X(name) cw_ptx_lower_function cw_ptx_lower_##name;
CW_PTX_LOWERINGS(X)
#undef X

/* async.c: the bytes of an st.async or red.async arrive at its mbarrier. */
void cw_ptx_complete_bytes(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i);

/* float.c: what others need. */
LLVMValueRef cw_ptx_flush(struct cw_ptx_lowering *l, LLVMValueRef value);    /* subnormals to zero, signs kept */
LLVMValueRef cw_ptx_saturate(struct cw_ptx_lowering *l, LLVMValueRef value); /* to [0, 1]; NaN to +0 */
void cw_ptx_float_arithmetic(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i); /* add sub mul min max abs neg div of floats */
void cw_ptx_half_arithmetic(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i);  /* the same of f16, bf16 and pairs */
LLVMValueRef cw_ptx_half_to_float(struct cw_ptx_lowering *l, LLVMValueRef bits, bool brain);
bool cw_ptx_is_half(enum cw_ptx_word type); /* f16, bf16 or a pair of them */

#endif
