/* SPDX-License-Identifier: Apache-2.0 */
/*
 * library_exceptions.c: what functions inside Debian's libc++ and libc++abi throw (std::stoi, std::string::at, streams' exceptions(),
 * dynamic_cast of a reference). Those libraries are compiled without exceptions: where they would throw, libc++ calls
 * __libcpp_verbose_abort with the words "CLASS was thrown in -fno-exceptions mode", which programs may define
 * (libc++'s __verbose_abort.h), and libc++abi one function for each exception of the language (Itanium C++ ABI, 2.9.3, 3.3.2).
 * Here both throw what they name. Frames of the libraries have nothing to clean up but memory of temporaries, which is lost then.
 * Objects are made by their classes' own constructors; classes that only differ in their name from a base are that base with another
 * table of functions.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of exceptions.c. */
void *__cxa_allocate_exception(size_t size);
_Noreturn void __cxa_throw(void *object, const void *type, void *(*destroy)(void *));

struct error_code { /* std::error_code */
    int value;
    const void *category;
};

void *make_logic_error(void *object, const char *text) __asm__("_ZNSt11logic_errorC2EPKc");
void *make_runtime_error(void *object, const char *text) __asm__("_ZNSt13runtime_errorC2EPKc");
void *make_failure(void *object, const char *text, const struct error_code *code)
    __asm__("_ZNSt3__28ios_base7failureC1EPKcRKNS_10error_codeE");
void *make_system_error(void *object, struct error_code code, const char *text) __asm__("_ZNSt3__212system_errorC1ENS_10error_codeEPKc");
const void *iostream_category(void) __asm__("_ZNSt3__217iostream_categoryEv");
const void *generic_category(void) __asm__("_ZNSt3__216generic_categoryEv");

/* A class: its virtual functions (behind two words), its type, its destructor, by its name in the Itanium ABI. */
#define STD_CLASS(name, mangled)                                                                                       \
    extern const void *const name##_functions[] __asm__("_ZTVSt" mangled);                                             \
    extern const void *const name##_type[] __asm__("_ZTISt" mangled);                                                  \
    void *name##_end(void *object) __asm__("_ZNSt" mangled "D1Ev");

STD_CLASS(bad_alloc, "9bad_alloc")
STD_CLASS(bad_array_new_length, "20bad_array_new_length")
STD_CLASS(bad_cast, "8bad_cast")
STD_CLASS(bad_typeid, "10bad_typeid")
STD_CLASS(logic_error, "11logic_error")
STD_CLASS(domain_error, "12domain_error")
STD_CLASS(invalid_argument, "16invalid_argument")
STD_CLASS(length_error, "12length_error")
STD_CLASS(out_of_range, "12out_of_range")
STD_CLASS(runtime_error, "13runtime_error")
STD_CLASS(range_error, "11range_error")
STD_CLASS(overflow_error, "14overflow_error")
STD_CLASS(underflow_error, "15underflow_error")
extern const void *const failure_type[] __asm__("_ZTINSt3__28ios_base7failureE");
void *failure_end(void *object) __asm__("_ZNSt3__28ios_base7failureD1Ev");
extern const void *const system_error_type[] __asm__("_ZTINSt3__212system_errorE");
void *system_error_end(void *object) __asm__("_ZNSt3__212system_errorD1Ev");

enum kind { EMPTY, LOGIC, RUNTIME };

struct class {
    const char *name;
    enum kind kind;
    const void *const *functions;
    const void *type;
    void *(*end)(void *);
};

#define ROW(name, kind) {#name, kind, name##_functions, name##_type, name##_end}
static const struct class classes[] = {
    ROW(bad_alloc, EMPTY),        ROW(bad_array_new_length, EMPTY), ROW(bad_cast, EMPTY),       ROW(bad_typeid, EMPTY),
    ROW(logic_error, LOGIC),      ROW(domain_error, LOGIC),         ROW(invalid_argument, LOGIC), ROW(length_error, LOGIC),
    ROW(out_of_range, LOGIC),     ROW(runtime_error, RUNTIME),      ROW(range_error, RUNTIME),  ROW(overflow_error, RUNTIME),
    ROW(underflow_error, RUNTIME),
};

enum { OBJECT_BYTES = 32 }; /* the largest of them, ios_base::failure, has 16 */

static _Noreturn void raise(const struct class *class, const char *text) {
    const void **object = __cxa_allocate_exception(OBJECT_BYTES);
    if (class->kind == LOGIC) {
        make_logic_error(object, text);
    } else if (class->kind == RUNTIME) {
        make_runtime_error(object, text);
    }
    *object = &class->functions[2];
    __cxa_throw(object, class->type, class->end);
}

static const struct class *find(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0) {
            return &classes[i];
        }
    }
    return NULL;
}

static _Noreturn void raise_named(const char *name) {
    raise(find(name, strlen(name)), "");
}

_Noreturn void verbose_abort(const char *format, ...) __asm__("_ZNSt3__222__libcpp_verbose_abortEPKcz");
_Noreturn void verbose_abort(const char *format, ...) {
    const char *end = strstr(format, " was thrown in -fno-exceptions mode");
    size_t length = end ? (size_t)(end - format) : 0;
    const struct class *class = find(format, length);
    va_list rest;
    va_start(rest, format);
    if (class) {
        raise(class, class->kind == EMPTY ? "" : va_arg(rest, const char *));
    }
    if (length == strlen("ios_base::failure") && memcmp(format, "ios_base::failure", length) == 0) {
        const struct error_code code = {1, iostream_category()}; /* io_errc::stream */
        void *object = __cxa_allocate_exception(OBJECT_BYTES);
        make_failure(object, va_arg(rest, const char *), &code);
        __cxa_throw(object, failure_type, failure_end);
    }
    if (length == strlen("system_error") && memcmp(format, "system_error", length) == 0) {
        struct error_code code = {va_arg(rest, int), generic_category()};
        void *object = __cxa_allocate_exception(OBJECT_BYTES);
        make_system_error(object, code, va_arg(rest, const char *));
        __cxa_throw(object, system_error_type, system_error_end);
    }
    vfprintf(stderr, format, rest); /* a check of the library's own */
    fputc('\n', stderr);
    abort();
}

/* ---- Exceptions of the language, for which libc++abi has functions that end the program ---- */

_Noreturn void __cxa_bad_cast(void);
_Noreturn void __cxa_bad_typeid(void);
_Noreturn void __cxa_throw_bad_array_new_length(void);

_Noreturn void __cxa_bad_cast(void) {
    raise_named("bad_cast");
}

_Noreturn void __cxa_bad_typeid(void) {
    raise_named("bad_typeid");
}

_Noreturn void __cxa_throw_bad_array_new_length(void) {
    raise_named("bad_array_new_length");
}
