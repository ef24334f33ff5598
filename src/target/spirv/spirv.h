/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spirv.h: what the parts of the SPIR-V target share.
 *
 * The target writes SPIR-V 1.5 for Vulkan's memory model, one module a kernel (SPIR-V Specification; Vulkan Specification,
 * appendix "Vulkan Environment for SPIR-V"). How things are represented:
 * - A pointer to global or constant memory, or a generic one, is a 64-bit integer, the device address; each access converts it
 *   to a pointer of the type that it reads (SPV_KHR_physical_storage_buffer). Pointer arithmetic is integer arithmetic.
 * - A pointer to shared or local memory is a 32-bit offset in bytes into its region (target/shader/regions.h), an array of
 *   integers; the index is folded out of the address computation where it is at hand.
 * - Vectors and small structures are their components, each an id of its own; they become vectors again where they are
 *   loaded and stored.
 * - A value that is used where its block's scope has ended, and every phi, is a variable of the function; drivers undo that.
 * - Integers of other widths than 8, 16, 32, 64 are kept in the next one, their upper bits zero.
 * - The block's dimensions are specialisation constants 0 to 2, the bytes of dynamic shared memory number 3.
 */
#ifndef CW_TARGET_SPIRV_SPIRV_H
#define CW_TARGET_SPIRV_SPIRV_H

#include <llvm-c/Target.h>

#include "pass/structure/llvm.h"
#include "target/shader/regions.h"
#include "target/shader/shader.h"

enum spv_op {
#define CW_OP(name, number) SPV_##name = number,
#include "target/spirv/words.def"
};

enum spv_capability {
    SPV_CAP_SHADER = 1,
    SPV_CAP_FLOAT16 = 9,
    SPV_CAP_FLOAT64 = 10,
    SPV_CAP_INT64 = 11,
    SPV_CAP_INT64_ATOMICS = 12,
    SPV_CAP_INT16 = 22,
    SPV_CAP_INT8 = 39,
    SPV_CAP_GROUP = 61,
    SPV_CAP_GROUP_VOTE = 62,
    SPV_CAP_GROUP_BALLOT = 64,
    SPV_CAP_GROUP_SHUFFLE = 65,
    SPV_CAP_STORAGE_16 = 4433,
    SPV_CAP_PUSH_16 = 4435,
    SPV_CAP_STORAGE_8 = 4448,
    SPV_CAP_PUSH_8 = 4450,
    SPV_CAP_CLOCK = 5055,
    SPV_CAP_MEMORY_MODEL = 5345,
    SPV_CAP_MEMORY_MODEL_DEVICE = 5346,
    SPV_CAP_PHYSICAL = 5347,
    SPV_CAP_ATOMIC_FLOAT32_ADD = 6033,
    SPV_CAP_ATOMIC_FLOAT64_ADD = 6034,
};

enum spv_storage { SPV_INPUT = 1, SPV_UNIFORM = 2, SPV_WORKGROUP = 4, SPV_FUNCTION = 7, SPV_PUSH = 9, SPV_PHYSICAL = 5349 };

enum spv_decoration {
    SPV_DECORATION_SPEC_ID = 1,
    SPV_DECORATION_BLOCK = 2,
    SPV_DECORATION_ARRAY_STRIDE = 6,
    SPV_DECORATION_BUILTIN = 11,
    SPV_DECORATION_BINDING = 33,
    SPV_DECORATION_SET = 34,
    SPV_DECORATION_OFFSET = 35,
    SPV_DECORATION_NO_CONTRACTION = 42,
};

enum spv_scope { SPV_SCOPE_DEVICE = 1, SPV_SCOPE_WORKGROUP = 2, SPV_SCOPE_SUBGROUP = 3 };

/* Memory semantics. */
enum {
    SPV_ACQUIRE = 2,
    SPV_RELEASE = 4,
    SPV_ACQUIRE_RELEASE = 8,
    SPV_UNIFORM_MEMORY = 0x40,
    SPV_WORKGROUP_MEMORY = 0x100,
    SPV_MAKE_AVAILABLE = 0x2000,
    SPV_MAKE_VISIBLE = 0x4000,
};

/* Memory operands. */
enum { SPV_VOLATILE = 1, SPV_ALIGNED = 2, SPV_MAKE_POINTER_AVAILABLE = 8, SPV_MAKE_POINTER_VISIBLE = 16, SPV_NON_PRIVATE = 32 };

struct spv_words {
    uint32_t *items;
    size_t count, capacity;
};

/* A type, constant or other thing that is made once, by what it is. */
struct spv_known {
    uint32_t key[6];
    uint32_t id;
};

