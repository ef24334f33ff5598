/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/passes.h"

#include <string.h>

#include "base/hash.h"
#include "frontend/cuda/architecture.h"
#include "frontend/cuda/wasm.h"

/* The toolkit version that clang is told of: the newest it knows. It decides how launches are lowered (push/pop and
 * cudaLaunchKernel), nothing else; programs see 12.9 from our headers. */
#define SDK_VERSION "-target-sdk-version=12.3"

static void add_all(struct cw_strings *argv, const char *const *words) {
    for (; *words; words++) {
        cw_strings_add(argv, *words);
    }
}

static void add_list(struct cw_strings *argv, const struct cw_strings *list) {
    for (size_t i = 0; i < list->count; i++) {
        cw_strings_add(argv, list->items[i]);
    }
}

static void add_frontend(struct cw_strings *argv, const char *word) {
    cw_strings_add(argv, "-Xclang");
    cw_strings_add(argv, word);
}

/* The macros by which nvcc tells a source of its options. */
static void add_macros(struct cw_strings *argv, const struct cw_cuda_options *options, bool device) {
    const struct {
        bool defined;
        const char *word;
    } macros[] = {
        {options->relaxed_constexpr, "-D__CUDACC_RELAXED_CONSTEXPR__=1"},
        {options->extended_lambda, "-D__CUDACC_EXTENDED_LAMBDA__=1"},
        {options->device_debug, "-D__CUDACC_DEBUG__=1"},
        {options->relocatable, "-D__CUDACC_RDC__=1"},
        {options->per_thread_stream, "-DCUDA_API_PER_THREAD_DEFAULT_STREAM=1"},
        {options->fast_math, "-D__USE_FAST_MATH__=1"},
        {device && options->fast_math, "-D__FAST_MATH__=1"},
        {device && options->flush_denormals, "-D__CUDA_FTZ=1"},
        {device && options->approximate_division, "-D__CUDA_PREC_DIV=0"},
        {device && options->approximate_root, "-D__CUDA_PREC_SQRT=0"},
        {device && options->openmp, "-D_OPENMP=201511"}, /* as nvcc with gcc; clang's own number makes its omp.h need the pragmas */
    };
    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; i++) {
        if (macros[i].defined) {
            cw_strings_add(argv, macros[i].word);
        }
    }
    cw_architecture_macros(argv, options, device);
}

/* What nvcc and gcc only warn of in C++, or accept, and clang takes for an error: a list in braces that narrows a value, text beside
 * a macro without a space between ("%"PRIu64, which C++11 reads as one literal), and `template` before a name without arguments
 * (`T::template f(x)`, which CUB 1 is full of). */
static const char *const only_warned_of[] = {
    "-Wno-error=c++11-narrowing",
    "-Wno-error=reserved-user-defined-literal",
    "-Wno-missing-template-arg-list-after-template-kw",
    NULL,
};

