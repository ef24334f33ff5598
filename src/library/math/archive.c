/* SPDX-License-Identifier: Apache-2.0 */
/*
 * archive.c: the program cw-math-archive, which makes math.cwm (archive.h) when the project is built.
 *
 *     cw-math-archive [--float | --fused] OUT.cwm INPUT.bc...
 *
 * The inputs are our own device sources and libclc's nvptx64--.bc. With --float or --fused they need not define every function, and a double
 * anywhere is an error. They become one module; what no libdevice function
 * reaches is dropped; the rest is cleaned of what belongs to a GPU target, optimised, and cut into a module a function.
 *
 * Cleaning happens on LLVM's text form, because it retypes: moving a table from address space 4 to 0 changes the type of
 * every pointer to it, which the C API can't do in place, while in the text it is the removal of one word. The text
 * is the printer's own, so the few spellings looked for are exact.
 *
 * src/module/math.def says which functions there are: one too many or too few, or another signature, is an error.
 *
 * Exit status 0, or 1 with a sentence on stderr; a module that would need anything from outside is an error.
 */
#include "library/math/archive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/BitWriter.h>
#include <llvm-c/Core.h>
#include <llvm-c/IRReader.h>
#include <llvm-c/Linker.h>
#include <llvm-c/Support.h>
#include <llvm-c/Transforms/PassBuilder.h>

#define TRIPLE "nvptx64-nvidia-cuda"
#define LAYOUT "e-p6:32:32-i64:64-i128:128-i256:256-v16:16-v32:32-n16:32:64"
/* Helpers of the two archives must not meet in a module that has functions of both. */
static const char *prefix = "cw.math.";

/* Everything is inlined but what our sources mark noinline (rare slow paths). No loop or SLP vectorising: that is the
 * target's work, with the kernel around it. simplifycfg turns branches to selects where it may. */
#define PASSES_INLINE "always-inline,globaldce"
#define PASSES_OPTIMISE                                                                                                       \
    "function(sroa,early-cse<memssa>,simplifycfg<speculate-blocks;switch-to-lookup>,instcombine<no-verify-fixpoint>),"        \
    "cgscc(inline),globalopt,"                                                                                                \
    "function(sroa,early-cse<memssa>,instcombine<no-verify-fixpoint>,simplifycfg<speculate-blocks>,reassociate,"              \
    "loop-mssa(loop-rotate,licm),loop(indvars,loop-unroll-full),sroa,gvn,sccp,bdce,instcombine<no-verify-fixpoint>,dse,adce," \
    "simplifycfg<speculate-blocks;sink-common-insts;hoist-common-insts>,instcombine<no-verify-fixpoint>),"                    \
    "globaldce"
#define PASSES_INFER "cgscc(function-attrs),rpo-function-attrs,globaldce,strip-dead-prototypes"

/* The LLVM intrinsics that the library may use: each is an instruction, or a few, on every target. */
static const char *const allowed_intrinsics[] = {
    "abs",  "assume",  "bitreverse", "bswap", "ceil",       "copysign",   "ctlz", "ctpop", "cttz",      "fabs", "floor",
    "fma",  "fmuladd", "fshl",       "fshr",  "maximumnum", "minimumnum", "rint", "round", "roundeven", "sadd", "smax",
    "smin", "sqrt",    "ssub",       "trunc", "uadd",       "umax",       "umin", "usub",  "is",
};

static _Noreturn void fail(const char *what, const char *detail) {
    fprintf(stderr, "cw-math-archive: %s: %s\n", what, detail);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        fail("out of memory", "calloc");
    }
    return memory;
}

static void run_passes(LLVMModuleRef module, const char *passes) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(module, passes, NULL, options);
    if (error != NULL) {
        fail(passes, LLVMGetErrorMessage(error));
    }
    LLVMDisposePassBuilderOptions(options);
}

/* ---- Linking ------------------------------------------------------------------------------------------------- */

static LLVMModuleRef read_module(LLVMContextRef context, const char *path) {
    LLVMMemoryBufferRef buffer;
    LLVMModuleRef module;
    char *message = NULL;
    if (LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message)) {
        fail(path, message);
    }
    if (LLVMParseBitcodeInContext2(context, buffer, &module)) {
        fail(path, "not LLVM bitcode");
    }
    LLVMDisposeMemoryBuffer(buffer);
    LLVMSetTarget(module, TRIPLE);
    LLVMSetDataLayout(module, LAYOUT);
    return module;
}

static bool is_public(LLVMValueRef value) {
    size_t size;
    return strncmp(LLVMGetValueName2(value, &size), "__nv_", 5) == 0;
}

