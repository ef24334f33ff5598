# SPDX-License-Identifier: Apache-2.0
"""`cuda-wasm cc`: nvcc's command line, from outside: objects, separate compilation, libraries, lists, projects."""
import os
import re
import shutil
import subprocess
import unittest

import harness

USES = """
extern __device__ int base;
__device__ int twice(int value);
static __device__ int hidden = 3;
__global__ void use(int *out) { *out = twice(base) + hidden; }
int main()
{
    int *out, host = 0, seven = 7;
    cudaMemcpyToSymbol(hidden, &seven, sizeof seven);
    cudaMalloc(&out, sizeof(int));
    use<<<1, 1>>>(out);
    cudaMemcpy(&host, out, sizeof(int), cudaMemcpyDeviceToHost);
    return host == 107 && cudaGetLastError() == cudaSuccess ? 0 : 1;
}
"""
DEFINES = """
__device__ int base = 50;
__device__ int twice(int value) { return 2 * value; }
"""


class Case(harness.Case):
    @property
    def toolkit(self):
        return self.build / "lib" / "cuda-wasm" / "toolkit"

    def cc(self, *words, **more):
        return self.tool("cc", *words, **more)

    def run_program(self, name, *words, status=0, **changes):
        result = subprocess.run([str(self.folder / name), *words], cwd=self.folder, env=self.environment(**changes),
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout

    def other(self, *words, status=0, **changes):
        """A tool that isn't ours."""
        result = subprocess.run([str(word) for word in words], cwd=self.folder, env=self.environment(**changes),
                                capture_output=True, text=True, timeout=240)
        self.assertEqual(result.returncode, status, result.stdout + result.stderr)
        return result.stdout

    def link_by(self, compiler, output, *objects, runtime="-lcudart_static"):
        self.skip_in_sanitizer_builds("another compiler's link")
        self.other(compiler, "-o", output, *objects, f"-L{self.toolkit}/lib64", "-lcudadevrt", runtime, "-lrt",
                   "-lpthread", "-ldl")


class Objects(Case):
    def test_an_object_is_an_object(self):
        self.hello()
        self.cc("-c", "hello.cu")
        self.assertTrue((self.folder / "hello.o").exists())
        self.cc("hello.o")
        self.assertEqual(self.run_program("a.out", "x"), "answer 42 x\n")
        self.assertNothingLeft()

    def test_other_compilers_link(self):
        self.hello()
        self.cc("-c", "hello.cu", "-o", "hello.o")
        for compiler in ("g++", "clang++-22"):
            if shutil.which(compiler):
                self.link_by(compiler, "hello", "hello.o")
                self.assertEqual(self.run_program("hello"), "answer 42\n")
        self.link_by("g++", "hello", "hello.o", runtime="-lcudart")
        self.run_program("hello", status=127)
        self.assertEqual(self.run_program("hello", LD_LIBRARY_PATH=self.toolkit / "lib64"), "answer 42\n")

    def test_objects_survive_relocatable_links_and_stripping(self):
        self.hello()
        self.write("part.cpp", "int part() { return 1; }")
        self.cc("-c", "hello.cu", "part.cpp")
        self.other("ld", "-r", "-o", "both.o", "hello.o", "part.o")
        self.other("strip", "--strip-debug", "both.o")
        self.cc("-o", "both", "both.o")
        self.assertEqual(self.run_program("both"), "answer 42\n")

    def test_places(self):
        self.hello()
        (self.folder / "objects").mkdir()
        self.cc("-c", "hello.cu", "-odir", "objects")
        self.assertTrue((self.folder / "objects" / "hello.o").exists())
        self.cc("-c", "hello.cu", "--output-directory=objects", "-clean")
        self.assertFalse((self.folder / "objects" / "hello.o").exists())
        self.hello("second.cu")
        result = self.cc("-c", "hello.cu", "second.cu", "-o", "x.o", status=2)
        self.assertIn("2 sources", result.stderr)

    def test_host_sources_by_another_compiler(self):
        self.write("which.cpp", '#ifdef __clang__\n#error clang\n#endif\nint which() { return 1; }')
        self.cc("-c", "which.cpp", status=1)
        self.cc("-ccbin", "g++", "-Xcompiler", "-Wall,-Wextra", "-c", "which.cpp")

    def test_a_failing_compile_writes_nothing(self):
        self.write("bad.cu", "__global__ void k() { undeclared(); }")
        result = self.cc("-c", "bad.cu", status=1)
        self.assertIn("bad.cu:1:", result.stderr)
        self.assertFalse((self.folder / "bad.o").exists())

    def test_debug_information(self):
        self.hello()
        self.cc("-g", "-G", "-c", "hello.cu")
        self.assertIn(".debug_info", self.other("readelf", "-SW", "hello.o"))


class SeparateCompilation(Case):
    def sources(self):
        self.write("uses.cu", USES)
        self.write("defines.cu", DEFINES)

    def test_linked_with_the_program(self):
        self.sources()
        self.cc("-dc", "uses.cu", "defines.cu")
        self.cc("-o", "program", "uses.o", "defines.o")
        self.run_program("program")
        self.assertNotIn(".cw_device", self.other("readelf", "-SW", "program"))

    def test_at_once(self):
        self.sources()
        self.cc("-rdc=true", "-o", "program", "uses.cu", "defines.cu")
        self.run_program("program")
        self.tool("run", "-rdc=true", "uses.cu", "defines.cu")

    def test_a_step_of_its_own(self):
        self.sources()
        self.cc("-rdc=true", "-c", "uses.cu", "defines.cu")
        self.cc("-dlink", "uses.o", "defines.o", "-o", "link.o")
        self.link_by("g++", "program", "uses.o", "defines.o", "link.o")
        self.run_program("program")
        self.cc("-nodlink", "-o", "second", "uses.o", "defines.o", "link.o")
        self.run_program("second")

    def test_device_links_are_cached(self):
        self.sources()
        self.cc("-dc", "uses.cu", "defines.cu")
        self.cc("-dlink", "uses.o", "defines.o", "-o", "first.o")
        entries = set(self.cache.glob("*.dlink"))
        self.assertTrue(entries)
        self.cc("-dlink", "uses.o", "defines.o", "-o", "second.o")
        self.assertEqual((self.folder / "first.o").read_bytes(), (self.folder / "second.o").read_bytes())
        self.cc("-dlink", "-G", "uses.o", "defines.o", "-o", "third.o")
        self.assertEqual(len(set(self.cache.glob("*.dlink")) - entries), 1)

    def test_a_missing_step_is_a_link_error(self):
        self.sources()
        self.cc("-dc", "uses.cu", "defines.cu")
        result = self.cc("-nodlink", "uses.o", "defines.o", status=1)
        self.assertIn("__cudaRegisterLinkedBinary", result.stderr)
        self.assertIn("-dlink", result.stderr)

    def test_units_of_one_name(self):
        self.write("main.cu", USES)
        (self.folder / "sub").mkdir()
        self.write("sub/main.cu", DEFINES)
        self.cc("-dc", "main.cu", "-o", "1.o")
        subprocess.run([str(self.program), "cc", "-dc", "main.cu", "-o", "../2.o"], cwd=self.folder / "sub",
                       env=self.environment(), check=True, timeout=120)
        self.cc("-o", "program", "1.o", "2.o")
        self.run_program("program")

    def test_errors_name_symbol_and_object(self):
        self.sources()
        self.write("again.cu", DEFINES)
        self.cc("-dc", "uses.cu", "defines.cu", "again.cu")
        missing = self.cc("-dlink", "uses.o", status=1).stderr
        self.assertRegex(missing, r"undefined reference to '_Z5twicei' in uses\.o")
        self.assertRegex(missing, r"undefined reference to 'base' in uses\.o")
        double = self.cc("-dlink", "uses.o", "defines.o", "again.o", status=1).stderr
        self.assertRegex(double, r"multiple definition of '_Z5twicei': in \w+\.o.* and in \w+\.o")
        self.assertFalse((self.folder / "a_dlink.o").exists())

    def test_what_is_refused_is_refused_when_compiling(self):
        self.write("bad.cu", "__device__ int other(); __global__ void k() { throw other(); }")
        self.assertIn("bad.cu:1:", self.cc("-dc", "bad.cu", status=1).stderr)

    def test_whole_program_names_what_would_help(self):
        self.sources()
        self.assertIn("-rdc=true", self.cc("-c", "uses.cu", status=1).stderr)


class Libraries(Case):
    def test_static_with_relocatable_code(self):
        self.write("uses.cu", USES)
        self.write("defines.cu", DEFINES)
        self.cc("-dc", "uses.cu", "defines.cu")
        self.cc("-lib", "-o", "libdefines.a", "defines.o")
        self.cc("-o", "one", "uses.o", "libdefines.a")
        self.run_program("one")
        self.cc("-o", "two", "uses.o", "-L.", "-ldefines")
        self.run_program("two")
        self.other("ar", "rcT", "libthin.a", "defines.o")
        self.cc("-o", "three", "uses.o", "libthin.a")
        self.run_program("three")

    def test_static_from_sources(self):
        self.hello()
        self.cc("--lib", "hello.cu", "--output-file", "libhello.a")
        self.assertEqual(self.other("ar", "t", "libhello.a"), "hello.o\n")
        self.cc("-o", "hello", "libhello.a")
        self.assertEqual(self.run_program("hello"), "answer 42\n")

    def test_shared(self):
        self.skip_in_sanitizer_builds("another compiler's link")
        self.write("uses.cu", USES.replace("int main()", "int uses()"))
        self.write("defines.cu", DEFINES)
        self.write("main.cpp", "int uses(); int main() { return uses(); }")
        self.cc("-shared", "-Xcompiler", "-fPIC", "-rdc=true", "-o", "libuses.so", "uses.cu", "defines.cu")
        self.other("g++", "-o", "main", "main.cpp", "-L.", "-luses", "-Wl,-rpath,$ORIGIN")
        self.run_program("main")

    def test_shared_libraries_come_and_go(self):
        self.skip_in_sanitizer_builds("another compiler's link")
        self.hello()
        text = (self.folder / "hello.cu").read_text().replace("int main(int argc, char **argv)",
                                                              'extern "C" int start(int argc, char **argv)')
        self.write("plugin.cu", text)
        self.write("main.cpp", """
#include <dlfcn.h>
int main(int argc, char **argv)
{
    for (int i = 0; i < 3; i++) {
        void *plugin = dlopen("./plugin.so", RTLD_NOW);
        int (*start)(int, char **) = plugin ? (int (*)(int, char **))dlsym(plugin, "start") : nullptr;
        if (!start || start(argc, argv) != 0)
            return 1;
        dlclose(plugin);
    }
}
""")
        self.cc("-shared", "-Xcompiler=-fPIC", "plugin.cu", "-o", "plugin.so", "-cudart", "shared")
        self.other("g++", "-o", "main", "main.cpp", "-ldl")
        self.assertEqual(self.run_program("main"), "answer 42\n" * 3)


class Listing(Case):
    def files(self):
        self.write("own.h", "#define VALUE 42\n")
        self.write("hello.cu", '#include "own.h"\n' + harness.HELLO)

    def test_dependencies_alone(self):
        self.files()
        rule = self.cc("-M", "hello.cu").stdout
        self.assertRegex(rule, r"^hello\.o : ?\\\n +hello\.cu")
        self.assertIn("own.h", rule)
        self.assertIn("cuda_runtime.h", rule)
        rule = self.cc("-MM", "hello.cu", "-MT", "objects/x.o").stdout
        self.assertRegex(rule, r"^objects/x\.o :")
        self.assertEqual(re.findall(r"\S+\.(?:cu|h)\b", rule.split(":", 1)[1]), ["hello.cu", "own.h"])
        self.cc("-MM", "hello.cu", "-o", "rule.d")
        self.assertIn("own.h", (self.folder / "rule.d").read_text())

    def test_dependencies_with_the_compile(self):
        self.files()
        for _ in range(3):  # without and with a precompiled prelude
            self.cc("-c", "-MMD", "-MP", "hello.cu", "-o", "hello.o")
            rule = (self.folder / "hello.d").read_text()
            self.assertRegex(rule, r"^hello\.o :")
            self.assertIn("\nown.h :\n", rule)
            self.assertNotIn("pch", rule)
            self.assertNotIn("/usr/", rule)
        self.cc("-c", "-MD", "-MF", "list.d", "-MT", "a b", "hello.cu")
        rule = (self.folder / "list.d").read_text()
        self.assertRegex(rule, r"^a b :")
        self.assertIn("own.h", rule)
        self.assertIn("/usr/", rule)

    def test_preprocessing(self):
        self.files()
        self.assertRegex(self.cc("-E", "hello.cu").stdout, r"\*out = 42;")
        self.cc("-E", "hello.cu", "-o", "hello.ii")
        self.assertRegex((self.folder / "hello.ii").read_text(), r"\*out = 42;")

    def test_what_build_systems_read(self):
        version = self.cc("--version").stdout
        self.assertIn("release 12.9, V12.9.", version)
        asked = self.cc("-v", "__no_such_thing", status=2).stderr
        self.assertIn(f"#$ TOP={self.toolkit}\n", asked)
        self.assertIn("sm_80\n", self.cc("--list-gpu-code").stdout)
        self.assertIn("compute_80\n", self.cc("-arch-ls").stdout)

    def test_dry_run(self):
        self.files()
        lines = self.cc("--dryrun", "hello.cu", "-o", "hello").stderr
        self.assertRegex(lines, r"#\$ .*clang.*hello\.cu")
        self.assertRegex(lines, r"-o hello .*-lcudart_static")
        self.assertFalse((self.folder / "hello").exists())
        self.assertRegex(self.cc("--dryrun", "-lib", "hello.cu", "-o", "libhello.a").stderr, r"#\$ ar .*libhello\.a")
        self.assertRegex(self.cc("--dryrun", "-E", "hello.cu").stderr, r"#\$ \S+ -E ")

    def test_kept_files(self):
        self.files()
        self.cc("-keep", "-keep-dir", "kept", "-c", "hello.cu")
        self.assertIn("hello.cu.host.o", os.listdir(self.folder / "kept"))


class Macros(Case):
    def macros(self, *words, device="0", host="0", architecture=800, listed="800"):
        """Holds the macros against what is expected, without code generation."""
        self.write("macros.cu", f"""
#define TEXT_(...) #__VA_ARGS__
#define TEXT(...) TEXT_(__VA_ARGS__)
constexpr bool same(const char *a, const char *b) {{ return *a == *b && (!*a || same(a + 1, b + 1)); }}
#ifdef __CUDA_ARCH__
static_assert(__CUDA_ARCH__ == {architecture} && ({device}) == 1, "device");
#else
static_assert(({host}) == 1, "host");
#endif
static_assert(same(TEXT(__CUDA_ARCH_LIST__), "{listed}"), "list");
__global__ void kernel() {{}}
""")
        self.cc("-c", *words, "macros.cu")

    def test_architectures(self):
        self.macros("-arch", "compute_70", device="1", host="1", architecture=700, listed="700")
        self.macros("-gencode", "arch=compute_60,code=sm_60", "--generate-code=arch=compute_90,code=[compute_90,sm_90]",
                    device="1", host="1", architecture=600, listed="600,900")
        self.macros("--gpu-architecture=sm_90a", device="1", host="1", architecture=900, listed="900")
        self.macros("-arch=native", "-arch=sm_80", "-gpu-code=sm_80", device="1", host="1")
        self.assertIn("'sm_fast'", self.cc("-arch=sm_fast", "macros.cu", status=2).stderr)

    def test_openmp_macro(self):
        """Sources that ask for OpenMP see the same in both passes."""
        self.write("openmp.cu", """
#ifndef _OPENMP
#error no OpenMP
#endif
static_assert(_OPENMP >= 201511, "4.5");
#if __has_include(<omp.h>)
#include <omp.h>
#endif
__global__ void kernel() {}
""")
        self.cc("-c", "-Xcompiler", "-fopenmp", "openmp.cu")
        self.assertIn("no OpenMP", self.cc("-c", "openmp.cu", status=1).stderr)

    def test_native(self):
        """-arch=native compiles for this machine alone."""
        sizes = []
        self.write("kernel.cu", "__global__ void kernel(float *x) { x[threadIdx.x] = 2 * x[threadIdx.x] + blockIdx.x; }")
        for words in (("-arch=sm_80",), ("-arch=native",)):
            self.cc("-c", *words, "kernel.cu")
            sizes.append((self.folder / "kernel.o").stat().st_size)
        self.assertLess(sizes[1], sizes[0] * 0.7)

    def test_macros_follow_options(self):
        self.macros("-rdc=true", "--default-stream", "per-thread", device="__CUDACC_RDC__",
                    host="CUDA_API_PER_THREAD_DEFAULT_STREAM")
        self.macros("-use_fast_math", "-G", device="__CUDA_FTZ + __CUDA_PREC_DIV + __CUDA_PREC_SQRT == 1 && "
                    "__USE_FAST_MATH__ && __FAST_MATH__ && __CUDACC_DEBUG__", host="__CUDACC_DEBUG__")
        self.macros("-ftz=true", "-prec-sqrt=false", device="__CUDA_FTZ + __CUDA_PREC_SQRT",
                    host="__CUDACC_VER_MAJOR__ == 12 && __CUDACC_VER_MINOR__ == 9")


class Words(Case):
    def test_spellings_of_values(self):
        (self.folder / "a b").mkdir()
        self.write("a b/first.h", "#define FIRST 1\n")
        self.write("second.h", "#define SECOND 2\n")
        self.write("words.cu", "#if FIRST + SECOND + THIRD + FOURTH != 10\n#error wrong\n#endif\nint main() {}\n")
        self.cc("-I", "a b", "--include-path=.", "-include", "first.h", "--pre-include", "second.h", "-D", "THIRD=3",
                "--define-macro=FOURTH=4", "--std", "c++20", "-x", "cu", "-m64", "-c", "words.cu", "-o=words.o")
        self.write("options.txt", '-I "a b" -I. -include=first.h,second.h\n-DTHIRD=3 -DFOURTH=4\n')
        self.cc("--options-file", "options.txt", "-c", "words.cu")
        self.cc("@options.txt", "-c", "words.cu")
        self.cc("-c", "words.cu", NVCC_PREPEND_FLAGS="-optf options.txt", NVCC_APPEND_FLAGS="-O1")
        self.write("loop.txt", "@loop.txt")
        self.assertIn("loop.txt", self.cc("@loop.txt", "-c", "words.cu", status=2).stderr)
        self.assertIn("no.txt", self.cc("@no.txt", "-c", "words.cu", status=2).stderr)

    def test_host_options(self):
        self.write("words.cu", "#if A + B != 3\n#error wrong\n#endif\nint main() { return __builtin_strlen(C) - 3; }\n")
        self.cc("-Xcompiler", '-Wall,-DA=1 "-Wextra"', "-Xcompiler=-DB=2", '-DC="a,b"', "-o", "words", "words.cu")
        self.run_program("words")
        self.cc("-Xlinker", "--no-such-option-of-the-linker", '-DC=""', "-DA=1", "-DB=2", "words.cu", status=1)
        self.cc("-Xlinker=-rpath,/nonexistent", "-Xcompiler", "-pthread", '-DC="abc"', "-DA=1", "-DB=2", "-o", "words",
                "words.cu")
        self.assertIn("/nonexistent", self.other("readelf", "-d", "words"))

    def test_unknown_options(self):
        self.hello()
        self.assertIn("'-fno-such'", self.cc("-fno-such", "hello.cu", status=2).stderr)
        self.assertIn("-use_fast_math", self.cc("-use_fastmath", "hello.cu", status=2).stderr)
        self.cc("-fno-strict-aliasing", "-forward-unknown-to-host-compiler", "-march=x86-64-v2"
                if os.uname().machine == "x86_64" else "-fPIC", "-c", "hello.cu")
        self.cc("-forward-unknown-to-host-linker", "--no-such-linker-option", "hello.cu", status=1)

    def test_what_is_refused(self):
        self.hello()
        for option, reason in (("-cubin", "assembler"), ("-m32", "32-bit"), ("-optix-ir", "OptiX"), ("-ltoir", "-dc"),
                               ("-ewp", "later"), ("-cuda", "-E")):
            result = self.cc(option, "hello.cu", status=1)
            self.assertIn(f"{option} is not supported", result.stderr)
            self.assertIn(reason, result.stderr)
        self.assertIn("no input files", self.cc(status=2).stderr)
        self.assertIn("contradicts", self.cc("-c", "-ptx", "hello.cu", status=2).stderr)

    def test_what_tunes_hardware_is_accepted(self):
        self.hello()
        self.cc("-O3", "-lineinfo", "-maxrregcount=32", "--maxrregcount", "64", "-Xptxas", "-v,-dlcm=ca",
                "--ptxas-options=-O3", "-res-usage", "-restrict", "-extra-device-vectorization", "-t", "2", "-t0",
                "--threads=4", "-Xnvlink", "-v", "-Xarchive", "v", "--diag-suppress=177", "-Xcudafe",
                "--display_error_number", "-Wno-deprecated-gpu-targets", "-split-compile=2", "-dopt=on", "-dlto",
                "--source-in-ptx", "--extended-lambda", "-prec-div=true", "-w", "-Werror", "all-warnings",
                "-allow-unsupported-compiler", "-o", "hello", "hello.cu", "-lcudart", "-lcuda", "-lcudadevrt")
        self.assertEqual(self.run_program("hello"), "answer 42\n")

    def test_libraries_that_are_not_there(self):
        self.write("blas.cu", 'extern "C" int cublasCreate_v2(void *); int main() { return cublasCreate_v2(0); }')
        self.assertIn("does not have CUDA's library cublas;", self.cc("blas.cu", "-lcublas", status=1).stderr)
        self.assertIn("does not have CUDA's function cublasCreate_v2;", self.cc("blas.cu", status=1).stderr)

    def test_default_stream_per_thread(self):
        self.write("streams.cu", """
__global__ void spin(volatile int *flag) { while (!*flag) __nanosleep(100); }
__global__ void set(int *flag) { *flag = 1; }
int main()
{
    int *flag;
    cudaStream_t blocking;
    cudaStreamCreate(&blocking);
    cudaMallocManaged(&flag, sizeof *flag);
    *flag = 0;
    spin<<<1, 1, 0, blocking>>>(flag);
    set<<<1, 1>>>(flag); // waits for `spin` in the legacy stream, not in one of this thread's own
    return cudaDeviceSynchronize() != cudaSuccess || *flag != 1;
}
""")
        self.cc("-default-stream=per-thread", "-o", "streams", "streams.cu")
        self.run_program("streams")

    def test_contraction(self):
        self.write("contract.cu", """
__global__ void k(double *out, double a, double b, double c) { *out = a * b + c; }
int main()
{
    double *out, a = 1 + 0x1p-30;
    cudaMallocManaged(&out, sizeof *out);
    k<<<1, 1>>>(out, a, a, -(a * a));
    cudaDeviceSynchronize();
    return *out == 0;
}
""")
        self.cc("-o", "fused", "contract.cu")
        self.run_program("fused")
        for words in (("-fmad=false",), ("-fmad", "false", "-rdc=true")):
            self.cc(*words, "-o", "separate", "contract.cu")
            self.run_program("separate", status=1)

    def test_run(self):
        self.hello()
        self.assertEqual(self.cc("-run", "-run-args", "a,b", "hello.cu").stdout, "answer 42 a b\n")

    def test_the_link_is_the_command(self):
        self.hello()
        nvcc = self.toolkit / "bin" / "nvcc"
        self.assertTrue(nvcc.is_symlink())
        self.other(nvcc, "-o", "hello", "hello.cu")
        self.assertEqual(self.run_program("hello"), "answer 42\n")


class Forms(Case):
    def test_containers(self):
        self.hello()
        self.cc("-fatbin", "hello.cu", "hello.cu")
        self.assertEqual((self.folder / "hello.fatbin").read_bytes()[:8], b"CWMODULE")
        self.cc("-ptx", "-rdc=true", "hello.cu", "-o", "text.ptx")
        text = (self.folder / "text.ptx").read_bytes()
        self.assertNotIn(b"\0", text)
        self.assertTrue(text.startswith(b"//"))
        self.write("kernel.cu", 'extern "C" __global__ void add(int *out, int value) { *out += value; }\n'
                   'extern "C" __device__ int value = 40;')
        self.write("load.cpp", """
#include <cuda.h>
int main(int argc, char **argv)
{
    CUcontext context;
    cuInit(0);
    cuCtxCreate(&context, 0, 0);
    for (int i = 1; i < argc; i++) {
        CUmodule module;
        CUfunction add;
        CUdeviceptr value;
        size_t size;
        int two = 2, result = 0;
        void *arguments[] = {&value, &two};
        if (cuModuleLoad(&module, argv[i]) || cuModuleGetGlobal(&value, &size, module, "value") ||
            cuModuleGetFunction(&add, module, "add") ||
            cuLaunchKernel(add, 1, 1, 1, 1, 1, 1, 0, nullptr, arguments, nullptr) ||
            cuMemcpyDtoH(&result, value, sizeof result) || result != 42)
            return i;
    }
}
""")
        self.cc("-ptx", "kernel.cu")
        self.cc("-fatbin", "kernel.cu")
        self.cc("-o", "load", "load.cpp", "-lcuda")
        self.run_program("load", "kernel.ptx", "kernel.fatbin")
        self.write("host.cpp", "int main() {}")
        self.assertIn("no device code", self.cc("-ptx", "host.cpp", status=2).stderr)


class Builds(Case):
    def project(self, name):
        self.skip_in_sanitizer_builds("projects link by other compilers")
        for folder in ("makefile", "cmake"):
            shutil.copytree(self.source / "tests" / "tool" / "projects" / folder, self.folder / folder)
        return self.folder / name

    def make(self, folder, *words, **more):
        return self.other("make", "-C", folder, "-j4", *words, **more)

    def test_make(self):
        folder = self.project("makefile")
        self.make(folder, f"NVCC={self.program} cc", CPATH=self.toolkit / "include")
        self.assertEqual(self.run_program("makefile/sum"), "22078 7 no error\n")
        self.assertIn("up to date", self.make(folder, f"NVCC={self.program} cc"))
        (folder / "device.h").touch()
        self.assertIn("-o main.o", self.make(folder, f"NVCC={self.program} cc", CPATH=self.toolkit / "include"))
        self.make(folder, f"NVCC={self.toolkit}/bin/nvcc", f"CUDA_HOME={self.toolkit}", "by-hand",
                  CPATH=self.toolkit / "include")
        self.assertEqual(self.run_program("makefile/by-hand"), "22078 7 no error\n")

    @unittest.skipUnless(shutil.which("cmake"), "cmake is not installed")
    def test_cmake(self):
        self.project("cmake")
        for generator, word in (("Unix Makefiles", "make"), ("Ninja", "ninja")):
            if not shutil.which(word):
                continue
            self.other("cmake", "-S", "cmake", "-B", word, "-G", generator,
                       f"-DCMAKE_CUDA_COMPILER={self.toolkit}/bin/nvcc")
            self.other("cmake", "--build", word, "--parallel", "4")
            self.other("ctest", "--test-dir", word, "--output-on-failure", LD_LIBRARY_PATH=self.toolkit / "lib64")


if __name__ == "__main__":
    harness.main()
