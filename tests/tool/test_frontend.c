/* SPDX-License-Identifier: Apache-2.0 */
/* The CUDA front end's parts that start no process: nvcc's options, clang's diagnostics, dependency files, manifests. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "frontend/cuda/loose_launch.h"
#include "frontend/cuda/loose_shared.h"
#include "frontend/cuda/loose_source.h"
#include "frontend/cuda/loose_statements.h"
#include "frontend/cuda/dependencies.h"
#include "frontend/cuda/diagnostics.h"
#include "frontend/cuda/link.h"
#include "frontend/cuda/manifest.h"
#include "frontend/cuda/option_table.h"
#include "frontend/cuda/options.h"
#include "frontend/cuda/passes.h"
#include "frontend/cuda/spaced_launch.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

/* Takes all words; the last result, with the problem's text in `problem`. */
static int take(struct cw_cuda_options *options, int argc, const char *const *words, struct cw_text *problem) {
    int taken = 0;
    for (int i = 0; i < argc; i += taken) {
        taken = cw_cuda_options_take(options, argc - i, (char *const *)words + i, problem);
        if (taken <= 0) {
            return taken;
        }
    }
    return taken;
}

static bool has(const struct cw_strings *list, const char *word) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

Test(frontend, options_in_every_spelling) {
    static const char *const words[] = {"-I",
                                        "a",
                                        "-Ib",
                                        "--include-path=c",
                                        "--include-path",
                                        "d",
                                        "-DX=1",
                                        "-D",
                                        "Y",
                                        "-std=c++20",
                                        "-O3",
                                        "-arch=sm_90",
                                        "-arch",
                                        "sm_80",
                                        "--ptxas-options=-v",
                                        "-Xptxas",
                                        "-O3",
                                        "-lm",
                                        "-l",
                                        "z",
                                        "-Xcompiler",
                                        "-Wall,-DZ,-lq",
                                        "-Wl,-z,now",
                                        "main.cu",
                                        "help.cpp",
                                        "part.c",
                                        "part.o",
                                        "libx.so.1"};
    struct cw_cuda_options options = {0};
    struct cw_text problem = {0};
    cr_assert_gt(take(&options, COUNT(words), words, &problem), 0, "%s", cw_text_string(&problem));
    for (const char *const *word = (const char *const[]){"-Ia", "-Ib", "-Ic", "-Id", "-DX=1", "-DY", "-DZ", NULL};
         *word; word++) {
        cr_assert(has(&options.preprocessor, *word), "%s", *word);
    }
    for (const char *const *word = (const char *const[]){"-lm", "-lz", "-lq", "-Wl,-z", "-Wl,now", NULL}; *word;
         word++) {
        cr_assert(has(&options.link, *word), "%s", *word);
    }
    cr_assert(has(&options.host, "-Wall"));
    cr_assert_str_eq(options.standard, "c++20");
    cr_assert_str_eq(options.optimize, "3");
    static const enum cw_input_kind kinds[] = {CW_INPUT_CUDA, CW_INPUT_CXX, CW_INPUT_C, CW_INPUT_LINKER,
                                               CW_INPUT_LINKER};
    cr_assert_eq(options.input_count, 5u);
    for (size_t i = 0; i < 5; i++) {
        cr_assert_eq(options.inputs[i].kind, kinds[i]);
    }
    cw_cuda_options_fini(&options);
    cw_text_fini(&problem);
}

Test(frontend, options_without_a_level) {
    struct cw_cuda_options options = {0};
    struct cw_text problem = {0};
    cr_assert_eq(take(&options, 2, (const char *const[]){"-O", "main.cu"}, &problem), 1);
    cr_assert_str_eq(options.optimize, "2");
    cr_assert_eq(take(&options, 2, (const char *const[]){"-O", "1"}, &problem), 2);
    cr_assert_str_eq(options.optimize, "1");
    cw_cuda_options_fini(&options);
    cw_text_fini(&problem);
}

