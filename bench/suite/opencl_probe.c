/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_probe: prints the version of PoCL, or ends with BENCH_CANNOT_RUN. */
#include "bench_opencl.h"

int main(void) {
    char version[256] = "";
    CL_CHECK(clGetDeviceInfo(opencl_device(), CL_DRIVER_VERSION, sizeof version - 1, version, NULL));
    printf("PoCL %s\n", version);
    return 0;
}
