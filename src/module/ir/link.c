/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: device code of several objects to one module, as nvlink does (NVCC manual, "Using Separate Compilation").
 *
 * Symbols are resolved by name before LLVM's linker sees the modules, because its errors know no files: a strong definition
 * may be there once, what is used and not defined anywhere is missing, and every fault is reported, not the first alone.
 */
#include "module/ir/ir.h"

#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
    const char *name; /* borrowed from the unit's module */
    const char *unit;
};

struct symbols {
    struct symbol *rows;
    size_t count, capacity;
};

static void add_symbol(struct symbols *symbols, LLVMValueRef global, const char *unit) {
    symbols->rows = cw_grow(symbols->rows, symbols->count, &symbols->capacity, sizeof *symbols->rows);
    symbols->rows[symbols->count++] = (struct symbol){cw_value_name(global), unit};
}

static int compare_symbols(const void *a, const void *b) {
    const struct symbol *left = a, *right = b;
    return strcmp(left->name, right->name);
}

static bool has_symbol(const struct symbols *symbols, const char *name) {
    const struct symbol key = {.name = name};
    return symbols->count > 0 && bsearch(&key, symbols->rows, symbols->count, sizeof key, compare_symbols);
}

static bool is_strong(LLVMValueRef global) {
    return LLVMGetLinkage(global) == LLVMExternalLinkage;
}

static bool is_local(LLVMValueRef global) {
    return LLVMGetLinkage(global) == LLVMInternalLinkage || LLVMGetLinkage(global) == LLVMPrivateLinkage;
}

/* Clang gives a static variable a name of its own in every unit when it learns that the host uses it, and forgets the uses
 * that it has emitted under the plain name before. */
static void settle_static_name(LLVMModuleRef llvm, LLVMValueRef declaration) {
    char *prefix = cw_format("%s__static__", cw_value_name(declaration));
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMIsDeclaration(g) || strncmp(cw_value_name(g), prefix, strlen(prefix)) != 0 ||
            LLVMTypeOf(g) != LLVMTypeOf(declaration))
            continue;
        LLVMReplaceAllUsesWith(declaration, g);
        break;
    }
    free(prefix);
}

void cw_unit_settle(LLVMModuleRef llvm) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g))
        if (LLVMIsDeclaration(g) && LLVMGetFirstUse(g)) settle_static_name(llvm, g);
}

static void collect(LLVMModuleRef llvm, const char *unit, struct symbols *strong, struct symbols *all) {
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f)) {
        if (cw_is_declaration(f) || is_local(f)) continue;
        add_symbol(all, f, unit);
        if (is_strong(f)) add_symbol(strong, f, unit);
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        if (LLVMIsDeclaration(g) || is_local(g)) continue;
        add_symbol(all, g, unit);
        if (is_strong(g)) add_symbol(strong, g, unit);
    }
}

static void report_duplicates(struct cw_compiler *compiler, const struct symbols *strong) {
    for (size_t i = 1; i < strong->count; i++) {
        const struct symbol *a = &strong->rows[i - 1], *b = &strong->rows[i];
        if (strcmp(a->name, b->name) == 0)
            cw_diagnose(compiler, NULL, "device link: multiple definition of '%s': in %s and in %s", a->name, a->unit, b->unit);
    }
}

/* True if the waist or the targets define `function`. */
static bool is_provided(LLVMValueRef function) {
    const char *name = cw_value_name(function);
    return strncmp(name, "llvm.", 5) == 0 || cw_intrinsic_find(name) != CW_INTRINSIC_COUNT || strncmp(name, "__nv_", 5) == 0;
}