Test(frontend, options_unknown_refused_malformed) {
    struct cw_cuda_options options = {0};
    struct cw_text problem = {0};
    cr_assert_eq(take(&options, 1, (const char *const[]){"--frobnicate"}, &problem), 0);
    cr_assert_eq(take(&options, 1, (const char *const[]){"--Idir"}, &problem), 0);
    cr_assert_eq(take(&options, 1, (const char *const[]){"-dc"}, &problem), CW_TAKE_REFUSED);
    cr_assert(strstr(cw_text_string(&problem), "-dc is not supported"));
    cr_assert_eq(take(&options, 1, (const char *const[]){"-I"}, &problem), CW_TAKE_MALFORMED);
    cr_assert_eq(take(&options, 1, (const char *const[]){"notes.txt"}, &problem), CW_TAKE_MALFORMED);
    cr_assert_eq(take(&options, 1, (const char *const[]){"-fmad=maybe"}, &problem), CW_TAKE_MALFORMED);
    cw_cuda_options_fini(&options);
    cw_text_fini(&problem);
}

Test(frontend, own_libraries_are_not_searched) {
    struct cw_cuda_options options = {0};
    struct cw_text problem = {0};
    cr_assert_gt(take(&options, 3, (const char *const[]){"-lcudart", "-lcudadevrt", "-lcublas"}, &problem), 0);
    cr_assert_eq(options.link.count, 1u);
    cr_assert_str_eq(options.link.items[0], "-lcublas");
    cw_cuda_options_fini(&options);
    cw_text_fini(&problem);
}

Test(frontend, both_passes_see_the_same_unit) {
    static const uint8_t id[16] = {1, 2, 3};
    struct cw_layout layout = {.prelude = (char *)"/p.h", .cuda_headers = (char *)"/c", .headers = (char *)"/h"};
    const struct cw_toolchain toolchain = {.clang = (char *)"clang++"};
    struct cw_cuda_options options = {.no_fmad = true};
    const struct cw_pass_files files = {.source = "a.cu", .output = "a.o", .reference = "a.ref", .id = id};
    struct cw_strings device = {0}, host = {0};
    cw_device_pass(&device, &toolchain, &layout, &options, &files);
    cw_host_pass(&host, &toolchain, &layout, &options, CW_INPUT_CUDA, &files);
    static const char cuid[] = "-cuid=01020300000000000000000000000000";
    cr_assert(has(&device, cuid) && has(&host, cuid));
    cr_assert(has(&device, "/p.h") && has(&host, "/p.h"));
    cr_assert(has(&device, "-disable-llvm-passes") && !has(&host, "-disable-llvm-passes"));
    cr_assert(has(&device, "-ffp-contract=off"));
    cr_assert(has(&host, "a.ref"));
    cw_strings_fini(&device);
    cw_strings_fini(&host);
}

Test(frontend, diagnostics_come_once) {
    static const char host[] =
        "In file included from a.cu:1:\n./a.h:2:1: error: first\n    2 | error: text\n      | ^\n"
        "./a.h:1:1: note: see here\na.cu:5:3: warning: second\n"
        "1 warning and 1 error generated when compiling for host.\n";
    static const char device[] =
        "In file included from a.cu:1:\n./a.h:2:1: error: first\n    2 | error: text\n      | ^\n"
        "./a.h:1:1: note: see here\n\033[1ma.cu:9:3: \033[0m\033[0;1;31merror: \033[0monly here\n"
        "2 errors generated when compiling for sm_80.\n";
    struct cw_diagnostics diagnostics = {0};
    cw_diagnostics_add(&diagnostics, host);
    cw_diagnostics_add(&diagnostics, device);
    cw_diagnostics_finish(&diagnostics);
    cr_assert_str_eq(cw_text_string(&diagnostics.text),
                     "In file included from a.cu:1:\n./a.h:2:1: error: first\n    2 | error: text\n      | ^\n"
                     "./a.h:1:1: note: see here\na.cu:5:3: warning: second\n"
                     "\033[1ma.cu:9:3: \033[0m\033[0;1;31merror: \033[0monly here\n"
                     "1 warning and 2 errors generated.\n");
    cw_diagnostics_fini(&diagnostics);
}

