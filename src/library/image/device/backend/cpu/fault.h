/* SPDX-License-Identifier: Apache-2.0 */
/* fault.h, for devices: they can't tell what went wrong, only that it did. */
#ifndef CW_LIBRARY_IMAGE_DEVICE_FAULT_H
#define CW_LIBRARY_IMAGE_DEVICE_FAULT_H

#define cw_cpu_fault_raise(...) __builtin_trap()
#define CW_CPU_CALLER ((const void *)0)

#endif
