#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The words of a kernel that the Vulkan backend brings with it: are they those of its text?

    words.py [--spirv-as PROGRAM] [--spirv-val PROGRAM] [--write] TEXT.spvasm HEADER.h

Without --write it compares, and fails where they differ.
"""
import argparse
import pathlib
import struct
import subprocess
import sys
import tempfile

parser = argparse.ArgumentParser()
parser.add_argument("--spirv-as", default="spirv-as")
parser.add_argument("--spirv-val", default="spirv-val")
parser.add_argument("--write", action="store_true")
parser.add_argument("text", type=pathlib.Path)
parser.add_argument("header", type=pathlib.Path)
options = parser.parse_args()

with tempfile.TemporaryDirectory() as folder:
    binary = pathlib.Path(folder, "kernel.spv")
    subprocess.run([options.spirv_as, "--target-env", "spv1.5", "-o", binary, options.text], check=True)
    subprocess.run([options.spirv_val, "--target-env", "vulkan1.2", binary], check=True)
    data = binary.read_bytes()
words = list(struct.unpack(f"<{len(data) // 4}I", data))
words[2] = 0  # which assembler wrote it
name = options.header.stem
lines = [", ".join(f"0x{word:08x}" for word in words[i:i + 10]) + "," for i in range(0, len(words), 10)]
made = (f"/* SPDX-License-Identifier: Apache-2.0 */\n/* {options.header.name}: the words of {options.text.name}, written by tests/target/spirv/words.py. */\n"
        f"#include <stdint.h>\n\nstatic const uint32_t {name}_words[] = {{\n" + "".join(f"    {line}\n" for line in lines) + "};\n")
if options.write:
    options.header.write_text(made, encoding="utf-8")
elif options.header.read_text(encoding="utf-8") != made:
    sys.exit(f"{options.header} is not what {options.text} says: run {sys.argv[0]} --write")
