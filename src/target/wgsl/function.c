/* SPDX-License-Identifier: Apache-2.0 */
/*
 * function.c: the text of one function: its structured tree walked, each block's statements written, phis as variables that
 * the edges to them assign.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "target/shader/shader.h"
#include "target/wgsl/walk.h"

/* ---- Names ---------------------------------------------------------------------------------------------------------- */

/* Words that a program's names must not be: WGSL's keywords, reserved words and predeclared names that occur in programs (WGSL, 15.1, 15.2). */
static const char *const reserved[] = {
    "alias", "break", "case", "const", "continue", "continuing", "default", "diagnostic", "discard", "else", "enable", "false", "fn", "for", "if", "let", "loop", "override",
    "requires", "return", "struct", "switch", "true", "var", "while", "array", "atomic", "bool", "f16", "f32", "i32", "mat2x2", "ptr", "sampler", "texture", "u32", "vec2", "vec3",
    "vec4", "bitcast", "select", "abs", "min", "max", "clamp", "fma", "sqrt", "exp", "exp2", "log", "log2", "pow", "sin", "cos", "tan", "floor", "ceil", "round", "trunc", "sign",
    "dot", "cross", "length", "distance", "normalize", "mix", "step", "all", "any", "fract", "ldexp", "frexp", "modf", "thread_id", "block_id", "grid_dim", "thread_index", "params", "lane", "vote", "question", "answer", "exchange", "warp_bits", "block_threads", "block_size", "group", "groups", "keep", "opaque_zero",
    "launch", "active", "as", "asm", "async", "auto", "await", "become", "cast", "catch", "class", "common", "compile", "concept", "consteval", "constexpr", "constinit", "crate",
    "delete", "demote", "do", "dynamic_cast", "enum", "explicit", "export", "extends", "extern", "external", "filter", "final", "finally", "friend", "from", "get", "goto",
    "groupshared", "handle", "highp", "impl", "implements", "import", "inline", "instanceof", "interface", "layout", "lowp", "macro", "match", "meta", "mod", "module", "move", "mut",
    "mutable", "namespace", "new", "nil", "noexcept", "null", "nullptr", "of", "operator", "package", "packoffset", "pass", "patch", "pixelfragment", "precise", "precision",
    "premerge", "priv", "protected", "pub", "public", "readonly", "ref", "register", "regardless", "resource", "restrict", "self", "set", "shared", "sizeof", "smooth", "snorm",
    "static", "std", "subroutine", "super", "target", "template", "this", "throw", "trait", "try", "type", "typedef", "typeid", "typename", "typeof", "union", "unless", "unorm",
    "unsafe", "unsized", "use", "using", "varying", "virtual", "volatile", "wgsl", "where", "with", "writeonly", "yield", "block_dim_x", "block_dim_y", "block_dim_z", "heap",
    "main", "transpose", "reflect", "refract", "determinant", "inverse", "degrees", "radians", "storageBarrier", "atan", "atan2", "acos", "asin", "sinh", "cosh", "tanh", "read", "write",
    "read_write", "function", "private", "workgroup", "uniform", "storage", "position", "half", "float", "double", "int", "uint", "char", "short", "long", "signed", "unsigned", "void",
};

/* The name that the source gives what a mangled name stands for: the last one of its nested name, of a local variable its own
 * (Itanium C++ ABI, 5.1). NULL if there is none. */
static const char *source_name(const char *mangled, size_t *length) {
    const char *found = NULL;
    if (mangled[2] == 'Z') {
        /* _ZZ FUNCTION E NAME: the last E that a name follows which ends the text, but for a discriminator. */
        for (const char *at = mangled + 3; (at = strchr(at, 'E')); at++) {
            char *name;
            size_t n = strtoul(at + 1, &name, 10);
            if (name == at + 1 || n == 0 || n > strlen(name)) continue;
            if (name[n] && name[n] != '_') continue;
            found = name;
            *length = n;
        }
        return found;
    }
    const char *at = mangled + 2;
    bool nested = *at == 'N' || *at == 'L';
    while (*at && !isdigit((unsigned char)*at)) at++;
    while (isdigit((unsigned char)*at)) {
        char *name;
        size_t n = strtoul(at, &name, 10);
        if (n == 0 || n > strlen(name)) break;
        found = name;
        *length = n;
        at = name + n;
        if (!nested) break;
    }
    return found;
}

