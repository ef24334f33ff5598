# SPDX-License-Identifier: Apache-2.0
"""Compiling and running: status, arguments, options, several sources, diagnostics, executables, what kernels become."""
import json
import os
import pathlib
import re
import subprocess

import harness


class Running(harness.Case):
    def test_output_and_status(self):
        self.hello()
        self.assertEqual(self.tool("run", "hello.cu").stdout, "answer 42\n")
        self.hello("other.cu", 41)
        self.assertEqual(self.tool("run", "other.cu", status=7).stdout, "answer 41\n")
        self.assertNothingLeft()

    def test_arguments(self):
        self.hello()
        result = self.tool("run", "hello.cu", "--", "one", "--help", "-I", "a b")
        self.assertEqual(result.stdout, "answer 42 one --help -I a b\n")

    def test_standard_input(self):
        self.write("cat.cu", "#include <iostream>\n#include <string>\n"
                             "int main() { std::string s; std::cin >> s; std::cout << s << std::endl; }\n")
        for _ in range(2):
            self.assertEqual(self.tool("run", "cat.cu", text="word\n").stdout, "word\n")

    def test_the_program_s_name(self):
        self.write("name.cu", '#include <cstdio>\nint main(int, char **argv) { puts(argv[0]); }\n')
        self.assertEqual(self.tool("run", "name.cu").stdout, "./name\n")
        self.assertEqual(self.tool("run", self.folder / "name.cu").stdout, f"{self.folder}/name\n")

    def test_a_path_with_blanks(self):
        (self.folder / "a b").mkdir()
        self.hello("a b/it's.cu")
        for _ in range(2):
            self.assertEqual(self.tool("run", "a b/it's.cu").stdout, "answer 42\n")
        self.assertEqual(self.tool("run", "-v", "a b/it's.cu").stderr, "")


class Options(harness.Case):
    def test_what_only_tunes_hardware_is_accepted(self):
        self.hello()
        for words in (["-arch=sm_70"], ["-arch", "sm_90"], ["-gencode", "arch=compute_80,code=sm_80"], ["-lineinfo"],
                      ["--ptxas-options=-v"], ["-Xptxas", "-O3"], ["-maxrregcount=32"], ["-m64"], ["-rdc=false"],
                      ["--default-stream", "legacy"], ["-use_fast_math"], ["--expt-relaxed-constexpr"],
                      ["--extended-lambda"], ["-lcudart"], ["-ccbin", "g++"], ["-O"], ["-O3"], ["-O", "3"], ["-w"],
                      ["-Wno-deprecated-gpu-targets"], ["-Xcompiler", "-Wall,-fno-strict-aliasing"]):
            self.assertEqual(self.tool("run", *words, "hello.cu").stdout, "answer 42\n", words)

    def test_macros_and_folders(self):
        (self.folder / "include").mkdir()
        self.write("include/value.h", "#define FROM_HEADER 2\n")
        self.write("forced.h", "#define FORCED 30\n")
        self.write("options.cu", """
            #include <cstdio>
            #include "value.h"
            __global__ void add(int *out) { *out = FROM_HEADER + FROM_OPTION + FORCED; }
            int main() {
                int *out, host = 0;
                cudaMalloc(&out, 4); add<<<1, 1>>>(out); cudaMemcpy(&host, out, 4, cudaMemcpyDeviceToHost);
                printf("%d %d\\n", host, FROM_HEADER + FROM_OPTION + FORCED);
            #ifdef GONE
                return 1;
            #endif
            }""")
        result = self.tool("run", "-I", "include", "-DFROM_OPTION=10", "-DGONE", "-UGONE", "-include", "forced.h", "options.cu")
        self.assertEqual(result.stdout, "42 42\n")

    def test_standard(self):
        self.write("std.cu", '#include <cstdio>\nint main() { printf("%ld\\n", __cplusplus); }\n')
        self.assertEqual(self.tool("run", "std.cu").stdout, "201703\n")
        self.assertEqual(self.tool("run", "-std=c++14", "std.cu").stdout, "201402\n")
        self.assertEqual(self.tool("run", "--std", "c++20", "std.cu").stdout, "202002\n")

    def test_macros_of_nvcc(self):
        self.write("macros.cu", """
            #include <cstdio>
            #if !defined(__CUDACC__) || !defined(__NVCC__) || __CUDACC_VER_MAJOR__ != 12 || __CUDACC_VER_MINOR__ != 9
            #error nvcc's macros are missing
            #endif
            #ifndef __CUDACC_RELAXED_CONSTEXPR__
            #error relaxed
            #endif
            #ifndef __CUDACC_EXTENDED_LAMBDA__
            #error lambda
            #endif
            __global__ void arch(int *out) {
            #ifdef __CUDA_ARCH__
                *out = __CUDA_ARCH__;
            #endif
            }
            int main() {
                int *out, host = 0;
                cudaMalloc(&out, 4); arch<<<1, 1>>>(out); cudaMemcpy(&host, out, 4, cudaMemcpyDeviceToHost);
                printf("%d\\n", host);
            }""")
        self.assertEqual(self.tool("run", "--expt-relaxed-constexpr", "--extended-lambda", "macros.cu").stdout, "800\n")

    def test_precompiled_headers_change_nothing(self):
        self.hello()
        for setting in ("0", "1"):
            for _ in range(3):  # the third run of an option set uses a precompiled header from the cache
                self.tool("cache", "clear") if setting == "0" else None
                result = self.tool("run", "-DUNUSED=1", "hello.cu", CUDA_WASM_PRECOMPILED=setting)
                self.assertEqual(result.stdout, "answer 42\n")
                self.hello(value="40 + 2")
                self.hello()


