/* SPDX-License-Identifier: Apache-2.0 */
/*
 * null.c: accesses through a null pointer. WebAssembly has memory at address 0 like anywhere else, and CUDA wants
 * cudaErrorIllegalAddress. So what an access is computed from is replaced, where that is below NULL_BYTES, by the first address behind
 * linear memory: the engine traps at what lies there and up to 4 GiB, and its own test costs nothing.
 *
 * A test a pointer, not an access: kernels get few pointers and compute many addresses from them, so the test is made where a
 * pointer comes from (a parameter, a load, a call), and the computations from there to the accesses are made again on what it
 * gave. What compares or keeps the pointer sees the one that was given. Variables and memory of the function have addresses of
 * their own and need none. Kernels compiled without optimisation (-G) test every address at its access: there a small number that
 * is no null pointer, or an index that leads back to the start of memory, is found too.
 *
 * Run before masks.c: lanes that are off must not trap, which is what accesses under masks take care of.
 */
#include <string.h>

#include "target/wasm/wasm.h"
#include "target/wasm/words.h"

enum { NULL_BYTES = 1024, PAGE_BITS = 16, DEPTH_MAX = 64 };

struct guard {
    struct cw_words words; /* for its table, of one piece a pointer, and its builder */
    LLVMValueRef function, end; /* of linear memory, as a word; NULL until it is asked for */
    bool every;            /* at every access, not where pointers come from */
};

static LLVMValueRef guarded(struct guard *guard, LLVMValueRef pointer, unsigned depth);

static LLVMValueRef end_of_memory(struct guard *guard) {
    struct cw_words *words = &guard->words;
    if (!guard->end) {
        LLVMBuilderRef kept = words->builder; /* it stays where it is */
        words->builder = LLVMCreateBuilderInContext(words->context);
        LLVMPositionBuilderBefore(words->builder, LLVMGetFirstInstruction(LLVMGetEntryBasicBlock(guard->function)));
        LLVMValueRef memory = LLVMConstNull(words->i32), pages = cw_words_call(words, "llvm.wasm.memory.size.i32", words->i32, &memory, 1);
        guard->end = LLVMBuildShl(words->builder, pages, LLVMConstInt(words->i32, PAGE_BITS, 0), "");
        LLVMDisposeBuilder(words->builder);
        words->builder = kept;
    }
    return guard->end;
}

static LLVMValueRef splat(struct guard *guard, LLVMValueRef word, LLVMTypeRef like) {
    struct cw_words *words = &guard->words;
    if (LLVMGetTypeKind(like) != LLVMVectorTypeKind) return word;
    unsigned lanes = LLVMGetVectorSize(like);
    LLVMTypeRef type = LLVMVectorType(words->i32, lanes);
    LLVMValueRef one = LLVMBuildInsertElement(words->builder, LLVMGetPoison(type), word, LLVMConstNull(words->i32), "");
    return LLVMBuildShuffleVector(words->builder, one, LLVMGetPoison(type), LLVMConstNull(LLVMVectorType(words->i32, lanes)), "");
}

static LLVMValueRef root_of(LLVMValueRef pointer) {
    while (LLVMIsAGetElementPtrInst(pointer) || LLVMIsAAddrSpaceCastInst(pointer)) pointer = LLVMGetOperand(pointer, 0);
    return pointer;
}

static bool has_in_name(LLVMValueRef value, const char *text) {
    size_t length;
    const char *name = LLVMGetValueName2(value, &length);
    return memmem(name, length, text, strlen(text)) != NULL;
}

/* The runtime's own, which are never null: what the target's functions, which have dots in their names, get (the kernel's arguments and
 * the block, backend/cpu/artifact.h), and what the block and the runtime's variables lead to. */
static bool is_runtimes(LLVMValueRef pointer) {
    bool loaded = false;
    for (pointer = root_of(pointer); LLVMIsALoadInst(pointer); pointer = root_of(LLVMGetOperand(pointer, 0))) loaded = true;
    if (LLVMIsAArgument(pointer)) {
        LLVMValueRef function = LLVMGetParamParent(pointer);
        return has_in_name(function, ".") && !(loaded && pointer == LLVMGetParam(function, 0));
    }
    return LLVMIsAGlobalVariable(pointer) && has_in_name(pointer, "cw_cpu_");
}