static LLVMModuleRef link_inputs(LLVMContextRef context, char **paths, int count) {
    LLVMModuleRef module = read_module(context, paths[0]);
    for (int i = 1; i < count; i++) {
        if (LLVMLinkModules2(module, read_module(context, paths[i]))) {
            fail(paths[i], "does not link");
        }
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        if (!LLVMIsDeclaration(f) && !is_public(f)) {
            LLVMSetLinkage(f, LLVMInternalLinkage);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g != NULL; g = LLVMGetNextGlobal(g)) {
        if (!LLVMIsDeclaration(g)) {
            LLVMSetLinkage(g, LLVMInternalLinkage);
        }
    }
    run_passes(module, PASSES_INLINE);
    return module;
}

/* ---- Cleaning ------------------------------------------------------------------------------------------------ */

/* Removes every `word` from the line, and the digits that follow it if `with_number`. */
static void remove_word(char *line, const char *word, bool with_number) {
    size_t size = strlen(word);
    for (char *at = line; (at = strstr(at, word)) != NULL;) {
        char *end = at + size;
        while (with_number && *end >= '0' && *end <= '9') {
            end++;
        }
        memmove(at, end, strlen(end) + 1);
    }
}

/* True for the lines that say something of a GPU target or of the compiler that made the input. */
static bool line_dropped(const char *line) {
    return strncmp(line, "!llvm.", 6) == 0 || strncmp(line, "!opencl.", 8) == 0 || strncmp(line, "!nvvm.", 6) == 0;
}

/* Attributes of functions are inferred anew after optimisation; only what says how to treat calls stays. */
static void clean_attributes(char *line) {
    char *open = strchr(line, '{');
    bool noinline = strstr(line, " noinline") != NULL && strstr(line, "alwaysinline") == NULL;
    bool intrinsic = strstr(line, "nocallback") != NULL;
    if (intrinsic) {
        return;
    }
    strcpy(open, noinline ? "{ noinline nounwind willreturn mustprogress nofree nosync }"
                          : "{ nounwind willreturn mustprogress nofree nosync }");
}

static LLVMModuleRef clean_module(LLVMContextRef context, LLVMModuleRef module) {
    char *text = LLVMPrintModuleToString(module);
    LLVMDisposeModule(module);
    char *clean = allocate(1, strlen(text) * 2 + 1);
    size_t size = 0;
    for (char *line = text; line != NULL && *line != 0;) {
        char *next = strchr(line, '\n');
        if (next != NULL) {
            *next++ = 0;
        }
        if (!line_dropped(line)) {
            if (strstr(line, "addrspacecast") != NULL && strstr(line, "addrspace(4)") != NULL) {
                fail("a cast of a constant address can't be moved to address space 0", line);
            }
            remove_word(line, " addrspace(4)", false);
            remove_word(line, ", !fpmath !", true);
            remove_word(line, ", !tbaa !", true);
            char *target = clean + size;
            strcpy(target, line);
            if (strncmp(line, "attributes #", 12) == 0) {
                clean_attributes(target);
            }
            size += strlen(target);
            clean[size++] = '\n';
        }
        line = next;
    }
    LLVMDisposeMessage(text);
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRangeCopy(clean, size, "cleaned");
    free(clean);
    char *message = NULL;
    if (LLVMParseIRInContext(context, buffer, &module, &message)) {
        fail("the cleaned module does not parse", message);
    }
    return module;
}

/* ---- Checking ------------------------------------------------------------------------------------------------ */

static bool intrinsic_allowed(const char *name) {
    if (strncmp(name, "llvm.", 5) != 0) {
        return false;
    }
    name += 5;
    for (size_t i = 0; i < sizeof allowed_intrinsics / sizeof *allowed_intrinsics; i++) {
        size_t size = strlen(allowed_intrinsics[i]);
        if (strncmp(name, allowed_intrinsics[i], size) == 0 && (name[size] == '.' || name[size] == 0)) {
            return true;
        }
    }
    return false;
}

static bool takes_pointer(LLVMValueRef function) {
    for (unsigned i = 0; i < LLVMCountParams(function); i++) {
        if (LLVMGetTypeKind(LLVMTypeOf(LLVMGetParam(function, i))) == LLVMPointerTypeKind) {
            return true;
        }
    }
    return false;
}

static char type_letter(LLVMTypeRef type) {
    switch (LLVMGetTypeKind(type)) {
    case LLVMVoidTypeKind:
        return 'v';
    case LLVMFloatTypeKind:
        return 'f';
    case LLVMDoubleTypeKind:
        return 'd';
    case LLVMPointerTypeKind:
        return 'p';
    case LLVMIntegerTypeKind:
        return LLVMGetIntTypeWidth(type) == 16   ? 's'
               : LLVMGetIntTypeWidth(type) == 32 ? 'i'
               : LLVMGetIntTypeWidth(type) == 64 ? 'l'
                                                 : '?';
    default:
        return '?';
    }
}

/* That the module has the functions of math.def, and with its signatures; with `some`, that it has no others. */
static void check_listed(LLVMModuleRef module, bool some) {
    static const struct {
        const char *name, *signature;
    } listed[] = {
#define CW_MATH(name, signature) {#name, signature},
#include "module/math.def"
    };
    size_t rows = sizeof listed / sizeof *listed, count = rows, defined = 0;
    for (size_t i = 0; i < rows; i++) {
        LLVMValueRef f = LLVMGetNamedFunction(module, listed[i].name);
        if (some && f == NULL) {
            count--;
            continue;
        }
        if (f == NULL || LLVMIsDeclaration(f)) {
            fail("is listed in math.def but not defined", listed[i].name);
        }
        const char *letter = listed[i].signature;
        bool same = strlen(letter) == 1 + LLVMCountParams(f) &&
                    *letter++ == type_letter(LLVMGetReturnType(LLVMGlobalGetValueType(f)));
        for (unsigned k = 0; same && k < LLVMCountParams(f); k++) {
            same = letter[k] == type_letter(LLVMTypeOf(LLVMGetParam(f, k)));
        }
        if (!same) {
            fail("has another signature than math.def says", listed[i].name);
        }
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        defined += !LLVMIsDeclaration(f) && is_public(f);
    }
    if (defined != count) {
        fail("math.def", "does not list every function that is defined");
    }
}

/* What archive.h promises of every module. */
static void check_module(LLVMModuleRef module) {
    char *message = NULL;
    if (LLVMVerifyModule(module, LLVMReturnStatusAction, &message)) {
        fail("the library's IR is broken", message);
    }
    LLVMDisposeMessage(message);
    unsigned memory = LLVMGetEnumAttributeKindForName("memory", 6);
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        size_t size;
        const char *name = LLVMGetValueName2(f, &size);
        if (LLVMIsDeclaration(f)) {
            if (!intrinsic_allowed(name)) {
                fail("needs something from outside", name);
            }
        } else if (!takes_pointer(f)) {
            LLVMAttributeRef effects =
                LLVMGetEnumAttributeAtIndex(f, (LLVMAttributeIndex)LLVMAttributeFunctionIndex, memory);
            if (effects == NULL || LLVMGetEnumAttributeValue(effects) != 0) {
                fail("is not a pure function", name);
            }
        }
    }
}

