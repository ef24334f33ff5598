// SPDX-License-Identifier: Apache-2.0
// Floating-point instructions of PTX in every form that there is (rounding, .ftz, .sat, .NaN, .relu, .xorsign.abs, comparisons with their combinations),
// made by loops and compared with models: PTX ISA 9.7.3 to 9.7.7. ptx_float has cases that are written out.
// TIMEOUT: 120
// ENV: CUDA_WASM_VECTOR=0
// EXPECT: 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>
#include <cfenv>

#include "ptx_check.h"

typedef const Operands &O;

static std::vector<Form> forms;

static const struct {
    const char *name;
    int mode;
} roundings[] = {{"", FE_TONEAREST}, {".rn", FE_TONEAREST}, {".rz", FE_TOWARDZERO}, {".rm", FE_DOWNWARD}, {".rp", FE_UPWARD}};

/* The host's arithmetic in a rounding mode; volatile, so that the compiler leaves it to run. */
template <class T> static T compute(int mode, int operation, T a, T b, T c) {
    volatile T x = a, y = b, z = c, r = 0;
    std::fesetround(mode);
    switch (operation) {
    case 0: r = x + y; break;
    case 1: r = x - y; break;
    case 2: r = x * y; break;
    case 3: r = x / y; break;
    case 4: r = std::fma((T)x, (T)y, (T)z); break;
    case 5: r = T(1) / x; break;
    default: r = std::sqrt((T)x); break;
    }
    std::fesetround(FE_TONEAREST);
    return r;
}
static const char *const operations[] = {"add", "sub", "mul", "div", "fma", "rcp", "sqrt"};
static const int sources[] = {2, 2, 2, 2, 3, 1, 1};

static float ftz(float x) { return std::fabs(x) < 0x1p-126f ? std::copysign(0.0f, x) : x; }
template <class T> static T sat(T x) { return x > 0 ? (x < 1 ? x : 1) : 0; }
/* Without NaN if there is a number; -0 is less than +0. */
template <class T> static bool less(T a, T b) { return a < b || (a == b && std::signbit(a) && !std::signbit(b)); }
template <class T> static T extreme(bool least, bool propagates, T a, T b) {
    if (propagates && (a != a || b != b)) return NAN;
    return a != a ? b : b != b ? a : less(a, b) == least ? a : b;
}

static std::string operands(const char *kind, int count) {
    std::string text = std::string("%") + kind + "d";
    for (int n = 0; n < count; n++) text += std::string(", %") + kind + (char)('a' + n);
    return text + ";";
}

static void arithmetic() {
    for (int op = 0; op < 7; op++)
        for (auto &r : roundings) {
            int mode = r.mode;
            if (op >= 3 && r.name[0] == 0) continue; /* these say how they round */
            for (int flags = 0; flags < 4; flags++) {
                bool flushes = flags & 1, saturates = flags & 2;
                if (saturates && (op == 3 || op > 4)) continue;
                auto model = [=](O o) {
                    float x = flushes ? compute(mode, op, ftz(o.fa), ftz(o.fb), ftz(o.fc)) : compute(mode, op, o.fa, o.fb, o.fc);
                    x = flushes ? ftz(x) : x;
                    return of(saturates ? sat(x) : x);
                };
                std::string rest = std::string(r.name) + (flushes ? ".ftz" : "") + (saturates ? ".sat" : "") + ".f32 " + operands("f", sources[op]);
                forms.push_back({operations[op] + rest, FLOAT, model});
                if (op == 4) forms.push_back({"mad" + rest, FLOAT, model});
            }
            auto model = [=](O o) { return of(compute(mode, op, o.da, o.db, o.dc)); };
            std::string rest = std::string(r.name) + ".f64 " + operands("d", sources[op]);
            forms.push_back({operations[op] + rest, DOUBLE, model});
            if (op == 4) forms.push_back({"mad" + rest, DOUBLE, model});
        }
}

