#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the driver API's lists against each other: what cuda.h declares, the names that it gives (names.h), the rows that
cuGetProcAddress looks in (functions.def), the per-thread forms (per_thread.c), and what the library exports.

usage: check_driver_names.py SOURCE-FOLDER LIBRARY
"""
import pathlib
import re
import subprocess
import sys


def read(path):
    return path.read_text(encoding="utf-8")


def main():
    root, library = pathlib.Path(sys.argv[1]), sys.argv[2]
    headers = root / "include/cuda/cw/driver"
    declared = set()
    for header in sorted(headers.glob("api*.h")):
        declared |= set(re.findall(r"CW_CUDA_API CUresult CUDAAPI (\w+)\(", read(header)))
    names = dict(re.findall(r"#define (cu\w+) (?:CW_DRIVER_PT[DS][SZ]\()?(cu\w+)\)?", read(headers / "names.h")))
    rows = re.findall(r"CW_DRIVER_FUNCTION\((\w+), (\w+), (\d+), (\w+)\)", read(root / "src/runtime/driver/functions.def"))
    per_thread = set(re.findall(r"ROW\(\s*(\w+),\s*(_pt[ds][sz])", read(root / "src/runtime/driver/per_thread.c")))
    symbols = subprocess.run(["nm", "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    exported = {line.split()[-1].partition("@")[0] for line in symbols.splitlines()}

    problems = []
    for name in sorted(declared):
        if names.get(name, name) not in {row[1] for row in rows}:
            problems.append(f"{name} has no row in functions.def")
    for name, symbol, _, form in rows:
        if symbol not in exported:
            problems.append(f"{symbol} is not exported")
        if form != "NONE":
            suffix = "_" + form.lower()
            if (symbol, suffix) not in per_thread:
                problems.append(f"{symbol} has no row in per_thread.c for {suffix}")
            if symbol + suffix not in exported:
                problems.append(f"{symbol}{suffix} is not exported")
    for earlier, later in zip(rows, rows[1:]):
        if (earlier[0], int(earlier[2])) > (later[0], int(later[2])):
            problems.append(f"{later[0]} is out of order in functions.def")
    for problem in problems:
        print(problem)
    print(f"{len(declared)} functions declared, {len(rows)} rows, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
