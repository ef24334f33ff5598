/* SPDX-License-Identifier: Apache-2.0 */
/*
 * abi.h: the part of WebGPU's standard C API that this backend uses, written down from the public header's definitions
 * (webgpu-native/webgpu-headers; wgpu-native's extensions), so that building needs no WebGPU library. Layout is the API's;
 * names are its names. Valid for wgpu-native 29 and later (webgpu.c checks the version) and, with what dawn.c translates, for Dawn; handles are opaque.
 */
#ifndef CW_BACKEND_WEBGPU_ABI_H
#define CW_BACKEND_WEBGPU_ABI_H

#include <stddef.h>
#include <stdint.h>

#define HANDLE(name) typedef struct name##Impl *name
HANDLE(WGPUInstance);
HANDLE(WGPUAdapter);
HANDLE(WGPUDevice);
HANDLE(WGPUQueue);
HANDLE(WGPUBuffer);
HANDLE(WGPUShaderModule);
HANDLE(WGPUBindGroupLayout);
HANDLE(WGPUPipelineLayout);
HANDLE(WGPUComputePipeline);
HANDLE(WGPUBindGroup);
HANDLE(WGPUCommandEncoder);
HANDLE(WGPUCommandBuffer);
HANDLE(WGPUComputePassEncoder);
HANDLE(WGPUQuerySet);
#undef HANDLE

typedef uint32_t WGPUBool;
typedef uint64_t WGPUFlags;

typedef struct WGPUStringView {
    const char *data;
    size_t length; /* SIZE_MAX: up to the NUL */
} WGPUStringView;

typedef struct WGPUChainedStruct {
    struct WGPUChainedStruct *next;
    uint32_t sType;
} WGPUChainedStruct;

typedef struct WGPUFuture {
    uint64_t id;
} WGPUFuture;

enum {
    WGPUSType_ShaderSourceWGSL = 2,
    WGPUCallbackMode_AllowProcessEvents = 2,
    WGPUCallbackMode_AllowSpontaneous = 3,
    WGPUFeatureName_TimestampQuery = 9,
    WGPUFeatureName_Subgroups = 0x12,
    WGPUNativeFeature_Immediates = 0x00030001,
    WGPUNativeFeature_Subgroup = 0x00030021,
    WGPUNativeFeature_ShaderInt64 = 0x00030026,
    WGPUAdapterType_DiscreteGPU = 1,
    WGPUAdapterType_IntegratedGPU = 2,
    WGPUAdapterType_CPU = 3,
    WGPUBackendType_Vulkan = 6,
    WGPUBackendType_OpenGL = 7,
    WGPUBackendType_OpenGLES = 8,
    WGPUBufferBindingType_Uniform = 2,
    WGPUBufferBindingType_Storage = 3,
    WGPUErrorType_OutOfMemory = 3,
    WGPUQueryType_Timestamp = 2,
    WGPURequestAdapterStatus_Success = 1,
    WGPUMapAsyncStatus_Success = 1,
};
#define WGPUBufferUsage_MapRead 1ull
#define WGPUBufferUsage_CopySrc 4ull
#define WGPUBufferUsage_CopyDst 8ull
#define WGPUBufferUsage_Uniform 0x40ull
#define WGPUBufferUsage_Storage 0x80ull
#define WGPUBufferUsage_QueryResolve 0x200ull
#define WGPUMapMode_Read 1ull
#define WGPUShaderStage_Compute 4ull
#define WGPUShaderRuntimeChecks_BoundsChecks 1ull

/* wgpu-native's: which of the system's interfaces it opens. */
#define WGPUSType_InstanceExtras 0x00030004u
#define WGPUInstanceBackend_Vulkan 1ull
#define WGPUInstanceBackend_Metal 4ull
#define WGPUInstanceBackend_DX12 8ull
typedef struct WGPUInstanceExtras {
    WGPUChainedStruct chain;
    WGPUFlags backends, flags;
    uint32_t dx12ShaderCompiler, gles3MinorVersion, glFenceBehaviour;
    WGPUStringView dxcPath;
    uint32_t dxcMaxShaderModel, dx12PresentationSystem;
    const uint8_t *budgetForDeviceCreation, *budgetForDeviceLoss;
    uint64_t displayHandle[3];
} WGPUInstanceExtras;
typedef struct WGPUInstanceDescriptor {
    WGPUChainedStruct *nextInChain;
    size_t requiredFeatureCount;
    const uint32_t *requiredFeatures;
    const void *requiredLimits;
} WGPUInstanceDescriptor;

typedef struct WGPULimits {
    WGPUChainedStruct *nextInChain;
    uint32_t maxTextureDimension1D, maxTextureDimension2D, maxTextureDimension3D, maxTextureArrayLayers;
    uint32_t maxBindGroups, maxBindGroupsPlusVertexBuffers, maxBindingsPerBindGroup;
    uint32_t maxDynamicUniformBuffersPerPipelineLayout, maxDynamicStorageBuffersPerPipelineLayout;
    uint32_t maxSampledTexturesPerShaderStage, maxSamplersPerShaderStage, maxStorageBuffersPerShaderStage;
    uint32_t maxStorageTexturesPerShaderStage, maxUniformBuffersPerShaderStage;
    uint64_t maxUniformBufferBindingSize, maxStorageBufferBindingSize;
    uint32_t minUniformBufferOffsetAlignment, minStorageBufferOffsetAlignment;
    uint32_t maxVertexBuffers;
    uint64_t maxBufferSize;
    uint32_t maxVertexAttributes, maxVertexBufferArrayStride, maxInterStageShaderVariables, maxColorAttachments;
    uint32_t maxColorAttachmentBytesPerSample;
    uint32_t maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup;
    uint32_t maxComputeWorkgroupSizeX, maxComputeWorkgroupSizeY, maxComputeWorkgroupSizeZ;
    uint32_t maxComputeWorkgroupsPerDimension, maxImmediateSize;
} WGPULimits;

