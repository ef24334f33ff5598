/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nvrtc.h: NVRTC of CUDA 12.9: CUDA C++ source to kernel modules while a program runs. What a function does, its parameters
 * and errors are NVRTC's (NVRTC documentation). What nvrtcGetPTX, nvrtcGetCUBIN and nvrtcGetLTOIR give is a kernel module of
 * CUDA-WASM's, which the driver API here loads and links.
 */
#ifndef __NVRTC_H__
#define __NVRTC_H__

#include <stddef.h>

#include "host_defines.h"

CW_EXTERN_C_BEGIN

typedef enum {
    NVRTC_SUCCESS = 0,
    NVRTC_ERROR_OUT_OF_MEMORY = 1,
    NVRTC_ERROR_PROGRAM_CREATION_FAILURE = 2,
    NVRTC_ERROR_INVALID_INPUT = 3,
    NVRTC_ERROR_INVALID_PROGRAM = 4,
    NVRTC_ERROR_INVALID_OPTION = 5,
    NVRTC_ERROR_COMPILATION = 6,
    NVRTC_ERROR_BUILTIN_OPERATION_FAILURE = 7,
    NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION = 8,
    NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION = 9,
    NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID = 10,
    NVRTC_ERROR_INTERNAL_ERROR = 11,
    NVRTC_ERROR_TIME_FILE_WRITE_FAILED = 12,
    NVRTC_ERROR_NO_PCH_CREATE_ATTEMPTED = 13,
    NVRTC_ERROR_PCH_CREATE_HEAP_EXHAUSTED = 14,
    NVRTC_ERROR_PCH_CREATE = 15,
    NVRTC_ERROR_CANCELLED = 16,
    NVRTC_ERROR_TIME_TRACE_FILE_WRITE_FAILED = 17
} nvrtcResult;

typedef struct _nvrtcProgram *nvrtcProgram;

CW_CUDA_API const char *nvrtcGetErrorString(nvrtcResult result);
CW_CUDA_API nvrtcResult nvrtcVersion(int *major, int *minor);
CW_CUDA_API nvrtcResult nvrtcGetNumSupportedArchs(int *numArchs);
CW_CUDA_API nvrtcResult nvrtcGetSupportedArchs(int *supportedArchs);

CW_CUDA_API nvrtcResult nvrtcCreateProgram(nvrtcProgram *prog, const char *src, const char *name, int numHeaders,
                                           const char *const *headers, const char *const *includeNames);
CW_CUDA_API nvrtcResult nvrtcDestroyProgram(nvrtcProgram *prog);
CW_CUDA_API nvrtcResult nvrtcAddNameExpression(nvrtcProgram prog, const char *const name_expression);
CW_CUDA_API nvrtcResult nvrtcCompileProgram(nvrtcProgram prog, int numOptions, const char *const *options);

CW_CUDA_API nvrtcResult nvrtcGetProgramLogSize(nvrtcProgram prog, size_t *logSizeRet);
CW_CUDA_API nvrtcResult nvrtcGetProgramLog(nvrtcProgram prog, char *log);
CW_CUDA_API nvrtcResult nvrtcGetLoweredName(nvrtcProgram prog, const char *const name_expression,
                                            const char **lowered_name);
CW_CUDA_API nvrtcResult nvrtcGetPTXSize(nvrtcProgram prog, size_t *ptxSizeRet);
CW_CUDA_API nvrtcResult nvrtcGetPTX(nvrtcProgram prog, char *ptx);
CW_CUDA_API nvrtcResult nvrtcGetCUBINSize(nvrtcProgram prog, size_t *cubinSizeRet);
CW_CUDA_API nvrtcResult nvrtcGetCUBIN(nvrtcProgram prog, char *cubin);
CW_CUDA_API nvrtcResult nvrtcGetLTOIRSize(nvrtcProgram prog, size_t *LTOIRSizeRet);
CW_CUDA_API nvrtcResult nvrtcGetLTOIR(nvrtcProgram prog, char *LTOIR);
CW_CUDA_API nvrtcResult nvrtcGetOptiXIRSize(nvrtcProgram prog, size_t *optixirSizeRet);
CW_CUDA_API nvrtcResult nvrtcGetOptiXIR(nvrtcProgram prog, char *optixir);
CW_CUDA_API nvrtcResult nvrtcSetFlowCallback(nvrtcProgram prog, int (*callback)(void *, void *), void *payload);

/* Precompiled headers: NVRTC's options for them are accepted, and none is made, since the prelude is small. */
CW_CUDA_API nvrtcResult nvrtcGetPCHHeapSize(size_t *ret);
CW_CUDA_API nvrtcResult nvrtcSetPCHHeapSize(size_t size);
CW_CUDA_API nvrtcResult nvrtcGetPCHCreateStatus(nvrtcProgram prog);
CW_CUDA_API nvrtcResult nvrtcGetPCHHeapSizeRequired(nvrtcProgram prog, size_t *size);

CW_EXTERN_C_END

#if defined(__cplusplus) && !defined(__CUDACC_RTC__) && __cplusplus >= 201103L
#include <cxxabi.h>
#include <cstdlib>
#include <string>
#include <typeinfo>

/* The name of a type as a source would write it, for name expressions (NVRTC documentation, "nvrtcGetTypeName"). */
static inline nvrtcResult nvrtcGetTypeName(const std::type_info &tinfo, std::string *result) {
    if (result == nullptr) return NVRTC_ERROR_INVALID_INPUT;
    int status = 0;
    char *name = abi::__cxa_demangle(tinfo.name(), nullptr, nullptr, &status);
    if (status != 0) {
        std::free(name);
        return status == -1 ? NVRTC_ERROR_OUT_OF_MEMORY : NVRTC_ERROR_INTERNAL_ERROR;
    }
    *result = name;
    std::free(name);
    return NVRTC_SUCCESS;
}

template <typename T> struct __cw_nvrtc_type_name_of {};
template <typename T> nvrtcResult nvrtcGetTypeName(std::string *result) {
    /* typeid drops references and top-level qualifiers, so the type is named inside a template and cut out. */
    nvrtcResult res = nvrtcGetTypeName(typeid(__cw_nvrtc_type_name_of<T>), result);
    if (res == NVRTC_SUCCESS) {
        std::string name = *result;
        std::size_t begin = name.find('<') + 1, end = name.rfind('>');
        while (end > begin && name[end - 1] == ' ') end--;
        *result = name.substr(begin, end - begin);
    }
    return res;
}
#endif

#endif
