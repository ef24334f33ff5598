# SPDX-License-Identifier: Apache-2.0
# The runtime for 64-bit ARM, by Debian's cross compiler (gcc-aarch64-linux-gnu).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
