#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the tables of misuses against the headers: each function of the runtime API and of the driver API must have a call in
them that fails as CUDA documents, or stand below with the reason why it can't fail.

usage: check_misuse.py SOURCE-FOLDER
"""
import pathlib
import re
import sys

# Functions without an argument that could be wrong, or that take every value.
NONE_TO_MISUSE = {
    "cudaCtxResetPersistingL2Cache", "cudaThreadExit", "cudaThreadSynchronize", "cudaDeviceFlushGPUDirectRDMAWrites",
    "cudaGetErrorName", "cudaGetErrorString", "cudaDeviceReset", "cudaProfilerStart", "cudaProfilerStop",
    "cudaGetLastError", "cudaPeekAtLastError", "cudaDeviceSynchronize", "cudaGetSymbolAddress",
    "cuCtxResetPersistingL2Cache", "cuProfilerStart", "cuProfilerStop",
    "cuCtxGetStreamPriorityRange",  # "a NULL pointer may be passed" for either
    "cuDeviceGetLuid",  # Windows alone has LUIDs: CUDA_ERROR_NOT_SUPPORTED for every argument
}
RUNTIME_TABLES = ["runtime/test_*.c", "programs/misuse_*.cu", "programs/*_errors.cu"]
DRIVER_TABLES = ["programs/driver*.cu"]


def read(paths):
    return "".join(path.read_text(encoding="utf-8") for path in paths)


def declared(paths, pattern):
    return set(re.findall(pattern, read(paths)))


def main():
    root = pathlib.Path(sys.argv[1])
    headers = root / "include/cuda/cw"
    tests = root / "tests"
    runtime = declared(sorted(headers.glob("api_*.h")), r"\b(cuda[A-Z]\w+)\s*\(")
    driver = declared(sorted((headers / "driver").glob("api*.h")), r"CW_CUDA_API CUresult CUDAAPI (\w+)\(")
    tables = read(path for pattern in RUNTIME_TABLES for path in sorted(tests.glob(pattern)))
    calls = read(path for pattern in DRIVER_TABLES for path in sorted(tests.glob(pattern)))
    # In a driver test a function must be in a row, or be compared with an error.
    failing = set(re.findall(r"MISUSE\(\w+, (\w+)\(", calls))
    failing |= set(re.findall(r"(cu[A-Z]\w+)\((?:[^;]*?)\) ?==\s*CUDA_ERROR", calls))
    missing = [name for name in runtime - NONE_TO_MISUSE if not re.search(rf"\b{name}\b", tables)]
    missing += driver - NONE_TO_MISUSE - failing
    for name in sorted(missing):
        print(f"{name} has no row in a table of misuses")
    print(f"{len(runtime)} functions of the runtime API, {len(driver)} of the driver API, {len(missing)} without a row")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