const char *wgsl_clean(struct cw_arena *arena, const char *name) {
    /* What people wrote comes first; LLVM appends ".i", ".012", ".addr". */
    char clean[48];
    size_t length = 0;
    const char *c = name;
    if (strncmp(c, "_Z", 2) == 0) {
        size_t own;
        const char *source = source_name(c, &own);
        if (source) {
            length = own < sizeof clean - 1 ? own : sizeof clean - 1;
            memcpy(clean, source, length);
            c = "";
        }
    }
    for (; *c && *c != '.' && length < sizeof clean - 1; c++) clean[length++] = isalnum((unsigned char)*c) ? *c : '_';
    clean[length] = 0;
    while (length && clean[0] == '_' && (clean[1] == '_' || !clean[1])) memmove(clean, clean + 1, length--);
    for (size_t i = 1; clean[i];)
        if (clean[i] == '_' && clean[i - 1] == '_') memmove(clean + i, clean + i + 1, strlen(clean + i));
        else i++;
    if (!clean[0] || isdigit((unsigned char)clean[0])) return cw_arena_strdup(arena, "v");
    for (size_t r = 0; r < sizeof reserved / sizeof reserved[0]; r++)
        if (strcmp(reserved[r], clean) == 0) {
            strcat(clean, "_");
            break;
        }
    return cw_arena_strdup(arena, clean);
}

static uint32_t hash_of(const char *text) {
    uint32_t hash = 2166136261u;
    for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 16777619u;
    return hash;
}

/* Names that a number may make of others ("i" and 32), and those of our own functions. */
static bool is_predeclared(const char *name) {
    static const char *const types[] = {"i32", "u32", "f32", "f16", "vec2", "vec3", "vec4", "exp2", "log2", "atan2"};
    for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
        if (strcmp(types[t], name) == 0) return true;
    return wgsl_is_helper(name);
}

/* Names already given, by hash; two names with one hash count as the same, which only costs a number behind the second. */
const char *wgsl_name(struct wgsl_shader *shader, const char *wish) {
    const char *base = wgsl_clean(&shader->arena, wish);
    const char *name = base;
    for (unsigned n = 1;; n++) {
        const void *key = (const void *)(uintptr_t)(((uint64_t)hash_of(name) << 4) + 16);
        if (wgsl_map_get(&shader->names, key) == WGSL_NONE && !is_predeclared(name)) {
            wgsl_map_set(&shader->names, key, 1);
            return name;
        }
        size_t length = strlen(base);
        char *text = cw_format("%s%s%u", base, isdigit((unsigned char)base[length - 1]) ? "_" : "", n);
        name = cw_arena_strdup(&shader->arena, text);
        free(text);
    }
}

/* ---- Statements ------------------------------------------------------------------------------------------------------ */

static const char *type_text(struct wgsl_function *f, const struct wgsl_value *value) {
    if (value->type != WGSL_VOID) return wgsl_type_name(value->type);
    LLVMTypeRef type = LLVMTypeOf(value->value);
    if (LLVMGetTypeKind(type) == LLVMStructTypeKind) {
        LLVMTypeRef first = LLVMStructGetTypeAtIndex(type, 0);
        bool wide = LLVMGetTypeKind(first) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(first) == 64;
        return wgsl_helper(f->shader, wide ? "flagged64" : "flagged");
    }
    return "u32";
}

static void name_value(struct wgsl_function *f, struct wgsl_value *value) {
    LLVMTypeKind kind = LLVMGetTypeKind(LLVMTypeOf(value->value));
    if (kind == LLVMVoidTypeKind) return;
    const char *name = cw_value_name(value->value);
    value->variable = wgsl_variable_add(&f->lines, wgsl_name(f->shader, wgsl_is_made_up(name) ? "t" : name), type_text(f, value));
}