static void signs_and_classes() {
    for (bool flushes : {false, true}) {
        std::string f = flushes ? ".ftz.f32 " : ".f32 ";
        auto in = [=](float x) { return flushes ? ftz(x) : x; };
        forms.push_back({"abs" + f + "%fd, %fa;", FLOAT, [=](O o) { return of(std::fabs(in(o.fa))); }});
        forms.push_back({"neg" + f + "%fd, %fa;", FLOAT, [=](O o) { return of(-in(o.fa)); }});
        for (bool least : {false, true})
            for (bool propagates : {false, true})
                for (bool signs : {false, true})
                    forms.push_back({std::string(least ? "min" : "max") + (flushes ? ".ftz" : "") + (propagates ? ".NaN" : "") + (signs ? ".xorsign.abs" : "") + ".f32 %fd, %fa, %fb;", FLOAT,
                                     [=](O o) {
                                         float a = in(o.fa), b = in(o.fb);
                                         if (!signs) return of(extreme(least, propagates, a, b));
                                         float r = extreme(least, propagates, std::fabs(a), std::fabs(b));
                                         return of(std::signbit(a) != std::signbit(b) ? -r : r);
                                     }});
    }
    forms.push_back({"abs.f64 %dd, %da;", DOUBLE, [](O o) { return of(std::fabs(o.da)); }});
    forms.push_back({"neg.f64 %dd, %da;", DOUBLE, [](O o) { return of(-o.da); }});
    forms.push_back({"min.f64 %dd, %da, %db;", DOUBLE, [](O o) { return of(extreme(true, false, o.da, o.db)); }});
    forms.push_back({"max.f64 %dd, %da, %db;", DOUBLE, [](O o) { return of(extreme(false, false, o.da, o.db)); }});
    forms.push_back({"copysign.f32 %fd, %fa, %fb;", FLOAT, [](O o) { return of(std::copysign(o.fb, o.fa)); }});
    forms.push_back({"copysign.f64 %dd, %da, %db;", DOUBLE, [](O o) { return of(std::copysign(o.db, o.da)); }});
    static const char *const classes[] = {"finite", "infinite", "number", "notanumber", "normal", "subnormal"};
    auto is = [](int which, double x, int kind) -> uint64_t {
        switch (which) {
        case 0: return std::isfinite(x);
        case 1: return std::isinf(x);
        case 2: return !std::isnan(x);
        case 3: return std::isnan(x);
        case 4: return kind == FP_NORMAL || kind == FP_ZERO;
        default: return kind == FP_SUBNORMAL;
        }
    };
    for (int which = 0; which < 6; which++) {
        forms.push_back({std::string("testp.") + classes[which] + ".f32 %pd, %fa;", PREDICATE, [=](O o) { return is(which, o.fa, std::fpclassify(o.fa)); }});
        forms.push_back({std::string("testp.") + classes[which] + ".f64 %pd, %da;", PREDICATE, [=](O o) { return is(which, o.da, std::fpclassify(o.da)); }});
    }
}

