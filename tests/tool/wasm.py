# SPDX-License-Identifier: Apache-2.0
"""Programs for WebAssembly: what is refused, by name; sizes; out of memory; traps, reported by kernel."""
import os
import shutil
import subprocess
import unittest

import harness

ADD = """
__global__ void add(const float *a, const float *b, float *c, int n) {
    int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) c[i] = a[i] + b[i];
}
"""


LARGE = """#include <cstdio>
__global__ void last(unsigned char *p, size_t bytes) { p[bytes - 1 - threadIdx.x] = threadIdx.x; }
int main() {
    const size_t bytes = 250u << 20; // seventeen of them are more than 4 GiB
    unsigned char *p[17], end[2];
    int count = 0;
    while (count < 17 && cudaMalloc(&p[count], bytes) == cudaSuccess) count++;
    printf("%d pieces, then %s\\n", count, cudaGetErrorName(cudaGetLastError()));
    last<<<1, 32>>>(p[count - 1], bytes);
    cudaMemcpy(end, p[count - 1] + bytes - 2, 2, cudaMemcpyDeviceToHost);
    printf("%d %d, above 3 GiB: %d\\n", end[0], end[1], (size_t)p[count - 1] > (3u << 30));
    cudaFree(p[0]);
    printf("again %s\\n", cudaGetErrorName(cudaMalloc(&p[0], bytes)));
}
"""
LARGE_OUTPUT = "16 pieces, then cudaErrorMemoryAllocation\n1 0, above 3 GiB: 1\nagain cudaSuccess\n"


class Programs(harness.Case):
    def setUp(self):
        super().setUp()
        if not (self.build / "lib" / "cuda-wasm" / "wasm" / "libcudawasm.a").exists():
            raise unittest.SkipTest("wasi-libc is not installed")

    def build_wasm(self, name, text, status=0):
        self.write(name + ".cu", text)
        return self.tool("build", name + ".cu", "-o", name + ".wasm", status=status)


class Wasm(Programs):
    def test_what_wasi_lacks_is_named(self):
        result = self.build_wasm("fork", 'extern "C" int fork(void);\nint main() { return fork(); }', status=1)
        self.assertIn("the program needs `fork`", result.stderr)

    def test_other_forms_are_refused(self):
        self.hello()
        result = self.tool("build", "hello.cu", "-o", "hello.js", status=2)
        self.assertIn("are called NAME.mjs", result.stderr)

    def test_threads_are_refused_in_a_command(self):
        result = self.build_wasm("threads", "#include <thread>\nint main() { std::thread([] {}).join(); }", status=1)
        self.assertIn("a WASI command has one", result.stderr)

    def test_native_objects_are_refused(self):
        self.hello()
        self.write("twice.cu", "__device__ int twice(int x) { return 2 * x; }\n")
        self.tool("cc", "-dc", "twice.cu", "-o", "twice.o")
        result = self.tool("build", "-rdc=true", "hello.cu", "twice.o", "-o", "hello.wasm", status=1)
        self.assertIn("twice.o is an object for this machine", result.stderr)

    def test_missing_tools_are_named(self):
        self.hello()
        result = self.tool("build", "hello.cu", "-o", "hello.wasm", status=3, CUDA_WASM_WASI="/nonexistent")
        self.assertIn("wasi-libc", result.stderr)

    def test_iostream_stays_small(self):
        self.build_wasm("streams", ADD + "#include <iostream>\n#include <vector>\n"
                        "int main() { std::vector<float> a(3, 1); float *d; cudaMalloc(&d, 12);\n"
                        "add<<<1, 3>>>(d, d, d, 3); std::cout << a[0] << std::endl; }")
        self.assertLess((self.folder / "streams.wasm").stat().st_size, 1_200_000)


