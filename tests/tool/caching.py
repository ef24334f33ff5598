# SPDX-License-Identifier: Apache-2.0
"""The cache, from outside: what is compiled when, damage, full disks, many processes, signals."""
import os
import shutil
import signal
import subprocess
import time
import unittest

import harness

TMPFS_KB = 64


def can_mount():
    """True if a private mount namespace can be had, for a file system that is full."""
    command = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs none /mnt"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


class CacheCase(harness.Case):
    def assertCompiles(self, *words, output="answer 42\n"):
        result = self.tool("run", "-v", *words)
        self.assertEqual(result.stdout, output)
        self.assertIn("clang", result.stderr)
        return result

    def assertCached(self, *words, output="answer 42\n", **changes):
        result = self.tool("run", "-v", *words, **changes)
        self.assertEqual(result.stdout, output)
        self.assertEqual(result.stderr, "")

    def entries(self, kind):
        return sorted(self.cache.glob("*." + kind))


class Cached(CacheCase):
    def test_the_second_run_starts_nothing(self):
        self.hello()
        self.assertCompiles("hello.cu")
        self.assertCached("hello.cu")
        self.assertCached("hello.cu", PATH="/nonexistent")

    def test_options_folders_and_sources_are_told_apart(self):
        self.hello("a.cu")
        self.hello("b.cu")
        self.assertCompiles("a.cu")
        self.assertCompiles("b.cu")
        self.assertCompiles("-DX", "a.cu")
        self.assertCompiles("-O1", "a.cu")
        self.assertCached("a.cu")
        self.assertCached("-DX", "a.cu")

    def test_arguments_do_not_matter(self):
        self.hello()
        self.assertCompiles("hello.cu")
        self.assertCached("hello.cu", "--", "x", output="answer 42 x\n")

    def test_a_cleared_cache_compiles_again(self):
        self.hello()
        self.assertCompiles("hello.cu")
        self.tool("cache", "clear")
        self.assertCompiles("hello.cu")


class Changed(CacheCase):
    def test_a_source(self):
        self.hello()
        self.assertCompiles("hello.cu")
        self.hello(value="6 * 7")
        self.assertCompiles("hello.cu")
        self.assertCached("hello.cu")

    def test_the_same_size_within_one_clock_tick(self):
        for value in (41, 42, 41, 42):
            self.hello(value=value)
            self.assertEqual(self.tool("run", "hello.cu", status=None).stdout, f"answer {value}\n")

    def test_a_header(self):
        self.write("value.h", "#define HEADER_VALUE 41\n")
        source = harness.HELLO.replace("VALUE", "HEADER_VALUE")
        self.write("hello.cu", '#include "value.h"\n' + source)
        self.assertEqual(self.tool("run", "hello.cu", status=7).stdout, "answer 41\n")
        self.write("value.h", "#define HEADER_VALUE 42\n")
        self.assertCompiles("hello.cu")
        self.assertCached("hello.cu")

    def test_only_the_time(self):
        path = self.hello()
        self.assertCompiles("hello.cu")
        os.utime(path, (1, 1))
        self.assertCached("hello.cu")

    def test_a_linked_library(self):
        main = '#include <cstdio>\nextern "C" int part(void);\nint main() { printf("%d\\n", part()); }\n'
        self.write("main.cu", main)
        for value in ("1", "2"):
            self.write("part.c", f"int part(void) {{ return {value}; }}\n")
            subprocess.run(["gcc", "-c", "part.c", "-o", "part.o"], cwd=self.folder, check=True)
            self.assertEqual(self.tool("run", "main.cu", "part.o").stdout, value + "\n")


