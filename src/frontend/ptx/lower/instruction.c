/* SPDX-License-Identifier: Apache-2.0 */
/* instruction.c: which function lowers which opcode, and special registers (PTX ISA 10). */
#include "cudawasm/cw_backend.h"
#include "frontend/ptx/lower/state.h"

struct row {
    cw_ptx_lower_function *lower;
    bool pure; /* does nothing but compute its results */
};

static const struct row rows[CW_PTX_OPCODE_COUNT] = {
#define PURE(opcode, name) [CW_PTX_OP_##opcode] = {cw_ptx_lower_##name, true},
#define EFFECT(opcode, name) [CW_PTX_OP_##opcode] = {cw_ptx_lower_##name, false},
    /* Integers. */
    PURE(ADD, add) PURE(SUB, sub) PURE(MUL, mul) PURE(MAD, mad) PURE(MUL24, mul24) PURE(MAD24, mad24) PURE(SAD, sad) PURE(DIV, div)
    PURE(REM, rem) PURE(ABS, abs) PURE(NEG, neg) PURE(MIN, min) PURE(MAX, max) PURE(POPC, popc) PURE(CLZ, clz) PURE(BFIND, bfind)
    PURE(FNS, fns) PURE(BREV, brev) PURE(BFE, bfe) PURE(BFI, bfi) PURE(SZEXT, szext) PURE(BMSK, bmsk) PURE(DP4A, dp4a) PURE(DP2A, dp2a)
    PURE(ADDC, extended) PURE(SUBC, extended) PURE(MADC, extended)
    PURE(AND, logic) PURE(OR, logic) PURE(XOR, logic) PURE(NOT, not) PURE(CNOT, cnot) PURE(LOP3, lop3) PURE(SHL, shl) PURE(SHR, shr)
    PURE(SHF, shf) PURE(PRMT, prmt)
    PURE(VADD, video) PURE(VSUB, video) PURE(VABSDIFF, video) PURE(VMIN, video) PURE(VMAX, video) PURE(VSHL, video) PURE(VSHR, video)
    PURE(VMAD, vmad) PURE(VSET, vset)
    PURE(VADD2, simd) PURE(VSUB2, simd) PURE(VAVRG2, simd) PURE(VABSDIFF2, simd) PURE(VMIN2, simd) PURE(VMAX2, simd) PURE(VSET2, simd)
    PURE(VADD4, simd) PURE(VSUB4, simd) PURE(VAVRG4, simd) PURE(VABSDIFF4, simd) PURE(VMIN4, simd) PURE(VMAX4, simd) PURE(VSET4, simd)
    /* Floating point. */
    PURE(FMA, fma) PURE(RCP, rcp) PURE(SQRT, sqrt) PURE(RSQRT, rsqrt) PURE(SIN, approximate) PURE(COS, approximate) PURE(LG2, approximate)
    PURE(EX2, approximate) PURE(TANH, approximate) PURE(TESTP, testp) PURE(COPYSIGN, copysign)
    /* Comparison, selection, conversion. */
    PURE(SET, set) PURE(SETP, setp) PURE(SELP, selp) PURE(SLCT, slct) PURE(CVT, cvt) PURE(CVTA, cvta) PURE(ISSPACEP, isspacep) PURE(MOV, mov)
    PURE(CREATEPOLICY, nothing)
    /* Memory. */
    EFFECT(LD, ld) EFFECT(LDU, ldu) EFFECT(ST, st) EFFECT(PREFETCH, prefetch) EFFECT(PREFETCHU, prefetch) EFFECT(APPLYPRIORITY, prefetch)
    EFFECT(DISCARD, prefetch) EFFECT(MAPA, mapa) EFFECT(GETCTARANK, mapa) EFFECT(CP, cp) EFFECT(MBARRIER, mbarrier)
    EFFECT(ATOM, atom) EFFECT(RED, red) EFFECT(MEMBAR, membar) EFFECT(FENCE, fence)
    /* Threads together. */
    EFFECT(BAR, bar) EFFECT(BARRIER, bar) EFFECT(VOTE, vote) EFFECT(MATCH, match) EFFECT(REDUX, redux) EFFECT(SHFL, shfl)
    EFFECT(ACTIVEMASK, activemask) EFFECT(ELECT, elect) EFFECT(MMA, mma) EFFECT(WMMA, wmma) EFFECT(LDMATRIX, ldmatrix)
    EFFECT(STMATRIX, stmatrix) EFFECT(MOVMATRIX, movmatrix)
    /* Textures and surfaces. */
    EFFECT(TEX, tex) EFFECT(TLD4, tld4) EFFECT(TXQ, txq) EFFECT(SULD, suld) EFFECT(SUST, sust) EFFECT(SURED, sured) EFFECT(SUQ, suq) EFFECT(ISTYPEP, istypep)
    /* Control flow and the rest. */
    EFFECT(BRA, bra) EFFECT(BRX, brx) EFFECT(CALL, call) EFFECT(RET, ret) EFFECT(EXIT, exit) EFFECT(TRAP, trap) EFFECT(BRKPT, brkpt)
    EFFECT(NANOSLEEP, nanosleep) EFFECT(PMEVENT, nothing) EFFECT(SETMAXNREG, nothing) EFFECT(GRIDDEPCONTROL, nothing)
    EFFECT(STACKSAVE, stack) EFFECT(STACKRESTORE, stack) EFFECT(ALLOCA, stack)
#undef PURE
#undef EFFECT
};