static void write_value(struct wgsl_function *f, struct wgsl_value *value, struct wgsl_expression e) {
    bool used = LLVMGetFirstUse(value->value) != NULL;
    if (LLVMGetTypeKind(LLVMTypeOf(value->value)) == LLVMVoidTypeKind || (!used && e.type == WGSL_VOID && !e.text[0])) {
        if (e.text[0]) wgsl_line(&f->lines, "%s;", e.text);
        return;
    }
    if (!used) {
        wgsl_line(&f->lines, "_ = %s;", e.text);
        return;
    }
    if (value->type != WGSL_VOID) e = wgsl_as(f, e, value->type);
    if (f->leaving) {
        /* Threads that left a loop before keep what they had. */
        const char *name = wgsl_name(f->shader, "result");
        wgsl_assign(&f->lines, wgsl_variable_add(&f->lines, name, type_text(f, value)), e.text);
        wgsl_open(&f->lines, false, "if (%s) {", f->mask);
        wgsl_assign(&f->lines, value->variable, name);
        wgsl_close(&f->lines, "}");
        return;
    }
    wgsl_assign(&f->lines, value->variable, e.text);
}

void wgsl_write_instruction(struct wgsl_function *f, LLVMValueRef i) {
    struct wgsl_value *value = wgsl_value_of(f, i);
    LLVMOpcode opcode = LLVMGetInstructionOpcode(i);
    if (LLVMIsATerminatorInst(i) || opcode == LLVMPHI || opcode == LLVMAlloca) return;
    if (value && value->folded) return;
    switch (opcode) {
    case LLVMStore: wgsl_store(f, i); return;
    case LLVMFence: return; /* all accesses are atomic in kernels with fences */
    case LLVMAtomicRMW: case LLVMAtomicCmpXchg: {
        struct wgsl_expression e = wgsl_atomic(f, i);
        if (!LLVMGetFirstUse(i)) {
            /* An atomic whose result nobody wants is a statement. */
            const char *text = e.text;
            size_t length = strlen(text);
            if (length > 5 && text[length - 1] == ')' && (strncmp(text, "i32(", 4) == 0 || strncmp(text, "u32(", 4) == 0)) wgsl_line(&f->lines, "%.*s;", (int)(length - 5), text + 4);
            else if (strncmp(text, "bitcast<f32>(", 13) == 0) wgsl_line(&f->lines, "%.*s;", (int)(length - 14), text + 13);
            else wgsl_line(&f->lines, "%s;", text);
        } else {
            write_value(f, value, e);
        }
        return;
    }
    case LLVMCall:
        if (wgsl_call_is_nothing(i)) return;
        break;
    default: break;
    }
    write_value(f, value, wgsl_compute(f, i));
}

/* ---- Edges ----------------------------------------------------------------------------------------------------------- */

static bool has_word(const char *text, const char *name) {
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)); at += length) {
        bool before = at == text || (!isalnum((unsigned char)at[-1]) && at[-1] != '_' && at[-1] != '.');
        bool after = !isalnum((unsigned char)at[length]) && at[length] != '_';
        if (before && after) return true;
    }
    return false;
}

static struct wgsl_expression incoming(struct wgsl_function *f, LLVMValueRef phi, LLVMValueRef value, enum wgsl_type type) {
    if (LLVMGetTypeKind(LLVMTypeOf(phi)) == LLVMPointerTypeKind) {
        uint32_t root = wgsl_root(f, phi);
        return wgsl_pointer(f, value, root != f->shader->heap && root != f->shader->generic);
    }
    struct wgsl_expression e = wgsl_expression_of(f, value);
    if (e.type == WGSL_U64 && type != WGSL_U64) e = wgsl_low(f, value);
    return wgsl_as(f, e, type);
}

/* All phis of `to` get their values at once: assignments are ordered so that none overwrites what another still reads; what
 * goes round in circles is saved first. */