/* The test itself, at the builder's place. */
static LLVMValueRef test(struct guard *guard, LLVMValueRef pointer) {
    struct cw_words *words = &guard->words;
    LLVMTypeRef type = LLVMTypeOf(pointer);
    bool vector = LLVMGetTypeKind(type) == LLVMVectorTypeKind;
    LLVMTypeRef integers = vector ? LLVMVectorType(words->i32, LLVMGetVectorSize(type)) : words->i32;
    LLVMValueRef end = end_of_memory(guard), bound = LLVMConstInt(words->i32, NULL_BYTES, 0);
    LLVMValueRef word = LLVMBuildPtrToInt(words->builder, pointer, integers, "");
    LLVMValueRef low = LLVMBuildICmp(words->builder, LLVMIntULT, word, splat(guard, bound, type), "");
    LLVMValueRef other = LLVMBuildIntToPtr(words->builder, splat(guard, end, type), type, "");
    return LLVMBuildSelect(words->builder, low, other, pointer, "");
}

static void behind(struct guard *guard, LLVMValueRef instruction) {
    LLVMValueRef next = LLVMGetNextInstruction(instruction);
    while (next && LLVMIsAPHINode(next)) next = LLVMGetNextInstruction(next);
    LLVMPositionBuilderBefore(guard->words.builder, next);
}

static LLVMValueRef remember(struct guard *guard, LLVMValueRef pointer, LLVMValueRef result) {
    cw_words_add(&guard->words, pointer, 1)->piece[0] = result;
    return result;
}

/* The same computation from other pointers. `first` to `last` are the operands that are pointers. */
static LLVMValueRef again(struct guard *guard, LLVMValueRef instruction, unsigned first, unsigned last, unsigned depth) {
    LLVMValueRef operands[2];
    bool differs = false;
    for (unsigned i = first; i <= last; i++) {
        LLVMValueRef operand = LLVMGetOperand(instruction, i);
        operands[i - first] = guarded(guard, operand, depth + 1);
        differs |= operands[i - first] != operand;
    }
    if (!differs) return instruction;
    LLVMValueRef copy = LLVMInstructionClone(instruction);
    behind(guard, instruction);
    LLVMInsertIntoBuilder(guard->words.builder, copy);
    for (unsigned i = first; i <= last; i++) LLVMSetOperand(copy, i, operands[i - first]);
    return copy;
}

/* Another pointer that goes round the loop beside the first; what doesn't compare the first leaves one of them. */
static LLVMValueRef another_phi(struct guard *guard, LLVMValueRef phi, unsigned depth) {
    struct cw_words *words = &guard->words;
    LLVMPositionBuilderBefore(words->builder, phi);
    LLVMValueRef other = remember(guard, phi, LLVMBuildPhi(words->builder, LLVMTypeOf(phi), ""));
    for (unsigned i = 0; i < LLVMCountIncoming(phi); i++) {
        LLVMBasicBlockRef from = LLVMGetIncomingBlock(phi, i);
        LLVMValueRef value = guarded(guard, LLVMGetIncomingValue(phi, i), depth + 1);
        LLVMAddIncoming(other, &value, &from, 1);
    }
    return other;
}

