/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.c: textures and surfaces as the hardware's units read and write them (PTX ISA 9.7.10 "Texture Instructions", 9.7.11
 * "Surface Instructions"), for PTX that runs without our runtime: objects are then the driver's own handles.
 *
 * Whatever a texture holds, four 32-bit channels come back; whether they are numbers or floats only the reader knows, so the
 * instructions say .u32. Vectors of three coordinates have a fourth element, which is ignored.
 */
#include "cudawasm/cw_backend.h"
#include "target/ptx/ptx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPERANDS_MAX 20u

/* CUDA's numbers of kinds, as the waist has them. */
struct kind {
    uint32_t number;
    const char *name; /* of the geometry */
    unsigned dimensions;
    bool layered;
};

static const struct kind kinds[] = {
    {1, "1d", 1, false}, {2, "2d", 2, false},   {3, "3d", 3, false},      {12, "cube", 3, false},
    {241, "a1d", 1, true}, {242, "a2d", 2, true}, {252, "acube", 3, true},
};

struct writer {
    LLVMModuleRef llvm;
    LLVMBuilderRef builder;
    LLVMTypeRef i16, i32;
    char text[512], constraints[128];
    unsigned results;
    LLVMValueRef arguments[OPERANDS_MAX];
    unsigned count;
};

static void put(char *text, size_t room, const char *more) {
    size_t length = strlen(text);
    snprintf(text + length, room - length, "%s", more);
}

static void say(struct writer *w, const char *more) {
    put(w->text, sizeof w->text, more);
}

static void constrain(struct writer *w, const char *constraint) {
    if (w->constraints[0]) put(w->constraints, sizeof w->constraints, ",");
    put(w->constraints, sizeof w->constraints, constraint);
}

/* Writes the operand `value`, with the letter of inline assembly for its type. */
static void operand(struct writer *w, LLVMValueRef value) {
    LLVMTypeRef type = LLVMTypeOf(value);
    char name[16];
    snprintf(name, sizeof name, "$%u", w->results + w->count);
    say(w, name);
    constrain(w, LLVMGetTypeKind(type) == LLVMFloatTypeKind ? "f" : LLVMGetIntTypeWidth(type) == 64 ? "l" : LLVMGetIntTypeWidth(type) == 16 ? "h" : "r");
    w->arguments[w->count++] = value;
}

/* "{$a, $b}" of `count` values; three get a fourth. */
static void vector(struct writer *w, const LLVMValueRef *values, unsigned count) {
    say(w, "{");
    for (unsigned i = 0; i < count; i++) {
        if (i) say(w, ", ");
        operand(w, values[i]);
    }
    if (count == 3) {
        say(w, ", ");
        operand(w, values[2]);
    }
    say(w, "}");
}

/* "[$object, {layer, x, y}]" */
static void place(struct writer *w, const struct kind *kind, LLVMValueRef object, LLVMValueRef layer, const LLVMValueRef *at) {
    LLVMValueRef values[4];
    unsigned count = 0;
    if (kind->layered) values[count++] = layer;
    for (unsigned i = 0; i < kind->dimensions; i++) values[count++] = at[i];
    say(w, "[");
    operand(w, object);
    say(w, ", ");
    vector(w, values, count);
    say(w, "]");
}

static LLVMValueRef finish(struct writer *w, LLVMTypeRef result) {
    say(w, ";");
    constrain(w, "~{memory}");
    LLVMTypeRef types[OPERANDS_MAX];
    for (unsigned i = 0; i < w->count; i++) types[i] = LLVMTypeOf(w->arguments[i]);
    LLVMTypeRef type = LLVMFunctionType(result, types, w->count, 0);
    LLVMValueRef code = LLVMGetInlineAsm(type, w->text, strlen(w->text), w->constraints, strlen(w->constraints), 1, 0, LLVMInlineAsmDialectATT, 0);
    return LLVMBuildCall2(w->builder, type, code, w->arguments, w->count, "");
}

static void results(struct writer *w, unsigned count, const char *constraint) {
    static const char *const names[] = {"", "{$0}", "{$0, $1}", "", "{$0, $1, $2, $3}"};
    w->results = count;
    for (unsigned i = 0; i < count; i++) constrain(w, constraint);
    say(w, names[count]);
    say(w, ", ");
}

/* Stores what the instruction gave, one value or several, side by side. */
static void keep(struct writer *w, LLVMValueRef to, LLVMValueRef given, unsigned count, unsigned bytes) {
    LLVMContextRef context = LLVMGetModuleContext(w->llvm);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef value = count > 1 ? LLVMBuildExtractValue(w->builder, given, i, "") : given;
        LLVMValueRef offset = LLVMConstInt(w->i32, i * bytes, 0);
        if (bytes == 1) value = LLVMBuildTrunc(w->builder, value, LLVMInt8TypeInContext(context), "");
        LLVMSetAlignment(LLVMBuildStore(w->builder, value, LLVMBuildGEP2(w->builder, LLVMInt8TypeInContext(context), to, &offset, 1, "")), bytes);
    }
}