/* What both passes of a CUDA source share: the language, our headers, the user's options. */
static void add_cuda(struct cw_strings *argv, const struct cw_layout *layout, const struct cw_cuda_options *options,
                     const struct cw_pass_files *files, bool device) {
    static const char *const language[] = {
        "-nocudainc",
        "-nocudalib",
        "--cuda-path=/nonexistent",
        "--cuda-gpu-arch=sm_80",
        "-fdeclspec",
        /* What nvcc accepts in silence, real programs hold: its own pragmas, attributes and orders of words, loops that
         * `#pragma unroll` can't unroll. */
        "-Wno-unknown-cuda-version",
        "-Wno-unused-command-line-argument",
        "-Wno-unknown-attributes",
        "-Wno-unknown-warning-option",
        "-Wno-unknown-pragmas",
        "-Wno-cuda-compat",
        "-Wno-pass-failed",
        "-Wno-register", /* a warning of gcc's too, which C++17 took away */
        NULL,
    };
    cw_wasm_cuda(argv, options);
    cw_strings_add(argv, "-xcuda");
    add_all(argv, language);
    add_all(argv, only_warned_of);
    cw_strings_add(argv, "-fgnu-keywords"); /* nvcc knows typeof at every -std */
    add_frontend(argv, SDK_VERSION);
    char hex[33];
    cw_hash_hex(files->id, hex);
    cw_strings_addf(argv, "-cuid=%s", hex);
    cw_strings_addf(argv, "-std=%s", options->standard ? options->standard : "gnu++17");
    add_macros(argv, options, device);
    if (options->relocatable || files->device_launches) {
        /* The older scheme of clang's hands us a unit's registration as nvcc does (tool/device_link.h). */
        cw_strings_add(argv, "-fgpu-rdc");
        cw_strings_add(argv, "--no-offload-new-driver");
    }
    if (options->per_thread_stream) {
        add_frontend(argv, "-fgpu-default-stream=per-thread"); /* the driver takes it for HIP alone */
    }
    add_list(argv, &options->language);
    cw_strings_add(argv, "-isystem");
    cw_strings_add(argv, layout->cuda_headers);
    cw_strings_add(argv, "-isystem");
    cw_strings_add(argv, layout->headers);
    if (strcmp(files->source, layout->prelude) == 0) {
        add_frontend(argv, "-emit-pch");
        add_frontend(argv, "-fpch-instantiate-templates"); /* halves the time that using it takes */
    } else if (files->precompiled) {
        cw_strings_add(argv, "-include-pch");
        cw_strings_add(argv, files->precompiled);
    } else {
        cw_strings_add(argv, "-include");
        cw_strings_add(argv, layout->prelude);
    }
    if (files->references) {
        cw_strings_add(argv, "-include");
        cw_strings_add(argv, "cw/texture_references.h");
    }
}

static void add_common(struct cw_strings *argv, const struct cw_cuda_options *options,
                       const struct cw_pass_files *files, bool foreign) {
    add_list(argv, &options->preprocessor);
    add_list(argv, &options->warnings);
    for (size_t i = 0; files->remaps && !foreign && i < files->remaps->pairs.count; i++) {
        add_frontend(argv, "-remap-file");
        add_frontend(argv, files->remaps->pairs.items[i]);
    }
    if (files->colour && !foreign) {
        cw_strings_add(argv, "-fcolor-diagnostics");
    }
    if (files->dependencies) {
        cw_strings_add(argv, files->nonsystem ? "-MMD" : "-MD");
        cw_strings_add(argv, "-MF");
        cw_strings_add(argv, files->dependencies);
    }
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, files->output);
    cw_strings_add(argv, files->source);
}

/* The device pass takes its idea of the host's types from it too. */
static void add_machine(struct cw_strings *argv, const struct cw_cuda_options *options) {
    if (options->triple) {
        cw_strings_addf(argv, "--target=%s", options->triple);
    }
}

void cw_device_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                    const struct cw_cuda_options *options, const struct cw_pass_files *files) {
    static const char *const words[] = {
        "--cuda-device-only",
        "-emit-llvm",
        "-c",
        "-O2",
        "-fomit-frame-pointer",
        /* The waist takes clang's own output: optimisation happens after device code has been retargeted. */
        "-Xclang",
        "-disable-llvm-passes",
        /* Lanes pass variables that only one lane has set (`if (lane == 0) base = atomicAdd(...)`, then a shuffle): clang
         * would take an argument for a promise that every lane has, and drop the condition. */
        "-Xclang",
        "-no-enable-noundef-analysis",
        "-Xclang",
        "-target-feature",
        "-Xclang",
        "+ptx83",
        "-Xclang",
        "-fcuda-allow-variadic-functions",
        "-Xclang",
        "-dwarf-version=4",
        NULL,
    };
    cw_strings_add(argv, toolchain->clang);
    cw_wasm_pass(argv, toolchain, layout, options, false);
    add_machine(argv, options);
    add_all(argv, words);
    cw_strings_add(argv, options->no_fmad ? "-ffp-contract=off" : "-ffp-contract=fast");
    /* Line tables let faults, asserts and debuggers name the user's own lines. */
    cw_strings_add(argv, "-Xclang");
    cw_strings_add(argv, files->types ? "-debug-info-kind=limited" : "-debug-info-kind=line-tables-only");
    if (files->keep_names) {
        cw_strings_add(argv, "-fno-discard-value-names");
    }
    add_cuda(argv, layout, options, files, true);
    add_common(argv, options, files, false);
}