bool cw_ptx_is_pure(const struct cw_ptx_instruction *i) {
    return rows[i->opcode].pure;
}

void cw_ptx_lower_unsupported(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    struct cw_text text = {0};
    cw_ptx_print_instruction(i, &text);
    cw_ptx_refuse(l, i->span, "this instruction is not supported: %s", cw_text_string(&text));
    cw_text_fini(&text);
}

void cw_ptx_lower_instruction(struct cw_ptx_lowering *l, const struct cw_ptx_instruction *i) {
    cw_ptx_lower_function *lower = rows[i->opcode].lower;
    if (i->opcode == CW_PTX_OP_CVT && cw_ptx_has(i, CW_PTX_PACK)) lower = cw_ptx_lower_cvt_pack;
    (lower ? lower : cw_ptx_lower_unsupported)(l, i);
}

/* ---- Special registers ---- */

static const char *const special_names[] = {
#define CW_PTX_SPECIAL(name, text, type, vector, count, isa, sm) text,
#include "frontend/ptx/specials.def"
};

/* What CUDA's limits say of a special register: its values are below this; 0 when they say nothing. */
static uint64_t limit_of(enum cw_intrinsic intrinsic) {
    switch (intrinsic) {
    case CW_INTRINSIC_LANEID: return 32;
    case CW_INTRINSIC_TID_X:
    case CW_INTRINSIC_TID_Y: return 1024;
    case CW_INTRINSIC_TID_Z: return 64;
    case CW_INTRINSIC_NTID_X:
    case CW_INTRINSIC_NTID_Y: return 1025;
    case CW_INTRINSIC_NTID_Z: return 65;
    case CW_INTRINSIC_CTAID_Y:
    case CW_INTRINSIC_CTAID_Z: return 65535;
    default: return 0;
    }
}

/* The limit lets sums and products of the register be known not to wrap around, which PTX can't say. */
static LLVMValueRef word(struct cw_ptx_lowering *l, enum cw_intrinsic intrinsic) {
    LLVMValueRef call = cw_ptx_word_call(l, intrinsic, NULL, 0);
    uint64_t low = 0, high = limit_of(intrinsic);
    if (high) LLVMAddCallSiteAttribute(call, 0, LLVMCreateConstantRangeAttribute(l->context, cw_attribute_kind("range"), 32, &low, &high));
    return call;
}

/* One of three words by the operand's component; a fourth component is `otherwise`. */
static LLVMValueRef component(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_intrinsic x, uint32_t otherwise) {
    unsigned n = operand->component == CW_PTX_NO_COMPONENT ? 0 : operand->component;
    return n < 3 ? word(l, (enum cw_intrinsic)(x + n)) : cw_ptx_i32(l, otherwise);
}

static LLVMValueRef low_half(struct cw_ptx_lowering *l, LLVMValueRef value) {
    return LLVMBuildTrunc(l->builder, value, l->i32, "");
}

