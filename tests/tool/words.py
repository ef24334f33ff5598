# SPDX-License-Identifier: Apache-2.0
"""The words of the command line: help, usage errors, refusals, and what is said about the machine."""
import harness

COMMANDS = ("run", "build", "cc", "transpile", "inspect", "devices", "bench", "doctor", "cache")


class Help(harness.Case):
    def test_the_tool_lists_its_commands(self):
        for words in (("--help",), ("help",)):
            text = self.tool(*words).stdout
            for command in COMMANDS:
                self.assertIn(f"  {command} ", text)
            self.assertIn("Examples:", text)

    def test_every_command_teaches(self):
        for command in COMMANDS:
            text = self.tool(command, "--help").stdout
            self.assertIn(f"Usage: cuda-wasm {command}", text)
            self.assertGreaterEqual(text.split("Examples:")[1].count("cuda-wasm " + command), 2, command)
            self.assertIn("Exit codes:", text)
            self.assertEqual(text, self.tool("help", command).stdout)

    def test_help_fits_a_terminal(self):
        for command in COMMANDS:
            for line in self.tool(command, "--help").stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)

    def test_version(self):
        self.assertRegex(self.tool("--version").stdout, r"^cuda-wasm \d+\.\d+\.\d+ ")


class Usage(harness.Case):
    def test_no_command(self):
        self.tool(status=2)

    def test_unknown_words_name_the_nearest(self):
        for words, nearest in ((("rnu",), "run"), (("isnpect", "a.cu"), "inspect"), (("--hlep",), None),
                               (("run", "-use_fastmath", "a.cu"), "-use_fast_math"),
                               (("build", "--ouptut", "a", "a.cu"), "--output"), (("cache", "claer"), "clear"),
                               (("transpile", "--to", "llvmm", "a.cu"), "llvm")):
            result = self.tool(*words, status=2)
            self.assertRegex(result.stderr, "unknown|not supported")
            if nearest:
                self.assertIn(nearest, result.stderr)
            self.assertEqual(result.stdout, "")

    def test_words_that_make_no_sense(self):
        for words in (("run",), ("run", "notes.txt"), ("run", "-std=c++05", "a.cu"), ("run", "-O9", "a.cu"),
                      ("run", "a.cu", "-I"), ("inspect",), ("transpile", "a.cu"), ("build",), ("devices", "gpu")):
            result = self.tool(*words, status=2)
            self.assertIn("cuda-wasm", result.stderr, words)

    def test_a_forgotten_run(self):
        self.assertIn("cuda-wasm run a.cu", self.tool("a.cu", status=2).stderr)


class Refusals(harness.Case):
    def test_what_is_not_supported_is_named(self):
        for option in ("-dc", "--device-c", "-ptx", "-cubin", "-dlink", "-shared", "-E", "-m32", "-c"):
            result = self.tool("run", option, "a.cu", status=1)
            self.assertIn("is not supported", result.stderr)
            self.assertIn(option.split("=")[0], result.stderr)


class Machine(harness.Case):
    def test_doctor(self):
        report = self.json("doctor")
        self.assertTrue(report["ok"])
        names = {check["name"] for check in report["checks"]}
        self.assertLessEqual({"clang", "lld", "C++ library", "compiler", "runtime", "math library", "processor"}, names)
        self.assertIn("clang", self.tool("doctor").stdout)

    def test_doctor_names_what_is_missing(self):
        result = self.tool("doctor", status=3, CUDA_WASM_CLANG="/nonexistent/clang")
        self.assertRegex(result.stdout, r"MISSING +clang")
        self.assertIn("apt-get install clang-22", result.stdout)

    def test_devices(self):
        devices = self.json("devices")
        self.assertGreaterEqual(len(devices), 1)
        self.assertEqual(devices[0]["compute_capability"], "8.0")
        self.assertEqual(devices[0]["warp_size"], 32)
        self.assertIn(devices[0]["name"], self.tool("devices").stdout)

    def test_cache(self):
        self.assertEqual(self.json("cache")["entries"], 0)
        self.hello()
        self.tool("run", "hello.cu")
        self.assertGreater(self.json("cache", "show")["entries"], 0)
        self.assertGreater(self.json("cache", "clear")["removed"], 0)
        self.assertEqual(self.json("cache")["entries"], 0)

    def test_no_home_no_cache(self):
        result = self.tool("cache", status=3, CUDA_WASM_CACHE_DIR=None, XDG_CACHE_HOME=None, HOME=None)
        self.assertIn("HOME", result.stderr)


if __name__ == "__main__":
    harness.main()
