/* SPDX-License-Identifier: Apache-2.0 */
/* api_stream.h: streams and events. Part of cuda_runtime_api.h. */
#ifndef CW_CUDA_API_STREAM_H
#define CW_CUDA_API_STREAM_H

CW_EXTERN_C_BEGIN

#ifndef cudaStreamGetCaptureInfo
#define cudaStreamGetCaptureInfo cudaStreamGetCaptureInfo_v2
#endif

/* ---- Streams ---- */
CW_CUDA_API cudaError_t cudaStreamCreate(cudaStream_t *pStream);
CW_CUDA_API cudaError_t cudaStreamCreateWithFlags(cudaStream_t *pStream, unsigned int flags);
CW_CUDA_API cudaError_t cudaStreamCreateWithPriority(cudaStream_t *pStream, unsigned int flags, int priority);
CW_CUDA_API cudaError_t cudaStreamGetPriority(cudaStream_t hStream, int *priority);
CW_CUDA_API cudaError_t cudaStreamGetFlags(cudaStream_t hStream, unsigned int *flags);
CW_CUDA_API cudaError_t cudaStreamGetId(cudaStream_t hStream, unsigned long long *streamId);
CW_CUDA_API cudaError_t cudaStreamGetDevice(cudaStream_t hStream, int *device);
CW_CUDA_API cudaError_t cudaCtxResetPersistingL2Cache(void);
CW_CUDA_API cudaError_t cudaStreamCopyAttributes(cudaStream_t dst, cudaStream_t src);
CW_CUDA_API cudaError_t cudaStreamGetAttribute(cudaStream_t hStream, cudaLaunchAttributeID attr,
                                               cudaLaunchAttributeValue *value_out);
CW_CUDA_API cudaError_t cudaStreamSetAttribute(cudaStream_t hStream, cudaLaunchAttributeID attr,
                                               const cudaLaunchAttributeValue *value);
CW_CUDA_API cudaError_t cudaStreamDestroy(cudaStream_t stream);
CW_CUDA_API cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaStreamAddCallback(cudaStream_t stream, cudaStreamCallback_t callback, void *userData,
                                              unsigned int flags);
CW_CUDA_API cudaError_t cudaStreamSynchronize(cudaStream_t stream);
CW_CUDA_API cudaError_t cudaStreamQuery(cudaStream_t stream);
CW_CUDA_API cudaError_t cudaStreamAttachMemAsync(cudaStream_t stream, void *devPtr, size_t length __dv(0),
                                                 unsigned int flags __dv(cudaMemAttachSingle));

/* ---- Stream capture ---- */
CW_CUDA_API cudaError_t cudaStreamBeginCapture(cudaStream_t stream, enum cudaStreamCaptureMode mode);
CW_CUDA_API cudaError_t cudaStreamBeginCaptureToGraph(cudaStream_t stream, cudaGraph_t graph,
                                                      const cudaGraphNode_t *dependencies,
                                                      const cudaGraphEdgeData *dependencyData, size_t numDependencies,
                                                      enum cudaStreamCaptureMode mode);
CW_CUDA_API cudaError_t cudaThreadExchangeStreamCaptureMode(enum cudaStreamCaptureMode *mode);
CW_CUDA_API cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *pGraph);
CW_CUDA_API cudaError_t cudaStreamIsCapturing(cudaStream_t stream, enum cudaStreamCaptureStatus *pCaptureStatus);
CW_CUDA_API cudaError_t cudaStreamGetCaptureInfo(cudaStream_t stream, enum cudaStreamCaptureStatus *captureStatus_out,
                                                 unsigned long long *id_out __dv(0), cudaGraph_t *graph_out __dv(0),
                                                 const cudaGraphNode_t **dependencies_out __dv(0),
                                                 size_t *numDependencies_out __dv(0));
CW_CUDA_API cudaError_t cudaStreamGetCaptureInfo_v3(cudaStream_t stream, enum cudaStreamCaptureStatus *captureStatus_out,
                                                    unsigned long long *id_out __dv(0), cudaGraph_t *graph_out __dv(0),
                                                    const cudaGraphNode_t **dependencies_out __dv(0),
                                                    const cudaGraphEdgeData **edgeData_out __dv(0),
                                                    size_t *numDependencies_out __dv(0));
CW_CUDA_API cudaError_t cudaStreamUpdateCaptureDependencies_v2(cudaStream_t stream, cudaGraphNode_t *dependencies,
                                                               const cudaGraphEdgeData *dependencyData,
                                                               size_t numDependencies, unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaStreamUpdateCaptureDependencies(cudaStream_t stream, cudaGraphNode_t *dependencies,
                                                            size_t numDependencies, unsigned int flags __dv(0));

/* ---- Events ---- */
CW_CUDA_API cudaError_t cudaEventCreate(cudaEvent_t *event);
CW_CUDA_API cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned int flags);
CW_CUDA_API cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream __dv(0));
CW_CUDA_API cudaError_t cudaEventRecordWithFlags(cudaEvent_t event, cudaStream_t stream __dv(0),
                                                 unsigned int flags __dv(0));
CW_CUDA_API cudaError_t cudaEventQuery(cudaEvent_t event);
CW_CUDA_API cudaError_t cudaEventSynchronize(cudaEvent_t event);
CW_CUDA_API cudaError_t cudaEventDestroy(cudaEvent_t event);
CW_CUDA_API cudaError_t cudaEventElapsedTime(float *ms, cudaEvent_t start, cudaEvent_t end);
CW_CUDA_API cudaError_t cudaEventElapsedTime_v2(float *ms, cudaEvent_t start, cudaEvent_t end);

CW_EXTERN_C_END

#endif