static LLVMValueRef high_half(struct cw_ptx_lowering *l, LLVMValueRef value) {
    return low_half(l, LLVMBuildLShr(l->builder, value, cw_ptx_constant(l, l->i64, 32), ""));
}

/* The lanes before the own one, plus `extra` bits from it on; complemented if asked for. */
static LLVMValueRef lane_mask(struct cw_ptx_lowering *l, enum cw_ptx_special special) {
    LLVMBuilderRef b = l->builder;
    LLVMValueRef own = LLVMBuildShl(b, cw_ptx_i32(l, 1), word(l, CW_INTRINSIC_LANEID), "");
    LLVMValueRef less = LLVMBuildSub(b, own, cw_ptx_i32(l, 1), "");
    switch (special) {
    case CW_PTX_SPECIAL_LANEMASK_EQ: return own;
    case CW_PTX_SPECIAL_LANEMASK_LT: return less;
    case CW_PTX_SPECIAL_LANEMASK_LE: return LLVMBuildOr(b, less, own, "");
    case CW_PTX_SPECIAL_LANEMASK_GE: return LLVMBuildNot(b, less, "");
    default: return LLVMBuildNot(b, LLVMBuildOr(b, less, own, ""), "");
    }
}

static LLVMValueRef warp_count(struct cw_ptx_lowering *l) {
    LLVMBuilderRef b = l->builder;
    LLVMValueRef threads = LLVMBuildMul(b, LLVMBuildMul(b, word(l, CW_INTRINSIC_NTID_X), word(l, CW_INTRINSIC_NTID_Y), ""), word(l, CW_INTRINSIC_NTID_Z), "");
    return LLVMBuildLShr(b, LLVMBuildAdd(b, threads, cw_ptx_i32(l, 31), ""), cw_ptx_i32(l, 5), "");
}

/* A number of blocks along an axis as one of clusters. The component .w is `otherwise`. */
static LLVMValueRef in_clusters(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand, enum cw_intrinsic x, uint32_t otherwise) {
    LLVMValueRef blocks = component(l, operand, x, otherwise), each = component(l, operand, CW_INTRINSIC_CLUSTER_NCTAID_X, 1);
    return LLVMBuildUDiv(l->builder, blocks, each, "");
}

static LLVMValueRef cluster_size(struct cw_ptx_lowering *l) {
    LLVMBuilderRef b = l->builder;
    LLVMValueRef layer = LLVMBuildMul(b, word(l, CW_INTRINSIC_CLUSTER_NCTAID_X), word(l, CW_INTRINSIC_CLUSTER_NCTAID_Y), "");
    return LLVMBuildMul(b, layer, word(l, CW_INTRINSIC_CLUSTER_NCTAID_Z), "");
}

/* nvcc's cooperative groups take the address of the grid's workspace from two of the driver's registers: the high and the low word
 * (cooperative_groups/details/helpers.h). What the others hold is not documented. */
static LLVMValueRef environment(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand) {
    if (operand->index != 1 && operand->index != 2) {
        cw_ptx_refuse(l, operand->span, "the special register %%envreg%u is of NVIDIA's driver and has no counterpart", (unsigned)operand->index);
        return LLVMConstNull(l->i32);
    }
    LLVMValueRef address = LLVMBuildPtrToInt(l->builder, word(l, CW_INTRINSIC_GRID_WORKSPACE), l->i64, "");
    return operand->index == 1 ? high_half(l, address) : low_half(l, address);
}

static LLVMValueRef processor_count(struct cw_ptx_lowering *l) {
    enum { MULTIPROCESSOR_COUNT = 16 }; /* cudaDeviceAttr */
    LLVMValueRef arguments[] = {cw_ptx_i32(l, CW_ASK_ATTRIBUTE), cw_ptx_constant(l, l->i64, MULTIPROCESSOR_COUNT)};
    return low_half(l, cw_ptx_word_call(l, CW_INTRINSIC_ASK, arguments, 2));
}