/* 9.7.3.8, 9.7.3.13 to 9.7.3.22: the error that each section allows, zeros, infinities and NaN exactly. */
static void approximations() {
    for (bool flushes : {false, true}) {
        std::string f = flushes ? ".ftz.f32 %fd, %fa" : ".f32 %fd, %fa";
        auto in = [=](float x) { return flushes ? ftz(x) : x; };
        auto out = [=](double x) { return of(flushes ? ftz((float)x) : (float)x); };
        forms.push_back({"rcp.approx" + f + ";", FLOAT, [=](O o) { return out(1.0 / in(o.fa)); }, 0x1p-23, flushes ? 0x1p-126 : 0});
        forms.push_back({"sqrt.approx" + f + ";", FLOAT, [=](O o) { return out(std::sqrt((double)in(o.fa))); }, 0x1p-22});
        forms.push_back({"rsqrt.approx" + f + ";", FLOAT, [=](O o) { return out(1.0 / std::sqrt((double)in(o.fa))); }, 0x1p-22});
        forms.push_back({"lg2.approx" + f + ";", FLOAT, [=](O o) { return out(std::log2((double)in(o.fa))); }, 0x1p-22, 0x1p-22});
        forms.push_back({"ex2.approx" + f + ";", FLOAT, [=](O o) { return out(std::exp2((double)in(o.fa))); }, 0x1p-21, flushes ? 0x1p-126 : 0});
        for (bool sine : {false, true}) /* the ISA bounds the error in [-2 pi, 2 pi]: numbers there, by taking others down */
            forms.push_back({"and.b32 %t0, %a, 0x807fffff; or.b32 %t0, %t0, 0x3f800000; mov.b32 %fd, %t0; " + std::string(sine ? "sin" : "cos") + (flushes ? ".approx.ftz" : ".approx") + ".f32 %fd, %fd;", FLOAT,
                             [=](O o) {
                                 double x = as_float((o.a & 0x807fffff) | 0x3f800000);
                                 return of((float)(sine ? std::sin(x) : std::cos(x)));
                             }, 0, 0x1p-20});
    }
    forms.push_back({"tanh.approx.f32 %fd, %fa;", FLOAT, [](O o) { return of((float)std::tanh((double)o.fa)); }, 0x1p-11});
    for (bool flushes : {false, true})
        for (const char *kind : {".approx", ".full"}) {
            /* quotients of numbers between 1 and 2, whatever the operands are */
            std::string text = std::string("and.b32 %t0, %a, 0x807fffff; or.b32 %t0, %t0, 0x3f800000; mov.b32 %fd, %t0; and.b32 %t1, %b, 0x807fffff; or.b32 %t1, %t1, 0x40000000; { .reg .f32 %y; mov.b32 %y, %t1; div") +
                               kind + (flushes ? ".ftz" : "") + ".f32 %fd, %fd, %y; }";
            forms.push_back({text, FLOAT, [](O o) { return of((float)((double)as_float((o.a & 0x807fffff) | 0x3f800000) / as_float((o.b & 0x807fffff) | 0x40000000))); }, 0x1p-22});
        }
    forms.push_back({"rcp.approx.ftz.f64 %dd, %da;", DOUBLE, [](O o) { return of(std::fabs(o.da) < 0x1p-1022 ? std::copysign(INFINITY, o.da) : std::fabs(1 / o.da) < 0x1p-1022 ? std::copysign(0.0, o.da) : 1 / o.da); }, 0x1p-19});
    forms.push_back({"rcp.approx.ftz.f64 %dd, %da; mov.b64 %D, %dd; cvt.u32.u64 %d, %D;", WORD, [](O) -> uint64_t { return 0; }});
    forms.push_back({"rsqrt.approx.f64 %dd, %da;", DOUBLE, [](O o) { return of(1 / std::sqrt(o.da)); }, 0x1p-20});
    forms.push_back({"rsqrt.approx.ftz.f64 %dd, %da;", DOUBLE, [](O o) { return of(std::fabs(o.da) < 0x1p-1022 ? std::copysign(INFINITY, o.da) : 1 / std::sqrt(o.da)); }, 0x1p-19});
    forms.push_back({"rsqrt.approx.ftz.f64 %dd, %da; mov.b64 %D, %dd; cvt.u32.u64 %d, %D;", WORD, [](O) -> uint64_t { return 0; }});
}

/* ---- 16 bits: each operation is rounded once, from exact numbers ---- */

struct Narrow {
    const char *name;
    bool brain;
    int mantissa;
    uint16_t infinity;
};
static const Narrow f16 = {"f16", false, 10, 0x7c00}, bf16 = {"bf16", true, 7, 0x7f80};

static bool is_nan(uint16_t h, Narrow t) { return (h & 0x7fff) > t.infinity; }
static double number(uint16_t h, Narrow t) {
    if (t.brain) return as_float((uint32_t)h << 16);
    int e = h >> 10 & 31, m = h & 1023;
    double v = e == 31 ? (m ? NAN : INFINITY) : e ? std::ldexp(1024 + m, e - 25) : std::ldexp(m, -24);
    return h & 0x8000 ? -v : v;
}
/* To nearest even, by looking for the neighbours. `v` is exact, or has its last bit set where it is not. */
static uint16_t nearest(long double v, Narrow t) {
    if (v != v) return 0x7fff;
    uint16_t sign = std::signbit(v) ? 0x8000 : 0;
    v = std::fabs(v);
    if (std::isinf(v)) return sign | t.infinity;
    uint16_t low = 0, high = t.infinity;
    while (low + 1 < high) {
        uint16_t middle = (uint16_t)((low + high) / 2);
        (number(middle, t) <= v ? low : high) = middle;
    }
    long double below = number(low, t), above = low + 1 == t.infinity ? 2 * below - number((uint16_t)(low - 1), t) : number((uint16_t)(low + 1), t);
    bool up = v - below > above - v || (v - below == above - v && (low & 1));
    return (uint16_t)(sign | (low + up));
}
static uint16_t small_to_zero(uint16_t h, Narrow t) { return h & t.infinity ? h : h & 0x8000; }

