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

#include <cstdint>
#include <cstring>
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

/* One kernel that runs every case on the thread's operands and stores 8 bytes for each. */
static std::string ptx_of(const Case *cases, size_t count) {
    std::string text = ".version 8.3\n.target sm_90\n.address_size 64\n"
                       ".visible .entry cases(.param .u64 in, .param .u64 out)\n{\n"
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
                       std::to_string(8 * count) + ", %o;\n";
    for (size_t i = 0; i < count; i++)
        text += std::string("  mov.b32 %d, 0; mov.b64 %D, 0; mov.b16 %hd, 0; mov.f32 %fd, 0f00000000; mov.f64 %dd, 0d0000000000000000;\n  { ") +
                cases[i].text + " }\n  " + result_store[cases[i].kind] + "\n  add.u64 %o, %o, 8;\n";
    return text + "  ret;\n}\n";
}

static bool same(Kind kind, uint64_t got, uint64_t want) {
    if (kind == FLOAT && as_float((uint32_t)want) != as_float((uint32_t)want)) return as_float((uint32_t)got) != as_float((uint32_t)got);
    if (kind == DOUBLE && as_double(want) != as_double(want)) return as_double(got) != as_double(got);
    return got == want;
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

static void driver_start() {
    CUdevice device;
    CUcontext context;
    DRIVER(cuInit(0));
    DRIVER(cuDeviceGet(&device, 0));
    DRIVER(cuDevicePrimaryCtxRetain(&context, device));
    DRIVER(cuCtxSetCurrent(context));
}

/* Runs the cases on every pair of operands, with a third one beside; prints what differs. Gives the number of differences. */
static size_t check_cases(const Case *cases, size_t count) {
    driver_start();
    CUfunction function = ptx_function(ptx_of(cases, count).c_str(), "cases");
    std::vector<uint64_t> values = operand_values(), in;
    size_t n = values.size();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j += i < 64 ? 1 : 7) {
            in.push_back(values[i]);
            in.push_back(values[j]);
            in.push_back(values[(i * 37 + j * 11) % n]);
        }
    while (in.size() / 3 % 128) in.insert(in.end(), {5, 6, 7});
    size_t threads = in.size() / 3;
    std::vector<uint64_t> out(threads * count);
    CUdeviceptr device_in, device_out;
    DRIVER(cuMemAlloc(&device_in, in.size() * 8));
    DRIVER(cuMemAlloc(&device_out, out.size() * 8));
    DRIVER(cuMemcpyHtoD(device_in, in.data(), in.size() * 8));
    DRIVER(cuMemsetD8(device_out, 0, out.size() * 8));
    void *arguments[] = {&device_in, &device_out};
    DRIVER(cuLaunchKernel(function, (unsigned)(threads / 128), 1, 1, 128, 1, 1, 0, nullptr, arguments, nullptr));
    DRIVER(cuMemcpyDtoH(out.data(), device_out, out.size() * 8));
    size_t wrong = 0;
    char name[256];
    DRIVER(cuDeviceGetName(name, sizeof name, 0));
    bool nvidia = std::strstr(name, "NVIDIA") != nullptr;
    for (size_t k = 0; k < count; k++) {
        size_t differences = 0;
        for (size_t i = 0; i < threads && !(nvidia && cases[k].departs); i++) {
            Operands o;
            o.A = in[3 * i], o.B = in[3 * i + 1], o.C = in[3 * i + 2];
            o.a = (uint32_t)o.A, o.b = (uint32_t)o.B, o.c = (uint32_t)o.C;
            o.ha = (uint16_t)o.A, o.hb = (uint16_t)o.B, o.hc = (uint16_t)o.C;
            o.fa = as_float(o.a), o.fb = as_float(o.b), o.fc = as_float(o.c);
            o.da = as_double(o.A), o.db = as_double(o.B), o.dc = as_double(o.C);
            o.p = o.a & 1, o.q = o.b & 1;
            uint64_t want = cases[k].model(o), got = out[i * count + k];
            if (same(cases[k].kind, got, want)) continue;
            if (differences++ < 3)
                std::printf("%s\n  a %016llx b %016llx c %016llx: got %llx, not %llx\n", cases[k].text, (unsigned long long)o.A,
                            (unsigned long long)o.B, (unsigned long long)o.C, (unsigned long long)got, (unsigned long long)want);
        }
        wrong += differences != 0;
    }
    return wrong;
}

#define CASES_MAIN(cases)                                                                                                            \
    int main() {                                                                                                                     \
        size_t count = sizeof cases / sizeof cases[0], wrong = check_cases(cases, count);                                            \
        std::printf("%zu cases, %zu wrong\n", count, wrong);                                                                         \
        return wrong != 0;                                                                                                           \
    }

#endif