static bool has_double(LLVMValueRef instruction) {
    bool found = LLVMGetTypeKind(LLVMTypeOf(instruction)) == LLVMDoubleTypeKind;
    for (unsigned i = 0; !found && i < (unsigned)LLVMGetNumOperands(instruction); i++) {
        found = LLVMGetTypeKind(LLVMTypeOf(LLVMGetOperand(instruction, i))) == LLVMDoubleTypeKind;
    }
    return found;
}

/* What the set without doubles is for. */
static void check_without_doubles(LLVMModuleRef module) {
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(f); block != NULL; block = LLVMGetNextBasicBlock(block)) {
            for (LLVMValueRef i = LLVMGetFirstInstruction(block); i != NULL; i = LLVMGetNextInstruction(i)) {
                size_t size;
                if (has_double(i)) {
                    fail("uses doubles", LLVMGetValueName2(f, &size));
                }
            }
        }
    }
}

/* ---- Cutting ------------------------------------------------------------------------------------------------- */

static void rename_shared(LLVMValueRef value) {
    size_t size;
    const char *old = LLVMGetValueName2(value, &size);
    char *name = allocate(1, size + strlen(prefix) + 1);
    strcpy(name, prefix);
    strcat(name, old);
    LLVMSetValueName2(value, name, strlen(name));
    LLVMSetLinkage(value, LLVMLinkOnceODRLinkage);
    LLVMSetVisibility(value, LLVMHiddenVisibility);
    free(name);
}

static void share_helpers(LLVMModuleRef module) {
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        if (!LLVMIsDeclaration(f) && !is_public(f)) {
            rename_shared(f);
        }
    }
    for (LLVMValueRef g = LLVMGetFirstGlobal(module); g != NULL; g = LLVMGetNextGlobal(g)) {
        rename_shared(g);
    }
}

/* The module of one function: a copy of the whole in which every other function is dead unless it is called. A public
 * function that another one calls becomes one of its helpers. */
