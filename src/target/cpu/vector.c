/* SPDX-License-Identifier: Apache-2.0 */
/*
 * vector.c: from a kernel to its widened forms: a copy of the kernel's body for each form, inlined into a function of its own,
 * which the SIMT-to-SIMD compiler (pass/vector) then widens in place. The kernel itself stays for `run`.
 *
 * Lanes: as many as a register holds of 32 bits; 32, a warp, for kernels with warp collectives or old lockstep code.
 */
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>
#include <string.h>

#include "target/cpu/cpu.h"
#include "target/cpu/lines.h"

#define WARP 32u
#define STREAM_LANES 16u /* AVX-512: a register is a cache line */
#define STREAM_WORDS 32u
#define NARROW_INSTRUCTIONS_MAX 400u /* of the form with parts */
#define EDGES_INSTRUCTIONS_MAX 300u  /* of the kernel */

enum { ROWS, NARROW, EDGES, OTHERS, FORMS };

unsigned cw_cpu_sve_bits(const struct cw_lower_options *options) {
    static const struct {
        const char *cpu;
        unsigned bits;
    } processors[] = {{"neoverse-v1", 256}, {"a64fx", 512}};
    for (size_t k = 0; k < sizeof processors / sizeof processors[0]; k++)
        if (strcmp(options->cpu, processors[k].cpu) == 0) return processors[k].bits;
    return 0;
}

unsigned cw_cpu_lanes(const struct cw_lower_options *options) {
    if (cw_cpu_sve_bits(options)) return cw_cpu_sve_bits(options) / 32;
    static const struct {
        const char *feature, *cpu;
        unsigned lanes;
    } levels[] = {{"+avx512f", "x86-64-v4", 16}, {"+avx2", "x86-64-v3", 8}, {"+v,", "", 8}};
    for (size_t k = 0; k < sizeof levels / sizeof levels[0]; k++)
        if (strstr(options->features, levels[k].feature) || strcmp(options->cpu, levels[k].cpu) == 0) return levels[k].lanes;
    return 4;
}

/* ---- Parameters of class type ---- */

/* True if what `pointer` points to is only read, and its address kept nowhere. */
static bool is_only_read(LLVMValueRef pointer) {
    for (LLVMUseRef use = LLVMGetFirstUse(pointer); use; use = LLVMGetNextUse(use)) {
        LLVMValueRef user = LLVMGetUser(use);
        if (LLVMIsALoadInst(user)) continue;
        if (LLVMIsAGetElementPtrInst(user) && is_only_read(user)) continue;
        LLVMValueRef callee = LLVMIsACallInst(user) ? cw_called_function(user) : NULL;
        bool copies_from = callee && strncmp(cw_value_name(callee), "llvm.memcpy.", 12) == 0 && LLVMGetOperand(user, 1) == pointer &&
                           LLVMGetOperand(user, 0) != pointer;
        if (!copies_from) return false;
    }
    return true;
}

/* True of what the source calls __grid_constant__: the grid has one such object, whose address threads may compare and keep. */
static bool is_grid_constant(LLVMValueRef kernel, unsigned parameter) {
    static const char name[] = "nvvm.grid_constant";
    return LLVMGetStringAttributeAtIndex(kernel, parameter + 1, name, sizeof name - 1) != NULL;
}

/* A class passed by value needs a copy of its own in every thread only where threads write to it. */
static void pass_by_address(LLVMValueRef kernel) {
    LLVMContextRef context = LLVMGetModuleContext(LLVMGetGlobalParent(kernel));
    for (unsigned k = 0; k < LLVMCountParams(kernel); k++) {
        if (!LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"))) continue;
        if (!is_grid_constant(kernel, k) && !is_only_read(LLVMGetParam(kernel, k))) continue;
        LLVMRemoveEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"));
        LLVMAddAttributeAtIndex(kernel, k + 1, LLVMCreateStringAttribute(context, CW_CPU_BY_ADDRESS, sizeof CW_CPU_BY_ADDRESS - 1, "", 0));
        static const char *const facts[] = {"noalias", "readonly"};
        for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++)
            LLVMAddAttributeAtIndex(kernel, k + 1, LLVMCreateEnumAttribute(context, cw_attribute_kind(facts[f]), 0));
    }
}

/* ---- One form of one kernel ---- */

