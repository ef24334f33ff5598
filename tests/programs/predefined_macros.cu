// SPDX-License-Identifier: Apache-2.0
// The macros that programs ask nvcc for, and the API's version.
// EXPECT: __CUDACC__ yes, __NVCC__ yes, CUDART_VERSION at least 12000
// EXPECT: versions agree
// EXPECT: runtime at least 12000, driver at least the runtime
#include "check.h"

int main() {
#ifdef __CUDACC__
    const char *cudacc = "yes";
#else
    const char *cudacc = "no";
#endif
#ifdef __NVCC__
    const char *nvcc = "yes";
#else
    const char *nvcc = "no";
#endif
    std::printf("__CUDACC__ %s, __NVCC__ %s, CUDART_VERSION %s 12000\n", cudacc, nvcc,
                CUDART_VERSION >= 12000 ? "at least" : "below");
    std::printf("versions %s\n",
                __CUDACC_VER_MAJOR__ * 1000 + __CUDACC_VER_MINOR__ * 10 == CUDART_VERSION ? "agree" : "disagree");
    int runtime = 0, driver = 0;
    CHECK(cudaRuntimeGetVersion(&runtime));
    CHECK(cudaDriverGetVersion(&driver));
    std::printf("runtime %s 12000, driver %s the runtime\n", runtime >= 12000 ? "at least" : "below",
                driver >= runtime ? "at least" : "below");
    return 0;
}
