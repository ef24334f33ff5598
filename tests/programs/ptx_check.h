/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ptx_check.h: PTX instructions against models of them. Every case is a line or a few of PTX and a function that says what it
 * computes; all run on the same operands: boundary values of every kind, and random bits from a fixed seed.
 *
 * Registers: 64-bit operands %A %B %C, of which %a %b %c are the low words, %ha %hb %hc the low halfwords, %fa %fb %fc the low
 * words as float, %da %db %dc all of it as double; %p %q predicates (bit 0 of %A, %B). The result goes to %d (32 bits), %D (64),
 * %hd (16), %fd, %dd, or %pd, as the case's kind says; %t0 to %t3 and %T0 to %T3 are there for more than one step.
 */
#ifndef PROGRAMS_PTX_CHECK_H
#define PROGRAMS_PTX_CHECK_H

#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "check_driver.h"

struct Operands {
    uint64_t A, B, C;
    uint32_t a, b, c;
    uint16_t ha, hb, hc;
    float fa, fb, fc;
    double da, db, dc;
    bool p, q;
};

enum Kind { WORD, LONG, HALFWORD, FLOAT, DOUBLE, PREDICATE };

/* `departs`: what NVIDIA's own assembler makes of it is not what the ISA's text says, as seen on an H200 with CUDA 13: not compared there. */
struct Case {
    const char *text;
    Kind kind;
    uint64_t (*model)(const Operands &o);
    bool departs = false;
};

/* The same of a case that a loop over modifiers and types makes. `relative` and `absolute`: how far an approximation in FLOAT may be from the model;
 * a model that gives a NaN, an infinity or a zero is met exactly. */
struct Form {
    std::string text;
    Kind kind;
    std::function<uint64_t(const Operands &)> model;
    double relative = 0, absolute = 0;
    bool departs = false;
    std::function<uint64_t(const Operands *warp, unsigned lane)> warp = nullptr; /* instead of model, where lanes see each other */
};

template <class To, class From> static To bits(From from) {
    To to = 0;
    static_assert(sizeof(To) >= sizeof(From), "bits do not fit");
    std::memcpy(&to, &from, sizeof from);
    return to;
}
static uint64_t of(float value) { return bits<uint32_t>(value); }
static uint64_t of(double value) { return bits<uint64_t>(value); }
static float as_float(uint32_t word) { return bits<float>(word); }
static double as_double(uint64_t word) { return bits<double>(word); }

static std::vector<uint64_t> operand_values() {
    static const uint64_t corners[] = {0,
                                       1,
                                       2,
                                       3,
                                       31,
                                       32,
                                       33,
                                       63,
                                       64,
                                       255,
                                       256,
                                       0x7fff,
                                       0x8000,
                                       0xffff,
                                       0x7fffffff,
                                       0x80000000,
                                       0x80000001,
                                       0xffffffff,
                                       0x7fffffffffffffff,
                                       0x8000000000000000,
                                       0xffffffffffffffff,
                                       0x3f8000003f800000,
                                       0xbf800000bf800000,
                                       0x3ff0000000000000,
                                       0xbff0000000000000,
                                       0x3fe0000000000000,
                                       0x3f0000003f000000,
                                       0x4000000040000000,
                                       0x00000001007fffff, /* float: the largest subnormal number */
                                       0x0000000000800000, /* the smallest normal one */
                                       0x0000000080800000,
                                       0x000fffffffffffff,
                                       0x0010000000000000,
                                       0x7f7fffff7f7fffff,
                                       0x7f8000007f800000, /* infinity */
                                       0xff800000ff800000,
                                       0x7fc000007fc00000, /* NaN */
                                       0x7ff0000000000000,
                                       0xfff0000000000000,
                                       0x7ff8000000000000,
                                       0x4f0000004f000000, /* 2^31 */
                                       0xcf000000cf000000,
                                       0x4f7fffff4f800000,
                                       0x41dfffffffc00000, /* 2^31 - 1 as double */
                                       0x41e0000000000000,
                                       0xc1e0000000000000,
                                       0x43e0000000000000,
                                       0x3fc000003fc00000, /* 1.5 and its like: ties */
                                       0x4020000040200000,
                                       0xc0200000bfc00000,
                                       0x4004000000000000,
                                       0x3ff8000000000000,
                                       0x00007c003c00fc00, /* halves */
                                       0x7bff0400000183ff,
                                       0x3555aaaa7e003fff,
                                       0x477fe000477fefff,
                                       0x4780000033000000,
                                       0x387fc00038800000};
    std::vector<uint64_t> values(corners, corners + sizeof corners / sizeof corners[0]);
    uint64_t state = 88172645463325252ull;
    while (values.size() < 160) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        values.push_back(values.size() % 3 ? state : (state & 0x800fffff800fffffull) | 0x3f8000003f800000ull);
    }
    return values;
}

