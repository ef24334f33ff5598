/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cublas_api.h: the interface of cuBLAS, version 2: types, and the functions that programs commonly call. A function
 * that no linked library has fails to link, with its name.
 */
#ifndef CUBLAS_API_H_
#define CUBLAS_API_H_

#include <stddef.h>
#include <stdint.h>

#include "cuComplex.h"
#include "cuda_runtime_api.h"
#include "library_types.h"
#if defined(__cplusplus)
#include "cuda_bf16.h"
#include "cuda_fp16.h"
#endif

#define CUBLAS_VER_MAJOR 12
#define CUBLAS_VER_MINOR 9
#define CUBLAS_VER_PATCH 0
#define CUBLAS_VERSION (CUBLAS_VER_MAJOR * 10000 + CUBLAS_VER_MINOR * 100 + CUBLAS_VER_PATCH)
#define CUBLASWINAPI
#ifndef CUBLASAPI
#define CUBLASAPI
#endif

typedef enum {
    CUBLAS_STATUS_SUCCESS = 0,
    CUBLAS_STATUS_NOT_INITIALIZED = 1,
    CUBLAS_STATUS_ALLOC_FAILED = 3,
    CUBLAS_STATUS_INVALID_VALUE = 7,
    CUBLAS_STATUS_ARCH_MISMATCH = 8,
    CUBLAS_STATUS_MAPPING_ERROR = 11,
    CUBLAS_STATUS_EXECUTION_FAILED = 13,
    CUBLAS_STATUS_INTERNAL_ERROR = 14,
    CUBLAS_STATUS_NOT_SUPPORTED = 15,
    CUBLAS_STATUS_LICENSE_ERROR = 16
} cublasStatus_t;

typedef enum { CUBLAS_FILL_MODE_LOWER = 0, CUBLAS_FILL_MODE_UPPER = 1, CUBLAS_FILL_MODE_FULL = 2 } cublasFillMode_t;

typedef enum { CUBLAS_DIAG_NON_UNIT = 0, CUBLAS_DIAG_UNIT = 1 } cublasDiagType_t;

typedef enum { CUBLAS_SIDE_LEFT = 0, CUBLAS_SIDE_RIGHT = 1 } cublasSideMode_t;

typedef enum {
    CUBLAS_OP_N = 0,
    CUBLAS_OP_T = 1,
    CUBLAS_OP_C = 2,
    CUBLAS_OP_HERMITAN = 2,
    CUBLAS_OP_CONJG = 3
} cublasOperation_t;

typedef enum { CUBLAS_POINTER_MODE_HOST = 0, CUBLAS_POINTER_MODE_DEVICE = 1 } cublasPointerMode_t;

typedef enum { CUBLAS_ATOMICS_NOT_ALLOWED = 0, CUBLAS_ATOMICS_ALLOWED = 1 } cublasAtomicsMode_t;

typedef enum {
    CUBLAS_GEMM_DFALT = -1,
    CUBLAS_GEMM_DEFAULT = -1,
    CUBLAS_GEMM_DEFAULT_TENSOR_OP = 99,
    CUBLAS_GEMM_DFALT_TENSOR_OP = 99
} cublasGemmAlgo_t;

typedef enum {
    CUBLAS_DEFAULT_MATH = 0,
    CUBLAS_TENSOR_OP_MATH = 1,
    CUBLAS_PEDANTIC_MATH = 2,
    CUBLAS_TF32_TENSOR_OP_MATH = 3,
    CUBLAS_MATH_DISALLOW_REDUCED_PRECISION_REDUCTION = 16
} cublasMath_t;