class WasmRuns(Programs):
    def run_wasm(self, name, status=0, **changes):
        result = self.tool("run", name + ".wasm", status=None, **changes)
        if "wasmtime's shared library" in result.stderr:
            raise unittest.SkipTest("wasmtime is not installed")
        self.assertEqual(result.returncode, status, result.stderr)
        return result

    def test_out_of_memory_is_an_error(self):
        self.build_wasm("full", '#include <cstdio>\nint main() { void *p; for (int i = 0; i < 64; i++) {\n'
                        "cudaError_t e = cudaMalloc(&p, 256 << 20);\n"
                        "if (e) return puts(cudaGetErrorName(e)), 0; } return 1; }")
        result = self.run_wasm("full", CUDA_WASM_MEMORY="1G")
        self.assertEqual(result.stdout, "cudaErrorMemoryAllocation\n")

    def test_sources_in_c_and_plain_cpp_join(self):
        self.write("main.cu", '#include <cstdio>\nextern "C" int seven(void);\nstd::size_t letters(const char *);\n'
                   "__global__ void add(int *p, int n) { *p += n; }\n"
                   "int main() { int *p, got = seven(); cudaMalloc(&p, 4); cudaMemcpy(p, &got, 4, cudaMemcpyDefault);\n"
                   'add<<<1, 1>>>(p, (int)letters("device")); cudaMemcpy(&got, p, 4, cudaMemcpyDefault); printf("%d\\n", got); }')
        self.write("letters.cpp", "#include <math.h>\n#include <algorithm>\n#include <complex>\n#include <cuda_runtime.h>\n#include <new>\n"
                   "#include <string>\n#include <utility>\nstd::size_t letters(const char *t) { return std::string(t).size(); }\n")
        self.write("seven.c", "#include <stdlib.h>\nint seven(void) { return abs(-7); }\n")
        self.tool("build", "main.cu", "letters.cpp", "seven.c", "-o", "main.wasm")
        self.assertEqual(self.run_wasm("main").stdout, "13\n")

    def test_memory_grows_to_4_gib(self):
        self.write("large.cu", LARGE)
        self.tool("build", "large.cu", "-o", "large.wasm")
        self.assertEqual(self.run_wasm("large").stdout, LARGE_OUTPUT)
        if shutil.which("node"):
            self.tool("build", "large.cu", "-o", "large.mjs")
            result = subprocess.run(["node", self.folder / "large.mjs"], capture_output=True, text=True, timeout=60)
            self.assertEqual(result.stdout, LARGE_OUTPUT, result.stderr)

    def test_null_pointers_trap(self):
        """At -G every address is tested, so that a small number is seen too."""
        for name, options, argument in ("null", (), "nullptr"), ("small", ("-G",), "(S *)64"):
            self.write(name + ".cu", "struct S { int a, b; };\n__global__ void store(S *p, int *q) {\n    q[threadIdx.x] = p[threadIdx.x].b;\n}\n"
                       f"int main() {{ int *q; cudaMalloc(&q, 128); store<<<4, 32>>>({argument}, q); return cudaDeviceSynchronize(); }}")
            self.tool("build", "-g", *options, name + ".cu", "-o", name + ".wasm")
            result = self.run_wasm(name, status=134)
            self.assertIn("kernel `store(S*, int*)` trapped: out of bounds memory access", result.stderr)
            self.assertIn(name + ".cu:3", result.stderr)

    def test_kernels_are_shown(self):
        self.write("add.cu", ADD)
        self.assertIn("f32x4.add", self.tool("transpile", "--to", "wasm-asm", "add.cu").stdout)
        self.assertIn("fadd", self.tool("transpile", "--to", "wasm-llvm", "add.cu").stdout)

    def test_a_trap_names_the_line(self):
        self.write("lines.cu", "__global__ void wild(int *p) {\n    int i = threadIdx.x;\n    p[i] = 1;\n}\n"
                   "int main() { wild<<<1, 1>>>((int *)0xfffff000u); return cudaDeviceSynchronize(); }")
        self.tool("build", "-g", "lines.cu", "-o", "lines.wasm")
        result = self.run_wasm("lines", status=134)
        self.assertIn("kernel `wild(int*)` trapped: out of bounds memory access", result.stderr)
        self.assertIn("lines.cu:3", result.stderr)

    def test_a_trap_names_the_line_where_host_code_throws(self):
        """Binaryen makes such kernels resumable without seeing the host code, which moves behind them."""
        self.write("throws.cu", "#include <cassert>\n#include <cstdio>\n__global__ void wild(int *p, int n) {\n    assert(n);\n"
                   "    p[threadIdx.x] = 1;\n}\nint main() { try { throw 1; } catch (int i) { puts(\"caught\");\n"
                   "wild<<<1, 1>>>((int *)0xfffff000u, i); }\nreturn cudaDeviceSynchronize(); }")
        self.tool("build", "-g", "throws.cu", "-o", "throws.wasm")
        result = self.run_wasm("throws", status=134)
        self.assertEqual(result.stdout, "caught\n")
        self.assertRegex(result.stderr, r"kernel `wild\(int\*, int\)` trapped: out of bounds memory access")
        self.assertIn("throws.cu:5", result.stderr)

    def test_a_trap_names_the_kernel(self):
        self.build_wasm("wild", "__global__ void wild(int *p) { p[threadIdx.x] = 1; }\n"
                        "int main() { wild<<<1, 4>>>((int *)0xfffff000u); return cudaDeviceSynchronize(); }")
        result = self.run_wasm("wild", status=134)
        self.assertIn("kernel `wild(int*)` trapped: out of bounds memory access", result.stderr)


