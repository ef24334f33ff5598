/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "frontend/cuda/wasm.h"
#include "tool/command.h"
#include "tool/library.h"
#include "tool/terminal.h"

json_t *cw_script_facts(const char *path) {
    struct cw_text module = {0};
    uint32_t pages = 0;
    json_t *facts = NULL;
    if (cw_file_read(path, &module) != CW_OK) {
        cw_say_error("%s can't be read: %s", path, strerror(errno));
    } else if (!cw_wasm_memory_pages(module.data, module.size, &pages)) {
        cw_say_error("internal: the linked program %s imports no memory", path);
    } else {
        facts = json_pack("{s:s,s:I,s:I}", "wasm", cw_path_name(path), "pages", (json_int_t)pages, "code",
                          (json_int_t)cw_wasm_code_offset(module.data, module.size));
    }
    cw_text_fini(&module);
    return facts;
}

int cw_script_write(const struct cw_layout *layout, const char *output, const char *program) {
    static const char *const runtime_files[] = {"node.js", "engine.js", "threads.js", "lines.js", "package.json", NULL};
    json_t *facts = cw_script_facts(program);
    if (!facts) {
        return CW_EXIT_FAILURE;
    }
    struct cw_text script = {0};
    char *json = json_dumps(facts, JSON_COMPACT), *folder = cw_path_beside(output, "cuda-wasm");
    cw_text_printf(&script,
                   "// Runs %s in Node: node %s ARGUMENTS. It goes with that file and the folder cuda-wasm.\n"
                   "import {run} from \"./cuda-wasm/node.js\";\n"
                   "await run(%s, import.meta.url);\n",
                   cw_path_name(program), cw_path_name(output), json);
    int result = CW_EXIT_OK;
    if (cw_file_write(output, script.data, script.size, 0) != CW_OK) {
        cw_say_error("%s can't be written: %s", output, strerror(errno));
        result = CW_EXIT_FAILURE;
    }
    result = result == CW_EXIT_OK ? cw_library_copy_runtime(layout, runtime_files, folder) : result;
    cw_text_fini(&script);
    json_decref(facts);
    free(json);
    free(folder);
    return result;
}
