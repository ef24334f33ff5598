/* SPDX-License-Identifier: Apache-2.0 */
/* texel.c: what texel.h needs to know of an image before the first read. */
#include "backend/cpu/texel.h"

#include <pthread.h>
#include <stdbool.h>

float cw_cpu_unorm8[256], cw_cpu_srgb[256];

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* t^2.4 for t in (0, 1], as (t^12)^(1/5) by Newton's method: the library links no libm. */
static double power(double t) {
    double cube = t * t * t, wanted = cube * cube * cube * cube, root = 1.0;
    for (int i = 0; i < 64; i++) {
        double fourth = root * root * root * root;
        root -= (root * fourth - wanted) / (5.0 * fourth);
    }
    return root;
}

static void fill_tables(void) {
    for (int i = 0; i < 256; i++) {
        double code = i / 255.0;
        cw_cpu_unorm8[i] = (float)i / 255.0f;
        cw_cpu_srgb[i] = (float)(code <= 0.04045 ? code / 12.92 : power((code + 0.055) / 1.055));
    }
}

void cw_cpu_texel_prepare(struct cw_cpu_image *image) {
    static const struct {
        uint8_t bytes, plain, normalized;
    } texels[] = {
        [CW_TEXEL_UINT8] = {1, CW_CPU_DECODE_UINT8, CW_CPU_DECODE_UNORM8},
        [CW_TEXEL_SINT8] = {1, CW_CPU_DECODE_SINT8, CW_CPU_DECODE_SNORM8},
        [CW_TEXEL_UINT16] = {2, CW_CPU_DECODE_UINT16, CW_CPU_DECODE_UNORM16},
        [CW_TEXEL_SINT16] = {2, CW_CPU_DECODE_SINT16, CW_CPU_DECODE_SNORM16},
        [CW_TEXEL_UINT32] = {4, CW_CPU_DECODE_32, CW_CPU_DECODE_32},
        [CW_TEXEL_SINT32] = {4, CW_CPU_DECODE_32, CW_CPU_DECODE_32},
        [CW_TEXEL_FLOAT16] = {2, CW_CPU_DECODE_FLOAT16, CW_CPU_DECODE_FLOAT16},
        [CW_TEXEL_FLOAT32] = {4, CW_CPU_DECODE_32, CW_CPU_DECODE_32},
    };
    pthread_once(&once, fill_tables);
    uint32_t texel = image->image.texel;
    bool to_float = image->sampler.to_float != 0;
    image->texel_bytes = texels[texel].bytes * image->image.channels;
    image->decode = to_float ? texels[texel].normalized : texels[texel].plain;
    if (image->sampler.srgb && image->decode == CW_CPU_DECODE_UNORM8) {
        image->decode = CW_CPU_DECODE_SRGB8;
    }
    union cw_cpu_texel one = {.f = {1.0f}};
    bool is_integer = image->decode <= CW_CPU_DECODE_SINT16 || texel == CW_TEXEL_UINT32 || texel == CW_TEXEL_SINT32;
    image->last = is_integer ? 1 : one.u[0];
}
