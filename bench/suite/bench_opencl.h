/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_opencl.h: what the OpenCL programs of the suite share. They run on PoCL's CPU device, and end with
 * BENCH_CANNOT_RUN where that isn't installed.
 */
#ifndef BENCH_OPENCL_H
#define BENCH_OPENCL_H

#define CL_TARGET_OPENCL_VERSION 120
#define CL_USE_DEPRECATED_OPENCL_1_2_APIS
#include <CL/cl.h>

#include "bench.h"

struct opencl {
    cl_context context;
    cl_command_queue queue;
    cl_program program;
};

#define CL_CHECK(call) opencl_check((call), #call, __LINE__)

static inline void opencl_check(cl_int status, const char *call, int line) {
    if (status != CL_SUCCESS) {
        fprintf(stderr, "line %d: %s: OpenCL error %d\n", line, call, status);
        exit(1);
    }
}

static inline cl_device_id opencl_device(void) {
    cl_platform_id platforms[16];
    cl_uint count = 0;
    cl_device_id device;
    if (clGetPlatformIDs(16, platforms, &count) == CL_SUCCESS) {
        for (cl_uint i = 0; i < count && i < 16; i++) {
            char name[128] = "";
            clGetPlatformInfo(platforms[i], CL_PLATFORM_NAME, sizeof name - 1, name, NULL);
            if (strstr(name, "Portable Computing Language") &&
                clGetDeviceIDs(platforms[i], CL_DEVICE_TYPE_CPU, 1, &device, NULL) == CL_SUCCESS) {
                return device;
            }
        }
    }
    fprintf(stderr, "no OpenCL platform here is PoCL with a CPU device\n");
    exit(BENCH_CANNOT_RUN);
}

/* Builds the kernels in the file NAME.cl beside this source file; `folder` ends with '/'. */
static inline void opencl_start(struct opencl *opencl, const char *path) {
    cl_device_id device = opencl_device();
    cl_int status;
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    static char source[65536];
    const size_t size = fread(source, 1, sizeof source - 1, file);
    const char *text = source;
    fclose(file);
    opencl->context = clCreateContext(NULL, 1, &device, NULL, NULL, &status);
    CL_CHECK(status);
    opencl->queue = clCreateCommandQueue(opencl->context, device, 0, &status);
    CL_CHECK(status);
    opencl->program = clCreateProgramWithSource(opencl->context, 1, &text, &size, &status);
    CL_CHECK(status);
    if (clBuildProgram(opencl->program, 1, &device, "", NULL, NULL) != CL_SUCCESS) {
        static char log[16384];
        clGetProgramBuildInfo(opencl->program, device, CL_PROGRAM_BUILD_LOG, sizeof log - 1, log, NULL);
        fprintf(stderr, "%s does not build:\n%s\n", path, log);
        exit(1);
    }
}

static inline cl_kernel opencl_kernel(const struct opencl *opencl, const char *name) {
    cl_int status;
    cl_kernel kernel = clCreateKernel(opencl->program, name, &status);
    CL_CHECK(status);
    return kernel;
}

static inline cl_mem opencl_array(const struct opencl *opencl, size_t bytes) {
    cl_int status;
    cl_mem buffer = clCreateBuffer(opencl->context, CL_MEM_READ_WRITE, bytes, NULL, &status);
    CL_CHECK(status);
    return buffer;
}

static inline void opencl_write(const struct opencl *opencl, cl_mem buffer, const void *host, size_t bytes) {
    CL_CHECK(clEnqueueWriteBuffer(opencl->queue, buffer, CL_TRUE, 0, bytes, host, 0, NULL, NULL));
}

static inline void opencl_read(const struct opencl *opencl, void *host, cl_mem buffer, size_t bytes) {
    CL_CHECK(clEnqueueReadBuffer(opencl->queue, buffer, CL_TRUE, 0, bytes, host, 0, NULL, NULL));
}

static inline cl_mem opencl_array_of(const struct opencl *opencl, const void *host, size_t bytes) {
    cl_mem buffer = opencl_array(opencl, bytes);
    opencl_write(opencl, buffer, host, bytes);
    return buffer;
}

#define OPENCL_ARGUMENT(kernel, index, value) CL_CHECK(clSetKernelArg((kernel), (index), sizeof(value), &(value)))

/* Global size in work-items, local size in work-items of a group, for one or two dimensions. */
static inline void opencl_launch(const struct opencl *opencl, cl_kernel kernel, cl_uint dimensions,
                                 const size_t *global, const size_t *local) {
    CL_CHECK(clEnqueueNDRangeKernel(opencl->queue, kernel, dimensions, NULL, global, local, 0, NULL, NULL));
}

static inline void opencl_wait(const struct opencl *opencl) {
    CL_CHECK(clFinish(opencl->queue));
}

static inline size_t opencl_round_up(size_t count, size_t group) {
    return (count + group - 1) / group * group;
}

#endif
