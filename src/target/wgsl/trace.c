/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.c: where pointers point.
 *
 * WGSL has no pointers into buffers: an access names a variable and an index. Each pointer is followed to the object that it
 * comes from, through additions, phis and selects. In typed mode the objects of global memory are the kernel's pointer
 * parameters and the module's variables; where a pointer has another origin (it was loaded, or it may come from one of
 * two), all of global memory is one object, the heap, and pointers are byte addresses in it. Shared and local variables are
 * objects of their own until one of their addresses becomes a value that can't be followed; then all of them lie in one array.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/webgpu/artifact.h"
#include "target/wgsl/wgsl.h"

#include <llvm-c/Target.h>

static unsigned space_of(LLVMValueRef pointer) {
    return LLVMGetPointerAddressSpace(LLVMTypeOf(pointer));
}

static LLVMOpcode opcode_of(LLVMValueRef value) {
    if (LLVMIsAInstruction(value)) return LLVMGetInstructionOpcode(value);
    if (LLVMIsAConstantExpr(value)) return LLVMGetConstOpcode(value);
    return (LLVMOpcode)0;
}

uint32_t wgsl_object_add(struct wgsl_shader *shader, enum wgsl_object_kind kind, LLVMValueRef value, const char *name) {
    shader->objects = cw_grow(shader->objects, shader->object_count, &shader->object_capacity, sizeof *shader->objects);
    struct wgsl_object *object = &shader->objects[shader->object_count];
    *object = (struct wgsl_object){.kind = kind, .value = value, .name = name, .element = WGSL_U32};
    if (value) {
        LLVMTypeRef type = LLVMIsAAllocaInst(value) ? LLVMGetAllocatedType(value) : LLVMGlobalGetValueType(value);
        object->words = (LLVMABISizeOfType(shader->layout, type) + 3) / 4;
        wgsl_map_set(&shader->object_of, value, (uint32_t)shader->object_count);
    }
    return (uint32_t)shader->object_count++;
}

/* The pointer parameter that a load from the parameters gives: a typed object of its own. */
static uint32_t parameter_object(struct wgsl_function *f, LLVMValueRef load) {
    struct wgsl_shader *shader = f->shader;
    struct wgsl_place place;
    wgsl_trace(f, LLVMGetOperand(load, 0), &place);
    if (place.count) {
        shader->untyped = "a pointer is chosen among the parameters by an index";
        return shader->heap;
    }
    for (uint32_t o = 0; o < shader->object_count; o++)
        if (shader->objects[o].kind == WGSL_OBJECT_PARAMETER && shader->objects[o].base == (uint64_t)place.offset) return o;
    /* Named after the argument. */
    uint32_t rest;
    const char *name = wgsl_parameter_name(shader, (uint32_t)place.offset, &rest);
    uint32_t object = wgsl_object_add(shader, WGSL_OBJECT_PARAMETER, NULL, wgsl_name(shader, name));
    shader->objects[object].base = (uint64_t)place.offset;
    return object;
}

static uint32_t variable_object(struct wgsl_function *f, LLVMValueRef variable) {
    struct wgsl_shader *shader = f->shader;
    unsigned space = space_of(variable);
    if (space == WGSL_SPACE_PARAMETERS) return shader->parameters;
    if (space == CW_SPACE_SHARED && shader->shared_merged) return shader->shared_all;
    uint32_t object = wgsl_map_get(&shader->object_of, variable);
    if (object != WGSL_NONE && space == CW_SPACE_SHARED) return object;
    if (space != CW_SPACE_SHARED) {
        if (shader->options.heap) return shader->heap;
        if (object != WGSL_NONE) return object;
    }
    /* Dynamic shared memory is one array, whatever it is declared as. */
    if (space == CW_SPACE_SHARED && LLVMABISizeOfType(shader->layout, LLVMGlobalGetValueType(variable)) == 0)
        for (uint32_t o = 0; o < shader->object_count; o++)
            if (shader->objects[o].kind == WGSL_OBJECT_SHARED && !shader->objects[o].words) {
                wgsl_map_set(&shader->object_of, variable, o);
                return o;
            }
    const char *name = wgsl_name(shader, cw_value_name(variable));
    return wgsl_object_add(shader, space == CW_SPACE_SHARED ? WGSL_OBJECT_SHARED : WGSL_OBJECT_GLOBAL, variable, name);
}

