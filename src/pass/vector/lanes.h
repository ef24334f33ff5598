/* SPDX-License-Identifier: Apache-2.0 */
/* lanes.h: loops over the active lanes of the block being widened, of which at least one is on. */
#ifndef CW_PASS_VECTOR_LANES_H
#define CW_PASS_VECTOR_LANES_H

#include "pass/vector/state.h"

struct cw_vector_lanes {
    LLVMBasicBlockRef head;
    LLVMValueRef bits, result;
    LLVMValueRef lane; /* i32: the lane whose turn it is */
};

/* Begins the loop; `result` is the vector type that its turns fill, or NULL. What is emitted next is a turn. */
void cw_vector_begin_lanes(struct cw_vector *v, struct cw_vector_lanes *loop, LLVMTypeRef result);
/* Ends the turn with the lane's result, and the loop. Returns the vector of results, or NULL. */
LLVMValueRef cw_vector_end_lanes(struct cw_vector *v, struct cw_vector_lanes *loop, LLVMValueRef scalar);
/* The element of `vector` (or of a struct of vectors) that `lane` has. */
LLVMValueRef cw_vector_lane_of(struct cw_vector *v, LLVMValueRef vector, LLVMValueRef lane);

#endif
