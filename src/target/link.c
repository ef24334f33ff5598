/* SPDX-License-Identifier: Apache-2.0 */
#include "target/link.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/process.h"

static cw_status run_linker(struct cw_compiler *compiler, const struct cw_strings *words, const char *input, const char *output) {
    const char *linker = getenv("CUDA_WASM_LLD");
    struct cw_strings arguments = {0};
    const char *const all[] = {linker && *linker ? linker : "ld.lld-22", "-shared", "--build-id=none", "-o", output, input};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) cw_strings_add(&arguments, all[i]);
    for (size_t i = 0; i < words->count; i++) cw_strings_add(&arguments, words->items[i]);
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

cw_status cw_target_link(struct cw_compiler *compiler, const struct cw_strings *words, const struct cw_bytes *object,
                         struct cw_bytes *out) {
    char *folder = cw_folder_temporary("cuda-wasm");
    if (!folder) {
        cw_diagnose(compiler, NULL, "no temporary folder can be made; set TMPDIR to one that is writable");
        return CW_ERROR_IO;
    }
    char *input = cw_format("%s/kernels.o", folder), *output = cw_format("%s/kernels.out", folder);
    cw_status status = cw_file_write(input, object->data, object->size, 0);
    if (status != CW_OK) cw_diagnose(compiler, NULL, "%s can't be written", input);
    else status = run_linker(compiler, words, input, output);
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
