/* SPDX-License-Identifier: Apache-2.0 */
/* device_print.h: what a kernel's printf prints, from the format and the packed arguments that vprintf gets. */
#ifndef CW_BASE_DEVICE_PRINT_H
#define CW_BASE_DEVICE_PRINT_H

#include <stddef.h>
#include <stdint.h>

/* Gives the string at a device address, at most `size` - 1 bytes of it. */
typedef void cw_read_device_string(void *context, uint64_t address, char *out, size_t size);

/* Writes to stdout. Arguments lie at their natural alignment, floats as doubles (CUDA C++ Programming Guide, "Formatted Output");
 * those that are missing are zeros. Any thread; the caller orders calls. */
void cw_device_print(const char *format, const void *arguments, size_t size, cw_read_device_string *read, void *context);

#endif