void wgsl_write_edge(struct wgsl_walk *walk, LLVMBasicBlockRef from, LLVMBasicBlockRef to, enum wgsl_moves which) {
    struct wgsl_function *f = walk->f;
    enum { MOST = 256 };
    struct move {
        uint32_t variable;
        const char *text;
        bool done;
    } moves[MOST];
    unsigned count = 0;
    for (LLVMValueRef phi = LLVMGetFirstInstruction(to); phi && LLVMIsAPHINode(phi); phi = LLVMGetNextInstruction(phi)) {
        struct wgsl_value *value = wgsl_value_of(f, phi);
        if (!value || value->variable == WGSL_NONE || !LLVMGetFirstUse(phi)) continue;
        if (which != WGSL_MOVES_ALL && wgsl_instruction_varies(walk, phi) != (which == WGSL_MOVES_VARYING)) continue;
        for (unsigned k = 0; k < LLVMCountIncoming(phi); k++) {
            if (LLVMGetIncomingBlock(phi, k) != from) continue;
            LLVMValueRef source = LLVMGetIncomingValue(phi, k);
            if (LLVMIsUndef(source) || LLVMIsPoison(source)) break;
            const char *text = incoming(f, phi, source, value->type).text;
            if (strcmp(text, f->lines.variables[value->variable].name) == 0) break;
            if (count == MOST) {
                wgsl_refuse(f->shader, phi, "more than %d values that merge in one place", MOST);
                return;
            }
            moves[count++] = (struct move){value->variable, text, false};
            break;
        }
    }
    for (unsigned left = count; left;) {
        bool moved = false;
        for (unsigned m = 0; m < count; m++) {
            if (moves[m].done) continue;
            bool read = false;
            const char *name = f->lines.variables[moves[m].variable].name;
            for (unsigned o = 0; o < count && !read; o++) read = o != m && !moves[o].done && has_word(moves[o].text, name);
            if (read) continue;
            wgsl_assign(&f->lines, moves[m].variable, moves[m].text);
            moves[m].done = moved = true;
            left--;
        }
        if (moved) continue;
        /* A circle: the first one's new value waits in a variable of its own. */
        for (unsigned m = 0; m < count; m++) {
            if (moves[m].done) continue;
            const char *name = wgsl_name(f->shader, "next");
            uint32_t saved = wgsl_variable_add(&f->lines, name, f->lines.variables[moves[m].variable].type);
            wgsl_assign(&f->lines, saved, moves[m].text);
            moves[m].text = name;
            break;
        }
        /* Every remaining move but that one may still wait for it; save them all in turn. */
        bool circle = true;
        for (unsigned m = 0; m < count && circle; m++) {
            if (moves[m].done) continue;
            bool read = false;
            const char *name = f->lines.variables[moves[m].variable].name;
            for (unsigned o = 0; o < count && !read; o++) read = o != m && !moves[o].done && has_word(moves[o].text, name);
            circle = read;
        }
        if (circle) {
            for (unsigned m = 0; m < count; m++) {
                if (moves[m].done) continue;
                const char *name = wgsl_name(f->shader, "next");
                uint32_t saved = wgsl_variable_add(&f->lines, name, f->lines.variables[moves[m].variable].type);
                wgsl_assign(&f->lines, saved, moves[m].text);
                moves[m].text = name;
            }
        }
    }
}

static void add_value(struct wgsl_function *f, LLVMValueRef value, LLVMBasicBlockRef block, uint32_t position) {
    f->values = cw_grow(f->values, f->value_count, &f->value_capacity, sizeof *f->values);
    f->values[f->value_count] = (struct wgsl_value){.value = value, .block = block, .position = position, .variable = WGSL_NONE};
    wgsl_map_set(&f->index, value, (uint32_t)f->value_count++);
}