static void report_missing(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *unit, const struct symbols *all) {
    static const char text[] = "device link: undefined reference to '%s' in %s";
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f) && LLVMGetFirstUse(f) && !is_provided(f) && !has_symbol(all, cw_value_name(f)))
            cw_diagnose(compiler, NULL, text, cw_value_name(f), unit);
    for (LLVMValueRef g = LLVMGetFirstGlobal(llvm); g; g = LLVMGetNextGlobal(g)) {
        bool dynamic_shared = LLVMGetPointerAddressSpace(LLVMTypeOf(g)) == CW_SPACE_SHARED;
        if (LLVMIsDeclaration(g) && LLVMGetFirstUse(g) && !dynamic_shared && !has_symbol(all, cw_value_name(g)))
            cw_diagnose(compiler, NULL, text, cw_value_name(g), unit);
    }
}

/* clang gives static references no names of their own, and the host finds them by name. */
static void report_static_references(struct cw_compiler *compiler, LLVMModuleRef *modules, const struct cw_unit *units, size_t count) {
    for (size_t i = 1; i < count; i++) {
        for (LLVMValueRef g = LLVMGetFirstGlobal(modules[i]); g; g = LLVMGetNextGlobal(g)) {
            if (LLVMGetLinkage(g) != LLVMInternalLinkage || cw_reference_of(modules[i], g) == CW_REFERENCE_NONE) continue;
            for (size_t n = 0; n < i; n++) {
                LLVMValueRef other = LLVMGetNamedGlobal(modules[n], cw_value_name(g));
                if (other && cw_reference_of(modules[n], other) != CW_REFERENCE_NONE)
                    cw_diagnose(compiler, NULL, "device link: the static texture or surface reference '%s' is both in %s and in %s; give one another name",
                                cw_value_name(g), units[n].name, units[i].name);
            }
        }
    }
}

static cw_status resolve(struct cw_compiler *compiler, LLVMModuleRef *modules, const struct cw_unit *units, size_t count) {
    struct symbols strong = {0}, all = {0};
    uint32_t before = compiler->errors;
    for (size_t i = 0; i < count; i++) collect(modules[i], units[i].name, &strong, &all);
    if (strong.count) qsort(strong.rows, strong.count, sizeof *strong.rows, compare_symbols);
    if (all.count) qsort(all.rows, all.count, sizeof *all.rows, compare_symbols);
    report_duplicates(compiler, &strong);
    report_static_references(compiler, modules, units, count);
    for (size_t i = 0; i < count; i++) report_missing(compiler, modules[i], units[i].name, &all);
    free(strong.rows);
    free(all.rows);
    return compiler->errors == before ? CW_OK : CW_ERROR_COMPILE;
}

cw_status cw_module_link(struct cw_compiler *compiler, const struct cw_unit *units, size_t count, LLVMModuleRef *out) {
    LLVMModuleRef *modules = cw_alloc_array(count + 1, sizeof(LLVMModuleRef));
    cw_status status = CW_OK;
    *out = NULL;
    for (size_t i = 0; i < count && status == CW_OK; i++) {
        LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(units[i].bitcode, units[i].size, units[i].name);
        if (LLVMParseBitcodeInContext2(compiler->context, buffer, &modules[i]) != 0) {
            cw_diagnose(compiler, NULL, "the device code in %s can't be read; it was made by another release or is damaged", units[i].name);
            modules[i] = NULL;
            status = CW_ERROR_BAD_MODULE;
        } else {
            cw_unit_settle(modules[i]);
        }
        LLVMDisposeMemoryBuffer(buffer);
    }
    if (status == CW_OK) status = resolve(compiler, modules, units, count);
    for (size_t i = 1; i < count && status == CW_OK; i++) {
        LLVMModuleRef source = modules[i];
        modules[i] = NULL; /* the linker disposes of it */
        if (LLVMLinkModules2(modules[0], source) != 0) {
            cw_diagnose(compiler, NULL, "the device code in %s can't be linked with that before it", units[i].name);
            status = CW_ERROR_COMPILE;
        }
    }
    if (status == CW_OK) {
        *out = modules[0];
        modules[0] = NULL;
    }
    for (size_t i = 0; i < count; i++)
        if (modules[i]) LLVMDisposeModule(modules[i]);
    free(modules);
    return status;
}
