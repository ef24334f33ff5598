#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Programs that nvcc built, run on our runtime. prebuilt/program.c is such a program by hand, so that the tests need no
nvcc: the host code that nvcc emits, a fat binary with the PTX that nvcc made of prebuilt/kernels.cu, linked with a stand-in
for NVIDIA's runtime library (prebuilt/nvidia.c), shared and static."""
import shutil
import struct
import subprocess
import unittest

import harness

PTX, ELF = 1, 2
LZ4, ZSTD = 0x2000, 0x8000
SONAMES = {11: "libcudart.so.11.0", 12: "libcudart.so.12", 13: "libcudart.so.13"}
# 3 * i + 7 * i over 1000 values; 1000 of them were counted, on top of the first value 100.
KERNEL = "sum 4995000, blocks 8, total 1100\n"


def lz4_stored(data):
    """An LZ4 block of literals alone: a token with length 15, the rest of the length in bytes of up to 255, the bytes."""
    rest = len(data) - 15
    return bytes([0xF0]) + b"\xff" * (rest // 255) + bytes([rest % 255]) + data


def zstd_stored(data):
    """A zstd frame with one raw block: a header that gives the content's size in 4 bytes, then the block's."""
    return struct.pack("<IBI", 0xFD2FB528, 0xA0, len(data)) + struct.pack("<I", 1 | len(data) << 3)[:3] + data


def entry(kind, architecture, data, packing=0):
    stored = lz4_stored(data) if packing == LZ4 else zstd_stored(data) if packing == ZSTD else data
    padded = stored + bytes(-len(stored) % 8)
    return struct.pack("<HHIQIIHHIIIQQQ", kind, 0x101, 64, len(padded), len(stored) if packing else 0, 0, 0, 9,
                       architecture, 0, 0, 0x11 | packing, 0, len(data) if packing else 0) + padded


def fatbin(*entries):
    body = b"".join(entries)
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


class Prebuilt(harness.Case):
    def setUp(self):
        super().setUp()
        self.skip_in_sanitizer_builds("a runtime with sanitizers needs their libraries in the program")
        self.compiler = shutil.which("cc")
        if not self.compiler:
            self.skipTest("there is no cc to build the program with")
        self.parts = self.source / "tests/tool/prebuilt"
        self.ptx = (self.parts / "kernels.ptx").read_bytes()

    def compile(self, *words):
        made = subprocess.run([self.compiler, "-w", *map(str, words)], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual(made.returncode, 0, made.stderr)

    def link(self, version=13, image=None, unit=None, static=False, name="app", extra=()):
        """Builds the program; its path."""
        self.folder.joinpath("image").write_bytes(image or fatbin(entry(PTX, 80, self.ptx)))
        words = [f"-DCUDART={version}", f'-DFATBIN="{self.folder}/image"', self.parts / "program.c", "-o", name, *extra]
        if unit:
            self.folder.joinpath("unit").write_bytes(unit)
            words.append(f'-DUNIT="{self.folder}/unit"')
        if static:
            words.append(self.parts / "nvidia.c")
        else:
            soname = SONAMES[version]
            self.write("version.map", soname + " { global: *; };\n")
            self.compile(f"-DCUDART={version}", "-shared", "-fPIC", self.parts / "nvidia.c", "-o", "libcudart.so",
                         f"-Wl,-soname,{soname},--version-script=version.map")
            words += ["-L.", "-lcudart"]
        self.compile(*words)
        return self.folder / name

    def app(self, program, *parts, status=0, **changes):
        return self.tool("run", program, "--", *parts, status=status, **changes)


class Versions(Prebuilt):
    """Each version of the runtime library has its own layouts and signatures."""

    def check(self, version, static):
        program = self.link(version, static=static)
        result = self.app(program, "properties", "pointers", "graphs")
        lines = ["warp 32, capability 8.0, processors some, surfaces 512, cooperative 1, reserved 1024",
                 "type 2, device 0", "instantiated"]
        if version == 11:
            lines.insert(2, 'log "", no node')
        self.assertEqual(result.stdout.splitlines(), lines)
        self.assertEqual(result.stderr, "")

    def test_11(self):
        self.check(11, False)

    def test_12(self):
        self.check(12, False)

    def test_13(self):
        self.check(13, False)

    def test_static_11(self):
        self.check(11, True)

    def test_static_12(self):
        self.check(12, True)

    def test_static_13(self):
        self.check(13, True)

    def test_by_hand(self):
        """Without our tool: a folder on LD_LIBRARY_PATH."""
        program = self.link(12)
        folder = self.build / "lib/cuda-wasm/toolkit/lib64"
        result = subprocess.run([program, "pointers"], env=self.environment(LD_LIBRARY_PATH=folder), capture_output=True,
                                text=True)
        self.assertEqual((result.stdout, result.stderr), ("type 2, device 0\n", ""))

    def test_bound_at_start(self):
        program = self.link(13, extra=("-Wl,-z,now",))
        self.assertEqual(self.app(program, "pointers").stdout, "type 2, device 0\n")


class Images(Prebuilt):
    """The kernels of a program, as PTX in a fat binary."""

    def check(self, image, **how):
        result = self.app(self.link(image=image, **how), "managed", "kernel")
        self.assertEqual(result.stdout, "module 1, total 100\n" + KERNEL, result.stderr)

    def test_plain(self):
        self.check(fatbin(entry(PTX, 80, self.ptx)), version=11)

    def test_lz4(self):
        self.check(fatbin(entry(ELF, 80, b"machine code"), entry(PTX, 80, self.ptx, LZ4)), version=12)

    def test_zstd(self):
        self.check(fatbin(entry(PTX, 80, self.ptx, ZSTD)))

    def test_padded(self):
        self.check(fatbin(entry(PTX, 80, self.ptx + bytes(5))))

    def test_static(self):
        self.check(fatbin(entry(PTX, 80, self.ptx, ZSTD)), static=True)

    def test_highest_suitable(self):
        """Neither PTX for newer devices, nor older PTX, is compiled: both would fail."""
        self.check(fatbin(entry(PTX, 50, b"older"), entry(PTX, 80, self.ptx), entry(PTX, 90, b"newer")))

    def test_device_link(self):
        """-rdc=true: the linked image has machine code only, the units have the PTX."""
        self.check(fatbin(entry(ELF, 80, b"linked")), unit=fatbin(entry(PTX, 80, self.ptx, ZSTD)))

    def test_cooperative_groups_and_children(self):
        program = self.link(image=fatbin(entry(ELF, 80, b"linked")), unit=fatbin(entry(PTX, 80, self.ptx, ZSTD)))
        self.assertEqual(self.app(program, "launch").stdout, "met 18336, seen 18336, child 40 41\n")

    def test_machine_code_only(self):
        program = self.link(image=fatbin(entry(ELF, 80, b"machine code"), entry(ELF, 90, b"machine code")))
        result = self.app(program, "kernel", status=1)
        self.assertIn("only as machine code for NVIDIA's GPUs (sm_80, sm_90)", result.stderr)
        self.assertIn("-gencode arch=compute_80,code=compute_80", result.stderr)

    def test_damaged(self):
        whole = fatbin(entry(PTX, 80, self.ptx, ZSTD))
        for at in (24, 20, 32, 72, 16 + 64, 16 + 64 + 4):
            changed = whole[:at] + b"\xff\xff\xff\xff" + whole[at + 4:]
            with self.subTest(at=at):
                result = self.app(self.link(image=changed), "kernel", status=1)
                self.assertIn("damaged", result.stderr)

    def test_bad_ptx(self):
        result = self.app(self.link(image=fatbin(entry(PTX, 80, b".version 8.0\n.target sm_80\nnonsense\n"))), "kernel",
                          status=1)
        self.assertIn("3:", result.stderr, "the line")


class Inspecting(Prebuilt):
    def test_text(self):
        image = fatbin(entry(ELF, 90, b"\x7fELF"), entry(PTX, 80, self.ptx, ZSTD))
        result = self.tool("inspect", self.link(image=image))
        self.assertEqual(result.stdout.splitlines(), [
            ".nv_fatbin[0] sm_90        machine code, 8 bytes",
            f".nv_fatbin[0] compute_80   PTX 9.0, {len(self.ptx)} bytes in {len(self.ptx) + 12} (zstd)",
            "  kernel scale", "  kernel child", "  kernel meet"])

    def test_json(self):
        image = fatbin(entry(PTX, 80, self.ptx, LZ4))
        self.folder.joinpath("k.fatbin").write_bytes(image)
        rows = self.json("inspect", "k.fatbin")
        self.assertEqual([(row["kind"], row["architecture"], row["compression"], row["size"], row["kernels"])
                          for row in rows], [("ptx", "compute_80", "lz4", len(self.ptx), ["scale", "child", "meet"])])

    def test_machine_code_only(self):
        self.folder.joinpath("k.fatbin").write_bytes(fatbin(entry(ELF, 80, b"machine code")))
        self.assertIn("compute_80", self.tool("inspect", "k.fatbin").stderr)

    def test_cut_short(self):
        image = fatbin(entry(PTX, 80, self.ptx))
        self.folder.joinpath("k.fatbin").write_bytes(image[:200])
        self.assertIn("damaged or cut short", self.tool("inspect", "k.fatbin", status=1).stderr)

    def test_none(self):
        self.write("empty.c", "int main(void) { return 0; }\n")
        self.compile("empty.c", "-o", "empty")
        self.assertIn("no device code", self.tool("inspect", "empty", status=1).stderr)


class Starting(Prebuilt):
    """What can't run is told before it starts."""

    def test_arguments_need_dashes(self):
        self.assertIn("behind --", self.tool("run", self.link(), "kernel", status=2).stderr)

    def test_status(self):
        self.write("seven.c", "int main(int count, char **words) { return count + 4; }\n")
        self.compile("seven.c", "-o", "seven")
        self.tool("run", "./seven", "--", "a", "b", status=7)

    def test_on_path(self):
        self.assertEqual(self.tool("run", "env", "--", "printf", "here").stdout, "here")

    def test_another_processor(self):
        image = bytearray(self.link().read_bytes())
        image[18:20] = struct.pack("<H", 21)
        other = self.folder / "other"
        other.write_bytes(image)
        self.assertIn("another processor", self.tool("run", other, status=1).stderr)

    def test_stripped(self):
        strip = shutil.which("strip")
        if not strip:
            self.skipTest("there is no strip")
        program = self.link(static=True)
        subprocess.run([strip, program], check=True)
        error = self.tool("run", program, status=1).stderr
        self.assertIn("-cudart shared", error)

    def test_static_as_a_whole(self):
        program = self.link(static=True, extra=("-static",))
        self.assertIn("without -static", self.tool("run", program, status=1).stderr)

    def test_missing_library(self):
        self.write("blas.c", "int blas(void) { return 0; }\n")
        self.compile("-shared", "-fPIC", "blas.c", "-o", "libcuwhatever.so", "-Wl,-soname,libcuwhatever.so.12")
        self.write("user.c", "int blas(void); int main(void) { return blas(); }\n")
        self.compile("user.c", "-o", "user", "-L.", "-lcuwhatever")
        self.assertIn("needs libcuwhatever.so.12, which CUDA-WASM does not have",
                      self.tool("run", "./user", status=1).stderr)

    def test_old_runtime(self):
        SONAMES[10] = "libcudart.so.10.2"
        self.assertIn("needs libcudart.so.10.2", self.tool("run", self.link(10), status=1).stderr)


if __name__ == "__main__":
    harness.main()