/* A function of type result(the kernel's parameters, more) named KERNEL.SUFFIX. */
static LLVMValueRef add_function(LLVMModuleRef llvm, LLVMValueRef kernel, const char *suffix, LLVMTypeRef result, const LLVMTypeRef *more,
                                 unsigned more_count) {
    unsigned count = LLVMCountParams(kernel);
    LLVMTypeRef *types = cw_alloc_array(count + more_count + 1, sizeof *types);
    for (unsigned k = 0; k < count; k++) types[k] = LLVMTypeOf(LLVMGetParam(kernel, k));
    for (unsigned k = 0; k < more_count; k++) types[count + k] = more[k];
    char *name = cw_format("%s.%s", cw_value_name(kernel), suffix);
    LLVMValueRef function = LLVMAddFunction(llvm, name, LLVMFunctionType(result, types, count + more_count, 0));
    LLVMSetLinkage(function, LLVMInternalLinkage);
    cw_add_attribute(function, "nounwind", 0);
    for (unsigned k = 0; k < count; k++) {
        static const char *const facts[] = {"noalias", "readonly"};
        for (size_t f = 0; f < sizeof facts / sizeof facts[0]; f++) {
            LLVMAttributeRef fact = LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind(facts[f]));
            if (fact) LLVMAddAttributeAtIndex(function, k + 1, fact);
        }
    }
    free(name);
    free(types);
    return function;
}

/* What cw_pass_vectorise takes, its body a call of the kernel. */
static LLVMValueRef copy_kernel(LLVMModuleRef llvm, LLVMValueRef kernel, const char *suffix, enum cw_vector_waits waits,
                                struct cw_cpu_lines *lines) {
    LLVMContextRef context = LLVMGetModuleContext(llvm);
    LLVMBuilderRef builder = LLVMCreateBuilderInContext(context);
    LLVMTypeRef i32 = LLVMInt32TypeInContext(context), pointer = LLVMPointerTypeInContext(context, 0);
    const LLVMTypeRef more[] = {i32, i32, i32, i32, pointer, i32, pointer};
    bool returns = waits == CW_VECTOR_RETURNS;
    LLVMValueRef copy = add_function(llvm, kernel, suffix, returns ? i32 : LLVMVoidTypeInContext(context), more, returns ? 7 : 4);
    unsigned count = LLVMCountParams(kernel);
    LLVMValueRef *arguments = cw_alloc_array(count + 1, sizeof *arguments);
    cw_cpu_lines_begin(lines, kernel, copy, builder);
    LLVMPositionBuilderAtEnd(builder, LLVMAppendBasicBlockInContext(context, copy, "entry"));
    for (unsigned k = 0; k < count; k++) arguments[k] = LLVMGetParam(copy, k);
    LLVMValueRef call = LLVMBuildCall2(builder, LLVMGlobalGetValueType(kernel), kernel, arguments, count, "");
    LLVMSetInstructionCallConv(call, LLVMGetFunctionCallConv(kernel));
    for (unsigned k = 0; k < count; k++) {
        LLVMAttributeRef byval = LLVMGetEnumAttributeAtIndex(kernel, k + 1, cw_attribute_kind("byval"));
        if (byval) LLVMAddCallSiteAttribute(call, k + 1, byval);
    }
    /* A group's frame is reached through this parameter alone. */
    if (returns) LLVMAddAttributeAtIndex(copy, count + 5, LLVMCreateEnumAttribute(context, cw_attribute_kind("noalias"), 0));
    if (returns) LLVMBuildRet(builder, LLVMConstInt(i32, (uint64_t)CW_VECTOR_FINISHED, 1));
    else LLVMBuildRetVoid(builder);
    LLVMDisposeBuilder(builder);
    free(arguments);
    return copy;
}

/* True if the widened function may wait in a service. */
static bool waits_in_service(LLVMValueRef widened) {
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(widened); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) {
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            if (!callee) continue;
            enum cw_intrinsic intrinsic = cw_called_intrinsic(i);
            if (strcmp(cw_value_name(callee), CW_VECTOR_BARRIER_VOTE) == 0) return true;
            if (intrinsic != CW_INTRINSIC_COUNT && cw_intrinsics[intrinsic].effects & CW_EFFECT_SUSPENDS) return true;
        }
    return false;
}

static void merge_needs(struct cw_vector_needs *into, const struct cw_vector_needs *from) {
    for (unsigned k = 0; k < 3; k++)
        if (from->block_scale[k] > into->block_scale[k]) into->block_scale[k] = from->block_scale[k];
    if (from->stream_bytes > into->stream_bytes) into->stream_bytes = from->stream_bytes;
    into->stream_loops |= from->stream_loops;
}