static const char *const result_store[] = {"st.global.u32 [%o], %d;",     "st.global.u64 [%o], %D;", "st.global.u16 [%o], %hd;",
                                           "st.global.f32 [%o], %fd;",    "st.global.f64 [%o], %dd;",
                                           "selp.u32 %d, 1, 0, %pd; st.global.u32 [%o], %d;"};

/* What the module says before the kernels: variables and functions that forms use. %i is the thread's number in the grid. */
static std::string module_text;

/* Kernels that run so many cases each on the thread's operands and store 8 bytes for each: one kernel of thousands would compile for minutes. */
static const size_t cases_of_kernel = 128;

static std::string ptx_of(const std::vector<Form> &cases, const char *target) {
    std::string text = std::string(".version 8.6\n.target ") + target + "\n.address_size 64\n" + module_text;
    for (size_t first = 0; first < cases.size(); first += cases_of_kernel) {
        text += ".visible .entry cases" + std::to_string(first / cases_of_kernel) +
                "(.param .u64 in, .param .u64 out)\n{\n"
                "  .reg .b64 %A, %B, %C, %D, %o, %x, %T<4>;\n  .reg .b32 %a, %b, %c, %d, %i, %n, %t<4>;\n"
                "  .reg .b16 %ha, %hb, %hc, %hd;\n  .reg .f32 %fa, %fb, %fc, %fd;\n  .reg .f64 %da, %db, %dc, %dd;\n"
                "  .reg .pred %p, %q, %pd, %pe, %pf;\n"
                "  mov.u32 %i, %ctaid.x;\n  mov.u32 %n, %ntid.x;\n  mov.u32 %t0, %tid.x;\n  mad.lo.u32 %i, %i, %n, %t0;\n"
                "  ld.param.u64 %x, [in];\n  mad.wide.u32 %x, %i, 24, %x;\n"
                "  ld.global.b64 %A, [%x];\n  ld.global.b64 %B, [%x+8];\n  ld.global.b64 %C, [%x+16];\n"
                "  cvt.u32.u64 %a, %A;\n  cvt.u32.u64 %b, %B;\n  cvt.u32.u64 %c, %C;\n"
                "  cvt.u16.u64 %ha, %A;\n  cvt.u16.u64 %hb, %B;\n  cvt.u16.u64 %hc, %C;\n"
                "  mov.b32 %fa, %a;\n  mov.b32 %fb, %b;\n  mov.b32 %fc, %c;\n"
                "  mov.b64 %da, %A;\n  mov.b64 %db, %B;\n  mov.b64 %dc, %C;\n"
                "  and.b32 %t0, %a, 1;\n  setp.ne.u32 %p, %t0, 0;\n  and.b32 %t0, %b, 1;\n  setp.ne.u32 %q, %t0, 0;\n"
                "  ld.param.u64 %o, [out];\n  mad.wide.u32 %o, %i, " +
                std::to_string(8 * cases.size()) + ", %o;\n  add.u64 %o, %o, " + std::to_string(8 * first) + ";\n";
        for (size_t i = first; i < cases.size() && i < first + cases_of_kernel; i++)
            text += "  mov.b32 %d, 0; mov.b64 %D, 0; mov.b16 %hd, 0; mov.f32 %fd, 0f00000000; mov.f64 %dd, 0d0000000000000000;\n  { " +
                    cases[i].text + " }\n  " + result_store[cases[i].kind] + "\n  add.u64 %o, %o, 8;\n";
        text += "  ret;\n}\n";
    }
    return text;
}

static bool same(const Form &form, uint64_t got, uint64_t want) {
    Kind kind = form.kind;
    if (kind == FLOAT && as_float((uint32_t)want) != as_float((uint32_t)want)) return as_float((uint32_t)got) != as_float((uint32_t)got);
    if (kind == DOUBLE && as_double(want) != as_double(want)) return as_double(got) != as_double(got);
    if (got == want || (form.relative == 0 && form.absolute == 0)) return got == want;
    double g = kind == DOUBLE ? as_double(got) : as_float((uint32_t)got), w = kind == DOUBLE ? as_double(want) : as_float((uint32_t)want);
    if (std::isinf(w) || w == 0) return g == w || std::fabs(g) < form.absolute;
    return std::fabs(g - w) <= std::fabs(w) * form.relative + form.absolute;
}

static CUfunction ptx_function(const char *text, const char *name) {
    static char log[8192];
    CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
    void *values[] = {log, (void *)sizeof log};
    CUmodule module;
    CUfunction function;
    CUresult result = cuModuleLoadDataEx(&module, text, 2, options, values);
    if (result != CUDA_SUCCESS) {
        std::printf("not loaded (%d): %s\n", (int)result, log);
        std::exit(1);
    }
    DRIVER(cuModuleGetFunction(&function, module, name));
    return function;
}

