# SPDX-License-Identifier: Apache-2.0
"""`cuda-wasm bench`: every program of the suite gives right results, what it reports, and what it does when it can't."""
import json
import os
import shutil
import xml.etree.ElementTree

import harness

SVG = "{http://www.w3.org/2000/svg}"


class Suite(harness.Case):
    def test_every_kernel_is_right(self):
        listed = [line.split()[0] for line in self.tool("bench", "--list").stdout.splitlines()]
        self.assertGreaterEqual(len(listed), 20)
        report = json.loads(self.tool("bench", "--quick", "--json", "-").stdout)
        self.assertEqual([row["kernel"] for row in report["results"]], listed)
        for row in report["results"]:
            self.assertTrue(row["checked"], row)
            self.assertGreater(row["ours_ms"], 0)
            self.assertNotIn("openmp_ms", row)
        self.assertNothingLeft()

    def test_every_kernel_has_its_files(self):
        suite = self.source / "bench" / "suite"
        rows = self.tool("bench", "--list").stdout.splitlines()
        for row in rows:
            name = row.split()[0]
            self.assertTrue((suite / f"{name}.cu").is_file() and (suite / f"{name}.c").is_file(), name)
            self.assertEqual((suite / f"{name}.cl").is_file(), row.endswith("OpenCL"), name)
            self.assertEqual((suite / f"{name}_opencl.c").is_file(), row.endswith("OpenCL"), name)
        self.assertGreaterEqual(sum(row.endswith("OpenCL") for row in rows), 8)


class Peers(harness.Case):
    def test_openmp_and_scalar(self):
        words = ("--kernel", "saxpy", "--kernel", "bitonic_sort", "--peers", "openmp,scalar")
        report = json.loads(self.tool("bench", "--quick", *words, "--json", "-").stdout)
        for row in report["results"]:
            self.assertTrue(row["checked"])
            self.assertGreater(row["scalar_ms"], 0)
            if shutil.which("gcc"):
                self.assertGreater(row["openmp_ms"], 0)
                self.assertLessEqual({"ours", "gcc", "gcc -ffast-math", "scalar"}, set(row["details"]))
        self.assertNothingLeft()

    def test_what_is_not_installed_is_left_out(self):
        folder = self.folder / "bin"
        folder.mkdir()
        for program in ("env", "clang-22", "clang++-22", "ld.lld-22"):
            (folder / program).symlink_to(shutil.which(program))
        result = self.tool("bench", "--quick", "--kernel", "saxpy", "--peers", "openmp,pocl", PATH=folder)
        self.assertIn("OpenMP by gcc is left out", result.stdout)
        self.assertIn("PoCL is left out", result.stdout)
        self.assertIn("apt-get install pocl-opencl-icd", result.stdout)
        self.assertIn("ours right", result.stdout)


class Reports(harness.Case):
    def test_table_json_and_chart(self):
        words = ("--kernel", "vector_add", "--size", "64K", "--iterations", "5", "--time", "0.05", "--peers", "scalar")
        table = self.tool("bench", *words, "--json", "r.json", "--svg", "c.svg").stdout
        self.assertRegex(table, r"vector_add +64K +[\d.]+ ±")
        self.assertIn("geometric means", table)
        self.assertNotIn("\033", table)
        report = json.loads((self.folder / "r.json").read_text())
        row = report["results"][0]
        self.assertEqual((row["kernel"], row["size"], row["target"], row["checked"]), ("vector_add", 65536, "cpu", True))
        self.assertEqual(row["details"]["ours"]["samples"], 5)
        self.assertNotIn("pocl_ms", row)
        self.assertAlmostEqual(report["geometric_means"]["scalar"], row["scalar_ms"] / row["ours_ms"], delta=1e-3)
        chart = xml.etree.ElementTree.parse(self.folder / "c.svg").getroot()
        texts = ["".join(text.itertext()) for text in chart.iter(f"{SVG}text")]
        self.assertIn("vector_add 64K", texts)
        self.assertIn("against our scalar mode", texts)

    def test_another_cpu(self):
        cpu = {"x86_64": "x86-64"}.get(os.uname().machine, "generic")
        words = ("bench", "--quick", "--kernel", "dot", "--peers", "scalar", "--cpu")
        report = json.loads(self.tool(*words, cpu, "--json", "-").stdout)
        self.assertEqual(report["machine"]["ours_compiled_for"], cpu)
        self.assertTrue(report["results"][0]["checked"])
        self.assertIn("scalar_ms", report["results"][0])
        self.assertIn("nonsense", self.tool(*words, "nonsense", status=2).stderr)
        self.assertNothingLeft()

    def test_a_file_that_cannot_be_written(self):
        words = ("bench", "--quick", "--kernel", "saxpy", "--json", "nowhere/r.json")
        self.assertIn("nowhere/r.json", self.tool(*words, status=3).stderr)

    def test_nothing_to_draw(self):
        words = ("bench", "--quick", "--kernel", "saxpy", "--svg", "c.svg")
        self.assertIn("no peer was measured", self.tool(*words, status=3).stderr)


