# SPDX-License-Identifier: Apache-2.0
"""The comparison itself: it finds a wrong result that is planted, reduces it, and repeats what it made from a seed."""
import argparse
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True
import generate  # noqa: E402

# Stands for a cuda-wasm whose vector mode computes wrongly.
FAULTY = """#!/bin/sh
[ "$CUDA_WASM_VECTOR" = 1 ] && exec "{tool}" "$@" -DDIFFERENTIAL_FAULT
exec "{tool}" "$@"
"""

# Stands for one whose vector mode compiles programs that crash.
CRASHING = """#!/bin/sh
[ "$CUDA_WASM_VECTOR" = 0 ] && exec "{tool}" "$@"
while [ "$1" != -o ]; do shift; done
printf '#!/bin/sh\\nkill -SEGV $$\\n' > "$2" && chmod +x "$2"
"""


# Stands for one whose compiler, a process behind the one that is started, never ends.
SLEEPING = """#!/bin/sh
sleep 300 &
echo $! > "{tool}"
wait
"""


class Comparison(unittest.TestCase):
    tool = ""

    def test_a_signal_ends_it_and_what_it_started(self):
        with tempfile.TemporaryDirectory() as folder:
            tool, child = pathlib.Path(folder, "tool"), pathlib.Path(folder, "child")
            tool.write_text(SLEEPING.format(tool=child))
            tool.chmod(0o755)
            run = subprocess.Popen([HERE / "run", "--cuda-wasm", tool, "--scratch", pathlib.Path(folder, "scratch"), "--kernels", "1"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(300):
                if child.exists() and child.read_text().strip():
                    break
                time.sleep(0.1)
            run.send_signal(signal.SIGTERM)
            self.assertEqual(run.wait(30), 128 + signal.SIGTERM)
            with self.assertRaises(ProcessLookupError):
                for _ in range(50):
                    os.kill(int(child.read_text()), 0)
                    time.sleep(0.1)
            self.assertEqual(list(pathlib.Path(folder, "scratch").iterdir()), [])

    def compare(self, script, *words):
        with tempfile.TemporaryDirectory() as folder:
            tool = pathlib.Path(folder, "tool")
            tool.write_text(script.format(tool=self.tool))
            tool.chmod(0o755)
            keep = pathlib.Path(folder, "keep")
            done = subprocess.run([HERE / "run", "--cuda-wasm", tool, "--keep", keep, "--scratch", folder, "--jobs", "2",
                                   "--modes", "vector", *words], capture_output=True, text=True, timeout=280)
            return done, {path.name: path.read_text() for path in keep.glob("*")} if keep.exists() else {}

    def test_a_wrong_result_is_found_and_reduced(self):
        done, kept = self.compare(FAULTY, "--seed", "1", "--kernels", "8", "--per-program", "8")
        self.assertEqual(done.returncode, 1, done.stderr)
        seeds = [int(name.split("-")[0]) for name in kept]
        seed = min(seeds, key=lambda s: len(list(generate.numbers_of(generate.Kernel(s).body))))
        self.assertIn(f"FAILED: kernel {seed}, mode vector", done.stdout)
        self.assertIn(f"--seed {seed} --kernels 1", done.stdout)
        done, reduced = self.compare(FAULTY, "--seed", str(seed), "--kernels", "1", "--reduce")
        self.assertEqual(done.returncode, 1, done.stderr)
        text = reduced[f"{seed}-vector.cu"]
        self.assertTrue("add(" in text)
        self.assertLess(len(text.splitlines()), len(generate.program([generate.Kernel(seed)]).splitlines()))

    def test_a_crash_is_found(self):
        done, kept = self.compare(CRASHING, "--seed", "1", "--kernels", "1")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("ended with status", done.stdout)
        self.assertEqual(list(kept), ["1-vector.cu"])

    def test_seeds_repeat(self):
        for seed in (1, 5, 99):
            self.assertEqual(generate.Kernel(seed).text(), generate.Kernel(seed).text())
        self.assertNotEqual(generate.Kernel(1).text(), generate.Kernel(2).text())

    def test_statements_can_be_left_out(self):
        kernel = generate.Kernel(7)
        numbers = list(generate.numbers_of(kernel.body))
        self.assertEqual(len(set(numbers)), len(numbers))
        self.assertLess(len(kernel.text(frozenset(numbers))), len(kernel.text()))

    def test_every_kind_occurs(self):
        kernels = [generate.Kernel(seed) for seed in range(200)]
        text = "\n".join(kernel.text() for kernel in kernels)
        self.assertEqual({kernel.kind for kernel in kernels}, {"plain", "warps", "blocks"})
        for word in ("__syncthreads();", "__shfl_xor_sync", "__ballot_sync", "__reduce_add_sync", "atomic_add", "switch (",
                     "break;", "continue;", "return; }", "do {", "__noinline__", "half_sum", "f64_0 = ", "float4 v",
                     "__match_any_sync", "out.bytes[", "case 3:", "fmaf(", "= recurse(", "callee(", "= exchange_apart(",
                     "__byte_perm(", "gridDim.x"):
            self.assertTrue(word in text, word)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuda-wasm", required=True, type=os.path.abspath)
    options, words = parser.parse_known_args()
    Comparison.tool = options.cuda_wasm
    unittest.main(argv=[sys.argv[0], *words])