typedef struct WGPUAdapterInfo {
    WGPUChainedStruct *nextInChain;
    WGPUStringView vendor, architecture, device, description;
    uint32_t backendType, adapterType;
    uint32_t vendorID, deviceID;
    uint32_t subgroupMinSize, subgroupMaxSize;
} WGPUAdapterInfo;

typedef void (*WGPURequestDeviceCallback)(uint32_t status, WGPUDevice device, WGPUStringView message, void *a, void *b);
typedef struct WGPURequestDeviceCallbackInfo {
    WGPUChainedStruct *nextInChain;
    uint32_t mode;
    WGPURequestDeviceCallback callback;
    void *userdata1, *userdata2;
} WGPURequestDeviceCallbackInfo;

typedef void (*WGPUErrorCallback)(const WGPUDevice *device, uint32_t type, WGPUStringView message, void *a, void *b);
typedef struct WGPUDeviceDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    size_t requiredFeatureCount;
    const uint32_t *requiredFeatures;
    const WGPULimits *requiredLimits;
    struct {
        WGPUChainedStruct *nextInChain;
        WGPUStringView label;
    } defaultQueue;
    struct {
        WGPUChainedStruct *nextInChain;
        uint32_t mode;
        WGPUErrorCallback callback;
        void *userdata1, *userdata2;
    } deviceLostCallbackInfo;
    struct {
        WGPUChainedStruct *nextInChain;
        WGPUErrorCallback callback;
        void *userdata1, *userdata2;
    } uncapturedErrorCallbackInfo;
} WGPUDeviceDescriptor;

typedef struct WGPUBufferDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    WGPUFlags usage;
    uint64_t size;
    WGPUBool mappedAtCreation;
} WGPUBufferDescriptor;

typedef struct WGPUShaderModuleDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
} WGPUShaderModuleDescriptor;

typedef struct WGPUShaderSourceWGSL {
    WGPUChainedStruct chain;
    WGPUStringView code;
} WGPUShaderSourceWGSL;

typedef struct WGPUConstantEntry {
    WGPUChainedStruct *nextInChain;
    WGPUStringView key;
    double value;
} WGPUConstantEntry;

typedef struct WGPUComputePipelineDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    WGPUPipelineLayout layout;
    struct {
        WGPUChainedStruct *nextInChain;
        WGPUShaderModule module;
        WGPUStringView entryPoint;
        size_t constantCount;
        const WGPUConstantEntry *constants;
    } compute;
} WGPUComputePipelineDescriptor;

typedef struct WGPUBindGroupEntry {
    WGPUChainedStruct *nextInChain;
    uint32_t binding;
    WGPUBuffer buffer;
    uint64_t offset, size;
    void *sampler, *textureView;
} WGPUBindGroupEntry;

typedef struct WGPUBindGroupDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    WGPUBindGroupLayout layout;
    size_t entryCount;
    const WGPUBindGroupEntry *entries;
} WGPUBindGroupDescriptor;

typedef struct WGPUBindGroupLayoutEntry {
    WGPUChainedStruct *nextInChain;
    uint32_t binding;
    WGPUFlags visibility;
    uint32_t bindingArraySize;
    struct {
        WGPUChainedStruct *nextInChain;
        uint32_t type;
        WGPUBool hasDynamicOffset;
        uint64_t minBindingSize;
    } buffer;
    struct {
        WGPUChainedStruct *nextInChain;
        uint32_t type;
    } sampler;
    struct {
        WGPUChainedStruct *nextInChain;
        uint32_t sampleType, viewDimension;
        WGPUBool multisampled;
    } texture;
    struct {
        WGPUChainedStruct *nextInChain;
        uint32_t access, format, viewDimension;
    } storageTexture;
} WGPUBindGroupLayoutEntry;

typedef struct WGPUBindGroupLayoutDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    size_t entryCount;
    const WGPUBindGroupLayoutEntry *entries;
} WGPUBindGroupLayoutDescriptor;

typedef struct WGPUPipelineLayoutDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    size_t bindGroupLayoutCount;
    const WGPUBindGroupLayout *bindGroupLayouts;
    uint32_t immediateSize;
} WGPUPipelineLayoutDescriptor;

typedef struct WGPUPassTimestampWrites {
    WGPUChainedStruct *nextInChain;
    WGPUQuerySet querySet;
    uint32_t beginningOfPassWriteIndex, endOfPassWriteIndex;
} WGPUPassTimestampWrites;

typedef struct WGPUComputePassDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    const WGPUPassTimestampWrites *timestampWrites;
} WGPUComputePassDescriptor;

typedef struct WGPUQuerySetDescriptor {
    WGPUChainedStruct *nextInChain;
    WGPUStringView label;
    uint32_t type, count;
} WGPUQuerySetDescriptor;

typedef struct WGPUQueueWorkDoneCallbackInfo {
    WGPUChainedStruct *nextInChain;
    uint32_t mode;
    void (*callback)(uint32_t status, WGPUStringView message, void *a, void *b);
    void *userdata1, *userdata2;
} WGPUQueueWorkDoneCallbackInfo;

typedef struct WGPUBufferMapCallbackInfo {
    WGPUChainedStruct *nextInChain;
    uint32_t mode;
    void (*callback)(uint32_t status, WGPUStringView message, void *a, void *b);
    void *userdata1, *userdata2;
} WGPUBufferMapCallbackInfo;

#endif
