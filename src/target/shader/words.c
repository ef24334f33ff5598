/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: what a device has, as words of the options: "vulkan+warp32+fused", as --target says them, and "warp32,fused", as backends do. */
#include <string.h>

#include "target/shader/shader.h"

static bool is_among(const char *words, const char *word) {
    size_t wanted = strlen(word);
    while (words && *words) {
        size_t length = strcspn(words, ",+");
        if (length == wanted && strncmp(words, word, length) == 0) {
            return true;
        }
        words += length + (words[length] != 0);
    }
    return false;
}

bool cw_shader_has_word(const struct cw_lower_options *options, const char *word) {
    return is_among(options->cpu, word) || is_among(options->features, word);
}
