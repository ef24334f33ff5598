/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nvtx3/nvToolsExt.h: the NVIDIA Tools Extension, version 3, by its public documentation: marks, nested and free ranges,
 * domains, registered strings and names. libcudawasm.so keeps what programs say; there is nothing else to link.
 */
#ifndef NVTOOLSEXT_H_
#define NVTOOLSEXT_H_

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define NVTX_VERSION 3
#define NVTX_SUCCESS 0
#define NVTX_FAIL 1
#define NVTX_NO_PUSH_POP_TRACKING ((int)-2)

#if defined(__cplusplus)
extern "C" {
#endif

typedef uint64_t nvtxRangeId_t;
typedef struct nvtxDomainRegistration_st nvtxDomainRegistration;
typedef nvtxDomainRegistration *nvtxDomainHandle_t;
typedef struct nvtxStringRegistration_st nvtxStringRegistration;
typedef nvtxStringRegistration *nvtxStringHandle_t;

typedef enum nvtxColorType_t { NVTX_COLOR_UNKNOWN = 0, NVTX_COLOR_ARGB = 1 } nvtxColorType_t;

typedef enum nvtxMessageType_t {
    NVTX_MESSAGE_UNKNOWN = 0,
    NVTX_MESSAGE_TYPE_ASCII = 1,
    NVTX_MESSAGE_TYPE_UNICODE = 2,
    NVTX_MESSAGE_TYPE_REGISTERED = 3
} nvtxMessageType_t;

typedef enum nvtxPayloadType_t {
    NVTX_PAYLOAD_UNKNOWN = 0,
    NVTX_PAYLOAD_TYPE_UNSIGNED_INT64 = 1,
    NVTX_PAYLOAD_TYPE_INT64 = 2,
    NVTX_PAYLOAD_TYPE_DOUBLE = 3,
    NVTX_PAYLOAD_TYPE_UNSIGNED_INT32 = 4,
    NVTX_PAYLOAD_TYPE_INT32 = 5,
    NVTX_PAYLOAD_TYPE_FLOAT = 6
} nvtxPayloadType_t;

typedef union nvtxMessageValue_t {
    const char *ascii;
    const wchar_t *unicode;
    nvtxStringHandle_t registered;
} nvtxMessageValue_t;

typedef struct nvtxEventAttributes_v2 {
    uint16_t version;
    uint16_t size;
    uint32_t category;
    int32_t colorType;
    uint32_t color;
    int32_t payloadType;
    int32_t reserved0;
    union payload_t {
        uint64_t ullValue;
        int64_t llValue;
        double dValue;
        uint32_t uiValue;
        int32_t iValue;
        float fValue;
    } payload;
    int32_t messageType;
    nvtxMessageValue_t message;
} nvtxEventAttributes_v2;
typedef struct nvtxEventAttributes_v2 nvtxEventAttributes_t;

#define NVTX_EVENT_ATTRIB_STRUCT_SIZE ((uint16_t)sizeof(nvtxEventAttributes_t))

#if defined(__CUDA__) && defined(__clang__)
#define NVTX_DECLSPEC extern __attribute__((host, visibility("default")))
#else
#define NVTX_DECLSPEC extern __attribute__((visibility("default")))
#endif

NVTX_DECLSPEC void nvtxInitialize(const void *reserved);

NVTX_DECLSPEC void nvtxMarkEx(const nvtxEventAttributes_t *eventAttrib);
NVTX_DECLSPEC void nvtxMarkA(const char *message);
NVTX_DECLSPEC void nvtxMarkW(const wchar_t *message);
NVTX_DECLSPEC void nvtxDomainMarkEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *eventAttrib);

/* Ranges that may end on another thread, in any order. */
NVTX_DECLSPEC nvtxRangeId_t nvtxRangeStartEx(const nvtxEventAttributes_t *eventAttrib);
NVTX_DECLSPEC nvtxRangeId_t nvtxRangeStartA(const char *message);
NVTX_DECLSPEC nvtxRangeId_t nvtxRangeStartW(const wchar_t *message);
NVTX_DECLSPEC void nvtxRangeEnd(nvtxRangeId_t id);
NVTX_DECLSPEC nvtxRangeId_t nvtxDomainRangeStartEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *eventAttrib);
NVTX_DECLSPEC void nvtxDomainRangeEnd(nvtxDomainHandle_t domain, nvtxRangeId_t id);

/* Ranges that nest on a thread: the depth of the one that begins or ends, from 0; negative when none is open. */
NVTX_DECLSPEC int nvtxRangePushEx(const nvtxEventAttributes_t *eventAttrib);
NVTX_DECLSPEC int nvtxRangePushA(const char *message);
NVTX_DECLSPEC int nvtxRangePushW(const wchar_t *message);
NVTX_DECLSPEC int nvtxRangePop(void);
NVTX_DECLSPEC int nvtxDomainRangePushEx(nvtxDomainHandle_t domain, const nvtxEventAttributes_t *eventAttrib);
NVTX_DECLSPEC int nvtxDomainRangePop(nvtxDomainHandle_t domain);

NVTX_DECLSPEC nvtxDomainHandle_t nvtxDomainCreateA(const char *name);
NVTX_DECLSPEC nvtxDomainHandle_t nvtxDomainCreateW(const wchar_t *name);
NVTX_DECLSPEC void nvtxDomainDestroy(nvtxDomainHandle_t domain);
NVTX_DECLSPEC nvtxStringHandle_t nvtxDomainRegisterStringA(nvtxDomainHandle_t domain, const char *string);
NVTX_DECLSPEC nvtxStringHandle_t nvtxDomainRegisterStringW(nvtxDomainHandle_t domain, const wchar_t *string);
NVTX_DECLSPEC void nvtxDomainNameCategoryA(nvtxDomainHandle_t domain, uint32_t category, const char *name);
NVTX_DECLSPEC void nvtxDomainNameCategoryW(nvtxDomainHandle_t domain, uint32_t category, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameCategoryA(uint32_t category, const char *name);
NVTX_DECLSPEC void nvtxNameCategoryW(uint32_t category, const wchar_t *name);
NVTX_DECLSPEC void nvtxNameOsThreadA(uint32_t threadId, const char *name);
NVTX_DECLSPEC void nvtxNameOsThreadW(uint32_t threadId, const wchar_t *name);

#if defined(UNICODE)
#define nvtxMark nvtxMarkW
#define nvtxRangeStart nvtxRangeStartW
#define nvtxRangePush nvtxRangePushW
#define nvtxNameOsThread nvtxNameOsThreadW
#else
#define nvtxMark nvtxMarkA
#define nvtxRangeStart nvtxRangeStartA
#define nvtxRangePush nvtxRangePushA
#define nvtxNameOsThread nvtxNameOsThreadA
#endif
#define nvtxDomainCreate nvtxDomainCreateA
#define nvtxDomainRegisterString nvtxDomainRegisterStringA
#define nvtxNameCategory nvtxNameCategoryA
#define nvtxDomainNameCategory nvtxDomainNameCategoryA

#if defined(__cplusplus)
}
#endif

#endif