/* a * b + c in 64 bits, the last one set where it is not exact: rounding that gives what one rounding does. */
static long double odd_fma(double a, double b, double c) {
    volatile long double product = (long double)a * b, sum = product + c; /* the product of numbers of 11 bits is exact */
    if (sum != sum || std::isinf((long double)sum)) return sum;
    volatile long double part = sum - product, error = (product - (sum - part)) + (c - part);
    uint64_t mantissa;
    long double value = sum;
    std::memcpy(&mantissa, &value, sizeof mantissa);
    return error == 0 || (mantissa & 1) ? value : std::nextafter(value, error > 0 ? (long double)INFINITY : -(long double)INFINITY);
}

/* The form of one number and that of a pair. */
static void add_half(const std::string &beginning, Narrow t, int count, std::function<uint16_t(uint16_t, uint16_t, uint16_t)> model) {
    auto quiet = [=](uint16_t h) -> uint64_t { return is_nan(h, t) ? 0x7fff : h; };
    forms.push_back({beginning + "." + t.name + " " + operands("h", count), HALFWORD, [=](O o) { return quiet(model(o.ha, o.hb, o.hc)); }});
    forms.push_back({beginning + "." + t.name + "x2 " + operands("", count), WORD, [=](O o) {
                         return quiet(model(o.ha, o.hb, o.hc)) | quiet(model((uint16_t)(o.a >> 16), (uint16_t)(o.b >> 16), (uint16_t)(o.c >> 16))) << 16;
                     }});
}

static void halves() {
    for (Narrow t : {f16, bf16}) {
        for (int flags = 0; flags < (t.brain ? 1 : 4); flags++) {
            bool flushes = flags & 1, saturates = flags & 2;
            std::string modifiers = std::string(flushes ? ".ftz" : "") + (saturates ? ".sat" : "");
            auto in = [=](uint16_t h) { return number(flushes ? small_to_zero(h, t) : h, t); };
            auto out = [=](long double v) {
                uint16_t r = nearest(v, t);
                if (flushes) r = small_to_zero(r, t);
                return saturates ? nearest(sat(number(r, t)), t) : r;
            };
            for (const char *rounding : {"", ".rn"}) {
                add_half(std::string("add") + rounding + modifiers, t, 2, [=](uint16_t a, uint16_t b, uint16_t) { return out((long double)in(a) + in(b)); });
                add_half(std::string("sub") + rounding + modifiers, t, 2, [=](uint16_t a, uint16_t b, uint16_t) { return out((long double)in(a) - in(b)); });
                add_half(std::string("mul") + rounding + modifiers, t, 2, [=](uint16_t a, uint16_t b, uint16_t) { return out((long double)in(a) * in(b)); });
            }
            add_half("fma.rn" + modifiers, t, 3, [=](uint16_t a, uint16_t b, uint16_t c) { return out(odd_fma(in(a), in(b), in(c))); });
        }
        for (bool flushes : {false, true}) {
            if (flushes && t.brain) continue;
            std::string f = flushes ? ".ftz" : "";
            auto in = [=](uint16_t h) { return flushes ? small_to_zero(h, t) : h; };
            add_half("fma.rn" + f + ".relu", t, 3, [=](uint16_t a, uint16_t b, uint16_t c) {
                uint16_t r = in(nearest(odd_fma(number(in(a), t), number(in(b), t), number(in(c), t)), t));
                return (uint16_t)(!is_nan(r, t) && (r & 0x8000) ? 0 : r);
            });
            add_half("neg" + f, t, 1, [=](uint16_t a, uint16_t, uint16_t) { return (uint16_t)(in(a) ^ 0x8000); });
            add_half("abs" + f, t, 1, [=](uint16_t a, uint16_t, uint16_t) { return (uint16_t)(in(a) & 0x7fff); });
            for (bool least : {false, true})
                for (bool propagates : {false, true})
                    for (bool signs : {false, true})
                        add_half(std::string(least ? "min" : "max") + f + (propagates ? ".NaN" : "") + (signs ? ".xorsign.abs" : ""), t, 2, [=](uint16_t a, uint16_t b, uint16_t) {
                            a = in(a), b = in(b);
                            uint16_t sign = (a ^ b) & 0x8000;
                            double x = number(signs ? a & 0x7fff : a, t), y = number(signs ? b & 0x7fff : b, t);
                            uint16_t r = nearest(extreme(least, propagates, x, y), t);
                            return (uint16_t)(signs ? is_nan(r, t) ? 0x7fff : (r & 0x7fff) | sign : r);
                        });
        }
    }
}

