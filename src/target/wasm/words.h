/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words.h: masks as words. The code that widens kernels has masks of <N x i1>, which LLVM's code generator for WebAssembly makes bytes of
 * as soon as there are more than four: comparisons are narrowed lane by lane, and widened again where they select. Here a mask is
 * N / 4 vectors of four 32-bit words, 0 or all ones, which is what the comparisons of 128-bit SIMD give and v128.bitselect takes.
 * words.c keeps the translation, masks.c rewrites what makes and uses masks, masked.c the accesses to memory under them.
 */
#ifndef CW_TARGET_WASM_WORDS_H
#define CW_TARGET_WASM_WORDS_H

#include <llvm-c/Core.h>
#include <llvm-c/Target.h>
#include <stdbool.h>
#include <stddef.h>

#define CW_WORDS_LANES 4u
#define CW_WORDS_PIECES_MAX 16u

/* The pieces of one value: of a mask its words, of another vector its lanes by four. */
struct cw_pieces {
    LLVMValueRef value;
    unsigned count;
    LLVMValueRef piece[CW_WORDS_PIECES_MAX];
};

struct cw_words {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder;
    LLVMTargetDataRef layout;
    LLVMTypeRef i32, words; /* <4 x i32> */
    struct cw_pieces **table; /* by value, open addressing */
    size_t used, room;
    LLVMValueRef *phis; /* masks whose incoming words are still to be added */
    size_t phi_count, phi_room;
};

void cw_words_init(struct cw_words *words, LLVMModuleRef llvm);
void cw_words_fini(struct cw_words *words);
/* Between functions. */
void cw_words_forget(struct cw_words *words);

/* What is known of a value, or NULL; a new row for it. Rows stay where they are until cw_words_forget. */
struct cw_pieces *cw_words_find(const struct cw_words *words, LLVMValueRef value);
struct cw_pieces *cw_words_add(struct cw_words *words, LLVMValueRef value, unsigned count);

/* True of vectors of i1 that are kept as words: 4 to 64 lanes, a multiple of four. */
bool cw_words_is_mask(LLVMTypeRef type);

/* masks.c: a mask's words, made behind where it is defined if they weren't yet. Moves the builder. */
const struct cw_pieces *cw_words_of(struct cw_words *words, LLVMValueRef mask);

/* Lanes [4 k, 4 k + 4) of a vector that is no mask, at the builder's place. */
LLVMValueRef cw_words_part(struct cw_words *words, LLVMValueRef value, unsigned k);
/* The vector of those parts; remembers them for cw_words_part. */
LLVMValueRef cw_words_join(struct cw_words *words, const LLVMValueRef *parts, unsigned count);

/* An LLVM intrinsic of WebAssembly, by its whole name. */
LLVMValueRef cw_words_call(struct cw_words *words, const char *name, LLVMTypeRef result, LLVMValueRef *arguments, unsigned count);
/* Bits of `yes` where the mask's are set, of `no` elsewhere: all <4 x i32>. Constants are folded. */
LLVMValueRef cw_words_select(struct cw_words *words, LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no);
/* Whether any lane, or every lane, of a piece is on: an i1. */
LLVMValueRef cw_words_any(struct cw_words *words, LLVMValueRef piece);
LLVMValueRef cw_words_every(struct cw_words *words, LLVMValueRef piece);
/* `value`, four elements of `bits` each, as integers, and back as `type`. */
LLVMValueRef cw_words_integers(struct cw_words *words, LLVMValueRef value);
LLVMValueRef cw_words_back(struct cw_words *words, LLVMValueRef value, LLVMTypeRef type);
/* A select of four lanes of any type by a piece. */
LLVMValueRef cw_words_blend(struct cw_words *words, LLVMValueRef mask, LLVMValueRef yes, LLVMValueRef no);

/* masked.c: rewrites an access under a mask. False if the instruction is none; it then stays. */
bool cw_words_access(struct cw_words *words, LLVMValueRef call);

#endif