LLVMValueRef cw_ptx_special_register(struct cw_ptx_lowering *l, const struct cw_ptx_operand *operand) {
    enum cw_ptx_special special = (enum cw_ptx_special)operand->special;
    switch (special) {
    case CW_PTX_SPECIAL_TID: return component(l, operand, CW_INTRINSIC_TID_X, 0);
    case CW_PTX_SPECIAL_NTID: return component(l, operand, CW_INTRINSIC_NTID_X, 1);
    case CW_PTX_SPECIAL_CTAID: return component(l, operand, CW_INTRINSIC_CTAID_X, 0);
    case CW_PTX_SPECIAL_NCTAID: return component(l, operand, CW_INTRINSIC_NCTAID_X, 1);
    case CW_PTX_SPECIAL_LANEID: return word(l, CW_INTRINSIC_LANEID);
    case CW_PTX_SPECIAL_WARPID: return word(l, CW_INTRINSIC_WARPID);
    case CW_PTX_SPECIAL_NWARPID: return warp_count(l);
    case CW_PTX_SPECIAL_SMID: return word(l, CW_INTRINSIC_SMID);
    case CW_PTX_SPECIAL_NSMID: return processor_count(l);
    case CW_PTX_SPECIAL_LANEMASK_EQ:
    case CW_PTX_SPECIAL_LANEMASK_LT:
    case CW_PTX_SPECIAL_LANEMASK_LE:
    case CW_PTX_SPECIAL_LANEMASK_GE:
    case CW_PTX_SPECIAL_LANEMASK_GT: return lane_mask(l, special);
    case CW_PTX_SPECIAL_CLOCK: return word(l, CW_INTRINSIC_CLOCK);
    case CW_PTX_SPECIAL_CLOCK64: return word(l, CW_INTRINSIC_CLOCK64);
    case CW_PTX_SPECIAL_CLOCK_HI: return high_half(l, word(l, CW_INTRINSIC_CLOCK64));
    case CW_PTX_SPECIAL_GLOBALTIMER: return word(l, CW_INTRINSIC_GLOBALTIMER);
    case CW_PTX_SPECIAL_GLOBALTIMER_LO: return low_half(l, word(l, CW_INTRINSIC_GLOBALTIMER));
    case CW_PTX_SPECIAL_GLOBALTIMER_HI: return high_half(l, word(l, CW_INTRINSIC_GLOBALTIMER));
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET_BEGIN:
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET_END:
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET_CAP:
    case CW_PTX_SPECIAL_RESERVED_SMEM_OFFSET: return cw_ptx_reserved_shared(l, operand);
    case CW_PTX_SPECIAL_ENVREG: return environment(l, operand);
    case CW_PTX_SPECIAL_DYNAMIC_SMEM_SIZE: return word(l, CW_INTRINSIC_DYNAMIC_SHARED_SIZE);
    case CW_PTX_SPECIAL_CURRENT_GRAPH_EXEC: return cw_ptx_helper(l, "launch_current_graph", l->i64, NULL, 0);
    case CW_PTX_SPECIAL_IS_EXPLICIT_CLUSTER:
        return LLVMBuildICmp(l->builder, LLVMIntNE, word(l, CW_INTRINSIC_CLUSTER_EXPLICIT), LLVMConstNull(l->i32), "");
    case CW_PTX_SPECIAL_CLUSTERID: return in_clusters(l, operand, CW_INTRINSIC_CTAID_X, 0);
    case CW_PTX_SPECIAL_NCLUSTERID: return in_clusters(l, operand, CW_INTRINSIC_NCTAID_X, 1);
    case CW_PTX_SPECIAL_CLUSTER_CTAID: return component(l, operand, CW_INTRINSIC_CLUSTER_CTAID_X, 0);
    case CW_PTX_SPECIAL_CLUSTER_CTARANK: return word(l, CW_INTRINSIC_CLUSTER_CTARANK);
    case CW_PTX_SPECIAL_CLUSTER_NCTAID: return component(l, operand, CW_INTRINSIC_CLUSTER_NCTAID_X, 1);
    case CW_PTX_SPECIAL_CLUSTER_NCTARANK: return cluster_size(l);
    default:
        cw_ptx_refuse(l, operand->span, "the special register %s is of NVIDIA's driver or hardware and has no counterpart", special_names[special]);
        return LLVMConstNull(l->i64);
    }
}