/* An LLVM value: `count` components from `first` on in spv_module.components; 0 components: not made yet. */
struct spv_value {
    LLVMValueRef value;
    uint32_t first, count;
};

enum { SPV_CAPABILITIES_MAX = 32, SPV_SPEC_BLOCK_X = 0, SPV_SPEC_DYNAMIC_SHARED = 3, SPV_SPEC_FLAT_X = 4 };

/* Push constants: this head, then the parameters, or, where they don't fit, `params` says where they are. Mirrored in
 * backend/vulkan. */
enum {
    SPV_PUSH_GLOBALS = 0,  /* u64: address of the module's variables */
    SPV_PUSH_SERVICE = 8,  /* u64: address of what output, heap and faults go through */
    SPV_PUSH_GRID = 16,    /* 3 u32: blocks of the grid */
    SPV_PUSH_FLAGS = 28,   /* u32: bit 0, a cooperative launch */
    SPV_PUSH_PARAMS = 32,  /* the parameters, or a u64, their address */
    SPV_PUSH_BYTES = 128,  /* what every device has */
    SPV_PUSH_PARAMS_MAX = SPV_PUSH_BYTES - SPV_PUSH_PARAMS,
};

struct spv_frame {
    struct spv_frame *outer;
    enum cw_tree_kind kind;
    uint32_t merge, next; /* labels */
    bool merged, continued;
};

struct spv_module {
    struct cw_compiler *compiler;
    LLVMModuleRef llvm;
    LLVMTargetDataRef layout;
    const struct cw_kernel *row;
    const struct spv_globals *globals;
    uint32_t abilities; /* set of enum spv_ability */
    uint32_t kernel_flags; /* set of enum cw_vk_kernel_flag */
    uint32_t next_id;
    cw_status status;
    /* Sections, in the order of the specification. */
    uint32_t capabilities[SPV_CAPABILITIES_MAX];
    uint32_t capability_count;
    struct spv_words names, decorations, types, variables, body;
    bool uses_clock, uses_float_atomics;
    uint32_t glsl; /* the extended instruction set */
    struct spv_known *known;
    size_t known_count, known_capacity;
    struct spv_words interface;
    /* The kernel's function. */
    LLVMValueRef function;
    struct cw_function_flow flow;
    struct cw_tree tree;
    struct cw_regions regions;
    struct spv_value *values; /* hash table by value; capacity a power of two */
    size_t value_count, value_capacity;
    struct spv_words components;
    struct spv_value *places; /* the same for variables of values */
    size_t place_count, place_capacity;
    uint32_t *path_variables;
    uint32_t *region_variables;
    uint32_t block_size[3], dynamic_shared;
    uint32_t local_id, local_index, group_id, push, subgroup_lane;
    uint32_t constants; /* the uniform buffer; 0: not used yet */
    uint32_t exchange; /* shared words through which warps talk where there are no subgroups of 32, and a counter */
    uint32_t exchange_bytes;
    bool access_is_volatile; /* of the access that is being written */
    LLVMAtomicOrdering access_ordering; /* the same */
    bool *written;         /* by graph node: device memory may have been written before it; NULL: not known yet (atomic.c) */
    struct spv_frame *frame;
    uint32_t current;      /* label of the open block; 0: none is open */
    uint32_t current_node; /* graph node that the walk is at */
};

enum spv_ability {
    SPV_ABILITY_WARP = 1,            /* subgroups have 32 lanes */
    SPV_ABILITY_FLOAT32_ADD = 2,
    SPV_ABILITY_FLOAT64_ADD = 4,
    SPV_ABILITY_INT64_ATOMICS = 8,
    SPV_ABILITY_CLOCK = 16,
    SPV_ABILITY_CONSTANTS = 64,      /* uniform buffers hold 64 KB, arrays of words among them */
    SPV_ABILITY_FUSED = 128,         /* Fma of floats rounds once */
    SPV_ABILITY_EXP2 = 256,          /* Exp2 is better than Vulkan promises (target/shader/hardware.c) */
    SPV_ABILITY_TURNS = 512,         /* the driver runs a block's threads by turns on one CPU thread */
    SPV_ABILITY_PLAIN_MODEL = 32,    /* the memory model of GLSL instead of Vulkan's */
};

/* The memory operand of accesses that other threads see, and memory semantics, in the module's memory model. */
uint32_t spv_non_private(const struct spv_module *module);
uint32_t spv_semantics(const struct spv_module *module, uint32_t semantics);

/* ---- words.c: the module's sections --------------------------------------------------------------------------- */