static uint32_t alloca_object(struct wgsl_function *f, LLVMValueRef alloca) {
    struct wgsl_shader *shader = f->shader;
    if (shader->private_merged) return shader->private_all;
    uint32_t object = wgsl_map_get(&shader->object_of, alloca);
    if (object != WGSL_NONE) return object;
    const char *name = wgsl_name(shader, cw_value_name(alloca));
    object = wgsl_object_add(shader, WGSL_OBJECT_PRIVATE, alloca, name);
    LLVMValueRef count = LLVMGetOperand(alloca, 0);
    if (!LLVMIsAConstantInt(count)) wgsl_refuse(shader, alloca, "a local array whose length is not constant");
    else shader->objects[object].words *= LLVMConstIntGetZExtValue(count);
    return object;
}

/* An origin that can't be followed. */
static uint32_t unknown(struct wgsl_function *f, LLVMValueRef pointer, const char *why) {
    struct wgsl_shader *shader = f->shader;
    switch (space_of(pointer)) {
    case CW_SPACE_SHARED: shader->shared_merged = true; return shader->shared_all;
    case CW_SPACE_LOCAL: shader->private_merged = true; return shader->private_all;
    case WGSL_SPACE_PARAMETERS: wgsl_refuse(shader, pointer, "an address of a parameter that is chosen while it runs"); return shader->parameters;
    case CW_SPACE_GENERIC:
        if (!shader->untyped) shader->untyped = why;
        return shader->shared_merged || shader->private_merged ? shader->generic : shader->heap;
    default:
        if (!shader->untyped) shader->untyped = why;
        return shader->heap;
    }
}

struct roots {
    LLVMValueRef seen[256];
    unsigned count;
    uint32_t root; /* WGSL_NONE until one is found */
    bool several;
};

static void collect(struct wgsl_function *f, LLVMValueRef pointer, struct roots *roots);

static void found(struct roots *roots, uint32_t root) {
    if (roots->root == WGSL_NONE) roots->root = root;
    else if (roots->root != root) roots->several = true;
}

static void collect(struct wgsl_function *f, LLVMValueRef pointer, struct roots *roots) {
    for (;;) {
        LLVMOpcode opcode = opcode_of(pointer);
        if (opcode == LLVMGetElementPtr || opcode == LLVMAddrSpaceCast || opcode == LLVMBitCast || opcode == LLVMFreeze) {
            pointer = LLVMGetOperand(pointer, 0);
            continue;
        }
        if (LLVMIsAGlobalVariable(pointer)) {
            found(roots, variable_object(f, pointer));
            return;
        }
        if (opcode == LLVMAlloca) {
            found(roots, alloca_object(f, pointer));
            return;
        }
        if (opcode == LLVMPHI || opcode == LLVMSelect) {
            for (unsigned s = 0; s < roots->count; s++)
                if (roots->seen[s] == pointer) return;
            if (roots->count == sizeof roots->seen / sizeof roots->seen[0]) {
                roots->several = true;
                return;
            }
            roots->seen[roots->count++] = pointer;
            unsigned from = opcode == LLVMSelect ? 1 : 0;
            unsigned to = opcode == LLVMSelect ? 3 : LLVMCountIncoming(pointer);
            for (unsigned k = from; k < to; k++) collect(f, opcode == LLVMSelect ? LLVMGetOperand(pointer, k) : LLVMGetIncomingValue(pointer, k), roots);
            return;
        }
        if (opcode == LLVMLoad && !f->shader->options.heap && space_of(LLVMGetOperand(pointer, 0)) == WGSL_SPACE_PARAMETERS) {
            found(roots, parameter_object(f, pointer));
            return;
        }
        if (LLVMIsUndef(pointer) || LLVMIsPoison(pointer)) return;
        if (LLVMIsNull(pointer)) {
            found(roots, unknown(f, pointer, "a pointer may be null"));
            return;
        }
        found(roots, unknown(f, pointer, opcode == LLVMLoad ? "a pointer is read from memory" : "a pointer is computed from an integer"));
        return;
    }
}