/* Frames are counted by vectors of lanes; a call has one for all of its parts. */
static void set_frames(struct cw_cpu_entry *entry, const struct cw_vector_needs needs[FORMS]) {
    uint32_t vectors = entry->parts.many * entry->parts.wide, bytes = (needs[ROWS].frame_bytes + vectors - 1) / vectors;
    if (needs[EDGES].frame_bytes > vectors * bytes) bytes = (needs[EDGES].frame_bytes + vectors - 1) / vectors;
    if (needs[OTHERS].frame_bytes > bytes) bytes = needs[OTHERS].frame_bytes;
    uint32_t narrow = (needs[NARROW].frame_bytes + entry->parts.few - 1) / entry->parts.few;
    if (narrow > bytes) bytes = narrow;
    entry->rows_frame = needs[ROWS].frame_bytes;
    entry->narrow_frame = needs[NARROW].frame_bytes;
    entry->edges_frame = needs[EDGES].frame_bytes;
    entry->others_frame = needs[OTHERS].frame_bytes;
    entry->needs.frame_bytes = (bytes + 63) / 64 * 64;
}

/* Calls of cw.streams name the parameter's place among the packed ones from here on, by which the backend knows it. */
static void place_streams(struct cw_cpu_entry *entry, LLVMValueRef widened) {
    LLVMTypeRef i1 = LLVMInt1TypeInContext(LLVMGetModuleContext(LLVMGetGlobalParent(widened)));
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(widened); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block), next; i; i = next) {
            next = LLVMGetNextInstruction(i);
            LLVMValueRef callee = LLVMIsACallInst(i) ? cw_called_function(i) : NULL;
            if (!callee || strcmp(cw_value_name(callee), CW_VECTOR_STREAMS) != 0) continue;
            LLVMValueRef number = LLVMGetOperand(i, 0);
            uint32_t word = entry->kernel->params[LLVMConstIntGetZExtValue(number)].offset / 8;
            if (word < STREAM_WORDS) {
                entry->streamed |= 1u << word;
                LLVMSetOperand(i, 0, LLVMConstInt(LLVMTypeOf(number), word, 0));
            } else {
                LLVMReplaceAllUsesWith(i, LLVMConstNull(i1));
                LLVMInstructionEraseFromParent(i);
            }
        }
}

static void inline_copies(LLVMModuleRef llvm) {
    LLVMPassBuilderOptionsRef options = LLVMCreatePassBuilderOptions();
    LLVMErrorRef error = LLVMRunPasses(llvm, "always-inline", NULL, options);
    LLVMDisposePassBuilderOptions(options);
    if (error) LLVMConsumeError(error);
}

static void report(struct cw_text *notes, const struct cw_cpu_entry *entry, const struct cw_text *reasons) {
    if (entry->rows) cw_text_printf(notes, "kernel %s: %u threads at a time\n", entry->kernel->name, entry->lanes);
    else cw_text_printf(notes, "kernel %s: one thread at a time\n", entry->kernel->name);
    cw_text_add(notes, cw_text_string(reasons));
}

/* ---- One kernel ---- */

struct copies {
    LLVMValueRef forms[FORMS]; /* NULL: not wanted */
    LLVMValueRef inside;
    LLVMValueRef dropped[FORMS];
    unsigned dropped_count;
};

/* A form that isn't needed, or did not come about, goes when all kernels are done: until then struct cw_reach knows it. */
static void drop(struct copies *copies, unsigned form) {
    if (copies->forms[form]) copies->dropped[copies->dropped_count++] = copies->forms[form];
    copies->forms[form] = NULL;
}

static unsigned count_instructions(LLVMValueRef function) {
    unsigned count = 0;
    for (LLVMBasicBlockRef block = LLVMGetFirstBasicBlock(function); block; block = LLVMGetNextBasicBlock(block))
        for (LLVMValueRef i = LLVMGetFirstInstruction(block); i; i = LLVMGetNextInstruction(i)) count++;
    return count;
}

/* True if blocks at the data's edges are worth a form with parts, whose masks tell what is outside: those of two dimensions are many
 * (a quarter of all where 320 by 320 columns go in blocks of 32 by 8), and a loop over rows of memory wants several at a time. */
static bool has_many_edges(LLVMValueRef kernel, const struct cw_cpu_entry *entry) {
    return entry->parts.many > 1 && entry->parts.along_y && cw_vector_never_waits(kernel) && cw_cpu_has_guards(kernel) &&
           count_instructions(kernel) <= EDGES_INSTRUCTIONS_MAX;
}

static bool divides(uint32_t part, uint32_t whole) {
    return whole % part == 0;
}

