/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gl.c: see gl.h. Constants and functions are those of the OpenGL 4.6 specification; nothing newer than OpenGL 2.1 is
 * called. Functions are looked up in the process: by their own name, else through the window system's lookup function.
 */
#include "runtime/gl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "runtime/thread.h"

/* X(result, name, parameters) */
#define GL_FUNCTIONS(X)                                                                                                \
    X(const unsigned char *, GetString, (unsigned name))                                                               \
    X(unsigned, GetError, (void))                                                                                      \
    X(void, GetIntegerv, (unsigned name, int *value))                                                                  \
    X(void, PixelStorei, (unsigned name, int value))                                                                   \
    X(unsigned char, IsBuffer, (unsigned name))                                                                        \
    X(void, BindBuffer, (unsigned target, unsigned name))                                                              \
    X(void, GetBufferParameteriv, (unsigned target, unsigned name, int *value))                                        \
    X(void, GetBufferSubData, (unsigned target, ptrdiff_t offset, ptrdiff_t size, void *data))                         \
    X(void, BufferSubData, (unsigned target, ptrdiff_t offset, ptrdiff_t size, const void *data))                      \
    X(unsigned char, IsTexture, (unsigned name))                                                                       \
    X(void, BindTexture, (unsigned target, unsigned name))                                                             \
    X(void, GetTexLevelParameteriv, (unsigned target, int level, unsigned name, int *value))                           \
    X(void, GetTexImage, (unsigned target, int level, unsigned format, unsigned type, void *data))                     \
    X(void, TexSubImage2D,                                                                                             \
      (unsigned target, int level, int x, int y, int width, int height, unsigned format, unsigned type,                \
       const void *data))                                                                                              \
    X(void, TexSubImage3D,                                                                                             \
      (unsigned target, int level, int x, int y, int z, int width, int height, int depth, unsigned format,             \
       unsigned type, const void *data))

static struct {
#define X(result, name, parameters) result(*name) parameters;
    GL_FUNCTIONS(X)
#undef X
} gl;
static bool complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

enum {
    GL_VERSION = 0x1f02,
    GL_TEXTURE_2D = 0x0de1,
    GL_TEXTURE_BINDING_2D = 0x8069,
    GL_TEXTURE_3D = 0x806f,
    GL_TEXTURE_BINDING_3D = 0x806a,
    GL_TEXTURE_RECTANGLE = 0x84f5,
    GL_TEXTURE_BINDING_RECTANGLE = 0x84f6,
    GL_TEXTURE_WIDTH = 0x1000,
    GL_TEXTURE_HEIGHT = 0x1001,
    GL_TEXTURE_INTERNAL_FORMAT = 0x1003,
    GL_TEXTURE_DEPTH = 0x8071,
    GL_ARRAY_BUFFER = 0x8892,
    GL_ARRAY_BUFFER_BINDING = 0x8894,
    GL_BUFFER_SIZE = 0x8764,
    GL_PIXEL_PACK_BUFFER = 0x88eb,
    GL_PIXEL_UNPACK_BUFFER = 0x88ec,
    GL_PIXEL_PACK_BUFFER_BINDING = 0x88ed,
    GL_PIXEL_UNPACK_BUFFER_BINDING = 0x88ef,
};

static void *look_up(const char *name) {
    void *found = dlsym(RTLD_DEFAULT, name);
    static const char *const finders[] = {"glXGetProcAddressARB", "eglGetProcAddress"};
    for (size_t i = 0; !found && i < sizeof finders / sizeof finders[0]; i++) {
        void *(*finder)(const char *) = NULL;
        *(void **)&finder = dlsym(RTLD_DEFAULT, finders[i]);
        found = finder ? finder(name) : NULL;
    }
    return found;
}

