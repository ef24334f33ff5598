/* SPDX-License-Identifier: Apache-2.0 */
/* state.h: what the files of the vectoriser share: facts of the scalar body, and where the widened one stands. */
#ifndef CW_PASS_VECTOR_STATE_H
#define CW_PASS_VECTOR_STATE_H

#include <llvm-c/DebugInfo.h>
#include <llvm-c/Target.h>

#include "pass/cfg.h"
#include "pass/pass.h"
#include "pass/vector/vector.h"

/*
 * How a value depends on the lane.
 *   UNIFORM   the same in every active lane: kept as one scalar.
 *   STRIDED   base + lane * stride, modulo the type's width: kept as the scalar base, the value of lane 0. Pointers count bytes.
 *   VARYING   a vector with an element a lane.
 * Only active lanes count; what a vector holds in the others is never observed.
 *
 * Parts: what differs between the vectors that run side by side has a scalar, base or vector for each of them.
 */
enum cw_shape_kind { CW_SHAPE_UNKNOWN, CW_SHAPE_UNIFORM, CW_SHAPE_STRIDED, CW_SHAPE_VARYING };

struct cw_shape {
    enum cw_shape_kind kind;
    bool exact_signed, exact_unsigned; /* the lanes don't wrap around, seen as signed or unsigned numbers */
    bool parts;                        /* differs between parts */
    bool hint;                         /* VARYING, and strided by `stride` unless lanes wrap, which a test can tell */
    uint8_t align;                     /* the value, or the base, is a multiple of 2^align; not more than 30 */
    uint8_t group;                     /* not 0: parts go on rising where lanes end, and part 0's base is a multiple of 2^group */
    int64_t stride;
};

/* An instruction or argument of the scalar body. */
struct cw_vector_value {
    LLVMValueRef old;
    struct cw_shape shape;
    /* By part; [0] for what all parts have in common. */
    LLVMValueRef slot[CW_VECTOR_PARTS_MAX];     /* where it lies between blocks, or NULL: SROA makes registers of it */
    LLVMValueRef phi_slot[CW_VECTOR_PARTS_MAX]; /* of a phi: where its incoming value is left on an edge */
    LLVMValueRef now[CW_VECTOR_PARTS_MAX];      /* its value, at the builder's place, if `epoch` is the current one */
    uint32_t epoch[CW_VECTOR_PARTS_MAX];
    bool by_lane;          /* an alloca whose elements lie lane by lane (memory.c) */
};

struct cw_vector_block {
    bool divergent;          /* lanes may be switched off here that were on at the function's entry */
    bool divergent_branch;   /* its own branch sends lanes different ways */
    LLVMBasicBlockRef enter; /* where forward edges arrive: tests the mask, or leads straight to `body` */
    LLVMBasicBlockRef body;
    LLVMValueRef mask_slot[CW_VECTOR_PARTS_MAX]; /* NULL unless divergent */
    bool twice;              /* its instructions are emitted for all lanes on, and for some */
    LLVMBasicBlockRef together, rest; /* in a loop with a second form (together.c): the block there; where it can go on here */
    uint32_t node;           /* place in the schedule */
};

struct cw_vector_loop {
    bool divergent;               /* lanes leave it at different times */
    LLVMBasicBlockRef end;        /* of a divergent loop: where an iteration ends */
    LLVMBasicBlockRef gate;       /* where the header is entered, if the loop has a second form; else NULL */
    LLVMValueRef *unwrapped;      /* the header's STRIDED phis whose lanes don't wrap around in the second form; NULL ends them */
    LLVMValueRef back_slot[CW_VECTOR_PARTS_MAX]; /* of a divergent loop: the lanes that go round again */
    uint32_t end_node;
    bool *exits;                  /* by block: exits that lanes have left to; of a divergent loop */
    bool *outer;                  /* by node: what was deferred when the loop was entered */
};

/* The schedule: blocks and the ends of divergent loops, each loop contiguous. */
struct cw_vector_node {
    uint32_t block; /* or CW_CFG_NONE */
    uint32_t loop;  /* whose end it is, or CW_CFG_NONE */
    bool *deferred; /* by node: where else lanes may be waiting when this node is reached */
};