/* What accesses use in the pointer's place. */
static LLVMValueRef guarded(struct guard *guard, LLVMValueRef pointer, unsigned depth) {
    struct cw_words *words = &guard->words;
    const struct cw_pieces *known = cw_words_find(words, pointer);
    if (known) return known->piece[0];
    if (LLVMIsAConstant(pointer)) { /* of undefined lanes nothing is accessed */
        if (!LLVMIsNull(pointer)) return pointer;
        (void)end_of_memory(guard);
        LLVMPositionBuilderBefore(words->builder, LLVMGetNextInstruction(guard->end));
        return remember(guard, pointer, LLVMBuildIntToPtr(words->builder, splat(guard, guard->end, LLVMTypeOf(pointer)), LLVMTypeOf(pointer), ""));
    }
    if (LLVMIsAAllocaInst(pointer) || is_runtimes(pointer)) return pointer;
    if (LLVMIsAArgument(pointer)) {
        (void)end_of_memory(guard);
        behind(guard, guard->end);
        return remember(guard, pointer, test(guard, pointer));
    }
    if (!LLVMIsAInstruction(pointer)) return pointer;
    if (depth < DEPTH_MAX) {
        switch (LLVMGetInstructionOpcode(pointer)) {
        case LLVMGetElementPtr:
        case LLVMAddrSpaceCast:
        case LLVMBitCast:
        case LLVMFreeze:
        case LLVMExtractElement: return remember(guard, pointer, again(guard, pointer, 0, 0, depth));
        case LLVMInsertElement:
        case LLVMShuffleVector: return remember(guard, pointer, again(guard, pointer, 0, 1, depth));
        case LLVMSelect: return remember(guard, pointer, again(guard, pointer, 1, 2, depth));
        case LLVMPHI: return another_phi(guard, pointer, depth);
        default: break;
        }
    }
    behind(guard, pointer);
    return remember(guard, pointer, test(guard, pointer));
}

/* Whose memory a pointer leads to is known: a variable, or the function's own. */
static bool is_own(LLVMValueRef pointer) {
    pointer = root_of(pointer);
    return LLVMIsAAllocaInst(pointer) || (LLVMIsAConstant(pointer) && !LLVMIsNull(pointer)) || is_runtimes(pointer);
}

static void guard_operand(struct guard *guard, LLVMValueRef access, unsigned index) {
    LLVMValueRef pointer = LLVMGetOperand(access, index);
    if (guard->every) {
        if (is_own(pointer)) return;
        (void)end_of_memory(guard);
        LLVMPositionBuilderBefore(guard->words.builder, access);
        LLVMSetOperand(access, index, test(guard, pointer));
        return;
    }
    LLVMValueRef other = guarded(guard, pointer, 0);
    if (other != pointer) LLVMSetOperand(access, index, other);
}

/* The operands of an intrinsic that are addresses, as bits. */
static unsigned addresses_of(LLVMValueRef call) {
    static const struct {
        const char *name;
        unsigned operands;
    } rows[] = {{"llvm.masked.load.", 1}, {"llvm.masked.gather.", 1}, {"llvm.masked.store.", 2}, {"llvm.masked.scatter.", 2},
                {"llvm.memcpy.", 3},      {"llvm.memmove.", 3},       {"llvm.memset.", 1}};
    LLVMValueRef callee = LLVMGetCalledValue(call);
    if (!LLVMIsAFunction(callee)) return 0;
    size_t length;
    const char *name = LLVMGetValueName2(callee, &length);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strncmp(name, rows[i].name, strlen(rows[i].name)) == 0) return rows[i].operands;
    }
    return 0;
}

static void guard_access(struct guard *guard, LLVMValueRef instruction) {
    unsigned operands = 0;
    switch (LLVMGetInstructionOpcode(instruction)) {
    case LLVMLoad:
    case LLVMAtomicRMW:
    case LLVMAtomicCmpXchg: operands = 1; break;
    case LLVMStore: operands = 2; break;
    case LLVMCall: operands = addresses_of(instruction); break;
    default: break;
    }
    for (unsigned i = 0; operands >> i; i++) {
        if (operands >> i & 1) guard_operand(guard, instruction, i);
    }
}

void cw_wasm_guard_null(LLVMModuleRef llvm, bool every) {
    struct guard guard = {.every = every};
    cw_words_init(&guard.words, llvm);
    for (LLVMValueRef function = LLVMGetFirstFunction(llvm); function; function = LLVMGetNextFunction(function)) {
        guard.function = function;
        guard.end = NULL;
        cw_words_forget(&guard.words);
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef instruction = LLVMGetFirstInstruction(block), next; instruction; instruction = next) {
                next = LLVMGetNextInstruction(instruction);
                guard_access(&guard, instruction);
            }
        }
    }
    cw_words_fini(&guard.words);
}
