/* SPDX-License-Identifier: Apache-2.0 */
/* math.c: links math functions from the archive, one small module a function. Functions of the archive may call each
 * other only inside their own module, so one round is enough. */
#include "target/math.h"

#include <errno.h>
#include <llvm-c/BitReader.h>
#include <llvm-c/Linker.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "library/math/archive.h"

/* Archive beside the compiler library: lib/cuda-wasm/math.cwm. */
static char *archive_path(void) {
    char *folder = cw_folder_of_symbol((const void *)(uintptr_t)cw_compiler_api);
    char *path = cw_format("%s/cuda-wasm/math.cwm", folder ? folder : ".");
    free(folder);
    return path;
}

static cw_status link_one(struct cw_compiler *compiler, LLVMModuleRef llvm, const struct cw_math_archive *archive, const char *name) {
    const void *bytes;
    size_t size;
    if (!cw_math_archive_find(archive, name, &bytes, &size)) {
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

cw_status cw_link_math(struct cw_compiler *compiler, LLVMModuleRef llvm) {
    struct cw_strings names = {0};
    for (LLVMValueRef f = LLVMGetFirstFunction(llvm); f; f = LLVMGetNextFunction(f))
        if (cw_is_declaration(f) && LLVMGetFirstUse(f) && cw_math_function_known(cw_value_name(f)))
            cw_strings_add(&names, cw_value_name(f));
    if (!names.count) return CW_OK;

    cw_status status = CW_OK;
    char *path = archive_path();
    struct cw_math_archive *archive = cw_math_archive_open(path);
    if (!archive) {
        cw_diagnose(compiler, NULL, "the math library %s can't be opened: %s", path, strerror(errno));
        status = CW_ERROR_MISSING_TOOL;
    }
    for (size_t i = 0; i < names.count && status == CW_OK; i++) status = link_one(compiler, llvm, archive, names.items[i]);
    if (archive) cw_math_archive_close(archive);
    free(path);
    cw_strings_fini(&names);
    return status;
}
