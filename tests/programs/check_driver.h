/* SPDX-License-Identifier: Apache-2.0 */
/* check_driver.h: a check of the driver API's results. */
#ifndef PROGRAMS_CHECK_DRIVER_H
#define PROGRAMS_CHECK_DRIVER_H

#include <cstdio>
#include <cstdlib>

#include <cuda.h>

#define DRIVER(call)                                                                                                \
    do {                                                                                                            \
        CUresult driver_result = (call);                                                                            \
        const char *driver_name = "?";                                                                              \
        if (driver_result != CUDA_SUCCESS) {                                                                        \
            cuGetErrorName(driver_result, &driver_name);                                                            \
            std::fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, driver_name);                        \
            std::exit(2);                                                                                           \
        }                                                                                                           \
    } while (0)

/* Makes the first device's primary context the thread's own. */
inline void driver_start() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuDevicePrimaryCtxRetain(&context, device));
    DRIVER(cuCtxSetCurrent(context));
}

#endif