uint32_t wgsl_root(struct wgsl_function *f, LLVMValueRef pointer) {
    struct roots roots = {.root = WGSL_NONE};
    collect(f, pointer, &roots);
    if (!roots.several && roots.root != WGSL_NONE) return roots.root;
    if (roots.root == WGSL_NONE) return unknown(f, pointer, "a pointer is undefined");
    /* Of several: their common memory. */
    struct wgsl_shader *shader = f->shader;
    if (space_of(pointer) == CW_SPACE_GENERIC) {
        shader->shared_merged = shader->private_merged = true;
        if (!shader->untyped) shader->untyped = "a pointer may point into several buffers";
        return shader->generic;
    }
    return unknown(f, pointer, "a pointer may point into several buffers");
}

/* ---- Offsets ------------------------------------------------------------------------------------------------------ */

static void add_term(struct wgsl_function *f, struct wgsl_place *place, LLVMValueRef value, int64_t scale) {
    if (scale == 0) return;
    if (LLVMIsAConstantInt(value)) {
        place->offset += LLVMConstIntGetSExtValue(value) * scale;
        return;
    }
    /* Sums and products with constants come apart where nobody else has a name for them. */
    const struct wgsl_value *info = wgsl_value_of(f, value);
    if (LLVMIsAInstruction(value) && info && info->narrow && info->variable == WGSL_NONE) {
        LLVMOpcode opcode = LLVMGetInstructionOpcode(value);
        LLVMValueRef a = LLVMGetOperand(value, 0);
        LLVMValueRef b = LLVMGetNumOperands(value) > 1 ? LLVMGetOperand(value, 1) : NULL;
        if (opcode == LLVMAdd || (opcode == LLVMOr && LLVMGetIsDisjoint(value))) {
            add_term(f, place, a, scale);
            add_term(f, place, b, scale);
            return;
        }
        if (opcode == LLVMSub) {
            add_term(f, place, a, scale);
            add_term(f, place, b, -scale);
            return;
        }
        if ((opcode == LLVMMul || opcode == LLVMShl) && LLVMIsAConstantInt(b)) {
            int64_t factor = opcode == LLVMMul ? LLVMConstIntGetSExtValue(b) : (int64_t)1 << (LLVMConstIntGetZExtValue(b) & 63);
            if (factor > -0x10000000 && factor < 0x10000000 && scale > -0x10000000 && scale < 0x10000000) {
                add_term(f, place, a, scale * factor);
                return;
            }
        }
    }
    for (uint32_t t = 0; t < place->count; t++)
        if (place->terms[t].value == value) {
            place->terms[t].scale += scale;
            return;
        }
    if (place->count < WGSL_TERMS_MAX) place->terms[place->count++] = (struct wgsl_term){value, scale};
    else wgsl_refuse(f->shader, value, "an address made of more than %d parts", WGSL_TERMS_MAX);
}

static void add_indices(struct wgsl_function *f, struct wgsl_place *place, LLVMValueRef gep) {
    LLVMTargetDataRef layout = f->shader->layout;
    LLVMTypeRef type = LLVMGetGEPSourceElementType(gep);
    unsigned count = (unsigned)LLVMGetNumOperands(gep);
    for (unsigned k = 1; k < count; k++) {
        LLVMValueRef index = LLVMGetOperand(gep, k);
        if (k > 1 && LLVMGetTypeKind(type) == LLVMStructTypeKind) {
            unsigned field = (unsigned)LLVMConstIntGetZExtValue(index);
            place->offset += (int64_t)LLVMOffsetOfElement(layout, type, field);
            type = LLVMStructGetTypeAtIndex(type, field);
            continue;
        }
        if (k > 1) type = LLVMGetElementType(type);
        add_term(f, place, index, (int64_t)LLVMABISizeOfType(layout, type));
    }
}

