/* SPDX-License-Identifier: Apache-2.0 */
/*
 * image.h: textures and surfaces in software (src/library/image), for devices whose memory they read as it is. A handle is the
 * address of a struct cw_cpu_image (backend/cpu/image.h) in memory that the device reads; whose levels are device memory.
 */
#ifndef CW_TARGET_IMAGE_H
#define CW_TARGET_IMAGE_H

#include "module/ir/ir.h"

/* Defines the intrinsics cw.texture... and cw.surface... that the module uses, from bitcode beside the compiler library. The module is in
 * the waist's form still. A missing or damaged library is named. `fault` is LLVM assembly that defines `void @cw_image_fault(i32)`, which is
 * called with an enum cw_fault_kind and doesn't come back; NULL: it is a trap. */
cw_status cw_link_images(struct cw_compiler *compiler, LLVMModuleRef llvm, const char *fault) CW_MUST_USE;

#endif
