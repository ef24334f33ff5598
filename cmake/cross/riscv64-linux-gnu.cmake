# SPDX-License-Identifier: Apache-2.0
# The runtime for 64-bit RISC-V, by Debian's cross compiler (gcc-riscv64-linux-gnu).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR riscv64)
set(CMAKE_C_COMPILER riscv64-linux-gnu-gcc)
