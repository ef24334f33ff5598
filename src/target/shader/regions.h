/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regions.h: which shared and local memory a pointer can point into.
 *
 * Shading languages have typed arrays instead of an address space. Objects (shared variables, allocas) whose pointers may be
 * the same value somewhere are one region, found by unification (Steensgaard, "Points-to Analysis in Almost Linear Time",
 * POPL 1996); each region becomes one array, and a pointer a 32-bit offset in bytes from its start. If all accesses of a
 * region have one width, its elements have that width; else they are 32-bit words, of which smaller and larger accesses are
 * composed. Objects whose address goes where it can't be followed (into memory, into an integer, into a generic pointer)
 * are the space's escaped region.
 */
#ifndef CW_TARGET_SHADER_REGIONS_H
#define CW_TARGET_SHADER_REGIONS_H

#include "module/ir/ir.h"

struct cw_region {
    unsigned space;      /* CW_SPACE_SHARED or CW_SPACE_LOCAL */
    unsigned bits;       /* of an element: 8, 16, 32 or 64 */
    bool composed;       /* some access is not one element */
    bool escaped;
    unsigned lanes;      /* 4 or 2: some access is an aligned vector of so many elements, none is atomic; else 1 */
    bool dynamic;        /* dynamic shared memory lies at its end */
    uint64_t size;       /* bytes, without dynamic memory; a multiple of 16 */
};

struct cw_region_object {
    LLVMValueRef object; /* global variable or alloca */
    uint32_t region;
    uint64_t offset;     /* bytes in the region */
};

struct cw_regions {
    struct cw_region *regions;
    size_t region_count, region_capacity;
    struct cw_region_object *objects;
    size_t object_count, object_capacity;
    struct cw_region_slot *slots; /* regions.c */
    size_t slot_count, slot_capacity;
};

#define CW_REGION_NONE UINT32_MAX

/* Of one function, in the form that cw_shader_prepare leaves. */
void cw_regions_build(struct cw_regions *regions, LLVMValueRef function);
void cw_regions_fini(struct cw_regions *regions);
/* The region that a shared or local pointer points into. CW_REGION_NONE when there is no object it could point to. */
uint32_t cw_regions_of(const struct cw_regions *regions, LLVMValueRef pointer);
/* The object that a variable or alloca is; NULL when it is not used here. */
const struct cw_region_object *cw_regions_object(const struct cw_regions *regions, LLVMValueRef object);
/* The escaped region of a space, or CW_REGION_NONE: then no generic pointer points there. */
uint32_t cw_regions_escaped(const struct cw_regions *regions, unsigned space);

#endif
