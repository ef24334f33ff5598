/* SPDX-License-Identifier: Apache-2.0 */
/*
 * link.c: an object to a shared object that dlopen takes.
 *
 * LLVM's helper functions for what the processor lacks (128-bit division, half conversions) come from compiler-rt's
 * builtins archive when it is installed beside clang; memcpy and libm's functions are left to the dynamic linker.
 */
#include <stdlib.h>

#include "base/file.h"
#include "target/cpu/cpu.h"
#include "target/link.h"

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

cw_status cw_cpu_link(struct cw_compiler *compiler, const struct cw_bytes *object, struct cw_bytes *out) {
    static const char *const fixed[] = {"-Bsymbolic", "-z", "now", "--hash-style=gnu"};
    struct cw_strings words = {0};
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) cw_strings_add(&words, fixed[i]);
    if (compiler->triple) add_foreign_builtins(&words, compiler->triple);
    else if (CW_LLVM_BUILTINS[0] && cw_file_exists(CW_LLVM_BUILTINS)) cw_strings_add(&words, CW_LLVM_BUILTINS);
    cw_status status = cw_target_link(compiler, &words, object, out);
    cw_strings_fini(&words);
    return status;
}