typedef enum {
    CUBLAS_COMPUTE_16F = 64,
    CUBLAS_COMPUTE_16F_PEDANTIC = 65,
    CUBLAS_COMPUTE_32F = 68,
    CUBLAS_COMPUTE_32F_PEDANTIC = 69,
    CUBLAS_COMPUTE_32F_FAST_16F = 74,
    CUBLAS_COMPUTE_32F_FAST_16BF = 75,
    CUBLAS_COMPUTE_32F_FAST_TF32 = 77,
    CUBLAS_COMPUTE_64F = 70,
    CUBLAS_COMPUTE_64F_PEDANTIC = 71,
    CUBLAS_COMPUTE_32I = 72,
    CUBLAS_COMPUTE_32I_PEDANTIC = 73
} cublasComputeType_t;

typedef cudaDataType cublasDataType_t;
typedef struct cublasContext *cublasHandle_t;

CW_EXTERN_C_BEGIN

/* ---- Handles ---- */
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCreate_v2(cublasHandle_t *handle);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDestroy_v2(cublasHandle_t handle);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetVersion_v2(cublasHandle_t handle, int *version);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetProperty(libraryPropertyType type, int *value);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetStream_v2(cublasHandle_t handle, cudaStream_t streamId);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetStream_v2(cublasHandle_t handle, cudaStream_t *streamId);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetWorkspace_v2(cublasHandle_t handle, void *workspace,
                                                              size_t workspaceSizeInBytes);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t *mode);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetPointerMode_v2(cublasHandle_t handle, cublasPointerMode_t mode);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t *mode);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetAtomicsMode(cublasHandle_t handle, cublasAtomicsMode_t mode);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetMathMode(cublasHandle_t handle, cublasMath_t *mode);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetMathMode(cublasHandle_t handle, cublasMath_t mode);
CW_CUDA_API const char *CUBLASWINAPI cublasGetStatusName(cublasStatus_t status);
CW_CUDA_API const char *CUBLASWINAPI cublasGetStatusString(cublasStatus_t status);