struct cw_vector {
    LLVMModuleRef llvm;
    LLVMContextRef context;
    LLVMBuilderRef builder, allocas;
    LLVMTypeRef i1, i8, i32, i64, pointer;
    LLVMValueRef function;
    const struct cw_vector_plan *plan;
    const struct cw_reach *reach;
    struct cw_text *why;
    bool failed;

    struct cw_cfg cfg;
    uint32_t *immediate_post_dominator; /* by block; CW_CFG_NONE for the exit */
    struct cw_vector_block *blocks;
    struct cw_vector_loop *loops;
    uint32_t node_count;
    struct cw_vector_node *nodes;

    struct cw_vector_value *values;
    size_t value_count;
    uint32_t *table; /* open addressing: value by address */
    size_t table_size;

    uint32_t streams, streamed; /* parameters, by their bits, through which stores may go past the caches, and have been made to */
    uint64_t local_bytes;   /* of all lanes' arrays so far */
    uint64_t frame_bytes, small_place; /* the second: behind the last small thing in the frame */
    uint32_t block;         /* the one being widened */
    LLVMValueRef widened;   /* its instruction that is */
    uint32_t epoch;
    bool aside;              /* the builder stands in code that isn't always passed */
    uint32_t together;       /* the loop whose second form is being emitted, or CW_CFG_NONE */
    bool masks_matter;       /* and in code for blocks of which some lanes are off: accesses needn't ask whether all are on */
    unsigned parts;
    unsigned part;           /* the one being widened */
    LLVMValueRef first, x, y, z; /* of that part */
    struct {
        LLVMValueRef first, x, y, z;
        LLVMValueRef mask;
    } of_part[CW_VECTOR_PARTS_MAX];
    LLVMValueRef frame, state, votes; /* NULL unless groups return at barriers */
    LLVMValueRef choice;              /* the switch that goes to where the group stands; NULL while there is none */
    struct cw_vector_wait *wait_list;
    size_t wait_count, wait_capacity;
    LLVMBasicBlockRef slots, dispatch; /* where slots are, and what goes to where the group stands */
    LLVMValueRef entry_mask; /* lanes that exist; NULL: all */
    LLVMValueRef mask;       /* of the block and part being widened; NULL: all */
    LLVMValueRef union_mask; /* lanes that are on in any part; NULL: all, or not computed yet */
};