class Units(harness.Case):
    def test_several_languages(self):
        self.write("main.cu", """
            #include <cstdio>
            extern "C" int from_c(void);
            int from_cxx(int);
            int from_cuda(int);
            int main() { printf("%d\\n", from_c() + from_cxx(1) + from_cuda(1)); }""")
        self.write("one.c", "int from_c(void) { return 2; }\n")
        self.write("two.cpp", "#include <vector>\nint from_cxx(int n) { return (int)std::vector<int>(n * 10).size(); }\n")
        self.write("three.cu", """
            static __device__ int value = 29;
            namespace { __global__ void get(int *out, int n) { *out = value + n; } }
            int from_cuda(int n) {
                int *out, host = 0;
                cudaMalloc(&out, 4); get<<<1, 1>>>(out, n); cudaMemcpy(&host, out, 4, cudaMemcpyDeviceToHost);
                return host;
            }""")
        self.assertEqual(self.tool("run", "main.cu", "one.c", "two.cpp", "three.cu").stdout, "42\n")

    def test_old_c_is_accepted_as_gcc_does(self):
        self.write("old.c", "answer() { char *text = \"42\"; int length = strlen(text); return atoi(text) + length - 2; }\n")
        self.write("main.cu", '#include <cstdio>\nextern "C" int answer(void);\nint main() { printf("%d\\n", answer()); }\n')
        self.assertEqual(self.tool("run", "main.cu", "old.c").stdout, "42\n")

    def test_host_code_with_the_runtime(self):
        self.write("host.cpp", '#include <cuda_runtime.h>\n#include <cstdio>\n'
                               'int main() { int n = 0; printf("%d\\n", cudaGetDeviceCount(&n) == cudaSuccess && n > 0); }\n')
        self.assertEqual(self.tool("run", "host.cpp").stdout, "1\n")

    def test_objects_archives_and_libraries(self):
        self.write("part.c", "#include <math.h>\nint part(void) { return (int)sqrt(1764.0); }\n")
        subprocess.run(["gcc", "-c", "part.c", "-o", "part.o"], cwd=self.folder, check=True)
        subprocess.run(["ar", "rc", "libpart.a", "part.o"], cwd=self.folder, check=True)
        self.write("main.cu", '#include <cstdio>\nextern "C" int part(void);\nint main() { printf("%d\\n", part()); }\n')
        self.assertEqual(self.tool("run", "main.cu", "part.o").stdout, "42\n")
        self.assertEqual(self.tool("run", "main.cu", "libpart.a", "-lm").stdout, "42\n")
        self.assertEqual(self.tool("run", "main.cu", "-L.", "-lpart", "-lm").stdout, "42\n")


