/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wgsl.h: what the files of the WGSL target share.
 *
 * A kernel becomes one shader: bindings, helper functions, one entry point. The steps, a file each: widths.c and trace.c
 * find out what the text is to say (which 64-bit integers need only their low half, which integers are signed, where each
 * pointer points); uniform.c and walk.c (walk.h) walk the structured tree, function.c writes its statements; expression.c, memory.c and call.c write instructions;
 * lines.c places declarations; shader.c puts the module together; helpers.c has the functions that WGSL lacks.
 *
 * Values in WGSL: i1 is bool. Integers up to 32 bits are i32 or u32; those below 32 bits are u32, zero-extended. 64-bit
 * integers and doubles are vec2<u32>, low word first. half and bfloat are f32 that hold a value of their type. Pointers are
 * u32: in heap mode byte addresses in the device's heap, relative to one object where the object is known.
 */
#ifndef CW_TARGET_WGSL_WGSL_H
#define CW_TARGET_WGSL_WGSL_H

#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

#include "module/ir/ir.h"
#include "pass/cfg.h"

/* Address space of the kernel's packed parameters (target/shader). */
#define WGSL_SPACE_PARAMETERS 101u

/* The last two are what shared memory is read as, four words at once. */
enum wgsl_type { WGSL_VOID, WGSL_BOOL, WGSL_I32, WGSL_U32, WGSL_U64, WGSL_F32, WGSL_F32X4, WGSL_U32X4 };

/* How tightly an expression's outermost operator binds; what is not listed as safe is put in parentheses. */
enum wgsl_binding { WGSL_PRIMARY, WGSL_UNARY, WGSL_MULTIPLY, WGSL_ADD, WGSL_LOOSE };

struct wgsl_expression {
    const char *text; /* of the function's arena */
    enum wgsl_type type;
    enum wgsl_binding binding;
    enum wgsl_binding inner; /* of a conversion between i32 and u32: its operand's */
    bool of_bool;            /* a conversion of a bool to an integer */
};

/* ---- Maps from LLVM values ------------------------------------------------------------------------------------ */

struct wgsl_map {
    const void **keys;
    uint32_t *values;
    size_t capacity, count;
};
#define WGSL_NONE UINT32_MAX
uint32_t wgsl_map_get(const struct wgsl_map *map, const void *key); /* WGSL_NONE when it is not there */
void wgsl_map_set(struct wgsl_map *map, const void *key, uint32_t value);
void wgsl_map_fini(struct wgsl_map *map);

/* ---- Objects: what pointers point into ------------------------------------------------------------------------ */

enum wgsl_object_kind {
    WGSL_OBJECT_HEAP,      /* all global memory: heap mode */
    WGSL_OBJECT_PARAMETER, /* what one pointer parameter points to: typed bindings */
    WGSL_OBJECT_GLOBAL,    /* a __device__ or __constant__ variable: typed bindings */
    WGSL_OBJECT_TABLE,     /* a constant table of the module's own */
    WGSL_OBJECT_SHARED,    /* one shared variable */
    WGSL_OBJECT_SHARED_ALL, /* all of the block's shared memory */
    WGSL_OBJECT_PRIVATE,   /* one local variable */
    WGSL_OBJECT_PRIVATE_ALL, /* all local variables whose addresses are values */
    WGSL_OBJECT_PARAMETERS, /* the parameters themselves */
    WGSL_OBJECT_GENERIC,   /* the heap, shared or local memory: decided when it runs */
};

struct wgsl_object {
    enum wgsl_object_kind kind;
    LLVMValueRef value; /* variable or alloca; NULL otherwise */
    const char *name;
    enum wgsl_type element; /* of the array in WGSL: u32, i32 or f32 */
    bool element_known;
    bool atomic;     /* array<atomic<u32>> */
    bool fours;      /* read four words at once somewhere: array<vec4<element>> unless it is atomic */
    bool read, written;
    bool used;
    uint64_t words;  /* 0: as long as it comes */
    uint64_t base;   /* of a parameter: its offset in the packed parameters; of variables in one array: bytes from its start */
    uint32_t binding;
};

/* `value` times `scale` bytes. A pointer's own term is its u32 in WGSL, scale 1. */
struct wgsl_term {
    LLVMValueRef value;
    int64_t scale;
};
#define WGSL_TERMS_MAX 12
struct wgsl_place {
    uint32_t object;
    int64_t offset; /* bytes */
    uint32_t count;
    struct wgsl_term terms[WGSL_TERMS_MAX];
    bool globals; /* relative to where the module's variables lie in the heap */
    bool constant; /* and nobody writes there while kernels run */
};