class Mistakes(harness.Case):
    def installed(self):
        """A copy of the tool's layout whose suite can be changed."""
        prefix = self.folder / "prefix"
        shutil.copytree(self.build / "bin", prefix / "bin", ignore=lambda _, names: [n for n in names if n != "cuda-wasm"])
        (prefix / "lib" / "cuda-wasm").mkdir(parents=True)
        for path in (self.build / "lib").iterdir():
            if path.name != "cuda-wasm":
                (prefix / "lib" / path.name).symlink_to(path)
        for path in (self.build / "lib" / "cuda-wasm").iterdir():
            if path.name == "bench":
                shutil.copytree(path, prefix / "lib" / "cuda-wasm" / "bench")
            else:
                (prefix / "lib" / "cuda-wasm" / path.name).symlink_to(path)
        (prefix / "include").symlink_to(self.build / "include")
        self.program = prefix / "bin" / "cuda-wasm"
        return prefix / "lib" / "cuda-wasm" / "bench"

    def test_what_webassembly_does_not_take(self):
        for words in (("--json", "-"), ("--svg", "a.svg"), ("--cpu", "x86-64-v3"), ("--peers", "scalar")):
            result = self.tool("bench", "--target", "wasm", *words, status=2)
            self.assertIn("leave out --json", result.stderr)

    def test_a_wrong_result_is_an_error(self):
        kernel = self.installed() / "saxpy.cu"
        kernel.write_text(kernel.read_text().replace("a * x[i] + y[i]", "a * x[i] + y[i] + (i == 7777)"))
        result = self.tool("bench", "--quick", "--kernel", "saxpy", "--kernel", "dot", status=1)
        self.assertIn("saxpy, ours: 1 of 100003 results are wrong", result.stderr)
        self.assertIn("result 7777 is", result.stderr)
        self.assertRegex(result.stdout, r"saxpy .*FAILED")
        self.assertRegex(result.stdout, r"dot .*ours right")
        report = json.loads(self.tool("bench", "--quick", "--kernel", "saxpy", "--json", "-", status=1).stdout)
        self.assertFalse(report["results"][0]["checked"])

    def test_a_program_that_does_not_compile(self):
        (self.installed() / "saxpy.cu").write_text("__global__ void saxpy() { nonsense; }\n")
        result = self.tool("bench", "--quick", "--kernel", "saxpy", status=1)
        self.assertIn("does not compile", result.stderr)
        self.assertIn("nonsense", result.stderr)

    def test_words(self):
        for words, said in ((("--kernel", "sapxy"), "saxpy"), (("--peers", "opnmp"), "openmp"),
                            (("--target", "gpu"), "cpu"), (("--size", "64K"), "--kernel"),
                            (("--kernel", "dot", "--size", "many"), "many"), (("--iterations", "0"), "1 to 1000"),
                            (("--time", "-1"), "--time"), (("--jsn", "x"), "--json")):
            result = self.tool("bench", *words, status=2)
            self.assertIn(said, result.stderr, words)
            self.assertEqual(result.stdout, "")


if __name__ == "__main__":
    harness.main()
