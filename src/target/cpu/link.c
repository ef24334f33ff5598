/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: an object to a shared object, by ld.lld as a subprocess.
 *
 * LLVM's helper functions for what the processor lacks (128-bit division, half conversions) come from compiler-rt's
 * builtins archive when it is installed beside clang; memcpy and libm's functions are left to the dynamic linker.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/process.h"
#include "target/cpu/cpu.h"

#ifndef CW_LLVM_BUILTINS
#define CW_LLVM_BUILTINS ""
#endif

/* Of other machines libgcc has the same functions, where Debian's cross compilers put it. */
static void add_foreign_builtins(struct cw_strings *arguments, const char *triple) {
    for (unsigned version = 20; version >= 10; version--) {
        char *path = cw_format("/usr/lib/gcc-cross/%s/%u/libgcc.a", triple, version);
        bool found = cw_file_exists(path);
        if (found) cw_strings_add(arguments, path);
        free(path);
        if (found) return;
    }
}

static cw_status run_linker(struct cw_compiler *compiler, const char *input, const char *output) {
    const char *linker = getenv("CUDA_WASM_LLD");
    struct cw_strings arguments = {0};
    const char *const fixed[] = {linker && *linker ? linker : "ld.lld-22", "-shared", "-Bsymbolic", "-z", "now", "--hash-style=gnu",
                                 "--build-id=none", "-o", output, input};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) cw_strings_add(&arguments, fixed[i]);
    if (compiler->triple) add_foreign_builtins(&arguments, compiler->triple);
    else if (CW_LLVM_BUILTINS[0] && cw_file_exists(CW_LLVM_BUILTINS)) cw_strings_add(&arguments, CW_LLVM_BUILTINS);

    struct cw_process process;
    cw_status status = cw_process_start(&process, arguments.items);
    if (status != CW_OK) {
        cw_diagnose(compiler, NULL, "the linker %s is missing; on Debian: apt-get install lld-22", arguments.items[0]);
    } else {
        struct cw_process *const list[] = {&process};
        cw_process_wait(list, 1);
        if (process.status != 0) {
            cw_diagnose(compiler, NULL, "the linker failed: %s", cw_text_string(&process.err));
            status = CW_ERROR_COMPILE;
        }
        cw_process_fini(&process);
    }
    cw_strings_fini(&arguments);
    return status;
}

cw_status cw_cpu_link(struct cw_compiler *compiler, const struct cw_bytes *object, struct cw_bytes *out) {
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_diagnose(compiler, NULL, "no temporary folder can be made; set TMPDIR to one that is writable");
        return CW_ERROR_IO;
    }
    char *input = cw_format("%s/kernels.o", folder), *output = cw_format("%s/kernels.so", folder);
    cw_status status = cw_file_write(input, object->data, object->size, 0);
    if (status != CW_OK) cw_diagnose(compiler, NULL, "%s can't be written", input);
    else status = run_linker(compiler, input, output);
    if (status == CW_OK) {
        struct cw_text text = {0};
        status = cw_file_read(output, &text);
        if (status == CW_OK) out->data = cw_text_take(&text, &out->size);
        else cw_diagnose(compiler, NULL, "%s can't be read", output);
        cw_text_fini(&text);
    }
    cw_folder_remove(folder);
    free(input);
    free(output);
    free(folder);
    return status;
}
