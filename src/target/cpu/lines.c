/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c: LLVM keeps the source lines of inlined code only where the function around it has a subprogram of its own, and
 * a subprogram belongs to one function. So each entry point gets one, named and placed like its kernel: debuggers and
 * fault reports show the user's kernel, at the user's lines.
 */
#include "target/cpu/lines.h"

#include <string.h>

#define PRODUCER "cuda-wasm " CW_VERSION

void cw_cpu_lines_init(struct cw_cpu_lines *lines, LLVMModuleRef llvm, const struct cw_table *table) {
    lines->builder = NULL;
    const char *source = NULL;
    for (uint32_t i = 0; i < table->kernel_count && !source; i++)
        if (table->kernels[i].line) source = table->kernels[i].source;
    if (!source) return;
    lines->builder = LLVMCreateDIBuilder(llvm);
    LLVMMetadataRef file = LLVMDIBuilderCreateFile(lines->builder, source, strlen(source), "", 0);
    LLVMDIBuilderCreateCompileUnit(lines->builder, LLVMDWARFSourceLanguageC_plus_plus_14, file, PRODUCER, sizeof PRODUCER - 1, 1, "", 0, 0,
                                   "", 0, LLVMDWARFEmissionLineTablesOnly, 0, 0, 0, "", 0, "", 0);
}

void cw_cpu_lines_begin(struct cw_cpu_lines *lines, LLVMValueRef kernel, LLVMValueRef entry, LLVMBuilderRef builder) {
    LLVMMetadataRef original = lines->builder ? LLVMGetSubprogram(kernel) : NULL;
    LLVMSetCurrentDebugLocation2(builder, NULL);
    if (!original) return;
    LLVMMetadataRef file = LLVMDIScopeGetFile(original);
    unsigned line = LLVMDISubprogramGetLine(original);
    LLVMMetadataRef type = LLVMDIBuilderCreateSubroutineType(lines->builder, file, NULL, 0, LLVMDIFlagZero);
    const char *name = cw_value_name(kernel);
    LLVMMetadataRef subprogram = LLVMDIBuilderCreateFunction(lines->builder, file, name, strlen(name), name, strlen(name), file, line, type, 1, 1,
                                                             line, LLVMDIFlagArtificial, 1);
    LLVMSetSubprogram(entry, subprogram);
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(kernel));
    LLVMSetCurrentDebugLocation2(builder, LLVMDIBuilderCreateDebugLocation(context, line, 0, subprogram, NULL));
}

void cw_cpu_lines_fini(struct cw_cpu_lines *lines) {
    if (!lines->builder) return;
    LLVMDIBuilderFinalize(lines->builder);
    LLVMDisposeDIBuilder(lines->builder);
}
