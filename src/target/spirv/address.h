/* SPDX-License-Identifier: Apache-2.0 */
/*
 * address.h: addresses in regions and parameters, as sums; and where a generic pointer goes.
 *
 * A generic pointer into the escaped region of a space is the region's tag in the upper 32 bits and the offset in the lower;
 * no device address looks like that, since the upper 16 bits of those are all equal. Without escaped regions a generic
 * pointer is a device address, and nothing is tested.
 */
#ifndef CW_TARGET_SPIRV_ADDRESS_H
#define CW_TARGET_SPIRV_ADDRESS_H

#include "target/spirv/spirv.h"

#define SPV_TAG_SHARED 0x7fff0003u
#define SPV_TAG_LOCAL 0x7fff0005u
#define SPV_TERMS_MAX 12

/* A byte offset: constant + sum of id * scale, all modulo 2^32. */
struct spv_offset {
    uint32_t constant;
    uint32_t count;
    struct {
        uint32_t id, scale;
    } terms[SPV_TERMS_MAX];
};

struct spv_where {
    uint32_t region;           /* CW_REGION_NONE: device memory at `address`, or one of the next two */
    bool params, constants;    /* the parameters; the module's constant variables, as a uniform buffer */
    uint32_t address;          /* a 64-bit id */
    struct spv_offset offset;  /* in the region, the parameters, the constants */
};

/* Bytes of device memory per index of a getelementptr, and so on. */
struct spv_offset spv_offset_of(struct spv_module *module, LLVMValueRef pointer);
/* The offset plus `bytes`, as an id; and divided by the size of an element. */
uint32_t spv_offset_id(struct spv_module *module, const struct spv_offset *offset, uint32_t bytes);
uint32_t spv_offset_index(struct spv_module *module, const struct spv_offset *offset, uint32_t bytes, unsigned element_bits);

/* Does something with each place that `pointer` may go to: `act` gives `count` ids of `types`, which are joined in `results`. */
typedef void (*spv_action)(struct spv_module *module, const struct spv_where *where, void *context, uint32_t *results);
void spv_for_where(struct spv_module *module, LLVMValueRef pointer, spv_action act, void *context, const uint32_t *types,
                   uint32_t count, uint32_t *results);

/* A pointer to the element of a region at an offset, and to the vector of its `lanes` there. */
uint32_t spv_element(struct spv_module *module, uint32_t region, const struct spv_offset *offset, uint32_t bytes);
uint32_t spv_element_vector(struct spv_module *module, uint32_t region, const struct spv_offset *offset, uint32_t bytes);

#endif