static void number_values(struct wgsl_function *f) {
    for (LLVMValueRef p = LLVMGetFirstParam(f->function); p; p = LLVMGetNextParam(p)) add_value(f, p, NULL, 0);
    for (uint32_t b = 0; b < f->cfg.count; b++) {
        uint32_t position = 0;
        for (LLVMValueRef i = LLVMGetFirstInstruction(f->cfg.blocks[b]); i; i = LLVMGetNextInstruction(i)) add_value(f, i, f->cfg.blocks[b], position++);
    }
}

static void name_values(struct wgsl_function *f) {
    for (size_t v = 0; v < f->value_count; v++) {
        struct wgsl_value *value = &f->values[v];
        if (!LLVMIsAInstruction(value->value)) {
            if (value->type == WGSL_I32) value->type = WGSL_U32;
            name_value(f, value);
            continue;
        }
        if (value->folded || LLVMIsAAllocaInst(value->value) || LLVMIsATerminatorInst(value->value)) continue;
        if (LLVMIsAStoreInst(value->value) || (LLVMIsACallInst(value->value) && wgsl_call_is_nothing(value->value))) continue;
        if (!LLVMGetFirstUse(value->value)) continue;
        name_value(f, value);
    }
}

/* What follows "fn NAME(". */
static void write_signature(struct wgsl_function *f, struct cw_text *out) {
    for (LLVMValueRef p = LLVMGetFirstParam(f->function); p; p = LLVMGetNextParam(p)) {
        const struct wgsl_value *value = wgsl_value_of(f, p);
        cw_text_printf(out, "%s%s: %s", p == LLVMGetFirstParam(f->function) ? "" : ", ", f->lines.variables[value->variable].name, wgsl_type_name(value->type));
    }
    LLVMTypeRef result = LLVMGetReturnType(LLVMGlobalGetValueType(f->function));
    if (LLVMGetTypeKind(result) == LLVMVoidTypeKind) {
        cw_text_add(out, ") {\n");
        return;
    }
    bool wide = LLVMGetTypeKind(result) == LLVMDoubleTypeKind || (LLVMGetTypeKind(result) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(result) > 32);
    bool is_float = LLVMGetTypeKind(result) == LLVMFloatTypeKind;
    bool is_bool = LLVMGetTypeKind(result) == LLVMIntegerTypeKind && LLVMGetIntTypeWidth(result) == 1;
    cw_text_printf(out, ") -> %s {\n", wgsl_type_name(wide ? WGSL_U64 : is_float ? WGSL_F32 : is_bool ? WGSL_BOOL : WGSL_U32));
}

void wgsl_function_write(struct wgsl_shader *shader, LLVMValueRef function, bool entry, struct cw_text *out) {
    struct cw_arena arena = {0};
    struct wgsl_function f = {.shader = shader, .function = function, .entry = entry, .arena = &arena};
    LLVMValueRef lockstep = cw_shader_find_lockstep(function);
    if (lockstep) wgsl_refuse(shader, lockstep, CW_SHADER_LOCKSTEP);
    cw_cfg_build(&f.cfg, function);
    wgsl_lines_init(&f.lines, &arena);
    number_values(&f);
    if (entry) wgsl_objects(&f);
    wgsl_widths(&f);
    if (entry) wgsl_objects(&f);
    name_values(&f);
    wgsl_merge_phis(&f);

    struct cw_function_flow flow;
    struct cw_tree tree;
    cw_function_flow_build(&flow, function);
    const struct cw_structure_options options = {.break_loop = false};
    cw_structure(&tree, &flow.flow, &options);
    struct wgsl_walk walk = {.f = &f, .flow = &flow, .tree = &tree};
    wgsl_walk_write(&walk);
    if (!entry) write_signature(&f, out);
    if (!shader->failed) wgsl_lines_write(&f.lines, out);
    cw_tree_fini(&tree);
    cw_function_flow_fini(&flow);
    wgsl_lines_fini(&f.lines);
    cw_cfg_fini(&f.cfg);
    wgsl_map_fini(&f.index);
    free(f.values);
    /* Objects' and fields' names live in the shader's arena. */
    cw_arena_fini(&arena);
}