static LLVMMemoryBufferRef cut_function(LLVMModuleRef whole, const char *name) {
    LLVMModuleRef module = LLVMCloneModule(whole);
    LLVMSetModuleIdentifier(module, name, strlen(name));
    LLVMSetSourceFileName(module, name, strlen(name));
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        size_t size;
        if (!LLVMIsDeclaration(f) && is_public(f) && strcmp(LLVMGetValueName2(f, &size), name) != 0) {
            rename_shared(f);
        }
    }
    run_passes(module, "globaldce,strip-dead-prototypes");
    LLVMMemoryBufferRef bitcode = LLVMWriteBitcodeToMemoryBuffer(module);
    LLVMDisposeModule(module);
    return bitcode;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **public_names(LLVMModuleRef module, uint32_t *count) {
    *count = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        *count += !LLVMIsDeclaration(f) && is_public(f);
    }
    char **names = allocate(*count, sizeof *names);
    uint32_t next = 0;
    for (LLVMValueRef f = LLVMGetFirstFunction(module); f != NULL; f = LLVMGetNextFunction(f)) {
        size_t size;
        if (!LLVMIsDeclaration(f) && is_public(f)) {
            names[next++] = strdup(LLVMGetValueName2(f, &size));
        }
    }
    qsort(names, *count, sizeof *names, compare_names);
    return names;
}

/* ---- Writing ------------------------------------------------------------------------------------------------- */

static uint64_t align16(uint64_t offset) {
    return (offset + 15) & ~UINT64_C(15);
}

static void write_archive(const char *path, char **names, LLVMMemoryBufferRef *modules, uint32_t count) {
    struct cw_math_entry *entries = allocate(count, sizeof *entries);
    uint64_t size = sizeof(struct cw_math_header) + count * sizeof *entries;
    for (uint32_t i = 0; i < count; i++) {
        entries[i].name_offset = size;
        size += strlen(names[i]) + 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        entries[i].module_offset = align16(size);
        entries[i].module_size = LLVMGetBufferSize(modules[i]);
        size = entries[i].module_offset + entries[i].module_size;
    }
    uint8_t *bytes = allocate(1, (size_t)size);
    struct cw_math_header *header = (void *)bytes;
    memcpy(header->magic, CW_MATH_ARCHIVE_MAGIC, sizeof header->magic);
    header->version = CW_MATH_ARCHIVE_VERSION;
    header->count = count;
    header->size = size;
    memcpy(bytes + sizeof *header, entries, count * sizeof *entries);
    for (uint32_t i = 0; i < count; i++) {
        strcpy((char *)bytes + entries[i].name_offset, names[i]);
        memcpy(bytes + entries[i].module_offset, LLVMGetBufferStart(modules[i]), LLVMGetBufferSize(modules[i]));
    }
    header->checksum = cw_math_checksum(CW_MATH_CHECKSUM_START, bytes + sizeof *header, (size_t)size - sizeof *header);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, (size_t)size, file) != size || fclose(file) != 0) {
        fail(path, "can't be written");
    }
    free(entries);
    free(bytes);
}

int main(int argc, char **argv) {
    bool fused = argc > 1 && strcmp(argv[1], "--fused") == 0, some = fused || (argc > 1 && strcmp(argv[1], "--float") == 0);
    argc -= some;
    argv += some;
    prefix = fused ? "cw.math.fused." : some ? "cw.math.float." : prefix;
    if (argc < 3) {
        fail("usage", "cw-math-archive [--float | --fused] OUT.cwm INPUT.bc...");
    }
    /* The C API's inliner threshold reaches only LLVM's ready-made pipelines. */
    static const char *const options[] = {"cw-math-archive", "-inline-threshold=5000"};
    LLVMParseCommandLineOptions(2, options, NULL);
    LLVMContextRef context = LLVMContextCreate();
    LLVMModuleRef module = clean_module(context, link_inputs(context, argv + 2, argc - 2));
    run_passes(module, PASSES_OPTIMISE);
    run_passes(module, PASSES_INFER);
    check_module(module);
    check_listed(module, some);
    if (some) {
        check_without_doubles(module);
    }
    share_helpers(module);
    uint32_t count;
    char **names = public_names(module, &count);
    LLVMMemoryBufferRef *modules = allocate(count, sizeof *modules);
    for (uint32_t i = 0; i < count; i++) {
        modules[i] = cut_function(module, names[i]);
    }
    write_archive(argv[1], names, modules, count);
    for (uint32_t i = 0; i < count; i++) {
        LLVMDisposeMemoryBuffer(modules[i]);
        free(names[i]);
    }
    free(modules);
    free(names);
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    return 0;
}