static void trace_from(struct wgsl_function *f, LLVMValueRef pointer, struct wgsl_place *place) {
    LLVMOpcode opcode = opcode_of(pointer);
    struct wgsl_shader *shader = f->shader;
    const struct wgsl_value *info = wgsl_value_of(f, pointer);
    bool named = info && info->variable != WGSL_NONE;
    if (!named && opcode == LLVMGetElementPtr) {
        trace_from(f, LLVMGetOperand(pointer, 0), place);
        add_indices(f, place, pointer);
        return;
    }
    if (!named && (opcode == LLVMAddrSpaceCast || opcode == LLVMBitCast || opcode == LLVMFreeze)) {
        trace_from(f, LLVMGetOperand(pointer, 0), place);
        return;
    }
    if (LLVMIsAGlobalVariable(pointer)) {
        if (place->object == shader->shared_all) place->offset += (int64_t)shader->objects[wgsl_map_get(&shader->object_of, pointer)].base;
        if (place->object == shader->generic && space_of(pointer) == CW_SPACE_SHARED) {
            place->offset += 0xffff0000ll + (int64_t)shader->objects[wgsl_map_get(&shader->object_of, pointer)].base;
            return;
        }
        if ((place->object == shader->heap || place->object == shader->generic) && space_of(pointer) != CW_SPACE_SHARED) {
            place->globals = true;
            place->offset += (int64_t)wgsl_map_get(&shader->globals_offset, pointer);
            shader->uses_globals = true;
            place->constant = wgsl_is_constant(pointer) && wgsl_map_get(&shader->globals_offset, pointer) + LLVMABISizeOfType(shader->layout, LLVMGlobalGetValueType(pointer)) <= CW_WGSL_CONSTANT_BYTES;
        }
        return;
    }
    if (opcode == LLVMAlloca) {
        if (place->object == shader->private_all) place->offset += (int64_t)shader->objects[wgsl_map_get(&shader->object_of, pointer)].base;
        if (place->object == shader->generic) place->offset += 0xfffe0000ll + (int64_t)shader->objects[wgsl_map_get(&shader->object_of, pointer)].base;
        return;
    }
    if (LLVMIsNull(pointer) || LLVMIsUndef(pointer)) return;
    if (opcode == LLVMLoad && shader->objects[place->object].kind == WGSL_OBJECT_PARAMETER) return;
    /* The pointer's own u32: relative to the object where the object has no address. */
    if (place->count < WGSL_TERMS_MAX) place->terms[place->count++] = (struct wgsl_term){pointer, 1};
}

void wgsl_trace(struct wgsl_function *f, LLVMValueRef pointer, struct wgsl_place *place) {
    *place = (struct wgsl_place){.object = wgsl_root(f, pointer)};
    trace_from(f, pointer, place);
}

/* ---- All objects of a kernel ---------------------------------------------------------------------------------------- */

static bool is_pointer(LLVMValueRef value) {
    return LLVMGetTypeKind(LLVMTypeOf(value)) == LLVMPointerTypeKind;
}

/* The address becomes a value: where it points must have one address space of its own. */
static void escapes(struct wgsl_function *f, LLVMValueRef pointer) {
    struct wgsl_shader *shader = f->shader;
    if (!is_pointer(pointer) || LLVMIsNull(pointer)) return;
    uint32_t root = wgsl_root(f, pointer);
    switch (shader->objects[root].kind) {
    case WGSL_OBJECT_SHARED: shader->shared_merged = true; break;
    case WGSL_OBJECT_PRIVATE: shader->private_merged = true; break;
    case WGSL_OBJECT_PARAMETER: case WGSL_OBJECT_GLOBAL: shader->untyped = "a pointer is kept in memory or made an integer"; break;
    case WGSL_OBJECT_PARAMETERS: wgsl_refuse(shader, pointer, "the address of a parameter as a value"); break;
    default: break;
    }
}

