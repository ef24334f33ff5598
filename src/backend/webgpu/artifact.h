/* SPDX-License-Identifier: Apache-2.0 */
/*
 * artifact.h: what the WGSL target gives the WebGPU backend. Lines of text, some followed by as many bytes as they say and a
 * newline; the first line is the magic, the last "end".
 *
 *     kernel PARAM_BYTES STATIC_SHARED MAX_THREADS NAME     begins a kernel
 *     text SUBGROUPS HEAP PARAMS DYNAMIC SHARED_BYTES SIZE  one shader of it: 1 where it needs subgroups of 32 lanes, binds the
 *                                                           heap (binding 0), the parameters (1), has dynamic shared memory;
 *                                                           bytes of shared memory; then the text. Binding 2 is struct Launch.
 *     refused SUBGROUPS REASON                              there is none
 *     variable OFFSET SIZE NAME                             a device variable, its place in the block of variables
 *     relocation AT TARGET                                  8 bytes of the block that are to hold the address of another place in it
 *     refused-variable NAME                                 its initial value can't be expressed
 *     globals SIZE                                          then the block's bytes
 */
#ifndef CW_BACKEND_WEBGPU_ARTIFACT_H
#define CW_BACKEND_WEBGPU_ARTIFACT_H

#define CW_WGSL_MAGIC "cuda-wasm wgsl 1\n"
/* Ends the text and begins the JSON in what the target writes for people. */
#define CW_WGSL_JSON_MARK "//// JSON\n"

/* The head of the function that the upper half of a product of two words is computed with: it ends with the next line "}". Devices
 * that have 64-bit integers may be given another body. */
#define CW_WGSL_MULTIPLY_HIGH "fn multiply_high(a: u32, b: u32) -> u32 {\n"

/* The same of the function that reads word `i` of the module's variables, for those that no kernel writes: they lie among the first
 * CW_WGSL_CONSTANT_BYTES. A device may be given a body that reads a uniform buffer of the same contents. */
#define CW_WGSL_CONSTANT_WORD "fn constant_word(i: u32) -> u32 {\n"
#define CW_WGSL_CONSTANT_BYTES 65536u

/* Words of the text that say how a grid is folded, once each but for the first; the device may be given constants for them. */
#define CW_WGSL_FOLDED "launch.folded"
#define CW_WGSL_DEEP "grid_dim.y * grid_dim.z != 1u"

#endif
