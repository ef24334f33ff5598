#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PTX texts on the command line: run with a launch that the words describe, inspect, transpile, and what is wrong with them."""
import struct

import harness

SAXPY = """.version 8.0
.target sm_80
.address_size 64
.visible .entry saxpy(.param .f32 a, .param .u64 x, .param .u64 y, .param .u32 n)
{
    .reg .pred %p;
    .reg .b32 %r<5>;
    .reg .f32 %f<4>;
    .reg .b64 %rd<6>;
    mov.u32 %r1, %ctaid.x;
    mov.u32 %r2, %ntid.x;
    mov.u32 %r3, %tid.x;
    mad.lo.u32 %r1, %r1, %r2, %r3;
    ld.param.u32 %r2, [n];
    setp.ge.u32 %p, %r1, %r2;
    @%p bra done;
    ld.param.f32 %f1, [a];
    ld.param.u64 %rd1, [x];
    ld.param.u64 %rd2, [y];
    mul.wide.u32 %rd3, %r1, 4;
    add.u64 %rd1, %rd1, %rd3;
    add.u64 %rd2, %rd2, %rd3;
    ld.global.f32 %f2, [%rd1];
    ld.global.f32 %f3, [%rd2];
    fma.rn.f32 %f3, %f1, %f2, %f3;
    st.global.f32 [%rd2], %f3;
done:
    ret;
}
"""
SECOND = """
.visible .entry reverse(.param .u64 data)
{
    .reg .b32 %r<5>;
    .reg .b64 %rd<4>;
    .reg .b16 %h;
    .shared .b8 room[64];
    ld.param.u64 %rd1, [data];
    mov.u32 %r1, %tid.x;
    cvt.u64.u32 %rd2, %r1;
    add.u64 %rd2, %rd1, %rd2;
    ld.global.u8 %h, [%rd2];
    mov.u32 %r2, room;
    add.u32 %r3, %r2, %r1;
    st.shared.u8 [%r3], %h;
    bar.sync 0;
    mov.u32 %r4, %ntid.x;
    sub.u32 %r4, %r4, %r1;
    add.u32 %r3, %r2, %r4;
    ld.shared.u8 %h, [%r3+-1];
    st.global.u8 [%rd2], %h;
    ret;
}
"""


class Ptx(harness.Case):
    def test_run(self):
        self.skip_in_sanitizer_builds("the runtime is opened by the tool")
        self.write("saxpy.ptx", SAXPY)
        words = ["--grid", "2", "--block", "4", "--arg", "f32:2", "--arg", "f32[7]=iota", "--arg", "f32[7]=1,2,3", "--arg", "u32:7"]
        result = self.tool("run", "saxpy.ptx", *words)
        self.assertEqual(result.stdout, "1: f32[7]: 0 1 2 3 4 5 6\n2: f32[7]: 1 4 7 6 8 10 12\n")
        result = self.tool("run", "saxpy.ptx", *words, "--show", "2")
        self.assertEqual(result.stdout, "1: f32[7]: 0 1 ...\n2: f32[7]: 1 4 ...\n")

    def test_run_file_and_shared(self):
        self.skip_in_sanitizer_builds("the runtime is opened by the tool")
        self.write("two.ptx", SAXPY + SECOND)
        (self.folder / "bytes").write_bytes(struct.pack("8B", *range(10, 18)))
        result = self.tool("run", "two.ptx", "--kernel", "reverse", "--block", "8", "--arg", "u8[8]=@bytes")
        self.assertEqual(result.stdout, "0: u8[8]: 17 16 15 14 13 12 11 10\n")

    def test_mistakes(self):
        self.write("two.ptx", SAXPY + SECOND)
        for words, text in (
                ([], "which kernel? Give --kernel and one of: saxpy reverse"),
                (["--kernel", "none"], "has no kernel 'none'; it has: saxpy reverse"),
                (["--kernel", "reverse"], "'reverse' has 1 parameter, 0 --arg given"),
                (["--kernel", "reverse", "--arg", "f32:1"], "parameter 0 ('data') has 8 bytes, this has 4"),
                (["--kernel", "reverse", "--arg", "u9:1"], "--arg u9:1 is no argument"),
                (["--kernel", "reverse", "--arg", "u8[2]=1,2,3"], "--arg u8[2]=1,2,3 is no argument"),
                (["--grid", "0"], "each at least 1"),
                (["--shared", "x"], "a number up to")):
            result = self.tool("run", "two.ptx", *words, status=2)
            self.assertIn(text, result.stderr)

    def test_diagnostics(self):
        self.write("bad.ptx", SAXPY.replace("fma.rn.f32 %f3, %f1, %f2, %f3;", "fma.rn.f32 %f3, %r1, %rd2, %f3;").replace("bra done", "bra away"))
        for command in (["run"], ["inspect"], ["transpile", "--to", "module"]):
            result = self.tool(*command, "bad.ptx", status=1)
            self.assertIn("bad.ptx:25:26: error: '%rd2' is .b64 where the instruction wants .f32 (PTX ISA 9.4)\n", result.stderr)
            self.assertIn("\n        fma.rn.f32 %f3, %r1, %rd2, %f3;\n                             ^~~~\n", result.stderr)
            self.assertIn("bad.ptx:16:13: error: no label 'away' can be reached from here (PTX ISA 4.3.1)\n", result.stderr)

    def test_inspect(self):
        self.write("two.ptx", SAXPY + SECOND)
        kernels = self.json("inspect", "two.ptx")[0]["kernels"]
        self.assertEqual([(k["name"], k["parameter_bytes"], k["static_shared"]) for k in kernels], [("saxpy", 28, 0), ("reverse", 8, 64)])
        self.assertEqual([p["offset"] for p in kernels[0]["parameters"]], [0, 8, 16, 24])
        self.assertIn("saxpy", self.tool("inspect", "two.ptx").stdout)

    def test_transpile(self):
        self.write("saxpy.ptx", SAXPY)
        self.assertIn("define", self.tool("transpile", "--to", "module", "saxpy.ptx").stdout)
        self.assertIn("saxpy", self.tool("transpile", "--to", "asm", "saxpy.ptx").stdout)

    def test_no_host(self):
        self.write("saxpy.ptx", SAXPY)
        self.assertIn("a PTX text has no host program", self.tool("build", "saxpy.ptx", status=2).stderr)


if __name__ == "__main__":
    harness.main()