Test(frontend, words_that_are_no_diagnostic_are_kept) {
    struct cw_diagnostics diagnostics = {0};
    cw_diagnostics_add(&diagnostics, "clang++-22: something odd\nno newline");
    cw_diagnostics_finish(&diagnostics);
    cr_assert_str_eq(cw_text_string(&diagnostics.text), "clang++-22: something odd\nno newline");
    cw_diagnostics_fini(&diagnostics);
}

/* A file in `folder`; malloc'd path. */
static char *write_file(const char *folder, const char *name, const char *text) {
    char *path = cw_format("%s/%s", folder, name);
    cr_assert_eq(cw_file_write(path, text, strlen(text), 0), CW_OK);
    return path;
}

Test(frontend, dependencies_with_strange_names) {
    char *folder = cw_folder_temporary("cuda-wasm-test");
    char *path = write_file(folder, "a.d", "a.o: a\\ b.cu \\\n  /x/y.h c$$d.h \\\n e\\#f.h\n/x/y.h:\n");
    struct cw_strings list = {0};
    cr_assert_eq(cw_dependencies_read(path, &list), CW_OK);
    static const char *const expected[] = {"a b.cu", "/x/y.h", "c$d.h", "e#f.h"};
    cr_assert_eq(list.count, 4u);
    for (size_t i = 0; i < 4; i++) {
        cr_assert_str_eq(list.items[i], expected[i]);
    }
    cw_strings_fini(&list);
    cr_assert_neq(cw_dependencies_read("/nonexistent", &list), CW_OK);
    cw_folder_remove(folder);
    free(path);
    free(folder);
}

Test(frontend, a_manifest_holds_until_a_file_changes) {
    static const char key[33] = "0123456789abcdef0123456789abcdef";
    char *output = cw_folder_temporary("cuda-wasm-test");
    char *input = cw_folder_temporary("cuda-wasm-test");
    char *result = write_file(output, "result.pch", "result");
    char *source = write_file(input, "source.h", "one");
    struct cw_strings files = {0};
    cw_strings_add(&files, source);
    const struct cw_layout layout = {.prefix = (char *)"/nowhere"};
    static const char *const no_tools[] = {NULL};
    struct cw_manifest_inputs inputs = {.files = &files, .layout = &layout, .tools = no_tools};
    clock_gettime(CLOCK_REALTIME, &inputs.start);
    cr_assert_eq(cw_manifest_write_beside(key, result, &inputs), CW_OK);
    cr_assert(cw_manifest_holds_beside(key, result));
    cr_assert_not(cw_manifest_holds_beside("0123456789abcdef0123456789abcdee", result));
    cr_assert_eq(cw_file_write(source, "two", 3, 0), CW_OK); /* same size, perhaps within one tick of the clock */
    cr_assert_not(cw_manifest_holds_beside(key, result));
    cr_assert_eq(cw_file_write(source, "one", 3, 0), CW_OK);
    cr_assert(cw_manifest_holds_beside(key, result));
    cr_assert_eq(unlink(source), 0);
    cr_assert_not(cw_manifest_holds_beside(key, result));
    cw_strings_fini(&files);
    cw_folder_remove(input);
    cw_folder_remove(output);
    free(result);
    free(source);
    free(input);
    free(output);
}

Test(frontend, missing_functions_of_cuda_are_named) {
    struct cw_text advice = {0};
    cw_link_explain("ld.lld-22: error: undefined symbol: part\n>>> referenced by\n", &advice);
    cr_assert_eq(advice.size, 0u);
    cw_link_explain("ld.lld-22: error: undefined symbol: part\nld.lld-22: error: undefined symbol: cudaNew(int)\n",
                    &advice);
    cr_assert(strstr(cw_text_string(&advice), "function cudaNew"));
    cr_assert_null(strchr(cw_text_string(&advice), '('));
    cw_text_fini(&advice);
}