/* ---- vector.c ---- */
struct cw_vector_value *cw_vector_find(struct cw_vector *v, LLVMValueRef old); /* NULL for constants */
struct cw_shape cw_vector_shape(struct cw_vector *v, LLVMValueRef old);
static inline bool cw_is_uniform(struct cw_vector *v, LLVMValueRef old) {
    return cw_vector_shape(v, old).kind == CW_SHAPE_UNIFORM;
}
/* How many scalars or vectors the value has. */
static inline unsigned cw_vector_parts_of(struct cw_vector *v, LLVMValueRef old) {
    return cw_vector_shape(v, old).parts ? v->parts : 1;
}
/* What is emitted next is `part`'s. */
void cw_vector_set_part(struct cw_vector *v, unsigned part);
/* What is emitted next is common to all parts: its lanes are those that are on in any. */
void cw_vector_set_common(struct cw_vector *v);
/* Loads the masks of the block being widened. */
void cw_vector_load_masks(struct cw_vector *v);
/* Ends the attempt: "FILE:LINE: reason". Only the first reason is kept. */
void cw_vector_refuse(struct cw_vector *v, LLVMValueRef where, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Notes what runs slower than it could. */
void cw_vector_remark(struct cw_vector *v, LLVMValueRef where, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- prepare.c: before the analyses ---- */
bool cw_vector_prepare(struct cw_vector *v, struct cw_vector_needs *needs);
/* blend.c: stores to shared memory under a condition that may as well be made always. True if there were any. */
bool cw_vector_blend_stores(struct cw_vector *v);
/* signs.c: shifts of numbers that are never negative don't copy signs. True if there were any. */
bool cw_vector_know_signs(struct cw_vector *v);
/* masks.c: bits are masked before they are shifted down. */
void cw_vector_mask_first(struct cw_vector *v);
/* strides.c: one loop whose number is halved gets bodies for the small ones. True if there was one. */
bool cw_vector_split_strides(struct cw_vector *v);
/* When everything is emitted. */
void cw_vector_tidy(struct cw_vector *v);

/* ---- shape.c, legal.c, schedule.c ---- */
void cw_vector_analyse(struct cw_vector *v);
void cw_vector_check(struct cw_vector *v);
void cw_vector_schedule(struct cw_vector *v);

/* ---- control.c: emits everything ---- */
void cw_vector_emit(struct cw_vector *v);
/* The instructions of a scalar block without its terminator, under the masks as they are. */
void cw_vector_emit_instructions(struct cw_vector *v, LLVMBasicBlockRef old);
/* Leaves the phis of `to` their values from `from`. `lanes`: those that take the edge, by part; NULL: all that ever come there. */
void cw_vector_pass_values(struct cw_vector *v, uint32_t from, uint32_t to, LLVMValueRef const *lanes);
/* No lane waits anywhere in an iteration of `loop`. */
void cw_vector_forget_lanes(struct cw_vector *v, uint32_t loop);

/* ---- together.c: loops for lanes that stay together ---- */
void cw_vector_choose_together(struct cw_vector *v);
void cw_vector_emit_together(struct cw_vector *v);
/* True if it is known where the builder stands that the lanes of `old`, as signed numbers, don't wrap around. */
bool cw_vector_is_unwrapped(struct cw_vector *v, LLVMValueRef old);

/* ---- widen.c ---- */
LLVMTypeRef cw_vector_type(struct cw_vector *v, LLVMTypeRef scalar);
LLVMTypeRef cw_vector_mask_type(struct cw_vector *v);
LLVMValueRef cw_vector_all_ones(struct cw_vector *v);
/* The scalar of a UNIFORM value, the base of a STRIDED one. */
LLVMValueRef cw_vector_scalar(struct cw_vector *v, LLVMValueRef old);
/* The vector of a value of any shape. */
LLVMValueRef cw_vector_wide(struct cw_vector *v, LLVMValueRef old);
LLVMValueRef cw_vector_splat(struct cw_vector *v, LLVMValueRef scalar);
LLVMValueRef cw_vector_iota(struct cw_vector *v, LLVMTypeRef integer, int64_t stride);
void cw_vector_define(struct cw_vector *v, LLVMValueRef old, LLVMValueRef now);
void cw_vector_instruction(struct cw_vector *v, LLVMValueRef instruction);
/* True if `old` has its value of this part where the builder stands, without being loaded. */
bool cw_vector_is_defined(struct cw_vector *v, LLVMValueRef old);
/* True if it can be had there. */
bool cw_vector_is_available(struct cw_vector *v, LLVMValueRef old);
/* A copy of a scalar instruction, with the scalars of its operands. */
LLVMValueRef cw_vector_copy(struct cw_vector *v, LLVMValueRef instruction);
/* The mask of the block being widened as a vector, also when all lanes are on. */
LLVMValueRef cw_vector_mask(struct cw_vector *v);
LLVMValueRef cw_vector_bits(struct cw_vector *v, LLVMValueRef mask); /* <n x i1> to in */
LLVMValueRef cw_vector_any(struct cw_vector *v, LLVMValueRef mask);
LLVMBasicBlockRef cw_vector_append(struct cw_vector *v, const char *name);
/* A call of an LLVM intrinsic overloaded for `types`. */
LLVMValueRef cw_vector_call_llvm(struct cw_vector *v, const char *name, LLVMTypeRef *types, unsigned type_count, LLVMValueRef *arguments,
                                 unsigned count);
/* A call of a function of the waist or of the target by name, of type result(parameters). */
LLVMValueRef cw_vector_call(struct cw_vector *v, const char *name, LLVMTypeRef result, LLVMTypeRef *types, LLVMValueRef *arguments,
                            unsigned count);

/* ---- memory.c ---- */
/* Decides for each local array how it lies: lane by lane where every access is of one size, so that the same element of all
 * lanes is one vector; else each lane's array as a whole. */
void cw_vector_place_arrays(struct cw_vector *v);
/* True if `pointer` points into an array that lies lane by lane. */
bool cw_vector_is_by_lane(struct cw_vector *v, LLVMValueRef pointer);
void cw_vector_alloca(struct cw_vector *v, LLVMValueRef instruction);
void cw_vector_load(struct cw_vector *v, LLVMValueRef instruction);
void cw_vector_store(struct cw_vector *v, LLVMValueRef instruction);
void cw_vector_gep(struct cw_vector *v, LLVMValueRef instruction);

/* ---- interleave.c ---- */
/* An access to one of `count` equal members of a structure, an array of which the lanes go over one by one. If all members are
 * accessed here they are accessed as whole vectors, when the first one is loaded, or the last one stored. False: this access is
 * to be made by itself. */
bool cw_vector_load_group(struct cw_vector *v, LLVMValueRef load, unsigned count);
bool cw_vector_store_group(struct cw_vector *v, LLVMValueRef store, unsigned count);

/* ---- pattern.c ---- */
/* A load whose lanes are apart by constants: its vector, from whole vectors and a permutation; NULL when it isn't of that kind. */
LLVMValueRef cw_vector_load_pattern(struct cw_vector *v, LLVMValueRef load);
/* The same for stores; false: this one is to be made otherwise. */
bool cw_vector_store_pattern(struct cw_vector *v, LLVMValueRef store);

/* ---- stream.c: stores past the caches ---- */
void cw_vector_choose_streams(struct cw_vector *v, struct cw_vector_needs *needs);
/* Stores a whole vector at `address`, lane 0's of `pointer`. */
void cw_vector_store_whole(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef value, LLVMValueRef address, unsigned align);

/* ---- ahead.c ---- */
/* After a load of a whole vector through `pointer`: fetches what the next turn of a loop with barriers, or the next block, will load there. */
void cw_vector_fetch_ahead(struct cw_vector *v, LLVMValueRef pointer, LLVMTypeRef type);

/* ---- neighbours.c ---- */
/* For a pointer whose shape has a hint: the address of lane 0 if the lanes are neighbours, and, as the result, whether they are;
 * NULL when only the vector could tell. */
LLVMValueRef cw_vector_find_neighbours(struct cw_vector *v, LLVMValueRef pointer, LLVMValueRef *base);
/* The vector of such a pointer, computed at the builder's place: where it is needed seldom, it needn't be there before. */
LLVMValueRef cw_vector_wide_again(struct cw_vector *v, LLVMValueRef old);

/* ---- lanes.c: one lane after another ---- */
void cw_vector_by_lane(struct cw_vector *v, LLVMValueRef instruction);
/* A branch on whether all lanes of `mask` are on, to blocks[0] if so, else blocks[1]; both are new and empty. */
void cw_vector_branch_on_all(struct cw_vector *v, LLVMValueRef mask, LLVMBasicBlockRef blocks[2]);
/* The value of the last active lane. */
LLVMValueRef cw_vector_last(struct cw_vector *v, LLVMValueRef vector);

/* ---- suspend.c: groups that return at barriers ---- */
struct cw_vector_wait {
    LLVMBasicBlockRef leave, resume;
};
/* Ends the group's turn here; what is emitted next runs in its next turn. */
void cw_vector_wait(struct cw_vector *v);
/* Room in the frame: its address. */
LLVMValueRef cw_vector_frame_place(struct cw_vector *v, uint64_t bytes);
/* When everything is emitted: what lives over a wait goes to the frame and back. `begin` is where state 0 starts. */
void cw_vector_finish_waits(struct cw_vector *v, LLVMBasicBlockRef begin);
/* True if lanes may wait in the block, so that values in it don't stay where they are. */
bool cw_vector_waits_in(struct cw_vector *v, LLVMBasicBlockRef block);

/* ---- calls.c, collective.c ---- */
struct cw_shape cw_vector_call_shape(struct cw_vector *v, LLVMValueRef call);
void cw_vector_call_instruction(struct cw_vector *v, LLVMValueRef call);
bool cw_vector_is_collective(enum cw_intrinsic intrinsic);
bool cw_vector_is_barrier(enum cw_intrinsic intrinsic);
/* True if the call is made once for all lanes and parts. */
bool cw_vector_is_once(LLVMValueRef call);
/* True if the call does anything but compute. */
bool cw_vector_has_effects(LLVMValueRef call);
struct cw_shape cw_vector_collective_shape(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic);
void cw_vector_collective(struct cw_vector *v, LLVMValueRef call, enum cw_intrinsic intrinsic);

#endif