/* Where blocks have one shape, one form with parts serves: the one that divides them. */
static void fit(struct cw_cpu_entry *entry, const struct cw_dim3 *shape) {
    struct cw_vector_parts *parts = &entry->parts;
    uint32_t row = entry->lanes * parts->wide * (parts->along_y ? 1 : parts->many), rows = parts->along_y ? parts->many : 1;
    bool whole = divides(row, shape->x) && divides(rows, shape->y) && (!parts->one_row || shape->x == row);
    if (whole) return;
    parts->many = parts->few;
    parts->wide = 1;
    parts->one_row = false;
    while (parts->many > 1 && !(parts->along_y ? divides(parts->many, shape->y) : divides(entry->lanes * parts->many, shape->x))) parts->many /= 2;
    parts->few = parts->many;
}

/* Chooses how the kernel is widened, and makes the copies. */
static void begin(LLVMModuleRef llvm, LLVMValueRef kernel, unsigned lanes, const struct cw_dim3 *shape, struct cw_cpu_entry *entry,
                  struct copies *copies, struct cw_cpu_lines *lines) {
    bool warps = cw_vector_needs_warps(kernel);
    entry->lanes = warps ? WARP : lanes;
    bool never = cw_vector_never_waits(kernel), in_loops = never || cw_vector_can_return(kernel);
    entry->waits = in_loops && !never ? CW_VECTOR_RETURNS : CW_VECTOR_WAITS_IN_SERVICE;
    /* Groups of a queue go by linear indices. */
    entry->others_form = warps || !in_loops ? CW_VECTOR_LINEAR : CW_VECTOR_TAILS;
    entry->parts = (struct cw_vector_parts){.many = 1, .few = 1, .wide = 1};
    if (in_loops) entry->parts = cw_vector_choose_parts(kernel, entry->lanes, lanes);
    if (shape) fit(entry, shape);
    copies->forms[ROWS] = copy_kernel(llvm, kernel, "rows", entry->waits, lines);
    copies->forms[NARROW] = entry->parts.many > 1 && !shape ? copy_kernel(llvm, kernel, "narrow", entry->waits, lines) : NULL;
    copies->forms[EDGES] = has_many_edges(kernel, entry) ? copy_kernel(llvm, kernel, "edges", entry->waits, lines) : NULL;
    copies->forms[OTHERS] = copy_kernel(llvm, kernel, "others", entry->waits, lines);
    copies->inside = add_function(llvm, kernel, "inside", LLVMInt1TypeInContext(LLVMGetModuleContext(llvm)), NULL, 0);
    cw_add_attribute(kernel, "alwaysinline", 0);
}

/* The guards of both forms for blocks inside are the same, so one test serves. */
static void assume_inside(LLVMModuleRef llvm, LLVMValueRef kernel, const struct copies *copies) {
    cw_cpu_assume_inside(llvm, copies->forms[ROWS], copies->inside);
    if (!copies->forms[NARROW]) return;
    LLVMValueRef again = add_function(llvm, kernel, "inside", LLVMInt1TypeInContext(LLVMGetModuleContext(llvm)), NULL, 0);
    cw_cpu_assume_inside(llvm, copies->forms[NARROW], again);
    LLVMDeleteFunction(again);
}

/* Blocks that a few parts don't divide are seldom: when the kernel is long they take the form for all other blocks, which saves
 * a compilation. */
static void drop_narrow(struct copies *copies, unsigned few) {
    if (!copies->forms[NARROW] || few > 1 || count_instructions(copies->forms[ROWS]) <= NARROW_INSTRUCTIONS_MAX) return;
    drop(copies, NARROW);
}

/* Takes over how many parts a form came to have, and does without forms that say nothing more then. */
static void fit_parts(struct cw_cpu_entry *entry, struct copies *copies, unsigned form, unsigned parts) {
    if (form == NARROW) entry->parts.few = parts;
    if (form == EDGES && parts != entry->parts.many) drop(copies, EDGES);
    if (form != ROWS) return;
    bool says_nothing = parts < entry->parts.many && entry->parts.few >= parts && entry->parts.wide == 1;
    entry->parts.many = parts;
    if (says_nothing) drop(copies, NARROW);
    if (parts == 1) drop(copies, EDGES);
    drop_narrow(copies, entry->parts.few);
}

/* In the loops over a block whatever doesn't change from group to group moves in front of the loop: of a large body with barriers, of
 * which a round runs one part, more than there are registers for, parts that the round doesn't run included. Groups of
 * several rows are long enough for a call (a filter of 49 taps: 1.12 times as fast); groups along x lose by it (softmax: 0.7), and groups of short
 * vectors (4 lanes, a transpose: half as fast). */