FAULTS = """#include <cstdio>
#include <cstdlib>
__global__ void wild(int *p, int blocks) {
    if (blockIdx.x == blocks - 1) p[threadIdx.x] = 1; // here
}
__global__ void spin(int *flag) {
    if (blockIdx.x == 1) *(volatile int *)0xffffff00u = 1;
    while (atomicAdd(flag, 0) == 0) {
    }
}
__global__ void fine(int *p) { p[threadIdx.x] = threadIdx.x; }
__device__ __attribute__((noinline)) int within(volatile int *p, int n) {
    volatile int room[1024];
    for (int i = 0; i < 1024; i += 64) room[i] = n;
    *p = room[n & 1023];
    return n > 0 ? within(p, n - 1) + room[5] : 0;
}
__global__ void deep(int *p, int n) { *p = within(p, n); }
__attribute__((noinline)) static int below(int n) {
    volatile char room[4096];
    room[n % 4096] = 1;
    return n > 0 ? below(n - 1) + room[n % 100] : 0;
}
int main(int count, char **words) {
    int *memory;
    cudaMalloc(&memory, 1024), cudaMemset(memory, 0, 1024);
    int which = count > 1 ? atoi(words[1]) : 0;
    if (which == 1) wild<<<64, 32>>>((int *)0xfffff000u, 64);
    if (which == 2) spin<<<2, 32>>>(memory);
    if (which == 4) return 7;
    if (which == 5) cudaLaunchHostFunc(0, [](void *) { exit(9); }, nullptr);
    if (which == 6) *(volatile int *)0xffffff00u = 1;
    if (which == 7) cudaLaunchHostFunc(0, [](void *) { abort(); }, nullptr);
    if (which == 8) deep<<<8, 32>>>(memory, 5000);
    if (which == 9) cudaLaunchHostFunc(0, [](void *) { printf("%d\\n", below(1000) > 0); }, nullptr);
    puts(cudaGetErrorName(cudaDeviceSynchronize()));
    cudaDeviceReset();
    cudaMalloc(&memory, 1024);
    fine<<<1, 32>>>(memory);
    puts(cudaGetErrorName(cudaDeviceSynchronize()));
}
"""


class Threads(Programs):
    """NAME.mjs in Node: kernels on workers; what goes wrong on one of them ends what it must, and nothing hangs."""

    def setUp(self):
        super().setUp()
        if not shutil.which("node"):
            raise unittest.SkipTest("node is not installed")
        self.write("faults.cu", FAULTS)
        self.tool("build", "-g", "faults.cu", "-o", "faults.mjs")

    def node(self, *words, **changes):
        return subprocess.run(["node", self.folder / "faults.mjs", *words], cwd=self.folder, env=dict(os.environ, **changes),
                              capture_output=True, text=True, timeout=60)

    def test_faults(self):
        line = FAULTS.split("\n").index("    if (blockIdx.x == blocks - 1) p[threadIdx.x] = 1; // here") + 1
        for threads in "1", "2", "5":
            for which, name, said in (("0", "cudaSuccess", "^$"),
                                      ("1", "cudaErrorIllegalAddress", rf"kernel `wild` read or wrote an illegal address at .*faults\.cu:{line}")):
                result = self.node(which, CUDA_WASM_THREADS=threads)
                self.assertEqual((result.stdout, result.returncode), (f"{name}\ncudaSuccess\n", 0), result.stderr)
                self.assertRegex(result.stderr, said)
        result = self.node("2")
        self.assertEqual(result.stdout, "cudaErrorIllegalAddress\ncudaSuccess\n", result.stderr)

    def test_stacks_have_ends(self):
        result = self.node("8", CUDA_WASM_THREADS="3")
        self.assertEqual(result.stdout, "cudaErrorHardwareStackError\ncudaSuccess\n", result.stderr)
        self.assertIn("kernel `deep` overflowed a thread's stack", result.stderr)
        result = self.node("9", CUDA_WASM_THREADS="3")
        self.assertIn(result.returncode, (134, -6))
        self.assertIn("a thread overflowed its stack of 1024 KiB", result.stderr)

    def test_how_programs_end(self):
        for threads in "1", "3":
            self.assertEqual(self.node("4", CUDA_WASM_THREADS=threads).returncode, 7)
            self.assertEqual(self.node("5", CUDA_WASM_THREADS=threads).returncode, 9)
            self.assertIn(self.node("7", CUDA_WASM_THREADS=threads).returncode, (134, -6))
            result = self.node("6", CUDA_WASM_THREADS=threads)
            self.assertEqual(result.returncode, 134)
            self.assertRegex(result.stderr, "the program trapped: memory access out of bounds, in `.*main` at .*faults\\.cu:\\d+")


if __name__ == "__main__":
    harness.main()