static LLVMTypeRef many(struct writer *w, LLVMTypeRef type, unsigned count) {
    LLVMTypeRef types[4] = {type, type, type, type};
    return count == 1 ? type : LLVMStructTypeInContext(LLVMGetModuleContext(w->llvm), types, count, 0);
}

static bool constant(LLVMValueRef value, uint64_t *number) {
    if (!LLVMIsAConstantInt(value)) return false;
    *number = LLVMConstIntGetZExtValue(value);
    return true;
}

static const struct kind *kind_of(LLVMValueRef value) {
    uint64_t number;
    if (!constant(value, &number)) return NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].number == number) return &kinds[i];
    return NULL;
}

/* ---- Textures ------------------------------------------------------------------------------------------------- */

static bool texture(struct writer *w, LLVMValueRef call, enum cw_intrinsic intrinsic, const struct kind *kind) {
    bool whole_level = intrinsic == CW_INTRINSIC_TEXTURE_FETCH_LEVEL, fetch = intrinsic == CW_INTRINSIC_TEXTURE_FETCH || whole_level;
    bool level = intrinsic == CW_INTRINSIC_TEXTURE_SAMPLE_LOD || whole_level;
    bool gradient = intrinsic == CW_INTRINSIC_TEXTURE_SAMPLE_GRAD;
    LLVMValueRef at[3], layer = LLVMGetOperand(call, fetch ? 5 : 6);
    for (unsigned i = 0; i < 3; i++) at[i] = LLVMGetOperand(call, 3 + i);
    say(w, level ? "tex.level." : gradient ? "tex.grad." : "tex.");
    say(w, kind->name);
    say(w, fetch ? ".v4.u32.s32 " : ".v4.u32.f32 ");
    results(w, 4, "=r");
    place(w, kind, LLVMGetOperand(call, 1), layer, at);
    for (unsigned first = whole_level ? 6 : 7; first <= 10 && (level || gradient); first += 3) {
        LLVMValueRef values[3];
        for (unsigned i = 0; i < 3 && !level; i++) values[i] = LLVMGetOperand(call, first + i);
        say(w, ", ");
        if (level) operand(w, LLVMGetOperand(call, first));
        else vector(w, values, kind->dimensions);
        if (level) break;
    }
    keep(w, LLVMGetOperand(call, 0), finish(w, many(w, w->i32, 4)), 4, 4);
    return true;
}

static LLVMValueRef gathered(const struct writer *from, LLVMValueRef call, const struct kind *kind, uint64_t component) {
    static const char *const components[] = {"tld4.r.", "tld4.g.", "tld4.b.", "tld4.a."};
    LLVMValueRef at[] = {LLVMGetOperand(call, 3), LLVMGetOperand(call, 4), LLVMGetOperand(call, 5)};
    struct writer w = *from;
    say(&w, components[component]);
    say(&w, kind->name);
    say(&w, ".v4.u32.f32 ");
    results(&w, 4, "=r");
    place(&w, kind, LLVMGetOperand(call, 1), LLVMGetOperand(call, 6), at);
    return finish(&w, many(&w, w.i32, 4));
}

/* The instruction names the component; one that is known only when the kernel runs is chosen from all four. */
static bool gather(struct writer *w, LLVMValueRef call, const struct kind *kind) {
    LLVMValueRef component = LLVMGetOperand(call, 7);
    uint64_t number;
    if (kind->number == 1 || kind->number == 3 || kind->number == 241) return false;
    if (constant(component, &number)) {
        if (number > 3) return false;
        keep(w, LLVMGetOperand(call, 0), gathered(w, call, kind, number), 4, 4);
        return true;
    }
    LLVMValueRef chosen = gathered(w, call, kind, 0);
    for (uint64_t n = 1; n < 4; n++) {
        LLVMValueRef other = gathered(w, call, kind, n);
        LLVMValueRef is_it = LLVMBuildICmp(w->builder, LLVMIntEQ, component, LLVMConstInt(w->i32, n, 0), "");
        LLVMValueRef parts = LLVMGetUndef(LLVMTypeOf(chosen));
        for (unsigned i = 0; i < 4; i++) {
            LLVMValueRef part = LLVMBuildSelect(w->builder, is_it, LLVMBuildExtractValue(w->builder, other, i, ""),
                                                LLVMBuildExtractValue(w->builder, chosen, i, ""), "");
            parts = LLVMBuildInsertValue(w->builder, parts, part, i, "");
        }
        chosen = parts;
    }
    keep(w, LLVMGetOperand(call, 0), chosen, 4, 4);
    return true;
}

