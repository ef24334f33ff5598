#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles CUDA sources to SPIR-V and has spirv-val look at every kernel's module.

    validate.py --cuda-wasm PROGRAM [--spirv-val PROGRAM] [--refusals-allowed] [--cpu WORDS]... FILE.cu...

The artifact's layout is that of src/backend/vulkan/artifact.h. A kernel that is refused is named with its reason; without
--refusals-allowed it is a failure. --cpu, also several times: devices to compile for, as `vulkan+warp32`.
"""
import argparse
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

HEADER = struct.Struct("<8s10I")
KERNEL = struct.Struct("<10I")


def text_at(data, offset):
    return data[offset:data.index(b"\0", offset)].decode()


def kernels_of(data):
    """Name, refusal and code of each kernel."""
    header = HEADER.unpack_from(data)
    assert header[0] == b"CWSPIRV\2", "no artifact"
    for i in range(header[1]):
        row = KERNEL.unpack_from(data, header[4] + i * KERNEL.size)
        yield text_at(data, row[0]), text_at(data, row[1]) if row[1] else "", data[row[2]:row[2] + row[3]]


def check(arguments, source, cpu, folder):
    """Lines of problems, and how many kernels were fine and refused."""
    artifact = folder / "artifact"
    options = re.findall(r"//\s*NVCC:\s*(.*)", source.read_text(errors="replace"))
    command = [arguments.cuda_wasm, "transpile", "--to", "spirv-binary", "--cpu", cpu, "-o", str(artifact), str(source)]
    command += options[0].split() if options else []
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line] or done.stderr.splitlines()
        refused = bool(lines) and all("can't become SPIR-V" in line or "transpile" in line for line in lines)
        return ([] if refused and arguments.refusals_allowed else [f"{source.name}: {lines[0] if lines else 'failed'}"]), 0, len(lines)
    problems, fine, refused = [], 0, 0
    for name, refusal, code in kernels_of(artifact.read_bytes()):
        if refusal:
            refused += 1
            print(f"  refused: {source.name}: {refusal}")
            if not arguments.refusals_allowed:
                problems.append(f"{source.name}: {refusal}")
            continue
        module = folder / "module.spv"
        module.write_bytes(code)
        valid = subprocess.run([arguments.spirv_val, "--target-env", "vulkan1.2", "--uniform-buffer-standard-layout", str(module)],
                               capture_output=True, text=True)
        if valid.returncode:
            problems.append(f"{source.name}: {name}: {valid.stdout.strip()} {valid.stderr.strip()}")
        else:
            fine += 1
    return problems, fine, refused


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuda-wasm", required=True)
    parser.add_argument("--spirv-val", default="spirv-val")
    parser.add_argument("--refusals-allowed", action="store_true")
    parser.add_argument("--cpu", action="append")
    parser.add_argument("sources", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    problems, fine, refused = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for cpu in arguments.cpu or ["vulkan"]:
            for source in arguments.sources:
                more, good, bad = check(arguments, source, cpu, pathlib.Path(folder))
                problems += more
                fine += good
                refused += bad
    for problem in problems:
        print(problem)
    print(f"{len(arguments.sources)} sources: {fine} kernels valid, {refused} refused, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