/* 9.7.4.9, 9.7.4.10: what is rounded to the type is within the error that the section allows. */
static void half_approximations() {
    for (Narrow t : {f16, bf16})
        for (bool powers : {false, true}) {
            auto model = [=](uint16_t h) {
                double x = number(powers && t.brain ? small_to_zero(h, t) : h, t);
                uint16_t r = nearest(powers ? std::exp2(x) : std::tanh(x), t);
                return of((float)number(powers && t.brain ? small_to_zero(r, t) : r, t));
            };
            std::string text = powers ? t.brain ? "ex2.approx.ftz." : "ex2.approx." : "tanh.approx.", wide = std::string("; cvt.f32.") + t.name + " %fd, ";
            double relative = t.brain ? 0x1p-7 : 0x1p-9, absolute = t.brain ? 0x1p-125 : 0x1p-23;
            forms.push_back({text + t.name + " %hd, %ha" + wide + "%hd;", FLOAT, [=](O o) { return model(o.ha); }, relative, absolute});
            forms.push_back({text + t.name + "x2 %d, %a; mov.b32 {%hd, %hc}, %d" + wide + "%hd;", FLOAT, [=](O o) { return model(o.ha); }, relative, absolute});
            forms.push_back({text + t.name + "x2 %d, %a; { .reg .b16 %l, %u; mov.b32 {%l, %u}, %d" + wide + "%u; }", FLOAT, [=](O o) { return model((uint16_t)(o.a >> 16)); }, relative, absolute});
        }
}

/* 9.7.5, of sm_100: sums and products of 16-bit operands in float. */
static std::vector<Form> mixed() {
    std::vector<Form> list;
    for (Narrow t : {f16, bf16})
        for (auto &r : roundings)
            for (bool saturates : {false, true}) {
                int mode = r.mode;
                std::string rest = std::string(r.name) + (saturates ? ".sat" : "") + ".f32." + t.name;
                auto out = [=](float x) { return of(saturates ? sat(x) : x); };
                for (int op : {0, 1})
                    list.push_back({operations[op] + rest + " %fd, %ha, %fb;", FLOAT, [=](O o) { return out(compute(mode, op, (float)number(o.ha, t), o.fb, 0.0f)); }});
                if (r.name[0])
                    list.push_back({"fma" + rest + " %fd, %ha, %hb, %fc;", FLOAT, [=](O o) { return out(compute(mode, 4, (float)number(o.ha, t), (float)number(o.hb, t), o.fc)); }});
            }
    return list;
}

/* ---- Comparisons ---- */