static void visit(struct wgsl_function *f, LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMLoad: wgsl_root(f, LLVMGetOperand(i, 0)); break;
    case LLVMStore:
        wgsl_root(f, LLVMGetOperand(i, 1));
        escapes(f, LLVMGetOperand(i, 0));
        break;
    case LLVMAtomicRMW: case LLVMAtomicCmpXchg:
        wgsl_root(f, LLVMGetOperand(i, 0));
        for (unsigned k = 1; k < (unsigned)LLVMGetNumOperands(i); k++) escapes(f, LLVMGetOperand(i, k));
        break;
    case LLVMPtrToInt: escapes(f, LLVMGetOperand(i, 0)); break;
    case LLVMICmp:
        if (is_pointer(LLVMGetOperand(i, 0)) &&
            (LLVMIsNull(LLVMGetOperand(i, 1)) || wgsl_root(f, LLVMGetOperand(i, 0)) != wgsl_root(f, LLVMGetOperand(i, 1)))) {
            escapes(f, LLVMGetOperand(i, 0));
            escapes(f, LLVMGetOperand(i, 1));
        }
        break;
    case LLVMPHI: case LLVMSelect:
        if (is_pointer(i)) wgsl_root(f, i);
        break;
    case LLVMCall:
        if (wgsl_call_is_nothing(i)) break;
        for (unsigned k = 0; k < LLVMGetNumArgOperands(i); k++) escapes(f, LLVMGetOperand(i, k));
        break;
    default: break;
    }
}

static void place_variables(struct wgsl_shader *shader, enum wgsl_object_kind kind, uint32_t all) {
    uint64_t end = 0;
    for (uint32_t o = 0; o < shader->object_count; o++) {
        struct wgsl_object *object = &shader->objects[o];
        if (object->kind != kind || !object->words) continue;
        end = (end + 15) & ~15ull;
        object->base = end;
        end += object->words * 4;
    }
    end = (end + 15) & ~15ull;
    for (uint32_t o = 0; o < shader->object_count; o++)
        if (shader->objects[o].kind == kind && !shader->objects[o].words) shader->objects[o].base = end;
    shader->objects[all].words = (end + 3) / 4;
    if (end > 0xff00) wgsl_refuse(shader, NULL, "%s memory of %llu bytes whose addresses are values (65280 is the most)",
                                  kind == WGSL_OBJECT_SHARED ? "shared" : "local", (unsigned long long)end);
}

void wgsl_objects(struct wgsl_function *f) {
    struct wgsl_shader *shader = f->shader;
    /* Merging changes roots: until nothing changes. */
    for (unsigned round = 0; round < 4; round++) {
        bool shared = shader->shared_merged, private = shader->private_merged;
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f->function); block; block = LLVMGetNextBasicBlock(block))
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) visit(f, i);
        if (shared == shader->shared_merged && private == shader->private_merged) break;
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(shader->llvm); g && shader->shared_merged; g = LLVMGetNextGlobal(g))
        if (space_of(g) == CW_SPACE_SHARED && wgsl_map_get(&shader->object_of, g) == WGSL_NONE)
            wgsl_object_add(shader, WGSL_OBJECT_SHARED, g, "");
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f->function); block && shader->private_merged; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (LLVMIsAAllocaInst(i) && wgsl_map_get(&shader->object_of, i) == WGSL_NONE) wgsl_object_add(shader, WGSL_OBJECT_PRIVATE, i, "");
    if (shader->shared_merged) place_variables(shader, WGSL_OBJECT_SHARED, shader->shared_all);
    if (shader->private_merged) place_variables(shader, WGSL_OBJECT_PRIVATE, shader->private_all);
    for (uint32_t o = 0; o < shader->object_count; o++) shader->objects[o].element_known = shader->objects[o].used = false;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f->function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i))
            if (wgsl_is_access(i)) wgsl_note_access(f, i);
}
