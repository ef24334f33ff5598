/* SPDX-License-Identifier: Apache-2.0 */
/* types_uuid.h: the identifier type that the runtime and the driver API share. */
#ifndef CW_CUDA_TYPES_UUID_H
#define CW_CUDA_TYPES_UUID_H

struct CUuuid_st {
    char bytes[16];
};
typedef struct CUuuid_st CUuuid;
typedef struct CUuuid_st cudaUUID_t;

#endif
