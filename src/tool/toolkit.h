/* SPDX-License-Identifier: Apache-2.0 */
/*
 * toolkit.h: the folder that build systems take for CUDA's: PREFIX/lib/cuda-wasm/toolkit.
 *
 *     bin/nvcc                  a link to cuda-wasm
 *     include                   a link to CUDA's headers
 *     lib64/libcudart.so ...    links to libcudawasm.so, under every name of CUDA's libraries that it stands for
 *     lib64/libcudart_static.a  a linker script that names libcudart_here.so
 *     lib64/libcudart_here.so   what linkers see of libcudawasm.so, with its whole path as its name, so that programs that were
 *                               linked "statically" find it without being told where it is
 *     lib64/libcudadevrt.a      empty: device code needs no library
 *     targets/MACHINE           links to include and lib64
 *     nvvm/libdevice            empty: its being there is what CMake looks for
 */
#ifndef CW_TOOL_TOOLKIT_H
#define CW_TOOL_TOOLKIT_H

#include "tool/device_code.h"

/* Makes it in this installation, or makes it anew. An enum cw_exit; says on stderr what went wrong. */
int cw_toolkit_install(const struct cw_setting *setting);

#endif