static void load(void) {
    complete = true;
#define X(result, name, parameters)                                                                                    \
    *(void **)&gl.name = look_up("gl" #name);                                                                          \
    complete = complete && gl.name;
    GL_FUNCTIONS(X)
#undef X
}

cudaError_t cw_rt_gl_ready(void) {
    pthread_once(&once, load);
    if (!complete) {
        return cw_rt_fail(cudaErrorOperatingSystem, "this process has no OpenGL library");
    }
    return gl.GetString(GL_VERSION)
               ? cudaSuccess
               : cw_rt_fail(cudaErrorInvalidGraphicsContext, "no OpenGL context is current on this thread");
}

static void drop_errors(void) {
    for (int i = 0; i < 16 && gl.GetError() != 0; i++) {}
}

static cudaError_t outcome(const char *what) {
    unsigned error = gl.GetError();
    return error == 0 ? cudaSuccess : cw_rt_fail(cudaErrorUnknown, "OpenGL's error 0x%x when %s", error, what);
}

/* ---- Buffers ------------------------------------------------------------------------------------------------- */

static int bind_buffer(unsigned buffer) {
    int before = 0;
    drop_errors();
    gl.GetIntegerv(GL_ARRAY_BUFFER_BINDING, &before);
    gl.BindBuffer(GL_ARRAY_BUFFER, buffer);
    return before;
}

cudaError_t cw_rt_gl_buffer_size(unsigned buffer, size_t *bytes) {
    int size = 0;
    cudaError_t error = cw_rt_gl_ready();
    if (error == cudaSuccess && !gl.IsBuffer(buffer)) {
        error = cw_rt_fail(cudaErrorInvalidResourceHandle, "%u is no buffer of the current OpenGL context", buffer);
    }
    if (error != cudaSuccess) {
        return error;
    }
    int before = bind_buffer(buffer);
    gl.GetBufferParameteriv(GL_ARRAY_BUFFER, GL_BUFFER_SIZE, &size);
    error = outcome("a buffer's size was asked for");
    gl.BindBuffer(GL_ARRAY_BUFFER, (unsigned)before);
    *bytes = (size_t)size;
    return error;
}

cudaError_t cw_rt_gl_buffer_read(unsigned buffer, void *memory, size_t bytes) {
    cudaError_t error = cw_rt_gl_ready();
    if (error != cudaSuccess) {
        return error;
    }
    int before = bind_buffer(buffer);
    gl.GetBufferSubData(GL_ARRAY_BUFFER, 0, (ptrdiff_t)bytes, memory);
    error = outcome("a buffer was read");
    gl.BindBuffer(GL_ARRAY_BUFFER, (unsigned)before);
    return error;
}

cudaError_t cw_rt_gl_buffer_write(unsigned buffer, const void *memory, size_t bytes) {
    cudaError_t error = cw_rt_gl_ready();
    if (error != cudaSuccess) {
        return error;
    }
    int before = bind_buffer(buffer);
    gl.BufferSubData(GL_ARRAY_BUFFER, 0, (ptrdiff_t)bytes, memory);
    error = outcome("a buffer was written");
    gl.BindBuffer(GL_ARRAY_BUFFER, (unsigned)before);
    return error;
}

/* ---- Textures ------------------------------------------------------------------------------------------------ */

/* OpenGL's internal formats that CUDA lists as shareable, with channels, bits, and the words of their transfers. Unsized
 * and legacy ones are what drivers make of them. */
static const struct format {
    unsigned internal;
    uint8_t channels, bits;
    enum cudaChannelFormatKind kind;
    unsigned format, type;
} formats[] = {
    {0x8229, 1, 8, cudaChannelFormatKindUnsigned, 0x1903, 0x1401},
    {0x822b, 2, 8, cudaChannelFormatKindUnsigned, 0x8227, 0x1401},
    {0x8058, 4, 8, cudaChannelFormatKindUnsigned, 0x1908, 0x1401},
    {0x1908, 4, 8, cudaChannelFormatKindUnsigned, 0x1908, 0x1401},
    {0x8040, 1, 8, cudaChannelFormatKindUnsigned, 0x1909, 0x1401},
    {0x1909, 1, 8, cudaChannelFormatKindUnsigned, 0x1909, 0x1401},
    {0x803c, 1, 8, cudaChannelFormatKindUnsigned, 0x1906, 0x1401},
    {0x822a, 1, 16, cudaChannelFormatKindUnsigned, 0x1903, 0x1403},
    {0x822c, 2, 16, cudaChannelFormatKindUnsigned, 0x8227, 0x1403},
    {0x805b, 4, 16, cudaChannelFormatKindUnsigned, 0x1908, 0x1403},
    {0x822d, 1, 16, cudaChannelFormatKindFloat, 0x1903, 0x140b},
    {0x822f, 2, 16, cudaChannelFormatKindFloat, 0x8227, 0x140b},
    {0x881a, 4, 16, cudaChannelFormatKindFloat, 0x1908, 0x140b},
    {0x822e, 1, 32, cudaChannelFormatKindFloat, 0x1903, 0x1406},
    {0x8230, 2, 32, cudaChannelFormatKindFloat, 0x8227, 0x1406},
    {0x8814, 4, 32, cudaChannelFormatKindFloat, 0x1908, 0x1406},
    {0x8232, 1, 8, cudaChannelFormatKindUnsigned, 0x8d94, 0x1401},
    {0x8238, 2, 8, cudaChannelFormatKindUnsigned, 0x8228, 0x1401},
    {0x8d7c, 4, 8, cudaChannelFormatKindUnsigned, 0x8d99, 0x1401},
    {0x8231, 1, 8, cudaChannelFormatKindSigned, 0x8d94, 0x1400},
    {0x8237, 2, 8, cudaChannelFormatKindSigned, 0x8228, 0x1400},
    {0x8d8e, 4, 8, cudaChannelFormatKindSigned, 0x8d99, 0x1400},
    {0x8234, 1, 16, cudaChannelFormatKindUnsigned, 0x8d94, 0x1403},
    {0x823a, 2, 16, cudaChannelFormatKindUnsigned, 0x8228, 0x1403},
    {0x8d76, 4, 16, cudaChannelFormatKindUnsigned, 0x8d99, 0x1403},
    {0x8233, 1, 16, cudaChannelFormatKindSigned, 0x8d94, 0x1402},
    {0x8239, 2, 16, cudaChannelFormatKindSigned, 0x8228, 0x1402},
    {0x8d88, 4, 16, cudaChannelFormatKindSigned, 0x8d99, 0x1402},
    {0x8236, 1, 32, cudaChannelFormatKindUnsigned, 0x8d94, 0x1405},
    {0x823c, 2, 32, cudaChannelFormatKindUnsigned, 0x8228, 0x1405},
    {0x8d70, 4, 32, cudaChannelFormatKindUnsigned, 0x8d99, 0x1405},
    {0x8235, 1, 32, cudaChannelFormatKindSigned, 0x8d94, 0x1404},
    {0x823b, 2, 32, cudaChannelFormatKindSigned, 0x8228, 0x1404},
    {0x8d82, 4, 32, cudaChannelFormatKindSigned, 0x8d99, 0x1404},
};

/* The name under which the binding of `target` is asked for; 0 for targets that are not shared. */
static unsigned binding_of(unsigned target) {
    switch (target) {
    case GL_TEXTURE_2D:
        return GL_TEXTURE_BINDING_2D;
    case GL_TEXTURE_RECTANGLE:
        return GL_TEXTURE_BINDING_RECTANGLE;
    case GL_TEXTURE_3D:
        return GL_TEXTURE_BINDING_3D;
    default:
        return 0;
    }
}

/* What transfers depend on beside their arguments: the rows' form and the buffers that stand for memory. */
struct pixel_state {
    int texture, values[6], buffer;
};
static const unsigned pack_names[6] = {0x0d05, 0x0d02, 0x0d03, 0x0d04, 0x806b, 0x806c};
static const unsigned unpack_names[6] = {0x0cf5, 0x0cf2, 0x0cf3, 0x0cf4, 0x806d, 0x806e};

static void begin(const struct cw_rt_gl_image *image, bool reading, struct pixel_state *state) {
    const unsigned *names = reading ? pack_names : unpack_names;
    drop_errors();
    gl.GetIntegerv(binding_of(image->target), &state->texture);
    gl.BindTexture(image->target, image->name);
    gl.GetIntegerv(reading ? GL_PIXEL_PACK_BUFFER_BINDING : GL_PIXEL_UNPACK_BUFFER_BINDING, &state->buffer);
    gl.BindBuffer(reading ? GL_PIXEL_PACK_BUFFER : GL_PIXEL_UNPACK_BUFFER, 0);
    for (int i = 0; i < 6; i++) {
        gl.GetIntegerv(names[i], &state->values[i]);
        gl.PixelStorei(names[i], i == 0 ? 1 : 0); /* the first is the rows' alignment */
    }
}

static void end(const struct cw_rt_gl_image *image, bool reading, const struct pixel_state *state) {
    const unsigned *names = reading ? pack_names : unpack_names;
    for (int i = 0; i < 6; i++) {
        gl.PixelStorei(names[i], state->values[i]);
    }
    gl.BindBuffer(reading ? GL_PIXEL_PACK_BUFFER : GL_PIXEL_UNPACK_BUFFER, (unsigned)state->buffer);
    gl.BindTexture(image->target, (unsigned)state->texture);
}

cudaError_t cw_rt_gl_image_describe(unsigned name, unsigned target, struct cw_rt_gl_image *image) {
    int width = 0, height = 0, depth = 0, internal = 0, before = 0;
    cudaError_t error = cw_rt_gl_ready();
    if (error == cudaSuccess && !binding_of(target)) {
        error = cw_rt_fail(cudaErrorNotSupported,
                           "OpenGL's target 0x%x: only GL_TEXTURE_2D, _RECTANGLE and _3D are shared", target);
    }
    if (error == cudaSuccess && !gl.IsTexture(name)) {
        error = cw_rt_fail(cudaErrorInvalidResourceHandle, "%u is no texture of the current OpenGL context", name);
    }
    if (error != cudaSuccess) {
        return error;
    }
    drop_errors();
    gl.GetIntegerv(binding_of(target), &before);
    gl.BindTexture(target, name);
    gl.GetTexLevelParameteriv(target, 0, GL_TEXTURE_WIDTH, &width);
    gl.GetTexLevelParameteriv(target, 0, GL_TEXTURE_HEIGHT, &height);
    gl.GetTexLevelParameteriv(target, 0, GL_TEXTURE_DEPTH, &depth);
    gl.GetTexLevelParameteriv(target, 0, GL_TEXTURE_INTERNAL_FORMAT, &internal);
    error = outcome("a texture's form was asked for");
    gl.BindTexture(target, (unsigned)before);
    if (error != cudaSuccess) {
        return error;
    }
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const struct format *f = &formats[i];
        if (f->internal == (unsigned)internal) {
            int bits = f->bits, more = f->channels > 1 ? bits : 0, most = f->channels > 2 ? bits : 0;
            *image =
                (struct cw_rt_gl_image){name,
                                        target,
                                        f->format,
                                        f->type,
                                        {bits, more, most, most, f->kind},
                                        {(size_t)width, (size_t)height, target == GL_TEXTURE_3D ? (size_t)depth : 0}};
            return cudaSuccess;
        }
    }
    return cw_rt_fail(cudaErrorNotSupported, "textures of OpenGL's internal format 0x%x can't be shared", internal);
}

cudaError_t cw_rt_gl_image_read(const struct cw_rt_gl_image *image, void *memory) {
    struct pixel_state state;
    cudaError_t error = cw_rt_gl_ready();
    if (error == cudaSuccess) {
        begin(image, true, &state);
        gl.GetTexImage(image->target, 0, image->format, image->type, memory);
        error = outcome("a texture was read");
        end(image, true, &state);
    }
    return error;
}

cudaError_t cw_rt_gl_image_write(const struct cw_rt_gl_image *image, const void *memory) {
    struct pixel_state state;
    int width = (int)image->extent.width, height = (int)image->extent.height;
    cudaError_t error = cw_rt_gl_ready();
    if (error == cudaSuccess) {
        begin(image, false, &state);
        if (image->target == GL_TEXTURE_3D) {
            gl.TexSubImage3D(image->target, 0, 0, 0, 0, width, height, (int)image->extent.depth, image->format,
                             image->type, memory);
        } else {
            gl.TexSubImage2D(image->target, 0, 0, 0, width, height, image->format, image->type, memory);
        }
        error = outcome("a texture was written");
        end(image, false, &state);
    }
    return error;
}
