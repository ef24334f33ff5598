/* SPDX-License-Identifier: Apache-2.0 */
/* matrix.c: what the targets declare, side by side. */
#include "base/text.h"
#include "target/target.h"

static void write_features(struct cw_text *text) {
    static const char *const names[] = {
#define X(name, words) words,
        CW_FEATURE_LIST(X)
#undef X
    };
    cw_text_add(text, "| a kernel uses |");
    for (size_t t = 0; cw_targets[t]; t++) cw_text_printf(text, " %s |", cw_targets[t]->name);
    cw_text_add(text, "\n|---|");
    for (size_t t = 0; cw_targets[t]; t++) cw_text_add(text, "---|");
    for (uint32_t f = 0; f < CW_FEATURE_COUNT; f++) {
        cw_text_printf(text, "\n| %s |", names[f]);
        for (size_t t = 0; cw_targets[t]; t++) cw_text_add(text, cw_targets[t]->features & ~cw_targets[t]->refused & (1u << f) ? " yes |" : " refused |");
    }
    cw_text_add(text, "\n");
}

static void write_list(struct cw_text *text, const char *target, const char *head, const char *const *items) {
    if (!items) return;
    cw_text_printf(text, "\n**%s** %s:\n\n", target, head);
    for (; *items; items++) cw_text_printf(text, "- %s\n", *items);
}

void cw_target_matrix(struct cw_bytes *out) {
    struct cw_text text = {0};
    write_features(&text);
    for (size_t t = 0; cw_targets[t]; t++) {
        write_list(&text, cw_targets[t]->name, "also refuses", cw_targets[t]->refusals);
        write_list(&text, cw_targets[t]->name, "differs from CUDA", cw_targets[t]->deviations);
    }
    out->data = cw_text_take(&text, &out->size);
}