/* ---- nvcc's own command line ---- */

static void check_pieces(const char *value, const char *const *expected) {
    struct cw_strings list = {0};
    size_t count = 0;
    cw_option_pieces(&list, value);
    for (; expected[count]; count++) {
        cr_assert(count < list.count && strcmp(list.items[count], expected[count]) == 0, "%s: piece %zu", value, count);
    }
    cr_assert_eq(list.count, count, "%s", value);
    cw_strings_fini(&list);
}

Test(frontend, lists_in_one_word) {
    check_pieces("-Wall,-Wextra", (const char *const[]){"-Wall", "-Wextra", NULL});
    check_pieces("-Wall -O2,,-g ", (const char *const[]){"-Wall", "-O2", "-g", NULL});
    check_pieces("\"-DA=b c\",'x,y'", (const char *const[]){"-DA=b c", "x,y", NULL});
    check_pieces("a\\,b", (const char *const[]){"a,b", NULL});
    check_pieces("", (const char *const[]){NULL});
}

Test(frontend, architectures_choose_what_a_device_of_8_0_runs) {
    static const struct {
        const char *words[3];
        unsigned architecture;
        size_t count;
    } cases[] = {
        {{"-arch=sm_80"}, 800, 1},
        {{"-arch=sm_90"}, 900, 1},
        {{"-arch=sm_35"}, 800, 1}, /* CUDA 12 has no such architecture */
        {{"-gencode=arch=compute_70,code=[sm_70,sm_75]"}, 750, 2},
        {{"-gencode=arch=compute_90,code=sm_90", "-gencode=arch=compute_61,code=\"sm_61,compute_61\""}, 610, 2},
        {{"-arch=compute_100f", "-code=sm_120a,sm_100"}, 1000, 2},
        {{"-arch=all-major"}, 800, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cw_cuda_options options = {0};
        struct cw_text problem = {0};
        int count = cases[i].words[1] ? 2 : 1;
        cr_assert_gt(take(&options, count, cases[i].words, &problem), 0, "%s", cw_text_string(&problem));
        cr_assert_eq(options.architecture, cases[i].architecture, "case %zu: %u", i, options.architecture);
        cr_assert_eq(options.architecture_count, cases[i].count, "case %zu", i);
        cw_cuda_options_fini(&options);
        cw_text_fini(&problem);
    }
    static const char *const wrong[] = {"-arch=sm_", "-arch=8.0", "-arch=sm_80x", "-gencode=code=sm_80", "-arch="};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct cw_cuda_options options = {0};
        struct cw_text problem = {0};
        cr_assert_eq(take(&options, 1, &wrong[i], &problem), CW_TAKE_MALFORMED, "%s", wrong[i]);
        cw_cuda_options_fini(&options);
        cw_text_fini(&problem);
    }
}

static void check_launch(const char *source, const char *expected) {
    char *text = cw_strdup(source);
    bool changed = cw_launches_close_up(text, strlen(text));
    cr_assert_str_eq(text, expected);
    cr_assert_eq(changed, strcmp(source, expected) != 0);
    free(text);
}

Test(frontend, launches_are_closed_up) {
    check_launch("k<< <1, 2>> >(3);", "k<<< 1, 2>>> (3);");
    check_launch("k << < 1, 2 >> > (3);", "k <<<  1, 2 >>>  (3);");
    check_launch("k<<  <f(a >> 1), (b >> 2) >>\t>();", "k<<<  f(a >> 1), (b >> 2) >>>\t();");
    check_launch("k<<<1, 2>> >(3);", "k<<<1, 2>>> (3);");
    check_launch("k<< <1, 2>>>(3);", "k<<< 1, 2>>>(3);");
}