void spv_word(struct spv_words *words, uint32_t word);
/* One instruction of `count` operands. */
void spv_emit(struct spv_words *words, enum spv_op op, const uint32_t *operands, uint32_t count);
#define SPV_EMIT(words, op, ...)                                                                                       \
    spv_emit(words, op, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
/* An instruction with a result in the function's body; gives the result's id. */
uint32_t spv_result(struct spv_module *module, enum spv_op op, uint32_t type, const uint32_t *operands, uint32_t count);
#define SPV_RESULT(module, op, type, ...)                                                                              \
    spv_result(module, op, type, (const uint32_t[]){__VA_ARGS__}, sizeof((const uint32_t[]){__VA_ARGS__}) / sizeof(uint32_t))
uint32_t spv_glsl(struct spv_module *module, uint32_t number, uint32_t type, const uint32_t *operands, uint32_t count);
uint32_t spv_id(struct spv_module *module);
void spv_need(struct spv_module *module, enum spv_capability capability);
void spv_name(struct spv_module *module, uint32_t id, const char *name);
void spv_decorate(struct spv_module *module, uint32_t id, enum spv_decoration decoration, uint32_t operand);
/* Text as operands: words in `out`, which has room for (length + 4) / 4. Gives their number. */
uint32_t spv_text(uint32_t *out, const char *text);

uint32_t spv_void(struct spv_module *module);
uint32_t spv_bool(struct spv_module *module);
uint32_t spv_int(struct spv_module *module, unsigned bits);
uint32_t spv_float(struct spv_module *module, unsigned bits);
uint32_t spv_vector(struct spv_module *module, uint32_t element, uint32_t count);
uint32_t spv_pointer(struct spv_module *module, enum spv_storage storage, uint32_t type);
uint32_t spv_array(struct spv_module *module, uint32_t element, uint32_t length_id, uint32_t stride);
uint32_t spv_constant(struct spv_module *module, unsigned bits, uint64_t value); /* an integer */
uint32_t spv_float_constant(struct spv_module *module, unsigned bits, uint64_t pattern);
uint32_t spv_bool_constant(struct spv_module *module, bool value);
uint32_t spv_spec_constant(struct spv_module *module, uint32_t number, uint32_t value);
uint32_t spv_pair_type(struct spv_module *module, const uint32_t elements[2]); /* a structure of two */
/* A variable outside of functions. */
uint32_t spv_global_variable(struct spv_module *module, enum spv_storage storage, uint32_t type);
uint32_t spv_builtin(struct spv_module *module, uint32_t number, uint32_t type);
uint32_t spv_function_variable(struct spv_module *module, uint32_t type);
/* The whole module. */
void spv_finish(struct spv_module *module, const char *entry_name, uint32_t function, struct spv_words *out);
void spv_module_fini(struct spv_module *module);

/* ---- value.c: LLVM's values as ids ---------------------------------------------------------------------------- */

/* Bits that a value of the scalar type is kept in, by SPIR-V; 1 for bool. */
unsigned spv_bits(struct spv_module *module, LLVMTypeRef type);
bool spv_is_float(LLVMTypeRef type);
bool spv_is_pointer_offset(LLVMTypeRef type); /* shared, local, parameters: 32-bit offsets */
uint32_t spv_scalar_type(struct spv_module *module, LLVMTypeRef type);
/* Components of a type, and the scalar type of each. */
uint32_t spv_component_count(struct spv_module *module, LLVMTypeRef type);
LLVMTypeRef spv_component_type(struct spv_module *module, LLVMTypeRef type, uint32_t index);
/* Component `index` of a value at the current place: an operand of the instruction that is being written. */
uint32_t spv_component(struct spv_module *module, LLVMValueRef value, uint32_t index);
uint32_t spv_use(struct spv_module *module, LLVMValueRef value); /* of a scalar */
/* Says what the instruction's result is. */
void spv_define(struct spv_module *module, LLVMValueRef instruction, const uint32_t *components, uint32_t count);
void spv_define_one(struct spv_module *module, LLVMValueRef instruction, uint32_t id);
/* Finds out which values need variables, and makes those. */
void spv_make_places(struct spv_module *module);
/* Component variables of a value that has them: first in spv_module.components, or NULL. */
const struct spv_value *spv_place(struct spv_module *module, LLVMValueRef value);
void spv_tables_fini(struct spv_module *module);
/* Reports what can't be expressed. */
void spv_refuse(struct spv_module *module, LLVMValueRef where, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* ---- The rest ------------------------------------------------------------------------------------------------- */

/* control.c: the kernel's function, from its tree. */
uint32_t spv_emit_function(struct spv_module *module);
/* agree.c: collectives that not all of a block's threads come to, where that can't be had. */
void spv_refuse_partial_collectives(struct spv_module *module);
void spv_open(struct spv_module *module, uint32_t label);
/* instruction.c */
void spv_emit_instruction(struct spv_module *module, LLVMValueRef instruction);
/* `id` of `from` bits as `to` bits. */
uint32_t spv_resize(struct spv_module *module, uint32_t id, unsigned from, unsigned to, bool is_signed);
/* memory.c */
void spv_emit_load(struct spv_module *module, LLVMValueRef instruction);
bool spv_emit_masked_load(struct spv_module *module, LLVMValueRef call); /* false: not in this form */
void spv_emit_store(struct spv_module *module, LLVMValueRef instruction);
void spv_emit_gep(struct spv_module *module, LLVMValueRef instruction);
void spv_emit_space_cast(struct spv_module *module, LLVMValueRef instruction);
/* `count` 32-bit words from a local pointer on, which is aligned to 8. */
void spv_read_words(struct spv_module *module, LLVMValueRef pointer, uint32_t count, uint32_t *ids);
void spv_make_regions(struct spv_module *module);
uint32_t spv_constant_address(struct spv_module *module, LLVMValueRef constant);
/* Where an access goes: a pointer to `bits` wide integers, its scope included. */
uint32_t spv_atomic_pointer(struct spv_module *module, LLVMValueRef pointer, unsigned bits, bool is_float, bool *shared);
/* Memory semantics of an atomic load or store of that ordering (atomic.c). */
uint32_t spv_access_semantics(const struct spv_module *module, LLVMAtomicOrdering ordering, bool is_store);
uint32_t spv_load_physical(struct spv_module *module, uint32_t address, uint32_t type, uint32_t align);
void spv_store_physical(struct spv_module *module, uint32_t address, uint32_t type, uint32_t value, uint32_t align);
/* Constant memory is read through a uniform buffer. */
bool spv_has_constants(const struct spv_module *module);
/* Elements that an array of the region has vectors of; 1: none. */
unsigned spv_region_lanes(const struct cw_region *row);
uint32_t spv_push_word(struct spv_module *module, uint32_t offset, unsigned bits);
/* atomic.c */
void spv_emit_atomic(struct spv_module *module, LLVMValueRef instruction);
void spv_emit_fence(struct spv_module *module, uint32_t scope);
void spv_emit_barrier(struct spv_module *module); /* it orders all memory of the block */
void spv_emit_block_barrier(struct spv_module *module, LLVMValueRef call);
/* call.c */
void spv_emit_call(struct spv_module *module, LLVMValueRef call);
uint32_t spv_register(struct spv_module *module, enum cw_intrinsic intrinsic); /* a special register; 0: it is none */
/* service.c */
void spv_emit_fault(struct spv_module *module, LLVMValueRef call, uint32_t code); /* enum cw_vk_fault */
void spv_emit_print(struct spv_module *module, LLVMValueRef call);
void spv_emit_grid_arrive(struct spv_module *module, LLVMValueRef call);
void spv_emit_grid_wait(struct spv_module *module, LLVMValueRef call);
/* text.c: appends instructions as text, in the syntax of SPIRV-Tools, to `out`. */
void spv_print(struct cw_text *out, const uint32_t *words, size_t count);
/* warp.c */
void spv_begin_warps(struct spv_module *module); /* at the kernel's start */
uint32_t spv_local_index(struct spv_module *module);
bool spv_emit_warp(struct spv_module *module, LLVMValueRef call, enum cw_intrinsic intrinsic);

/* ---- Module variables ----------------------------------------------------------------------------------------- */

/* globals.c: where the module's variables lie in the block that the push constants point to. */
struct spv_global {
    LLVMValueRef variable;
    uint64_t offset, size;
};
struct spv_globals {
    struct spv_global *items;
    size_t count;
    uint64_t constant_size; /* of the constant ones, which come first */
    uint64_t size;
};
void spv_globals_build(struct spv_globals *globals, LLVMModuleRef llvm);
/* UINT64_MAX when it is none of them. */
uint64_t spv_global_offset(const struct spv_globals *globals, LLVMValueRef variable);
/* The block's contents before the first launch. Places that hold addresses of variables are listed in `relocations`: there the
 * offset is stored, to which the block's address is added. CW_ERROR_UNSUPPORTED where that is not enough. */
cw_status spv_globals_image(struct cw_compiler *compiler, const struct spv_globals *globals, LLVMModuleRef llvm, uint8_t *image,
                            struct spv_words *relocations);

#endif