class Diagnostics(harness.Case):
    def test_errors_name_the_user_s_line(self):
        self.write("bad.cu", "__global__ void k(int *p)\n{\n    *p = undeclared;\n}\nint main() { return 1 +; }\n")
        result = self.tool("run", "bad.cu", status=1)
        self.assertRegex(result.stderr, r"(?m)^bad\.cu:3:10: error: ")
        self.assertRegex(result.stderr, r"(?m)^bad\.cu:5:24: error: ")
        self.assertIn("*p = undeclared;", result.stderr)
        self.assertRegex(result.stderr, r"(?m)^ +\| +\^")
        self.assertIn("2 errors generated.", result.stderr)
        self.assertEqual(result.stderr.count("undeclared identifier"), 1)
        self.assertNotIn("\033", result.stderr)
        self.assertNothingLeft()

    def test_errors_of_device_code_alone(self):
        self.write("bad.cu", "void host(); \n__device__ void f() { host(); }\n__global__ void k() { f(); }\nint main() {}\n")
        result = self.tool("run", "bad.cu", status=1)
        self.assertRegex(result.stderr, r"(?m)^bad\.cu:2:23: error: .*host")
        self.assertEqual(len(re.findall(r"error: ", result.stderr)), 1)

    def test_errors_in_headers_keep_their_include_stack(self):
        self.write("bad.h", "int broken = ;\n")
        self.write("bad.cu", '#include "bad.h"\nint main() {}\n')
        result = self.tool("run", "bad.cu", status=1)
        self.assertRegex(result.stderr, r"In file included from bad\.cu:1:\n\./bad\.h:1:14: error: ")

    def test_warnings_come_once_and_only_when_compiled(self):
        self.write("warn.cu", "__host__ __device__ int f() { int unused_one; return 0; }\nint main() { return f(); }\n")
        result = self.tool("run", "-Wall", "warn.cu")
        self.assertEqual(result.stderr.count("warning: "), 1)
        self.assertIn("1 warning generated.", result.stderr)
        self.tool("run", "-Wall", "-Werror", "all-warnings", "warn.cu", status=1)
        self.assertEqual(self.tool("run", "-w", "warn.cu").stderr, "")

    def test_a_function_that_is_not_there(self):
        self.write("gone.cu", 'extern "C" cudaError_t cudaNoSuchFunction(int);\nint main() { return cudaNoSuchFunction(1); }\n')
        result = self.tool("run", "gone.cu", status=1)
        self.assertIn("does not have CUDA's function cudaNoSuchFunction", result.stderr)

    def test_a_source_that_is_not_there(self):
        self.assertIn("gone.cu", self.tool("run", "gone.cu", status=1).stderr)

    def test_colours_only_on_terminals(self):
        self.write("bad.cu", "int main() { return x; }\n")
        output = {}
        for name, changes in (("colour", {}), ("plain", {"NO_COLOR": "1"})):
            master, slave = os.openpty()
            environment = self.environment(TERM="xterm", **changes)
            child = subprocess.Popen([self.program, "run", "bad.cu"], cwd=self.folder, env=environment, stderr=slave,
                                     stdout=slave)
            os.close(slave)
            output[name] = b""
            while True:
                try:
                    piece = os.read(master, 65536)
                except OSError:
                    break
                if not piece:
                    break
                output[name] += piece
            child.wait()
            os.close(master)
        self.assertIn(b"\033[", output["colour"])
        self.assertNotIn(b"\033[1", output["plain"])
        self.assertEqual(output["colour"].count(b"undeclared identifier"), 1)


class Missing(harness.Case):
    def test_clang(self):
        self.hello()
        for command in ("run", "build", "inspect"):
            result = self.tool(command, "hello.cu", status=3, CUDA_WASM_CLANG="/nonexistent/clang")
            self.assertEqual(result.stderr.count("\n"), 1)
            self.assertIn("apt-get install clang-22", result.stderr)

    def test_lld(self):
        self.hello()
        result = self.tool("run", "hello.cu", status=3, CUDA_WASM_LLD="/nonexistent/lld")
        self.assertIn("apt-get install lld-22", result.stderr)


class Building(harness.Case):
    def run_program(self, *words, **changes):
        return subprocess.run([str(word) for word in words], cwd=self.folder, env=self.environment(**changes),
                              capture_output=True, text=True, timeout=120)

    def test_an_executable_needs_only_the_runtime(self):
        self.hello()
        self.tool("build", "hello.cu", "-o", "prog")
        result = self.run_program(self.folder / "prog", "x", PATH="/nonexistent")
        self.assertEqual((result.returncode, result.stdout), (0, "answer 42 x\n"))
        needed = subprocess.run(["readelf", "-d", "prog"], cwd=self.folder, capture_output=True, text=True).stdout
        self.assertIn("libcudawasm.so", needed)
        self.assertNotIn("libLLVM", needed)
        self.assertNothingLeft()

    def test_the_default_name_is_the_source_s(self):
        (self.folder / "deep").mkdir()
        self.hello("deep/prog.cu")
        self.tool("build", "deep/prog.cu")
        self.assertTrue(os.access(self.folder / "prog", os.X_OK))

    def test_for_one_cpu(self):
        self.hello()
        self.tool("build", "hello.cu", "--cpu", "native", "-o", "prog")
        self.assertEqual(self.run_program(self.folder / "prog").stdout, "answer 42\n")
        result = self.tool("build", "hello.cu", "--cpu", "no-such-cpu", "-o", "prog", status=2)
        self.assertIn("no-such-cpu", result.stderr)
        self.tool("transpile", "--to", "asm", "hello.cu", "--cpu", "no-such-cpu", status=2)

    def test_an_output_that_cannot_be_written(self):
        self.hello()
        self.tool("build", "hello.cu", "-o", "/nonexistent/prog", status=1)
        self.assertNothingLeft()