/* txq and suq: what is asked must be known when the kernel is compiled. */
static bool query(struct writer *w, LLVMValueRef call, bool of_texture) {
    static const char *const questions[] = {
        [CW_IMAGE_WIDTH] = "width", [CW_IMAGE_HEIGHT] = "height", [CW_IMAGE_DEPTH] = "depth", [CW_IMAGE_ARRAY_SIZE] = "array_size",
        [CW_IMAGE_LEVEL_COUNT] = "num_mipmap_levels", [CW_IMAGE_SAMPLE_COUNT] = "num_samples", [CW_IMAGE_CHANNEL_TYPE] = "channel_data_type",
        [CW_IMAGE_CHANNEL_ORDER] = "channel_order", [CW_IMAGE_NORMALIZED] = "normalized_coords", [CW_IMAGE_FORCE_UNNORMALIZED] = "force_unnormalized_coords",
        [CW_IMAGE_LINEAR] = "filter_mode", [CW_IMAGE_ADDRESS_0] = "addr_mode_0", [CW_IMAGE_ADDRESS_1] = "addr_mode_1", [CW_IMAGE_ADDRESS_2] = "addr_mode_2",
        [CW_IMAGE_MEMORY_LAYOUT] = "memory_layout"};
    uint64_t question, level = 0;
    if (!constant(LLVMGetOperand(call, 1), &question) || question > CW_IMAGE_MEMORY_LAYOUT) return false;
    bool has_level = of_texture && (!constant(LLVMGetOperand(call, 2), &level) || level != 0);
    say(w, of_texture ? "txq." : "suq.");
    if (has_level) say(w, "level.");
    say(w, questions[question]);
    say(w, ".b32 $0, [");
    w->results = 1;
    constrain(w, "=r");
    operand(w, LLVMGetOperand(call, 0));
    say(w, "]");
    if (has_level) {
        say(w, ", ");
        operand(w, LLVMGetOperand(call, 2));
    }
    LLVMReplaceAllUsesWith(call, finish(w, w->i32));
    return true;
}

/* ---- Surfaces ------------------------------------------------------------------------------------------------- */

static bool surface(struct writer *w, LLVMValueRef call, enum cw_intrinsic intrinsic, const struct kind *kind) {
    static const char *const boundaries[] = {".zero ", ".clamp ", ".trap "};
    static const char *const forms[] = {".b8", ".b16", ".b32", ".v2.b32", ".v4.b32"};
    bool load = intrinsic == CW_INTRINSIC_SURFACE_LOAD;
    LLVMValueRef at[3], data = LLVMGetOperand(call, 0);
    uint64_t size, boundary;
    if (!constant(LLVMGetOperand(call, 7), &size) || !constant(LLVMGetOperand(call, 8), &boundary) || boundary > 2) return false;
    unsigned form = 0;
    while (form < 5 && 1u << form != size) form++;
    if (form == 5) return false;
    /* Cubemaps have no geometry of their own: the layer counts faces (PTX ISA 9.7.11). */
    struct kind actual = kind->dimensions == 3 && kind->number != 3 ? (struct kind){242, "a2d", 2, true} : *kind;
    unsigned count = form < 3 ? 1 : form == 3 ? 2 : 4, bytes = (unsigned)size / count;
    LLVMTypeRef type = bytes < 4 ? w->i16 : w->i32;
    for (unsigned i = 0; i < 3; i++) at[i] = LLVMGetOperand(call, 3 + i);
    say(w, load ? "suld.b." : "sust.b.");
    say(w, actual.name);
    say(w, forms[form]);
    say(w, boundaries[boundary]);
    if (load) {
        results(w, count, bytes < 4 ? "=h" : "=r");
        place(w, &actual, LLVMGetOperand(call, 1), LLVMGetOperand(call, 6), at);
        keep(w, data, finish(w, many(w, type, count)), count, bytes);
        return true;
    }
    place(w, &actual, LLVMGetOperand(call, 1), LLVMGetOperand(call, 6), at);
    LLVMValueRef values[4];
    LLVMContextRef context = LLVMGetModuleContext(w->llvm);
    for (unsigned i = 0; i < count; i++) {
        LLVMValueRef offset = LLVMConstInt(w->i32, i * bytes, 0);
        LLVMValueRef from = LLVMBuildGEP2(w->builder, LLVMInt8TypeInContext(context), data, &offset, 1, "");
        values[i] = LLVMBuildLoad2(w->builder, bytes == 1 ? LLVMInt8TypeInContext(context) : type, from, "");
        LLVMSetAlignment(values[i], bytes);
        if (bytes == 1) values[i] = LLVMBuildZExt(w->builder, values[i], w->i16, "");
    }
    say(w, ", ");
    vector(w, values, count);
    finish(w, LLVMVoidTypeInContext(context));
    return true;
}

