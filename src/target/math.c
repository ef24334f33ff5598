/* SPDX-License-Identifier: Apache-2.0 */
/* math.c: links math functions from the archives, one small module a function. Functions of an archive may call each
 * other only inside their own module, so one round is enough. */
#include "target/math.h"

#include <errno.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "library/math/archive.h"

/* An archive beside the compiler library: lib/cuda-wasm/NAME. NULL, and a message, when there is none. */
static struct cw_math_archive *open_archive(struct cw_compiler *compiler, const char *name) {
    char *folder = cw_folder_of_symbol((const void *)(uintptr_t)cw_compiler_api);
    char *path = cw_format("%s/cuda-wasm/%s", folder ? folder : ".", name);
    struct cw_math_archive *archive = cw_math_archive_open(path);
    if (!archive) cw_diagnose(compiler, NULL, "the math library %s can't be opened: %s", path, strerror(errno));
    free(path);
    free(folder);
    return archive;
}

/* The first archive that has the function defines it. */
static cw_status link_one(struct cw_compiler *compiler, LLVMModuleRef llvm, struct cw_math_archive *const *archives, size_t count,
                          const char *name) {
    const void *bytes;
    size_t size, i = 0;
    while (i < count && !cw_math_archive_find(archives[i], name, &bytes, &size)) i++;
    if (i == count) {
        cw_diagnose(compiler, NULL, "the math library has no function '%s'; reinstall cuda-wasm", name);
        return CW_ERROR_NOT_FOUND;
    }
    LLVMMemoryBufferRef buffer = LLVMCreateMemoryBufferWithMemoryRange(bytes, size, name, 0);
    LLVMModuleRef source;
    bool failed = LLVMParseBitcodeInContext2(compiler->context, buffer, &source) != 0;
    LLVMDisposeMemoryBuffer(buffer);
    if (failed || LLVMLinkModules2(llvm, source)) {
        cw_diagnose(compiler, NULL, "the math function '%s' can't be linked; reinstall cuda-wasm", name);
        return CW_ERROR_BAD_MODULE;
    }
    return CW_OK;
}

cw_status cw_link_math(struct cw_compiler *compiler, LLVMModuleRef llvm, enum cw_math_kind kind) {
    struct cw_strings names = {0};
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f) && LLVMGetFirstUse(f) && cw_math_function_known(cw_value_name(f)))
            cw_strings_add(&names, cw_value_name(f));
    if (!names.count) return CW_OK;

    static const char *const files[] = {"math-fused.cwm", "math-float.cwm", "math.cwm"};
    struct cw_math_archive *archives[3];
    cw_status status = CW_OK;
    size_t count = 0;
    for (size_t i = kind == CW_MATH_FUSED ? 0 : kind == CW_MATH_FLOAT ? 1 : 2; i < 3 && status == CW_OK; i++) {
        archives[count] = open_archive(compiler, files[i]);
        if (archives[count]) count++;
        else status = CW_ERROR_MISSING_TOOL;
    }
    for (size_t i = 0; i < names.count && status == CW_OK; i++) status = link_one(compiler, llvm, archives, count, names.items[i]);
    while (count) cw_math_archive_close(archives[--count]);
    cw_strings_fini(&names);
    return status;
}