/* Operands: every pair of the corner values and of some others, with a third one beside; `all`: of all values with many. */
static std::vector<uint64_t> operand_triples(bool all) {
    std::vector<uint64_t> values = operand_values(), in;
    size_t n = all ? values.size() : 72;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j += i < 64 ? 1 : 7) {
            in.push_back(values[i]);
            in.push_back(values[j]);
            in.push_back(values[(i * 37 + j * 11) % values.size()]);
        }
    while (in.size() / 3 % 128) in.insert(in.end(), {5, 6, 7});
    return in;
}

static Operands operands_of(const uint64_t *triple) {
    Operands o;
    o.A = triple[0], o.B = triple[1], o.C = triple[2];
    o.a = (uint32_t)o.A, o.b = (uint32_t)o.B, o.c = (uint32_t)o.C;
    o.ha = (uint16_t)o.A, o.hb = (uint16_t)o.B, o.hc = (uint16_t)o.C;
    o.fa = as_float(o.a), o.fb = as_float(o.b), o.fc = as_float(o.c);
    o.da = as_double(o.A), o.db = as_double(o.B), o.dc = as_double(o.C);
    o.p = o.a & 1, o.q = o.b & 1;
    return o;
}

static size_t differences_of(const Form &form, const std::vector<Operands> &in, const std::vector<uint64_t> &out, size_t place, size_t count) {
    size_t differences = 0;
    for (size_t i = 0; i < in.size(); i++) {
        const Operands &o = in[i];
        uint64_t want = form.warp ? form.warp(&in[i - i % 32], (unsigned)(i % 32)) : form.model(o), got = out[i * count + place];
        if (same(form, got, want)) continue;
        if (differences++ < 3)
            std::printf("%s\n  a %016llx b %016llx c %016llx: got %llx, not %llx\n", form.text.c_str(), (unsigned long long)o.A,
                        (unsigned long long)o.B, (unsigned long long)o.C, (unsigned long long)got, (unsigned long long)want);
    }
    return differences;
}

/* Runs the cases; prints what differs. Gives the number of cases that do. */
static size_t check_forms(const std::vector<Form> &forms, bool all = false, const char *target = "sm_90") {
    driver_start();
    size_t count = forms.size();
    std::string text = ptx_of(forms, target);
    CUfunction function = ptx_function(text.c_str(), "cases0");
    CUmodule module;
    DRIVER(cuFuncGetModule(&module, function));
    std::vector<uint64_t> in = operand_triples(all);
    size_t threads = in.size() / 3;
    std::vector<uint64_t> out(threads * count);
    CUdeviceptr device_in, device_out;
    DRIVER(cuMemAlloc(&device_in, in.size() * 8));
    DRIVER(cuMemAlloc(&device_out, out.size() * 8));
    DRIVER(cuMemcpyHtoD(device_in, in.data(), in.size() * 8));
    DRIVER(cuMemsetD8(device_out, 0, out.size() * 8));
    void *arguments[] = {&device_in, &device_out};
    for (size_t first = 0; first < count; first += cases_of_kernel) {
        DRIVER(cuModuleGetFunction(&function, module, ("cases" + std::to_string(first / cases_of_kernel)).c_str()));
        DRIVER(cuLaunchKernel(function, (unsigned)(threads / 128), 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    }
    DRIVER(cuMemcpyDtoH(out.data(), device_out, out.size() * 8));
    char name[256];
    DRIVER(cuDeviceGetName(name, sizeof name, 0));
    bool nvidia = std::strstr(name, "NVIDIA") != nullptr;
    size_t wrong = 0;
    std::vector<Operands> operands;
    for (size_t i = 0; i < threads; i++) operands.push_back(operands_of(&in[3 * i]));
    for (size_t k = 0; k < count; k++)
        if (!(nvidia && forms[k].departs)) wrong += differences_of(forms[k], operands, out, k, count) != 0;
    return wrong;
}

static size_t check_cases(const Case *cases, size_t count) {
    std::vector<Form> forms;
    for (size_t i = 0; i < count; i++) forms.push_back({cases[i].text, cases[i].kind, cases[i].model, 0, 0, cases[i].departs});
    return check_forms(forms, true);
}

#define CASES_MAIN(cases)                                                                                                            \
    int main() {                                                                                                                     \
        size_t count = sizeof cases / sizeof cases[0], wrong = check_cases(cases, count);                                            \
        std::printf("%zu cases, %zu wrong\n", count, wrong);                                                                         \
        return wrong != 0;                                                                                                           \
    }

#endif