/* sust.p and sured: at elements or, where there is a size, at bytes. */
static bool surface_element(struct writer *w, LLVMValueRef call, enum cw_intrinsic intrinsic, const struct kind *kind) {
    static const char *const boundaries[] = {".zero ", ".clamp ", ".trap "};
    static const char *const operations[] = {"add", "min", "min", "max", "max", "and", "or"};
    bool store = intrinsic == CW_INTRINSIC_SURFACE_STORE_FORMAT;
    unsigned first = store ? 1 : 0; /* the object */
    struct kind actual = kind->dimensions == 3 && kind->number != 3 ? (struct kind){242, "a2d", 2, true} : *kind;
    LLVMContextRef context = LLVMGetModuleContext(w->llvm);
    LLVMValueRef at[3], object = LLVMGetOperand(call, first), layer = LLVMGetOperand(call, first + 5), values[4];
    uint64_t boundary, operation = 0, size = 4;
    for (unsigned i = 0; i < 3; i++) at[i] = LLVMGetOperand(call, first + 2 + i);
    if (!constant(LLVMGetOperand(call, store ? 7 : 8), &boundary) || boundary > 2) return false;
    if (!store && (!constant(LLVMGetOperand(call, 6), &operation) || !constant(LLVMGetOperand(call, 7), &size) || operation > 6)) return false;
    if (store) {
        say(w, "sust.p.");
    } else {
        say(w, size ? "sured.b." : "sured.p.");
        say(w, operations[operation]);
        say(w, ".");
    }
    say(w, actual.name);
    bool is_signed = operation == 1 || operation == 3;
    say(w, store ? ".v4.b32" : operation >= 5 || size == 0 ? (size == 8 ? ".b64" : ".b32") : size == 8 ? (is_signed ? ".s64" : ".u64") : is_signed ? ".s32" : ".u32");
    say(w, boundaries[boundary]);
    place(w, &actual, object, layer, at);
    say(w, ", ");
    if (store) {
        for (unsigned i = 0; i < 4; i++) {
            LLVMValueRef offset = LLVMConstInt(w->i32, 4 * i, 0);
            values[i] = LLVMBuildLoad2(w->builder, w->i32, LLVMBuildGEP2(w->builder, LLVMInt8TypeInContext(context), LLVMGetOperand(call, 0), &offset, 1, ""), "");
        }
        vector(w, values, 4);
    } else {
        LLVMValueRef value = LLVMGetOperand(call, 9);
        operand(w, size == 8 ? value : LLVMBuildTrunc(w->builder, value, w->i32, ""));
    }
    finish(w, LLVMVoidTypeInContext(context));
    return true;
}

bool cw_ptx_lower_image(LLVMModuleRef llvm, LLVMBuilderRef builder, LLVMValueRef call, enum cw_intrinsic intrinsic) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    struct writer w = {.llvm = llvm, .builder = builder, .i16 = LLVMInt16TypeInContext(context), .i32 = LLVMInt32TypeInContext(context)};
    if (intrinsic < CW_INTRINSIC_TEXTURE_FETCH || intrinsic > CW_INTRINSIC_SURFACE_QUERY) return false;
    if (intrinsic == CW_INTRINSIC_TEXTURE_QUERY || intrinsic == CW_INTRINSIC_SURFACE_QUERY) return query(&w, call, intrinsic == CW_INTRINSIC_TEXTURE_QUERY);
    const struct kind *kind = kind_of(LLVMGetOperand(call, intrinsic == CW_INTRINSIC_SURFACE_REDUCE ? 1 : 2));
    if (!kind) return false;
    switch (intrinsic) {
    case CW_INTRINSIC_TEXTURE_FETCH:
    case CW_INTRINSIC_TEXTURE_FETCH_LEVEL:
    case CW_INTRINSIC_TEXTURE_SAMPLE:
    case CW_INTRINSIC_TEXTURE_SAMPLE_LOD:
    case CW_INTRINSIC_TEXTURE_SAMPLE_GRAD: return texture(&w, call, intrinsic, kind);
    case CW_INTRINSIC_TEXTURE_GATHER: return gather(&w, call, kind);
    case CW_INTRINSIC_SURFACE_LOAD:
    case CW_INTRINSIC_SURFACE_STORE: return surface(&w, call, intrinsic, kind);
    case CW_INTRINSIC_SURFACE_STORE_FORMAT:
    case CW_INTRINSIC_SURFACE_REDUCE: return surface_element(&w, call, intrinsic, kind);
    default: return false;
    }
}