static void check_tightened(const char *source, const char *expected) {
    struct cw_text text = {0};
    cw_text_add(&text, source);
    cr_assert_eq(cw_source_tighten(&text), strcmp(source, expected) != 0, "%s", source);
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

Test(frontend, loose_source_is_tightened) {
    check_tightened("", "");
    check_tightened("extern \"C\"__global__ void k();", "extern \"C\" __global__ void k();");
    check_tightened("extern \"C\" __global__ void k();\n", "extern \"C\" __global__ void k();\n");
    check_tightened("#define U #pragma unroll\nU", "#define U _Pragma(\"unroll\")\nU");
    check_tightened(" # define  U\t# pragma message \"a\\b\" \r\n", " # define  U\t_Pragma(\"message \\\"a\\\\b\\\"\")\n");
    check_tightened("#define S(x) #pragma\n#define T #pragma\n#define V #x y\n", "#define S(x) #pragma\n#define T #pragma\n#define V #x y\n");
    check_tightened("#define U \\\n#pragma unroll\n", "#define U \\\n#pragma unroll\n");
    check_tightened("#define U(x) #pragma unroll\n", "#define U(x) #pragma unroll\n");
}

static void check_mended(const char *source, const char *expected) {
    struct cw_text text = {0};
    cw_text_add(&text, source);
    cr_assert_eq(cw_statements_mend(&text), strcmp(source, expected) != 0, "%s", source);
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

static void check_launches(const char *source, const char *expected) {
    struct cw_text text = {0};
    cw_text_add(&text, source);
    cr_assert_eq(cw_launches_mend(&text), strcmp(source, expected) != 0, "%s", source);
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

Test(frontend, lists_and_main_get_their_types) {
    check_launches("k<<<{2, 1}, {3}>>>(o);", "k<<<dim3{2, 1}, dim3{3}>>>(o);");
    check_launches("k<<<f(1, 2), /* a, */ {3}, 0>>>({4});", "k<<<f(1, 2), /* a, */ dim3{3}, 0>>>({4});");
    check_launches("#include <a>\nmain() { main(1); }", "#include <a>\nint main() { main(1); }");
    check_launches("int a;\nmain (int c, char **v)\n{}\n", "int a;\nint main (int c, char **v)\n{}\n");
    static const char *const same[] = {
        "", "k<<<", "k<<<1, 2, {3}>>>()", "k<<<dim3{1}, 2>>>()", "int\nmain() {}", "int main() {}", "a b { main() }", "// main()\nint main(){}", "\"<<<{\"",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        check_launches(same[i], same[i]);
    }
}

Test(frontend, signs_in_asm_are_doubled) {
    check_mended("", "");
    check_mended("asm(\"mov.u32 %0, %laneid;\" : \"=r\"(r));", "asm(\"mov.u32 %0, %%laneid;\" : \"=r\"(r));");
    check_mended("asm volatile (\"mov %0, %tid.x;\\n\\t\"\n  M \"mov %1, %%smid;\" ::\"r\"(r));",
                 "asm volatile (\"mov %0, %%tid.x;\\n\\t\"\n  M \"mov %1, %%smid;\" ::\"r\"(r));");
    check_mended("__asm__ __volatile__(R\"(bar %clock64;)\" ::: \"memory\");", "__asm__ __volatile__(R\"(bar %%clock64;)\" ::: \"memory\");");
    check_mended("#define F(x) asm(\"%ntid\" \\\n \"%2\" : : )\n", "#define F(x) asm(\"%%ntid\" \\\n \"%2\" : : )\n");
    static const char *const same[] = {
        "asm(\"mov.u32 %0, %%laneid; %c1 %[name] %p2 %\" : \"=r\"(r) : \"n\"(1));",
        "asm(\"mov %eax, %ebx\");",
        "printf(\"%lu %ld\", a, b); // asm(\"%ab\" :)",
        "chasm(\"%lu\" : 1)",
        "asm",
        "asm(",
        "asm(\"%ab",
        "asm volatile",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        check_mended(same[i], same[i]);
    }
}

Test(frontend, pragmas_before_no_loop_are_blanked) {
    check_mended("#pragma unroll\nint i = 0;", "              \nint i = 0;");
    check_mended("#pragma unroll 4 // x\n if (a) b();", "                     \n if (a) b();");
    check_mended("  # pragma unroll (N\\\n)\n{ }", "                     \n \n{ }");
    check_mended("#pragma unroll\n}", "              \n}");
    static const char *const same[] = {
        "#pragma unroll\nfor (;;) ;",
        "#pragma unroll N\n// a comment\n#pragma nounroll\n while (1) ;",
        "#pragma unroll\nLOOP(i, 3) ;",
        "#pragma unroll\n#ifdef A\n#endif\n",
        "#pragma unroll\n[[likely]] do { } while (0);",
        "#pragma once\nint i;",
        "#define P _Pragma(\"unroll\")\nint i;",
        "#pragma",
        "#",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        check_mended(same[i], same[i]);
    }
}

static void check_shared(const char *source, const char *diagnostics, const char *expected) {
    struct cw_text text = {0};
    cw_text_add(&text, source);
    cr_assert_eq(cw_shared_mend(&text, "a.cu", diagnostics), strcmp(source, expected) != 0, "%s", source);
    cr_assert_str_eq(cw_text_string(&text), expected);
    cw_text_fini(&text);
}

#define NOT_SUPPORTED ": error: initialization is not supported for __shared__ variables\n"

Test(frontend, shared_variables_lose_their_constructors) {
    check_shared("\nvoid k() { __shared__ v<3, int> s[4] [N], t; __shared__ v u;\n}", "a.cu:2:59" NOT_SUPPORTED "a.cu:2:59" NOT_SUPPORTED,
                 "\nvoid k() { __shared__ v<3, int> s[4] [N], t; __shared__ ::cw_shared_storage< v > cw_of_u; auto &u = cw_of_u.value;\n}");
    check_shared("static __shared__ n::v<3, int>\n s[4];", "in file\n\033[1ma.cu:2:2: \033[0m\033[31merror: \033[0minitialization is not supported for __shared__ variables",
                 "static __shared__ ::cw_shared_storage< n::v<3, int>\n [4]> cw_of_s; auto &s = cw_of_s.value;");
    static const char *const same[] = {"__shared__ v s, t;", "M(v, s)", "__shared__ v *s;", "__shared__ v s = 1;", "v s;", "__shared__ s;", "__shared__ v s[3"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        for (int column = 1; column < 20; column++) {
            char *line = cw_format("a.cu:1:%d" NOT_SUPPORTED, column);
            check_shared(same[i], line, same[i]);
            free(line);
        }
    }
    check_shared("__shared__ v s;", "a.cu:9:9" NOT_SUPPORTED, "__shared__ v s;");
    check_shared("__shared__ v s;", "b/a.cu:1:14" NOT_SUPPORTED "a.cu:1:14: error: other\na.cu:1\na.cu:", "__shared__ v s;");
}

Test(frontend, what_is_no_launch_stays) {
    static const char *const same[] = {
        "a << b; c >> d;",
        "std::vector<std::vector<int>> > x;",
        "std::operator<< <char>(out, c); vector<vector<A<int>> > y;",
        "// k<< <1, 1>> >()\n/* k<< <1, 1>> >() */",
        "\"k<< <1, 1>> >()\" 'x' R\"a(k<< <1>> >\")a\"",
        "x = 1'000 << 2; y = '\\''; z = \"\\\"<< <\";",
        "#define TEXT \"<< <",
        "<<",
        ">> >",
        "k<<<",
        "R\"",
        "/*",
        "'",
        "",
    };
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        check_launch(same[i], same[i]);
    }
}