enum { EQ, NE, LT, LE, GT, GE, EQU, NEU, LTU, LEU, GTU, GEU, NUM, NANS, LO, LS, HI, HS };
static const char *const compares[] = {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan", "lo", "ls", "hi", "hs"};

template <class T> static bool holds(int compare, T a, T b) {
    bool unordered = a != a || b != b;
    switch (compare) {
    case EQ: return a == b;
    case NE: return !unordered && a != b;
    case LT: case LO: return a < b;
    case LE: case LS: return a <= b;
    case GT: case HI: return a > b;
    case GE: case HS: return a >= b;
    case EQU: return unordered || a == b;
    case NEU: return unordered || a != b;
    case LTU: return unordered || a < b;
    case LEU: return unordered || a <= b;
    case GTU: return unordered || a > b;
    case GEU: return unordered || a >= b;
    case NUM: return !unordered;
    default: return unordered;
    }
}

struct Compared {
    const char *type, *a, *b;
    int first, last; /* of the comparisons */
    bool low;        /* and lo, ls, hi, hs */
    std::function<bool(int, O)> model;
};

static void comparisons() {
    static const Compared list[] = {
        {"b16", "%ha", "%hb", EQ, NE, false, [](int k, O o) { return holds(k, o.ha, o.hb); }},
        {"b32", "%a", "%b", EQ, NE, false, [](int k, O o) { return holds(k, o.a, o.b); }},
        {"b64", "%A", "%B", EQ, NE, false, [](int k, O o) { return holds(k, o.A, o.B); }},
        {"u16", "%ha", "%hb", EQ, GE, true, [](int k, O o) { return holds(k, o.ha, o.hb); }},
        {"u32", "%a", "%b", EQ, GE, true, [](int k, O o) { return holds(k, o.a, o.b); }},
        {"u64", "%A", "%B", EQ, GE, true, [](int k, O o) { return holds(k, o.A, o.B); }},
        {"s16", "%ha", "%hb", EQ, GE, false, [](int k, O o) { return holds(k, (int16_t)o.ha, (int16_t)o.hb); }},
        {"s32", "%a", "%b", EQ, GE, false, [](int k, O o) { return holds(k, (int32_t)o.a, (int32_t)o.b); }},
        {"s64", "%A", "%B", EQ, GE, false, [](int k, O o) { return holds(k, (int64_t)o.A, (int64_t)o.B); }},
        {"f32", "%fa", "%fb", EQ, NANS, false, [](int k, O o) { return holds(k, o.fa, o.fb); }},
        {"ftz.f32", "%fa", "%fb", EQ, NANS, false, [](int k, O o) { return holds(k, ftz(o.fa), ftz(o.fb)); }},
        {"f64", "%da", "%db", EQ, NANS, false, [](int k, O o) { return holds(k, o.da, o.db); }},
        {"f16", "%ha", "%hb", EQ, NANS, false, [](int k, O o) { return holds(k, number(o.ha, f16), number(o.hb, f16)); }},
        {"ftz.f16", "%ha", "%hb", EQ, NANS, false, [](int k, O o) { return holds(k, number(small_to_zero(o.ha, f16), f16), number(small_to_zero(o.hb, f16), f16)); }},
        {"bf16", "%ha", "%hb", EQ, NANS, false, [](int k, O o) { return holds(k, number(o.ha, bf16), number(o.hb, bf16)); }}};
    static const char *const combines[] = {"", ".and", ".or", ".xor"};
    int round = 0;
    for (const Compared &item : list)
        for (int k = 0; k < 18; k++) {
            if ((k < item.first || k > item.last) && !(item.low && k >= LO)) continue;
            auto model = item.model;
            std::string type = item.type, in = std::string(item.a) + ", " + item.b;
            bool narrow = type.find("f16") != std::string::npos;
            if (!narrow && type.substr(0, 4) != "ftz.") { /* 1 as a number of 16 bits */
                forms.push_back({std::string("set.") + compares[k] + ".f16." + type + " %hd, " + in + ";", HALFWORD, [=](O o) -> uint64_t { return model(k, o) ? 0x3c00 : 0; }});
                forms.push_back({std::string("set.") + compares[k] + ".and.bf16." + type + " %hd, " + in + ", %q;", HALFWORD, [=](O o) -> uint64_t { return model(k, o) && o.q ? 0x3f80 : 0; }});
            }
            for (int combine = 0; combine < 4; combine++) {
                bool negated = round++ & 1, second = !narrow && (round & 2);
                std::string text = std::string(".") + compares[k] + combines[combine], last = combine == 0 ? ";" : negated ? ", !%q;" : ", %q;";
                auto result = [=](bool r, O o) { return combine == 0 ? r : combine == 1 ? r && o.q != negated : combine == 2 ? r || o.q != negated : r != (o.q != negated); };
                forms.push_back({"setp" + text + "." + type + (second ? " %pe|%pd, " : " %pd, ") + in + last, PREDICATE, [=](O o) -> uint64_t { return result(model(k, o) != second, o); }});
                std::string before = type.substr(0, 4) == "ftz." ? ".ftz" : "", bare = before.empty() ? type : type.substr(4);
                switch ((round + combine) % 3) { /* one of the result's types each time */
                case 0: forms.push_back({"set" + text + before + ".u32." + bare + " %d, " + in + last, WORD, [=](O o) -> uint64_t { return result(model(k, o), o) ? 0xffffffff : 0; }}); break;
                case 1: forms.push_back({"set" + text + before + ".s32." + bare + " %d, " + in + last, WORD, [=](O o) -> uint64_t { return result(model(k, o), o) ? 0xffffffff : 0; }}); break;
                default:
                    if (!narrow) forms.push_back({"set" + text + before + ".f32." + bare + " %fd, " + in + last, FLOAT, [=](O o) { return of(result(model(k, o), o) ? 1.0f : 0.0f); }});
                    else if (bare == "f16") forms.push_back({"set" + text + before + ".f16.f16 %hd, " + in + last, HALFWORD, [=](O o) -> uint64_t { return result(model(k, o), o) ? 0x3c00 : 0; }});
                    else forms.push_back({"set" + text + ".bf16.bf16 %hd, " + in + last, HALFWORD, [=](O o) -> uint64_t { return result(model(k, o), o) ? 0x3f80 : 0; }});
                }
            }
        }
    /* pairs: a predicate of each half */
    for (Narrow t : {f16, bf16})
        for (int k = EQ; k <= NANS; k++) {
            auto low = [=](O o) { return holds(k, number(o.ha, t), number(o.hb, t)); };
            auto high = [=](O o) { return holds(k, number((uint16_t)(o.a >> 16), t), number((uint16_t)(o.b >> 16), t)); };
            std::string c = std::string(".") + compares[k], type = std::string(".") + t.name + "x2";
            forms.push_back({"setp" + c + type + " %pd|%pe, %a, %b; selp.u32 %d, 1, 0, %pd; selp.u32 %t0, 2, 0, %pe; or.b32 %d, %d, %t0;", WORD, [=](O o) -> uint64_t { return low(o) | high(o) << 1; }});
            forms.push_back({"setp" + c + ".xor" + type + " %pd|%pe, %a, %b, %q; selp.u32 %d, 1, 0, %pd; selp.u32 %t0, 2, 0, %pe; or.b32 %d, %d, %t0;", WORD,
                             [=](O o) -> uint64_t { return (low(o) != o.q) | (high(o) != o.q) << 1; }});
            uint32_t one = t.brain ? 0x3f80 : 0x3c00;
            forms.push_back({"set" + c + ".or" + type + type + " %d, %a, %b, !%q;", WORD, [=](O o) -> uint64_t { return (low(o) || !o.q ? one : 0) | (high(o) || !o.q ? one << 16 : 0); }});
            forms.push_back({"set" + c + type + type + " %d, %a, %b;", WORD, [=](O o) -> uint64_t { return (low(o) ? one : 0) | (high(o) ? one << 16 : 0); }});
        }
}

static void selections() {
    static const struct {
        const char *type, *letter;
        Kind kind;
        int bits;
    } list[] = {{"b16", "h", HALFWORD, 16}, {"b32", "", WORD, 32}, {"u16", "h", HALFWORD, 16}, {"u32", "", WORD, 32}, {"s16", "h", HALFWORD, 16}, {"s32", "", WORD, 32},
                {"f32", "f", FLOAT, 32}, {"f64", "d", DOUBLE, 64}, {"b64", nullptr, LONG, 64}, {"u64", nullptr, LONG, 64}, {"s64", nullptr, LONG, 64}};
    for (auto &item : list) {
        std::string d = item.letter ? std::string("%") + item.letter + "d" : "%D", a = item.letter ? std::string("%") + item.letter + "a" : "%A", b = item.letter ? std::string("%") + item.letter + "b" : "%B";
        uint64_t mask = item.bits == 64 ? ~0ull : (1ull << item.bits) - 1;
        std::string t = std::string(".") + item.type, in = d + ", " + a + ", " + b;
        forms.push_back({"selp" + t + " " + in + ", %p;", item.kind, [=](O o) { return (o.p ? o.A : o.B) & mask; }});
        forms.push_back({"slct" + t + ".s32 " + in + ", %c;", item.kind, [=](O o) { return ((int32_t)o.c >= 0 ? o.A : o.B) & mask; }});
        /* -0 is not below 0; a NaN takes b */
        forms.push_back({"slct" + t + ".f32 " + in + ", %fc;", item.kind, [=](O o) { return (o.fc >= 0 ? o.A : o.B) & mask; }});
        forms.push_back({"slct.ftz" + t + ".f32 " + in + ", %fc;", item.kind, [=](O o) { return (ftz(o.fc) >= 0 ? o.A : o.B) & mask; }});
    }
}

int main() {
    arithmetic();
    signs_and_classes();
    approximations();
    halves();
    half_approximations();
    comparisons();
    selections();
    size_t wrong = check_forms(forms) + check_forms(mixed(), false, "sm_100");
    std::fprintf(stderr, "%zu forms\n", forms.size());
    std::printf("%zu wrong\n", wrong);
    return wrong != 0;
}