/* ---- Lines of a function --------------------------------------------------------------------------------------- */

struct wgsl_scope {
    uint32_t parent;
    uint32_t depth;
    bool loop;
};

struct wgsl_line {
    const char *text;     /* of a definition: the right-hand side */
    uint32_t scope;
    uint32_t indent;
    uint32_t variable;    /* assigned here, or WGSL_NONE */
    bool dropped;
};

struct wgsl_variable {
    const char *name;
    const char *type; /* in WGSL's words */
    bool single;      /* has one assignment by construction */
};

struct wgsl_lines {
    struct cw_arena *arena;
    struct wgsl_scope *scopes;
    size_t scope_count, scope_capacity;
    struct wgsl_line *lines;
    size_t line_count, line_capacity;
    struct wgsl_variable *variables;
    size_t variable_count, variable_capacity;
    uint32_t current; /* scope */
    uint32_t indent;
};
void wgsl_lines_init(struct wgsl_lines *lines, struct cw_arena *arena);
void wgsl_lines_fini(struct wgsl_lines *lines);
void wgsl_line(struct wgsl_lines *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint32_t wgsl_variable_add(struct wgsl_lines *lines, const char *name, const char *type);
void wgsl_assign(struct wgsl_lines *lines, uint32_t variable, const char *text);
/* "HEAD {" and what follows in a scope of its own; then "}" or "} else {". */
void wgsl_open(struct wgsl_lines *lines, bool loop, const char *format, ...) __attribute__((format(printf, 3, 4)));
void wgsl_close(struct wgsl_lines *lines, const char *tail);
/* Places declarations and writes the whole. */
void wgsl_lines_write(struct wgsl_lines *lines, struct cw_text *out);

/* ---- Shaders ---------------------------------------------------------------------------------------------------- */

struct wgsl_options {
    bool heap;      /* one heap buffer; else typed bindings */
    bool subgroups; /* warp collectives by subgroup operations: the device's subgroups have 32 lanes */
    bool hardware;  /* min() and max() of a number and a NaN give the number, as WGSL says, which compilers for CPUs were not seen to keep */
    bool reading;   /* for people: no folded grids, no bases */
};

/* One shader in the making: one kernel. */
struct wgsl_shader {
    struct cw_compiler *compiler;
    const struct cw_module *module;
    const struct cw_kernel *row;
    LLVMModuleRef llvm;
    LLVMTargetDataRef layout;
    LLVMValueRef kernel;
    struct wgsl_options options;
    struct cw_arena arena;
    struct wgsl_object *objects;
    size_t object_count, object_capacity;
    struct wgsl_map object_of; /* variable or alloca to object */
    uint32_t heap, generic, shared_all, private_all, parameters; /* objects */
    bool shared_merged, private_merged;
    bool failed;         /* what has been reported is an error */
    const char *untyped; /* why typed bindings are impossible, or NULL */
    uint64_t helpers[4]; /* set of enum wgsl_helper */
    struct cw_strings functions; /* names of IR functions that the text calls */
    struct wgsl_map names;
    struct cw_strings taken; /* names in use */
    struct wgsl_field *fields; /* of the parameters, by offset */
    size_t field_count, field_capacity;
    bool words;          /* parameters as an array of vec4<u32> */
    const char *params_name; /* what the text calls them */
    bool uses_grid, uses_block_id, uses_thread_id, uses_linear, uses_subgroup, uses_dynamic, uses_globals, uses_vote, uses_together, uses_exchange, uses_keep, uses_sizes, launch_declared;
    struct cw_text entry_text;
    struct cw_text reason; /* of the failure: "FILE:LINE: what" */
    struct wgsl_map globals_offset; /* variable to its offset in the block of variables */
};

/* A field of the parameters that the text mentions. */
struct wgsl_field {
    uint32_t offset;
    uint32_t source; /* where CUDA puts it */
    enum wgsl_type type;
    const char *name;
};

/* A function in the making. */
struct wgsl_function {
    struct wgsl_shader *shader;
    LLVMValueRef function;
    bool entry;
    struct cw_cfg cfg;
    struct cw_arena *arena;
    struct wgsl_map index; /* instruction or argument to `values` */
    struct wgsl_value *values;
    size_t value_count, value_capacity;
    struct wgsl_lines lines;
    const char *mask; /* of an operation of the whole block: which threads make it; NULL: all */
    bool leaving;     /* that operation is in a loop that threads leave at different turns */
};

struct wgsl_value {
    LLVMValueRef value;
    LLVMBasicBlockRef block;
    uint32_t position; /* in its block */
    bool narrow;       /* a 64-bit integer of which the low half is needed alone */
    bool folded;       /* written where it is used */
    enum wgsl_type type;
    uint32_t variable; /* its name in the lines, or WGSL_NONE */
    uint32_t sign;     /* union-find parent while signs are decided */
    int32_t votes;     /* for signed */
    uint32_t uses;
};

struct wgsl_value *wgsl_value_of(const struct wgsl_function *f, LLVMValueRef value); /* NULL for constants */

/* Reports what this target can't express; the shader is lost. */
void wgsl_refuse(struct wgsl_shader *shader, LLVMValueRef where, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* widths.c: fills `values` with narrow, type and folded. */
void wgsl_widths(struct wgsl_function *f);
enum wgsl_type wgsl_type_of(const struct wgsl_function *f, LLVMValueRef value);
const char *wgsl_type_name(enum wgsl_type type);

/* trace.c */
void wgsl_trace(struct wgsl_function *f, LLVMValueRef pointer, struct wgsl_place *place);
/* The object that a pointer points into, whatever its offset. */
uint32_t wgsl_root(struct wgsl_function *f, LLVMValueRef pointer);
uint32_t wgsl_object_add(struct wgsl_shader *shader, enum wgsl_object_kind kind, LLVMValueRef value, const char *name);
/* Finds out which objects there are, and whether they can be told apart. */
void wgsl_objects(struct wgsl_function *f);

/* expression.c */
struct wgsl_expression wgsl_expression_of(struct wgsl_function *f, LLVMValueRef value);
/* True if both are made of unsigned values, so that they are better added or multiplied before they are made signed. */
bool wgsl_prefers_unsigned(struct wgsl_expression a, struct wgsl_expression b);
/* The same, converted to an integer type (i32, u32) if it is the other. */
struct wgsl_expression wgsl_as(struct wgsl_function *f, struct wgsl_expression e, enum wgsl_type type);
struct wgsl_expression wgsl_make(struct wgsl_function *f, enum wgsl_type type, enum wgsl_binding binding, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The text with parentheses if its operator binds looser than `binding` asks. */
const char *wgsl_operand(struct wgsl_function *f, struct wgsl_expression e, enum wgsl_binding binding);
struct wgsl_expression wgsl_integer(struct wgsl_function *f, enum wgsl_type type, uint64_t value);
struct wgsl_expression wgsl_binary(struct wgsl_function *f, enum wgsl_type type, enum wgsl_binding binding, const char *operator,
                                   struct wgsl_expression a, struct wgsl_expression b);
/* What the instruction computes, written out. */
struct wgsl_expression wgsl_compute(struct wgsl_function *f, LLVMValueRef instruction);
/* The low 32 bits, as i32 or u32. */
struct wgsl_expression wgsl_low(struct wgsl_function *f, LLVMValueRef value);
/* A small integer as an i32 of the same value. */
struct wgsl_expression wgsl_sign_extended(struct wgsl_function *f, struct wgsl_expression e, unsigned width);
/* A helper's call. */
struct wgsl_expression wgsl_call2(struct wgsl_function *f, enum wgsl_type type, const char *name, struct wgsl_expression a, struct wgsl_expression b);
/* compare.c */
struct wgsl_expression wgsl_compare_integers(struct wgsl_function *f, LLVMValueRef i);
struct wgsl_expression wgsl_compare_floats(struct wgsl_function *f, LLVMValueRef i);

/* memory.c */
struct wgsl_expression wgsl_load(struct wgsl_function *f, LLVMValueRef load);
void wgsl_store(struct wgsl_function *f, LLVMValueRef store);
/* An atomic instruction, or a call that is one; the result is VOID when it has none. */
struct wgsl_expression wgsl_atomic(struct wgsl_function *f, LLVMValueRef instruction);
/* The pointer as the u32 that stands for it: relative to its object, or for everybody. */
struct wgsl_expression wgsl_pointer(struct wgsl_function *f, LLVMValueRef pointer, bool relative);
/* The element size and kind that the object is accessed with; called for all accesses before any text is made. */
void wgsl_note_access(struct wgsl_function *f, LLVMValueRef instruction);
bool wgsl_is_access(LLVMValueRef instruction);
/* True if the object is an array of vectors of four. */
bool wgsl_in_fours(const struct wgsl_object *object);

/* call.c: calls that are values; statements. False when it is no statement. */
struct wgsl_expression wgsl_call(struct wgsl_function *f, LLVMValueRef call);
bool wgsl_call_is_pure(LLVMValueRef call);
/* A call that text needs none of: assumptions, lifetimes. */
bool wgsl_call_is_nothing(LLVMValueRef call);
const char *wgsl_thread(struct wgsl_function *f, enum cw_intrinsic intrinsic);

/* warp.c: warp collectives, by subgroup operations or through workgroup memory. False when it is none. */
bool wgsl_collective(struct wgsl_function *f, LLVMValueRef call, enum cw_intrinsic intrinsic, struct wgsl_expression *out);
bool wgsl_is_collective(enum cw_intrinsic intrinsic);

/* phis.c: phis that may be one variable become one. After all names are given. */
void wgsl_merge_phis(struct wgsl_function *f);

/* function.c: the text of one function, appended to the shader's. */
void wgsl_function_write(struct wgsl_shader *shader, LLVMValueRef function, bool entry, struct cw_text *out);
/* A name for people, unique in the shader, made of what LLVM calls the value. */
const char *wgsl_name(struct wgsl_shader *shader, const char *wish);
const char *wgsl_clean(struct cw_arena *arena, const char *name);

/* helpers.c: functions that the text needs. Mentioning one adds it and what it needs. */
const char *wgsl_helper(struct wgsl_shader *shader, const char *name);
bool wgsl_is_helper(const char *name);
void wgsl_helpers_write(const struct wgsl_shader *shader, struct cw_text *out);

/* shader.c: the kernel's declarations and entry point, appended to `out`; JSON about it to `record`. False when it can't be, with the
 * reason in the shader; `untyped` is set when only typed bindings are the reason. Called for one kernel after another. */
bool wgsl_kernel_write(struct wgsl_shader *shader, const struct cw_kernel *row, struct cw_text *out, struct cw_text *record);
/* The rest of the module: helpers and functions that the kernels use. */
void wgsl_shader_finish(struct wgsl_shader *shader, struct cw_text *out);
void wgsl_shader_fini(struct wgsl_shader *shader);
/* "generic_load" and the like, one set a kernel. */
const char *wgsl_generic_name(struct wgsl_shader *shader, const char *what);
/* The name that the source gives a parameter: that of the module's own function. */
const char *wgsl_parameter_name(const struct wgsl_shader *shader, uint32_t offset, uint32_t *rest);

/* wgsl.c: a variable that no kernel writes. */
bool wgsl_is_constant(LLVMValueRef variable);
/* A constant's bytes; addresses of variables become lines of `relocations`. False when it holds what has no bytes. */
bool wgsl_constant_bytes(struct wgsl_shader *shader, LLVMValueRef value, unsigned char *bytes, struct cw_text *relocations);

/* prepare.c: true for names that LLVM makes up, "add12". */
bool wgsl_is_made_up(const char *name);
/* vectors.c: neighbouring loads of shared memory become loads of four words. */
cw_status wgsl_join_loads(struct cw_compiler *compiler, LLVMModuleRef llvm, LLVMTargetMachineRef machine) CW_MUST_USE;
/* From a kernel module to what this target writes. */
cw_status wgsl_prepare(struct cw_compiler *compiler, const struct cw_module *module, LLVMModuleRef llvm, const struct cw_lower_options *options) CW_MUST_USE;
/* waits.c: takes the marks from loops that wait for nobody. */
void wgsl_keep_waits(LLVMModuleRef llvm);
/* report.c: printf, assert and trap leave in memory what the backend reads. In modules with 64-bit pointers: others have other ways. */
cw_status wgsl_reports(struct cw_compiler *compiler, LLVMModuleRef llvm) CW_MUST_USE;
/* The rest of it: for devices (`fast`: loops rotated and unrolled) or for people. */
cw_status wgsl_optimise(struct cw_compiler *compiler, LLVMModuleRef llvm, bool fast) CW_MUST_USE;

#endif
