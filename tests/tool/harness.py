# SPDX-License-Identifier: Apache-2.0
"""What the tests of the command line share: a scratch folder a test, a cache of its own, and a way to run the tool."""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

HELLO = """
#include <cstdio>
__global__ void answer(int *out) { *out = VALUE; }
int main(int argc, char **argv)
{
    int *out, host = 0;
    cudaMalloc(&out, sizeof(int));
    answer<<<1, 1>>>(out);
    cudaMemcpy(&host, out, sizeof(int), cudaMemcpyDeviceToHost);
    printf("answer %d", host);
    for (int i = 1; i < argc; i++)
        printf(" %s", argv[i]);
    printf("\\n");
    return host == 42 ? 0 : 7;
}
"""


class Case(unittest.TestCase):
    build = pathlib.Path()
    source = pathlib.Path()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cuda-wasm-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.cache = self.folder / "cache"
        self.scratch = self.folder / "tmp"
        self.scratch.mkdir()
        self.program = self.build / "bin" / "cuda-wasm"

    def environment(self, **changes):
        """The environment of a run: None removes a variable."""
        variables = dict(os.environ, CUDA_WASM_CACHE_DIR=str(self.cache), TMPDIR=str(self.scratch), LC_ALL="C")
        for name in ("CUDA_WASM_CACHE", "CUDA_WASM_CLANG", "CUDA_WASM_LLD", "CUDA_WASM_BACKEND", "NO_COLOR"):
            variables.pop(name, None)
        for name, value in changes.items():
            if value is None:
                variables.pop(name, None)
            else:
                variables[name] = str(value)
        return variables

    def tool(self, *words, status=0, text=None, **changes):
        """Runs cuda-wasm in the test's folder and checks its exit status (None: any)."""
        result = subprocess.run([str(self.program), *map(str, words)], cwd=self.folder, env=self.environment(**changes),
                                input=text, capture_output=True, text=True, timeout=240)
        if status is not None:
            self.assertEqual(result.returncode, status, f"{words}\n{result.stdout}\n{result.stderr}")
        return result

    def skip_in_sanitizer_builds(self, why):
        """A runtime that was built with sanitizers needs their libraries in the program."""
        for line in (self.build / "CMakeCache.txt").read_text().splitlines():
            if line.startswith("CW_SANITIZE:") and line.split("=", 1)[1]:
                self.skipTest(why)

    def json(self, *words):
        return json.loads(self.tool(*words, "--json").stdout)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def hello(self, name="hello.cu", value=42):
        return self.write(name, HELLO.replace("VALUE", str(value)))

    def assertNothingLeft(self):
        self.assertEqual(list(self.scratch.iterdir()), [], "temporary files are left")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("subject", nargs="*")
    arguments = parser.parse_args()
    Case.build, Case.source = arguments.build.resolve(), arguments.source.resolve()
    program = unittest.main(module="__main__", argv=[sys.argv[0], *arguments.subject], exit=False, verbosity=2)
    result = program.result
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.testsRun == len(result.skipped) else 0)
