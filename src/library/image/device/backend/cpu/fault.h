/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h, for devices: they can't tell where it went wrong. What `kind` becomes is the target's (src/target/image.h). */
#ifndef CW_LIBRARY_IMAGE_DEVICE_FAULT_H
#define CW_LIBRARY_IMAGE_DEVICE_FAULT_H

#define cw_cpu_fault_raise(state, kind, ...) cw_image_fault(kind)
_Noreturn void cw_image_fault(int kind);
#define CW_CPU_CALLER ((const void *)0)

#endif
