# SPDX-License-Identifier: Apache-2.0
"""An installed copy, away from its sources: the command line, pkg-config, the CMake package."""
import shutil
import subprocess

import harness

HOST = """
#include <cuda_runtime_api.h>
#include <stdio.h>
int main(void)
{
    int count = 0;
    printf("%d\\n", cudaGetDeviceCount(&count) == cudaSuccess && count > 0);
    return 0;
}
"""

PROJECT = """
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(cuda-wasm REQUIRED)
add_executable(host host.c)
target_link_libraries(host PRIVATE CudaWasm::runtime)
cuda_wasm_add_executable(hello hello.cu)
"""


class Installed(harness.Case):
    def setUp(self):
        super().setUp()
        self.prefix = self.folder / "prefix"
        subprocess.run(["cmake", "--install", self.build, "--prefix", self.prefix], check=True, capture_output=True,
                       env=self.environment())
        self.program = self.prefix / "bin" / "cuda-wasm"

    def check(self, *words, **changes):
        result = subprocess.run([str(word) for word in words], cwd=self.folder, env=self.environment(**changes),
                                capture_output=True, text=True, timeout=240)
        self.assertEqual(result.returncode, 0, f"{words}\n{result.stdout}\n{result.stderr}")
        return result.stdout

    def hidden(self, *words):
        """Runs a command where source and build tree are not to be seen, if this machine allows that."""
        script = 'mount -t tmpfs none "$1" && mount -t tmpfs none "$2"; shift 2; exec "$@"'
        prefix = ["unshare", "-rm", "sh", "-c"]
        trial = subprocess.run([*prefix, "mount -t tmpfs none /mnt"], capture_output=True)
        order = sorted([str(self.build), str(self.source)], key=len, reverse=True)
        if trial.returncode != 0:
            print("not hidden: no mount namespace is to be had here")
            return self.check(*words)
        return self.check(*prefix, script, "sh", *order, *words)

    def test_run_build_inspect(self):
        self.hello()
        self.assertEqual(self.hidden(self.program, "run", "hello.cu"), "answer 42\n")
        self.hidden(self.program, "build", "hello.cu", "-o", "hello")
        self.assertEqual(self.hidden(self.folder / "hello"), "answer 42\n")
        self.assertIn("answer", self.hidden(self.program, "inspect", "hello.cu"))
        self.hidden(self.program, "doctor")
        self.hidden(self.program, "devices")

    def test_headers_are_precompiled(self):
        self.hello()
        self.assertIn(f"{self.prefix}/lib/cuda-wasm/prelude/device.pch", self.tool("run", "-v", "hello.cu").stderr)

    def test_pkg_config(self):
        self.write("host.c", HOST)
        flags = self.check("pkg-config", "--cflags", "--libs", "cuda-wasm",
                           PKG_CONFIG_PATH=self.prefix / "lib/pkgconfig").split()
        self.check("gcc", "host.c", "-o", "host", *flags)
        self.assertEqual(self.check("./host"), "1\n")

    def test_cmake_package(self):
        self.write("host.c", HOST)
        self.hello()
        self.write("CMakeLists.txt", PROJECT)
        self.check("cmake", "-S", ".", "-B", "out", f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.check("cmake", "--build", "out")
        self.assertEqual(self.check("out/host"), "1\n")
        self.assertEqual(self.check("out/hello"), "answer 42\n")

    def test_moved_elsewhere(self):
        self.hello()
        moved = self.folder / "moved"
        shutil.move(self.prefix, moved)
        self.program = moved / "bin" / "cuda-wasm"
        self.assertEqual(self.hidden(self.program, "run", "hello.cu"), "answer 42\n")


if __name__ == "__main__":
    harness.main()