class Kernels(harness.Case):
    SOURCE = """
        __constant__ float table[16];
        __device__ int counter;
        extern __shared__ float dynamic[];
        struct Pair { double a; char b; };
        template <typename T> __global__ void __launch_bounds__(128, 2) scale(T *data, Pair pair, int n)
        {
            __shared__ T tile[64];
            tile[threadIdx.x % 64] = data[threadIdx.x] * (T)pair.a + table[0] + dynamic[0];
            __syncthreads();
            if (threadIdx.x < n) { data[threadIdx.x] = tile[0]; atomicAdd(&counter, 1); }
        }
        template __global__ void scale<float>(float *, Pair, int);
    """

    def test_inspect(self):
        self.write("kernels.cu", self.SOURCE)
        (module,) = self.json("inspect", "kernels.cu")
        (kernel,) = module["kernels"]
        self.assertIn("scale", kernel["name"])
        self.assertEqual(kernel["declaration"], "void scale<float>(float*, Pair, int)")
        self.assertEqual(pathlib.Path(kernel["source"]).name, "kernels.cu")
        self.assertEqual([(p["offset"], p["size"]) for p in kernel["parameters"]], [(0, 8), (8, 16), (24, 4)])
        self.assertEqual([p["name"] for p in kernel["parameters"]], ["data", "pair", "n"])
        data, pair, n = (p["type"] for p in kernel["parameters"])
        self.assertEqual(data, {"kind": "pointer", "size": 8, "const": False, "to": {"kind": "float", "size": 4}})
        self.assertEqual((pair["kind"], pair["name"], [(f["name"], f["offset"]) for f in pair["fields"]]),
                         ("struct", "Pair", [("a", 0), ("b", 8)]))
        self.assertEqual(n, {"kind": "int", "size": 4})
        self.assertEqual(kernel["static_shared"], 256)
        self.assertEqual((kernel["max_threads"], kernel["min_blocks"]), (128, 2))
        self.assertLessEqual({"barrier", "atomics", "static shared memory", "dynamic shared memory"}, set(kernel["features"]))
        variables = {v["name"]: v for v in module["variables"]}
        self.assertTrue(variables["table"]["constant"])
        self.assertEqual(variables["table"]["size"], 64)
        text = self.tool("inspect", "kernels.cu").stdout
        self.assertIn("256 bytes", text)
        self.assertRegex(text, r"0\+8 +float \*data\n +8\+16 +Pair pair\n +24\+4 +int n\n")

    def test_inspect_needs_no_main_and_no_lld(self):
        self.write("kernels.cu", self.SOURCE)
        self.tool("inspect", "kernels.cu", CUDA_WASM_LLD="/nonexistent/lld")

    def test_transpile(self):
        self.write("kernels.cu", self.SOURCE)
        self.assertIn("nvptx64", self.tool("transpile", "--to", "module", "kernels.cu").stdout)
        lowered = self.tool("transpile", "--to", "llvm", "kernels.cu").stdout
        self.assertIn("define ", lowered)
        self.assertNotIn("nvptx64", lowered)
        self.tool("transpile", "--to", "asm", "kernels.cu", "-o", "kernels.s")
        self.assertIn("scale", (self.folder / "kernels.s").read_text())
        for form in ("asm", "ptx", "wgsl"):
            plain = self.tool("transpile", "--to", form, "kernels.cu").stdout
            self.assertEqual(self.tool("transpile", "--to", form, "-o", "-", "kernels.cu").stdout, plain)
        self.assertFalse((self.folder / "-").exists())

    def test_errors_are_clang_s(self):
        self.write("bad.cu", "__global__ void k() { nothing(); }\n")
        for words in (("inspect", "bad.cu"), ("transpile", "--to", "asm", "bad.cu")):
            self.assertRegex(self.tool(*words, status=1).stderr, r"bad\.cu:1:23: error: ")


if __name__ == "__main__":
    harness.main()