static bool stays_a_call(const struct cw_cpu_entry *entry) {
    return entry->waits == CW_VECTOR_RETURNS && entry->parts.along_y && entry->lanes >= STREAM_LANES;
}

/* Widens every form, or none. */
static void widen(LLVMModuleRef llvm, const struct cw_reach *reach, struct cw_cpu_entry *entry, struct copies *copies, bool streams,
                  struct cw_text *notes) {
    struct cw_text reasons = {0}, ignored = {0};
    struct cw_vector_needs needs[FORMS] = {0};
    struct cw_vector_plan plans[FORMS] = {
        [ROWS] = {CW_VECTOR_ROWS, entry->lanes * entry->parts.wide, entry->waits, entry->parts.many, entry->parts.along_y, entry->parts.one_row, streams},
        [NARROW] = {CW_VECTOR_ROWS, entry->lanes, entry->waits, entry->parts.few, entry->parts.along_y, false, streams},
        [EDGES] = {CW_VECTOR_ROWS, entry->lanes * entry->parts.wide, entry->waits, entry->parts.many, entry->parts.along_y, false, streams},
        [OTHERS] = {entry->others_form, entry->lanes, entry->waits, 1, false, false, streams},
    };
    assume_inside(llvm, LLVMGetNamedFunction(llvm, entry->kernel->name), copies);
    bool widened = true;
    entry->suspends = false;
    for (unsigned form = 0; form < FORMS && widened; form++) {
        if (!copies->forms[form]) continue;
        struct cw_text *why = form == ROWS ? &reasons : &ignored;
        cw_text_clear(&ignored);
        widened = cw_pass_vectorise(llvm, copies->forms[form], reach, &plans[form], &needs[form], why);
        if (widened) {
            merge_needs(&entry->needs, &needs[form]);
            entry->suspends |= waits_in_service(copies->forms[form]);
            place_streams(entry, copies->forms[form]);
            cw_add_attribute(copies->forms[form], stays_a_call(entry) ? "noinline" : "alwaysinline", 0);
            fit_parts(entry, copies, form, needs[form].parts);
            plans[NARROW].parts = entry->parts.few;
            plans[EDGES].parts = entry->parts.many;
        } else if (form != ROWS) {
            cw_text_clear(&reasons);
            cw_text_add(&reasons, cw_text_string(&ignored));
        }
    }
    if (widened) {
        entry->rows = copies->forms[ROWS];
        entry->narrow = copies->forms[NARROW];
        entry->edges = copies->forms[EDGES];
        entry->others = copies->forms[OTHERS];
        entry->inside = copies->inside;
        cw_add_attribute(copies->inside, "alwaysinline", 0);
        set_frames(entry, needs);
    } else {
        for (unsigned form = 0; form < FORMS; form++) drop(copies, form);
        LLVMDeleteFunction(copies->inside);
    }
    report(notes, entry, &reasons);
    cw_text_fini(&reasons);
    cw_text_fini(&ignored);
}

void cw_cpu_vectorise(const struct cw_module *module, LLVMModuleRef llvm, struct cw_cpu_entry *entries, unsigned lanes,
                      const struct cw_dim3 *shape, struct cw_text *notes) {
    uint32_t count = module->table.kernel_count;
    struct copies *copies = cw_alloc_array(count + 1, sizeof *copies);
    struct cw_cpu_lines lines;
    cw_cpu_lines_init(&lines, llvm, &module->table);
    for (uint32_t i = 0; i < count; i++) {
        LLVMValueRef kernel = LLVMGetNamedFunction(llvm, module->table.kernels[i].name);
        entries[i].kernel = &module->table.kernels[i];
        pass_by_address(kernel);
        begin(llvm, kernel, lanes, shape, &entries[i], &copies[i], &lines);
    }
    cw_cpu_lines_fini(&lines);
    inline_copies(llvm);
    struct cw_reach reach;
    cw_reach_build(&reach, llvm);
    for (uint32_t i = 0; i < count; i++) widen(llvm, &reach, &entries[i], &copies[i], lanes == STREAM_LANES && !entries[i].parts.along_y, notes);
    cw_reach_fini(&reach);
    for (uint32_t i = 0; i < count; i++)
        for (unsigned k = 0; k < copies[i].dropped_count; k++) LLVMDeleteFunction(copies[i].dropped[k]);
    free(copies);
}
