/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exceptions.c: C++ exceptions, which Debian's libc++abi and libc++ for WebAssembly are built without. Throwing is WebAssembly's own
 * instruction, and engines unwind; what is here is the rest of the Itanium C++ ABI's exception handling, level II (objects, their
 * lifetime, catching), and what clang's code for WebAssembly calls at a catch (tool-conventions, "EHScheme.md"): which clause
 * takes an exception, by the table of the function (the Itanium ABI's exception handling tables, section 5).
 *
 * The value that is thrown is the address of a word in front of the object. Only programs that throw or catch are linked with this
 * file. What functions inside libc++'s library throw is in library_exceptions.c.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What C++ throws, for WebAssembly: one tag with an address. */
__asm__(".tagtype __cpp_exception i32\n.globl __cpp_exception\n__cpp_exception:\n");

struct type_info {
    const void *const *functions;
};

struct exception {
    const struct type_info *type;
    void *(*destroy)(void *); /* destructors return the object (C++ ABI for WebAssembly) */
    struct exception *next; /* in the list of those that are being handled */
    void *adjusted;         /* the object as the clause that takes it sees it */
    int32_t handlers;       /* that handle it; less than 0: and it has been thrown again */
    uint32_t references;
    uint64_t thrown; /* its address is what is thrown */
};

_Static_assert(sizeof(struct exception) % 16 == 0, "objects are aligned as malloc's memory is");

_Thread_local struct {
    uint32_t pad; /* clang: which call of the function */
    const uint8_t *table;
    uint32_t selector; /* the answer */
} __wasm_lpad_context;

struct globals {
    struct exception *handled;
    uint32_t uncaught;
};
static _Thread_local struct globals globals;

_Noreturn void cxx_terminate(void) __asm__("_ZSt9terminatev");

static struct exception *of_thrown(void *thrown) {
    return (struct exception *)(void *)((char *)thrown - offsetof(struct exception, thrown));
}

static struct exception *of_object(void *object) {
    return (struct exception *)object - 1;
}

/* ---- Objects ---- */

void *__cxa_allocate_exception(size_t size);
void __cxa_free_exception(void *object);
void *__cxa_init_primary_exception(void *object, const struct type_info *type, void *(*destroy)(void *));
_Noreturn void __cxa_throw(void *object, const struct type_info *type, void *(*destroy)(void *));
void *__cxa_begin_catch(void *thrown);
void __cxa_end_catch(void);
_Noreturn void __cxa_rethrow(void);
void *__cxa_get_exception_ptr(void *thrown);
const struct type_info *__cxa_current_exception_type(void);
uint32_t __cxa_uncaught_exceptions(void);
_Bool __cxa_uncaught_exception(void);
void *__cxa_current_primary_exception(void);
void __cxa_increment_exception_refcount(void *object);
void __cxa_decrement_exception_refcount(void *object);
void __cxa_rethrow_primary_exception(void *object);
struct globals *__cxa_get_globals(void);
struct globals *__cxa_get_globals_fast(void);
uint32_t _Unwind_CallPersonality(void *thrown);
int __gxx_wasm_personality_v0(int unused);

void *__cxa_allocate_exception(size_t size) {
    struct exception *exception = malloc(sizeof *exception + size);
    if (!exception) {
        cxx_terminate();
    }
    memset(exception, 0, sizeof *exception);
    return exception + 1;
}

void __cxa_free_exception(void *object) {
    free(of_object(object));
}

void __cxa_increment_exception_refcount(void *object) {
    if (object) {
        __atomic_fetch_add(&of_object(object)->references, 1, __ATOMIC_RELAXED);
    }
}

void __cxa_decrement_exception_refcount(void *object) {
    if (object && __atomic_sub_fetch(&of_object(object)->references, 1, __ATOMIC_ACQ_REL) == 0) {
        if (of_object(object)->destroy) {
            of_object(object)->destroy(object);
        }
        free(of_object(object));
    }
}

/* ---- Throwing ---- */

static _Noreturn void raise(struct exception *exception) {
    globals.uncaught++;
    __builtin_wasm_throw(0, &exception->thrown);
}

/* Of std::make_exception_ptr: an object that is not thrown yet, and that nobody holds. */
void *__cxa_init_primary_exception(void *object, const struct type_info *type, void *(*destroy)(void *)) {
    struct exception *exception = of_object(object);
    exception->type = type;
    exception->destroy = destroy;
    exception->adjusted = object;
    exception->references = 0;
    return exception;
}

_Noreturn void __cxa_throw(void *object, const struct type_info *type, void *(*destroy)(void *)) {
    struct exception *exception = __cxa_init_primary_exception(object, type, destroy);
    exception->references = 1;
    raise(exception);
}

_Noreturn void __cxa_rethrow(void) {
    struct exception *exception = globals.handled;
    if (!exception) {
        cxx_terminate();
    }
    exception->handlers = -exception->handlers;
    raise(exception);
}

/* Of std::rethrow_exception: one that is being handled is thrown again, another one anew. */
void __cxa_rethrow_primary_exception(void *object) {
    if (!object) {
        return;
    }
    struct exception *exception = of_object(object);
    if (exception == globals.handled && exception->handlers > 0) {
        __cxa_rethrow();
    }
    __cxa_increment_exception_refcount(object);
    exception->adjusted = object;
    raise(exception);
}

/* ---- Catching ---- */

void *__cxa_begin_catch(void *thrown) {
    struct exception *exception = of_thrown(thrown);
    exception->handlers = (exception->handlers < 0 ? -exception->handlers : exception->handlers) + 1;
    if (exception != globals.handled) {
        exception->next = globals.handled;
        globals.handled = exception;
    }
    globals.uncaught--;
    return exception->adjusted;
}

void __cxa_end_catch(void) {
    struct exception *exception = globals.handled;
    if (!exception) {
        return;
    }
    if (exception->handlers < 0) {
        if (++exception->handlers == 0) {
            globals.handled = exception->next; /* on its way to another handler */
        }
    } else if (--exception->handlers == 0) {
        globals.handled = exception->next;
        __cxa_decrement_exception_refcount(exception + 1);
    }
}

void *__cxa_get_exception_ptr(void *thrown) {
    return of_thrown(thrown)->adjusted;
}

const struct type_info *__cxa_current_exception_type(void) {
    return globals.handled ? globals.handled->type : NULL;
}

void *__cxa_current_primary_exception(void) {
    if (!globals.handled) {
        return NULL;
    }
    __cxa_increment_exception_refcount(globals.handled + 1);
    return globals.handled + 1;
}

uint32_t __cxa_uncaught_exceptions(void) {
    return globals.uncaught;
}

_Bool __cxa_uncaught_exception(void) {
    return globals.uncaught != 0;
}

struct globals *__cxa_get_globals(void) {
    return &globals;
}

struct globals *__cxa_get_globals_fast(void) {
    return &globals;
}

/* ---- Which clause takes an exception ---- */

static uintptr_t read_unsigned(const uint8_t **at) {
    uintptr_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *(*at)++;
        value |= (uintptr_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    return value;
}

static intptr_t read_signed(const uint8_t **at) {
    uintptr_t value = 0;
    unsigned shift = 0;
    uint8_t byte;
    do {
        byte = *(*at)++;
        value |= (uintptr_t)(byte & 0x7f) << shift;
        shift += 7;
    } while (byte & 0x80);
    if (byte & 0x40 && shift < 32) {
        value |= ~(uintptr_t)0 << shift;
    }
    return (intptr_t)value;
}

/* libc++abi's virtual function of typeinfo classes, behind two destructors and two functions that do nothing. */
typedef _Bool can_catch(const struct type_info *self, const struct type_info *thrown, void **adjusted);
enum { CAN_CATCH = 4 };

static _Bool takes(const struct type_info *clause, struct exception *exception) {
    void *adjusted = exception + 1;
    if (clause && !((can_catch *)(uintptr_t)clause->functions[CAN_CATCH])(clause, exception->type, &adjusted)) {
        return 0;
    }
    exception->adjusted = adjusted;
    return 1;
}

/* The clauses of a call are a chain of records: which clause, and where the next record is. The table of types grows down
 * from its end, 4 bytes a type (clang's encoding on this target); no type: catch (...). */
static uint32_t choose(const uint8_t *record, const struct type_info *const *types_end, struct exception *exception) {
    for (;;) {
        intptr_t clause = read_signed(&record);
        const uint8_t *here = record;
        intptr_t next = read_signed(&record);
        if (clause > 0 && takes(types_end[-clause], exception)) {
            return (uint32_t)clause;
        }
        if (next == 0) {
            return 0;
        }
        record = here + next;
    }
}

enum { ENCODING_OMITTED = 0xff };

uint32_t _Unwind_CallPersonality(void *thrown) {
    const uint8_t *at = __wasm_lpad_context.table;
    const struct type_info *const *types_end = NULL;
    __wasm_lpad_context.selector = 0;
    if (!at) {
        return 0;
    }
    if (*at++ != ENCODING_OMITTED) {
        cxx_terminate(); /* bases of landing pads: there are none here */
    }
    if (*at++ != ENCODING_OMITTED) {
        uintptr_t offset = read_unsigned(&at);
        types_end = (const struct type_info *const *)(const void *)(at + offset);
    }
    at++; /* the encoding of the table of calls, which is unsigned numbers of variable length always */
    uintptr_t size = read_unsigned(&at);
    const uint8_t *actions = at + size;
    for (uint32_t pad = 0; at < actions; pad++) {
        read_unsigned(&at); /* the number of the pad again */
        uintptr_t action = read_unsigned(&at);
        if (pad == __wasm_lpad_context.pad) {
            __wasm_lpad_context.selector = action ? choose(actions + action - 1, types_end, of_thrown(thrown)) : 0;
            break;
        }
    }
    return 0;
}

/* clang refers to it from every function that catches, and calls the one above. */
int __gxx_wasm_personality_v0(int unused) {
    (void)unused;
    return 0;
}

/* ---- Memory: without it `new` throws, which libc++abi's doesn't. A program's own takes their place. ---- */

extern const void *const bad_alloc_functions[] __asm__("_ZTVSt9bad_alloc");
extern const struct type_info bad_alloc_type __asm__("_ZTISt9bad_alloc");

static void *allocate(size_t size) {
    void *memory = malloc(size ? size : 1);
    if (!memory) {
        const void **object = __cxa_allocate_exception(sizeof *object);
        *object = &bad_alloc_functions[2];
        __cxa_throw(object, &bad_alloc_type, NULL);
    }
    return memory;
}

__attribute__((weak)) void *cxx_new(size_t size) __asm__("_Znwm");
__attribute__((weak)) void *cxx_new_array(size_t size) __asm__("_Znam");

void *cxx_new(size_t size) {
    return allocate(size);
}

void *cxx_new_array(size_t size) {
    return allocate(size);
}