/* C and C++ for the host: by clang, or by the compiler that -ccbin names. */
static void add_plain(struct cw_strings *argv, const struct cw_layout *layout, const struct cw_cuda_options *options,
                      enum cw_input_kind kind, bool foreign) {
    if (kind == CW_INPUT_CXX) {
        cw_strings_add(argv, "-xc++");
        cw_strings_addf(argv, "-std=%s", options->standard ? options->standard : "gnu++17");
        if (!foreign) {
            add_all(argv, only_warned_of);
        }
        add_list(argv, &options->language);
    } else {
        /* nvcc hands C to gcc, which only warns of what C89 allowed. */
        static const char *const old_c[] = {
            "-Wno-error=implicit-function-declaration",
            "-Wno-error=implicit-int",
            "-Wno-error=int-conversion",
            "-Wno-error=incompatible-pointer-types",
            "-Wno-error=incompatible-function-pointer-types",
            "-Wno-error=return-mismatch",
            NULL,
        };
        cw_strings_add(argv, "-xc");
        if (!foreign) {
            add_all(argv, old_c);
        }
    }
    if (options->per_thread_stream) {
        cw_strings_add(argv, "-DCUDA_API_PER_THREAD_DEFAULT_STREAM=1");
    }
    if (!foreign) {
        cw_strings_add(argv, "-Wno-unknown-warning-option");
        cw_strings_add(argv, "-Wno-unused-command-line-argument");
    }
    cw_strings_add(argv, "-isystem");
    cw_strings_add(argv, layout->cuda_headers);
    cw_strings_add(argv, "-isystem");
    cw_strings_add(argv, layout->headers);
}

static bool looks_at_overflow(const struct cw_cuda_options *options) {
    bool looks = false;
    for (size_t i = 0; i < options->host.count; i++) {
        looks |= strncmp(options->host.items[i], "-fsanitize", 10) == 0 || strcmp(options->host.items[i], "-ftrapv") == 0;
    }
    return looks;
}

void cw_host_pass(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                  const struct cw_cuda_options *options, enum cw_input_kind kind, const struct cw_pass_files *files) {
    bool foreign = kind != CW_INPUT_CUDA && options->driver.host_compiler;
    /* Without -O nvcc asks its host compiler for none. */
    const char *usual = options->driver.enabled ? "0" : "2";
    cw_strings_add(argv, foreign ? options->driver.host_compiler : toolchain->clang);
    cw_wasm_pass(argv, toolchain, layout, options, true);
    add_machine(argv, options);
    cw_strings_add(argv, files->instead ? files->instead : "-c");
    cw_strings_addf(argv, "-O%s", options->optimize ? options->optimize : usual);
    if (options->debug || options->device_debug) {
        cw_strings_add(argv, "-g");
    }
    if (kind == CW_INPUT_CUDA) {
        if (!looks_at_overflow(options)) {
            cw_strings_add(argv, "-fwrapv"); /* host code was written for another compiler, often without optimisation */
        }
        cw_strings_add(argv, "--cuda-host-only");
        if (files->reference) {
            add_frontend(argv, "-fcuda-include-gpubinary");
            add_frontend(argv, files->reference);
        }
        if (files->bitcode) {
            cw_strings_add(argv, "-emit-llvm");
            add_frontend(argv, "-disable-llvm-passes");
        }
        add_cuda(argv, layout, options, files, false);
    } else {
        add_plain(argv, layout, options, kind, foreign);
    }
    add_list(argv, &options->host);
    add_common(argv, options, files, foreign);
}

void cw_host_finish(struct cw_strings *argv, const struct cw_toolchain *toolchain, const struct cw_layout *layout,
                    const struct cw_cuda_options *options, const char *bitcode, const char *object) {
    cw_strings_add(argv, toolchain->clang);
    cw_wasm_pass(argv, toolchain, layout, options, true);
    add_machine(argv, options);
    cw_strings_add(argv, "-c");
    cw_strings_addf(argv, "-O%s", options->optimize ? options->optimize : options->driver.enabled ? "0" : "2");
    cw_strings_add(argv, "-Wno-unused-command-line-argument");
    cw_strings_add(argv, "-xir");
    add_list(argv, &options->host);
    cw_strings_add(argv, "-o");
    cw_strings_add(argv, object);
    cw_strings_add(argv, bitcode);
}