class Damaged(CacheCase):
    def test_every_kind_of_entry(self):
        self.hello()
        self.assertCompiles("hello.cu")
        for kind in ("exe", "sum", "manifest", "link"):
            for damage in ("flip", "cut", "empty", "gone"):
                with self.subTest(kind=kind, damage=damage):
                    for path in self.entries(kind):
                        data = bytearray(path.read_bytes())
                        if damage == "flip":
                            data[len(data) // 2] ^= 0x55
                        path.unlink()
                        if damage != "gone":
                            path.write_bytes({"flip": data, "cut": data[: len(data) // 2], "empty": b""}[damage])
                    self.assertEqual(self.tool("run", "hello.cu").stdout, "answer 42\n")
                    self.assertCached("hello.cu")

    def test_killed_at_any_time(self):
        for step in range(8):
            self.hello(value=f"40 + 2 /* {step} */")
            child = subprocess.Popen([self.program, "run", "hello.cu"], cwd=self.folder, env=self.environment(),
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(0.03 * step)
            child.kill()
            child.wait()
            self.assertEqual(self.tool("run", "hello.cu").stdout, "answer 42\n")


class Unstored(CacheCase):
    def assertRunsUncached(self, value=42, status=0, **changes):
        self.hello(value=value)
        result = self.tool("run", "hello.cu", "--", "x", status=status, **changes)
        self.assertEqual(result.stdout, f"answer {value} x\n")
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        self.assertIn("nothing was cached", result.stderr)
        self.assertNothingLeft()

    def test_switched_off(self):
        self.assertRunsUncached(CUDA_WASM_CACHE="0")
        self.assertRunsUncached(value=41, status=7, CUDA_WASM_CACHE="0")

    def test_no_home(self):
        self.assertRunsUncached(CUDA_WASM_CACHE_DIR=None, XDG_CACHE_HOME=None, HOME=None)

    def test_read_only_home(self):
        self.assertRunsUncached(CUDA_WASM_CACHE_DIR=None, XDG_CACHE_HOME=None, HOME="/proc/self")

    def test_killed_by_a_signal(self):
        self.write("abort.cu", "#include <cstdlib>\nint main() { abort(); }\n")
        self.tool("run", "abort.cu", status=-signal.SIGABRT, CUDA_WASM_CACHE="0")
        self.assertNothingLeft()


class FullDisk(CacheCase):
    @unittest.skipUnless(can_mount(), "a full file system needs a mount namespace, which is not to be had here")
    def test_it_still_runs(self):
        self.hello()
        self.cache.mkdir()
        script = f'mount -t tmpfs -o size={TMPFS_KB}k none "$1" && head -c {TMPFS_KB}k /dev/zero >"$1/full"; shift; exec "$@"'
        result = subprocess.run(["unshare", "-rm", "sh", "-c", script, "sh", self.cache, self.program, "run", "hello.cu"],
                                cwd=self.folder, env=self.environment(), capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, "answer 42\n"), result.stderr)
        self.assertIn("nothing was cached", result.stderr)
        self.assertIn("No space left", result.stderr)
        self.assertNothingLeft()


class Several(CacheCase):
    def start_four(self, **changes):
        children = [subprocess.Popen([self.program, "run", "hello.cu", "--", str(i)], cwd=self.folder,
                                     env=self.environment(**changes), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                     text=True)
                    for i in range(4)]
        for i, child in enumerate(children):
            output, errors = child.communicate(timeout=240)
            self.assertEqual((child.returncode, output), (0, f"answer 42 {i}\n"), errors)

    def test_processes_at_once(self):
        self.hello()
        for _ in range(2):  # an empty cache, then a full one
            self.start_four(CUDA_WASM_PRECOMPILED="0")
        self.assertEqual(len(self.entries("exe")), 1)
        self.assertNothingLeft()

    def test_while_headers_are_precompiled(self):
        self.hello()
        for _ in range(3):
            self.start_four()
            for path in self.entries("exe"):
                path.unlink()
        self.assertNothingLeft()


class Signals(CacheCase):
    SLEEPER = """
        #include <cstdio>
        #include <unistd.h>
        int main() { puts("up"); fflush(stdout); sleep(60); return 0; }
    """

    def signalled(self, number, **changes):
        self.write("sleep.cu", self.SLEEPER)
        child = subprocess.Popen([self.program, "run", "sleep.cu"], cwd=self.folder, env=self.environment(**changes),
                                 stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.assertEqual(child.stdout.readline(), "up\n")
        child.send_signal(number)
        child.communicate(timeout=30)
        return child.returncode

    def test_they_reach_the_program(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            self.assertEqual(self.signalled(number), -number)
            self.assertEqual(self.signalled(number, CUDA_WASM_CACHE="0"), -number)
            self.assertNothingLeft()

    def test_they_end_a_compile_without_litter(self):
        self.hello()
        shutil.rmtree(self.cache, ignore_errors=True)
        child = subprocess.Popen([self.program, "run", "hello.cu"], cwd=self.folder, env=self.environment(),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not list(self.scratch.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.01)
        child.send_signal(signal.SIGTERM)
        self.assertEqual(child.wait(timeout=30), -signal.SIGTERM)
        deadline = time.monotonic() + 30  # clang may still be ending
        while list(self.scratch.iterdir()) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertNothingLeft()


if __name__ == "__main__":
    harness.main()