/* ---- Copies of vectors and matrices ---- */
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetVector(int n, int elemSize, const void *x, int incx, void *devicePtr,
                                                        int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetVector(int n, int elemSize, const void *x, int incx, void *y,
                                                        int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSetMatrix(int rows, int cols, int elemSize, const void *A, int lda,
                                                        void *B, int ldb);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGetMatrix(int rows, int cols, int elemSize, const void *A, int lda,
                                                        void *B, int ldb);

/* ---- Level 1 ---- */
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIsamax_v2(cublasHandle_t handle, int n, const float *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIsamin_v2(cublasHandle_t handle, int n, const float *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSasum_v2(cublasHandle_t handle, int n, const float *x, int incx,
                                                       float *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSnrm2_v2(cublasHandle_t handle, int n, const float *x, int incx,
                                                       float *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSaxpy_v2(cublasHandle_t handle, int n, const float *alpha, const float *x,
                                                       int incx, float *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasScopy_v2(cublasHandle_t handle, int n, const float *x, int incx, float *y,
                                                       int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSswap_v2(cublasHandle_t handle, int n, float *x, int incx, float *y,
                                                       int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSscal_v2(cublasHandle_t handle, int n, const float *alpha, float *x,
                                                       int incx);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSdot_v2(cublasHandle_t handle, int n, const float *x, int incx,
                                                      const float *y, int incy, float *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIdamax_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIdamin_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDasum_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                       double *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDnrm2_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                       double *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDaxpy_v2(cublasHandle_t handle, int n, const double *alpha,
                                                       const double *x, int incx, double *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDcopy_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                       double *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDswap_v2(cublasHandle_t handle, int n, double *x, int incx, double *y,
                                                       int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDscal_v2(cublasHandle_t handle, int n, const double *alpha, double *x,
                                                       int incx);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDdot_v2(cublasHandle_t handle, int n, const double *x, int incx,
                                                      const double *y, int incy, double *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIcamax_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIcamin_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                        int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasScasum_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                        float *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasScnrm2_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                        float *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCaxpy_v2(cublasHandle_t handle, int n, const cuComplex *alpha,
                                                       const cuComplex *x, int incx, cuComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCcopy_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                       cuComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCswap_v2(cublasHandle_t handle, int n, cuComplex *x, int incx,
                                                       cuComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCscal_v2(cublasHandle_t handle, int n, const cuComplex *alpha,
                                                       cuComplex *x, int incx);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCdotu_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                       const cuComplex *y, int incy, cuComplex *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCdotc_v2(cublasHandle_t handle, int n, const cuComplex *x, int incx,
                                                       const cuComplex *y, int incy, cuComplex *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIzamax_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x,
                                                        int incx, int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasIzamin_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x,
                                                        int incx, int *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDzasum_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x,
                                                        int incx, double *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDznrm2_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x,
                                                        int incx, double *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZaxpy_v2(cublasHandle_t handle, int n, const cuDoubleComplex *alpha,
                                                       const cuDoubleComplex *x, int incx, cuDoubleComplex *y,
                                                       int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZcopy_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x, int incx,
                                                       cuDoubleComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZswap_v2(cublasHandle_t handle, int n, cuDoubleComplex *x, int incx,
                                                       cuDoubleComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZscal_v2(cublasHandle_t handle, int n, const cuDoubleComplex *alpha,
                                                       cuDoubleComplex *x, int incx);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZdotu_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x, int incx,
                                                       const cuDoubleComplex *y, int incy, cuDoubleComplex *result);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZdotc_v2(cublasHandle_t handle, int n, const cuDoubleComplex *x, int incx,
                                                       const cuDoubleComplex *y, int incy, cuDoubleComplex *result);

/* ---- Level 2 and 3 ---- */
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSgemv_v2(cublasHandle_t handle, cublasOperation_t trans, int m, int n,
                                                       const float *alpha, const float *A, int lda, const float *x,
                                                       int incx, const float *beta, float *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSgemm_v2(cublasHandle_t handle, cublasOperation_t transa,
                                                       cublasOperation_t transb, int m, int n, int k,
                                                       const float *alpha, const float *A, int lda, const float *B,
                                                       int ldb, const float *beta, float *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSsyrk_v2(cublasHandle_t handle, cublasFillMode_t uplo,
                                                       cublasOperation_t trans, int n, int k, const float *alpha,
                                                       const float *A, int lda, const float *beta, float *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasStrsm_v2(cublasHandle_t handle, cublasSideMode_t side,
                                                       cublasFillMode_t uplo, cublasOperation_t trans,
                                                       cublasDiagType_t diag, int m, int n, const float *alpha,
                                                       const float *A, int lda, float *B, int ldb);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSger_v2(cublasHandle_t handle, int m, int n, const float *alpha,
                                                      const float *x, int incx, const float *y, int incy, float *A,
                                                      int lda);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSgeam(cublasHandle_t handle, cublasOperation_t transa,
                                                    cublasOperation_t transb, int m, int n, const float *alpha,
                                                    const float *A, int lda, const float *beta, const float *B, int ldb,
                                                    float *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSgemmBatched(cublasHandle_t handle, cublasOperation_t transa,
                                                           cublasOperation_t transb, int m, int n, int k,
                                                           const float *alpha, const float *const Aarray[], int lda,
                                                           const float *const Barray[], int ldb, const float *beta,
                                                           float *const Carray[], int ldc, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasSgemmStridedBatched(cublasHandle_t handle, cublasOperation_t transa,
                                                                  cublasOperation_t transb, int m, int n, int k,
                                                                  const float *alpha, const float *A, int lda,
                                                                  long long int strideA, const float *B, int ldb,
                                                                  long long int strideB, const float *beta, float *C,
                                                                  int ldc, long long int strideC, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDgemv_v2(cublasHandle_t handle, cublasOperation_t trans, int m, int n,
                                                       const double *alpha, const double *A, int lda, const double *x,
                                                       int incx, const double *beta, double *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDgemm_v2(cublasHandle_t handle, cublasOperation_t transa,
                                                       cublasOperation_t transb, int m, int n, int k,
                                                       const double *alpha, const double *A, int lda, const double *B,
                                                       int ldb, const double *beta, double *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDsyrk_v2(cublasHandle_t handle, cublasFillMode_t uplo,
                                                       cublasOperation_t trans, int n, int k, const double *alpha,
                                                       const double *A, int lda, const double *beta, double *C,
                                                       int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDtrsm_v2(cublasHandle_t handle, cublasSideMode_t side,
                                                       cublasFillMode_t uplo, cublasOperation_t trans,
                                                       cublasDiagType_t diag, int m, int n, const double *alpha,
                                                       const double *A, int lda, double *B, int ldb);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDger_v2(cublasHandle_t handle, int m, int n, const double *alpha,
                                                      const double *x, int incx, const double *y, int incy, double *A,
                                                      int lda);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDgeam(cublasHandle_t handle, cublasOperation_t transa,
                                                    cublasOperation_t transb, int m, int n, const double *alpha,
                                                    const double *A, int lda, const double *beta, const double *B,
                                                    int ldb, double *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDgemmBatched(cublasHandle_t handle, cublasOperation_t transa,
                                                           cublasOperation_t transb, int m, int n, int k,
                                                           const double *alpha, const double *const Aarray[], int lda,
                                                           const double *const Barray[], int ldb, const double *beta,
                                                           double *const Carray[], int ldc, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasDgemmStridedBatched(cublasHandle_t handle, cublasOperation_t transa,
                                                                  cublasOperation_t transb, int m, int n, int k,
                                                                  const double *alpha, const double *A, int lda,
                                                                  long long int strideA, const double *B, int ldb,
                                                                  long long int strideB, const double *beta, double *C,
                                                                  int ldc, long long int strideC, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgemv_v2(cublasHandle_t handle, cublasOperation_t trans, int m, int n,
                                                       const cuComplex *alpha, const cuComplex *A, int lda,
                                                       const cuComplex *x, int incx, const cuComplex *beta,
                                                       cuComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgemm_v2(cublasHandle_t handle, cublasOperation_t transa,
                                                       cublasOperation_t transb, int m, int n, int k,
                                                       const cuComplex *alpha, const cuComplex *A, int lda,
                                                       const cuComplex *B, int ldb, const cuComplex *beta, cuComplex *C,
                                                       int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCsyrk_v2(cublasHandle_t handle, cublasFillMode_t uplo,
                                                       cublasOperation_t trans, int n, int k, const cuComplex *alpha,
                                                       const cuComplex *A, int lda, const cuComplex *beta, cuComplex *C,
                                                       int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCtrsm_v2(cublasHandle_t handle, cublasSideMode_t side,
                                                       cublasFillMode_t uplo, cublasOperation_t trans,
                                                       cublasDiagType_t diag, int m, int n, const cuComplex *alpha,
                                                       const cuComplex *A, int lda, cuComplex *B, int ldb);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgeru_v2(cublasHandle_t handle, int m, int n, const cuComplex *alpha,
                                                       const cuComplex *x, int incx, const cuComplex *y, int incy,
                                                       cuComplex *A, int lda);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgeam(cublasHandle_t handle, cublasOperation_t transa,
                                                    cublasOperation_t transb, int m, int n, const cuComplex *alpha,
                                                    const cuComplex *A, int lda, const cuComplex *beta,
                                                    const cuComplex *B, int ldb, cuComplex *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgemmBatched(cublasHandle_t handle, cublasOperation_t transa,
                                                           cublasOperation_t transb, int m, int n, int k,
                                                           const cuComplex *alpha, const cuComplex *const Aarray[],
                                                           int lda, const cuComplex *const Barray[], int ldb,
                                                           const cuComplex *beta, cuComplex *const Carray[], int ldc,
                                                           int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasCgemmStridedBatched(
    cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k,
    const cuComplex *alpha, const cuComplex *A, int lda, long long int strideA, const cuComplex *B, int ldb,
    long long int strideB, const cuComplex *beta, cuComplex *C, int ldc, long long int strideC, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZgemv_v2(cublasHandle_t handle, cublasOperation_t trans, int m, int n,
                                                       const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda,
                                                       const cuDoubleComplex *x, int incx, const cuDoubleComplex *beta,
                                                       cuDoubleComplex *y, int incy);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZgemm_v2(cublasHandle_t handle, cublasOperation_t transa,
                                                       cublasOperation_t transb, int m, int n, int k,
                                                       const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda,
                                                       const cuDoubleComplex *B, int ldb, const cuDoubleComplex *beta,
                                                       cuDoubleComplex *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZsyrk_v2(cublasHandle_t handle, cublasFillMode_t uplo,
                                                       cublasOperation_t trans, int n, int k,
                                                       const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda,
                                                       const cuDoubleComplex *beta, cuDoubleComplex *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZtrsm_v2(cublasHandle_t handle, cublasSideMode_t side,
                                                       cublasFillMode_t uplo, cublasOperation_t trans,
                                                       cublasDiagType_t diag, int m, int n,
                                                       const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda,
                                                       cuDoubleComplex *B, int ldb);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZgeru_v2(cublasHandle_t handle, int m, int n,
                                                       const cuDoubleComplex *alpha, const cuDoubleComplex *x, int incx,
                                                       const cuDoubleComplex *y, int incy, cuDoubleComplex *A, int lda);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZgeam(cublasHandle_t handle, cublasOperation_t transa,
                                                    cublasOperation_t transb, int m, int n,
                                                    const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda,
                                                    const cuDoubleComplex *beta, const cuDoubleComplex *B, int ldb,
                                                    cuDoubleComplex *C, int ldc);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasZgemmBatched(
    cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k,
    const cuDoubleComplex *alpha, const cuDoubleComplex *const Aarray[], int lda, const cuDoubleComplex *const Barray[],
    int ldb, const cuDoubleComplex *beta, cuDoubleComplex *const Carray[], int ldc, int batchCount);
CW_CUDA_API cublasStatus_t CUBLASWINAPI
cublasZgemmStridedBatched(cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n,
                          int k, const cuDoubleComplex *alpha, const cuDoubleComplex *A, int lda, long long int strideA,
                          const cuDoubleComplex *B, int ldb, long long int strideB, const cuDoubleComplex *beta,
                          cuDoubleComplex *C, int ldc, long long int strideC, int batchCount);

/* ---- Products of any type ---- */
#if defined(__cplusplus)
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasHgemm(cublasHandle_t handle, cublasOperation_t transa,
                                                    cublasOperation_t transb, int m, int n, int k, const __half *alpha,
                                                    const __half *A, int lda, const __half *B, int ldb,
                                                    const __half *beta, __half *C, int ldc);
#endif
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGemmEx(cublasHandle_t handle, cublasOperation_t transa,
                                                     cublasOperation_t transb, int m, int n, int k, const void *alpha,
                                                     const void *A, cudaDataType Atype, int lda, const void *B,
                                                     cudaDataType Btype, int ldb, const void *beta, void *C,
                                                     cudaDataType Ctype, int ldc, cublasComputeType_t computeType,
                                                     cublasGemmAlgo_t algo);
CW_CUDA_API cublasStatus_t CUBLASWINAPI cublasGemmStridedBatchedEx(
    cublasHandle_t handle, cublasOperation_t transa, cublasOperation_t transb, int m, int n, int k, const void *alpha,
    const void *A, cudaDataType Atype, int lda, long long int strideA, const void *B, cudaDataType Btype, int ldb,
    long long int strideB, const void *beta, void *C, cudaDataType Ctype, int ldc, long long int strideC,
    int batchCount, cublasComputeType_t computeType, cublasGemmAlgo_t algo);

CW_EXTERN_C_END

#endif
