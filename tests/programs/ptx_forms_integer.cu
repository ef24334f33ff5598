// SPDX-License-Identifier: Apache-2.0
// Integer instructions of PTX in every form that there is (types, modifiers, carries, parts of registers), made by loops and compared with models:
// PTX ISA 9.7.1, 9.7.2, 9.7.8, 9.7.9.7, 9.7.18. ptx_integer has cases that are written out.
// TIMEOUT: 120
// EXPECT: 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>

#include "ptx_check.h"

typedef __int128 wide;
typedef const Operands &O;

struct Type {
    const char *name;
    int bits;
    bool is_signed;
};
static const Type u16 = {"u16", 16, false}, u32 = {"u32", 32, false}, u64 = {"u64", 64, false}, s16 = {"s16", 16, true}, s32 = {"s32", 32, true},
                  s64 = {"s64", 64, true};
static const Type all_types[] = {u16, u32, u64, s16, s32, s64}, long_types[] = {u32, u64, s32, s64};

static std::vector<Form> forms;

static uint64_t cut(wide x, int bits) { return bits == 64 ? (uint64_t)x : (uint64_t)x & ((1ull << bits) - 1); }
static wide as(uint64_t x, Type t) {
    x = cut(x, t.bits);
    return t.is_signed && x >> (t.bits - 1) & 1 ? (wide)x - ((wide)1 << t.bits) : (wide)x;
}
static uint64_t raw(O o, int n) { return n == 0 ? o.A : n == 1 ? o.B : o.C; }
static wide least(Type t) { return t.is_signed ? -((wide)1 << (t.bits - 1)) : 0; }
static wide most(Type t) { return ((wide)1 << (t.bits - t.is_signed)) - 1; }
static wide clamped(wide x, Type t) { return x < least(t) ? least(t) : x > most(t) ? most(t) : x; }

static std::string source(Type t, char letter) { return t.bits == 64 ? std::string("%") + (char)(letter - 32) : t.bits == 32 ? std::string("%") + letter : std::string("%h") + letter; }
static std::string target(int bits) { return bits == 64 ? "%D" : bits == 32 ? "%d" : "%hd"; }
static Kind kind_of(int bits) { return bits == 64 ? LONG : bits == 32 ? WORD : HALFWORD; }

/* MNEMONIC.type d, a, b, c with so many sources; the model sees them as exact numbers. */
static void add(const std::string &mnemonic, Type t, int sources, std::function<wide(wide, wide, wide)> model, int result_bits = 0, int last_bits = 0) {
    int bits = result_bits ? result_bits : t.bits;
    Type last = last_bits ? Type{t.name, last_bits, t.is_signed} : t;
    std::string text = mnemonic + "." + t.name + " " + target(bits);
    for (int n = 0; n < sources; n++) text += ", " + source(n == 2 ? last : t, (char)('a' + n));
    forms.push_back({text + ";", kind_of(bits), [=](O o) { return cut(model(as(o.A, t), as(o.B, t), as(o.C, last)), bits); }});
}

static void plain() {
    for (Type t : all_types) {
        int n = t.bits;
        add("add", t, 2, [](wide a, wide b, wide) { return a + b; });
        add("sub", t, 2, [](wide a, wide b, wide) { return a - b; });
        add("mul.lo", t, 2, [=](wide a, wide b, wide) { return (wide)(cut(a, n) * (unsigned __int128)cut(b, n)); });
        add("mul.hi", t, 2, [=](wide a, wide b, wide) { return t.is_signed ? a * b >> n : (wide)((unsigned __int128)a * (unsigned __int128)b >> n); });
        add("mad.lo", t, 3, [=](wide a, wide b, wide c) { return (wide)(cut(a, n) * (unsigned __int128)cut(b, n)) + c; });
        add("mad.hi", t, 3, [=](wide a, wide b, wide c) { return (t.is_signed ? a * b >> n : (wide)((unsigned __int128)a * (unsigned __int128)b >> n)) + c; });
        add("sad", t, 3, [](wide a, wide b, wide c) { return c + (a < b ? b - a : a - b); });
        add("min", t, 2, [](wide a, wide b, wide) { return std::min(a, b); });
        add("max", t, 2, [](wide a, wide b, wide) { return std::max(a, b); });
        std::string b = target(t.bits), odd = "or.b" + std::to_string(n) + " " + b + ", " + source(t, 'b') + ", 1; "; /* nobody says what x / 0 is */
        auto divisor = [=](O o) { return as(o.B | 1, t); };
        forms.push_back({odd + "div." + t.name + " " + b + ", " + source(t, 'a') + ", " + b + ";", kind_of(n), [=](O o) { return cut(as(o.A, t) / divisor(o), n); }});
        forms.push_back({odd + "rem." + t.name + " " + b + ", " + source(t, 'a') + ", " + b + ";", kind_of(n), [=](O o) { return cut(as(o.A, t) % divisor(o), n); }});
        if (n < 64) {
            add("mul.wide", t, 2, [](wide a, wide b, wide) { return a * b; }, 2 * n);
            add("mad.wide", t, 3, [](wide a, wide b, wide c) { return a * b + c; }, 2 * n, 2 * n);
        }
        if (t.is_signed) {
            add("abs", t, 1, [](wide a, wide, wide) { return a < 0 ? -a : a; });
            add("neg", t, 1, [](wide a, wide, wide) { return -a; });
        }
    }
    add("add.sat", s32, 2, [](wide a, wide b, wide) { return clamped(a + b, s32); });
    add("sub.sat", s32, 2, [](wide a, wide b, wide) { return clamped(a - b, s32); });
    add("mad.hi.sat", s32, 3, [](wide a, wide b, wide c) { return clamped((a * b >> 32) + c, s32); });
    add("min.relu", s32, 2, [](wide a, wide b, wide) { return std::max<wide>(0, std::min(a, b)); });
    add("max.relu", s32, 2, [](wide a, wide b, wide) { return std::max<wide>(0, std::max(a, b)); });
    for (Type t : {u32, s32}) {
        auto low24 = [=](wide x) { return as((uint64_t)x << 8, t) >> 8; };
        add("mul24.lo", t, 2, [=](wide a, wide b, wide) { return low24(a) * low24(b); });
        add("mul24.hi", t, 2, [=](wide a, wide b, wide) { return low24(a) * low24(b) >> 16; });
        add("mad24.lo", t, 3, [=](wide a, wide b, wide c) { return low24(a) * low24(b) + c; });
        add("mad24.hi", t, 3, [=](wide a, wide b, wide c) { return (low24(a) * low24(b) >> 16) + c; });
    }
    auto signed24 = [](wide x) { return as((uint64_t)x << 8, s32) >> 8; };
    add("mad24.hi.sat", s32, 3, [=](wide a, wide b, wide c) { return clamped((signed24(a) * signed24(b) >> 16) + c, s32); });
}

/* Two numbers of 16 bits in a register. */
static void pairs() {
    static const struct {
        const char *text;
        Type type;
        wide (*model)(wide, wide);
    } list[] = {{"add.u16x2", u16, [](wide a, wide b) { return a + b; }},
                {"add.s16x2", s16, [](wide a, wide b) { return a + b; }},
                {"min.u16x2", u16, [](wide a, wide b) { return std::min(a, b); }},
                {"min.s16x2", s16, [](wide a, wide b) { return std::min(a, b); }},
                {"min.relu.s16x2", s16, [](wide a, wide b) { return std::max<wide>(0, std::min(a, b)); }},
                {"max.u16x2", u16, [](wide a, wide b) { return std::max(a, b); }},
                {"max.s16x2", s16, [](wide a, wide b) { return std::max(a, b); }},
                {"max.relu.s16x2", s16, [](wide a, wide b) { return std::max<wide>(0, std::max(a, b)); }}};
    for (auto &item : list) {
        Type t = item.type;
        auto model = item.model;
        forms.push_back({std::string(item.text) + " %d, %a, %b;", WORD,
                         [=](O o) { return cut(model(as(o.a, t), as(o.b, t)), 16) | cut(model(as(o.a >> 16, t), as(o.b >> 16, t)), 16) << 16; }});
    }
}

static uint64_t top_bit(uint64_t x) {
    uint64_t place = 0xffffffff;
    for (unsigned i = 0; i < 64; i++)
        if (x >> i & 1) place = i;
    return place;
}

static void bit_fields() {
    for (int n : {32, 64}) {
        Type t = n == 32 ? u32 : u64;
        std::string b = ".b" + std::to_string(n) + " ", a = source(t, 'a'), d = target(n);
        forms.push_back({"popc" + b + "%d, " + a + ";", WORD, [=](O o) { return (uint64_t)__builtin_popcountll(cut(o.A, n)); }});
        forms.push_back({"clz" + b + "%d, " + a + ";", WORD, [=](O o) { return cut(o.A, n) ? n - 1 - top_bit(cut(o.A, n)) : n; }});
        forms.push_back({"brev" + b + d + ", " + a + ";", kind_of(n), [=](O o) {
                             uint64_t r = 0;
                             for (int i = 0; i < n; i++) r |= (o.A >> i & 1) << (n - 1 - i);
                             return r;
                         }});
        forms.push_back({"and.b32 %t0, %b, 127; and.b32 %t1, %c, 127; bfi" + b + d + ", " + a + ", " + source(t, 'c') + ", %t0, %t1;", kind_of(n), [=](O o) {
                             uint64_t f = cut(o.C, n);
                             for (unsigned i = 0; i < (o.c & 127) && (o.b & 127) + i < (unsigned)n; i++)
                                 f = (f & ~(1ull << ((o.b & 127) + i))) | (o.A >> (i < (unsigned)n ? i : 63) & 1) << ((o.b & 127) + i);
                             return f;
                         }});
    }
    for (Type t : long_types) {
        add("bfind", t, 1, [=](wide a, wide, wide) { return (wide)top_bit(cut(t.is_signed && a < 0 ? ~a : a, t.bits)); }, 32);
        add("bfind.shiftamt", t, 1, [=](wide a, wide, wide) {
            uint64_t at = top_bit(cut(t.is_signed && a < 0 ? ~a : a, t.bits));
            return (wide)(at == 0xffffffff ? at : t.bits - 1 - at);
        }, 32);
        std::string text = std::string("and.b32 %t0, %b, 127; and.b32 %t1, %c, 127; bfe.") + t.name + " " + target(t.bits) + ", " + source(t, 'a') + ", %t0, %t1;";
        forms.push_back({text, kind_of(t.bits), [=](O o) {
                             int msb = t.bits - 1, pos = o.b & 127, len = o.c & 127, top = std::min(pos + len - 1, msb);
                             uint64_t fill = t.is_signed && len ? o.A >> top & 1 : 0, d = 0;
                             for (int i = 0; i <= msb; i++) d |= (i < len && pos + i <= msb ? o.A >> (pos + i) & 1 : fill) << i;
                             return d;
                         }});
    }
    for (Type t : {u32, s32})
        for (bool wraps : {false, true})
            add(wraps ? "szext.wrap" : "szext.clamp", t, 2, [=](wide a, wide b, wide) {
                uint64_t n = wraps ? cut(b, 32) & 31 : std::min<uint64_t>(cut(b, 32), 32);
                return n == 0 ? 0 : as((uint64_t)a << (64 - n) >> (64 - n), Type{"", (int)n, t.is_signed});
            });
    for (bool wraps : {false, true})
        forms.push_back({std::string("bmsk.") + (wraps ? "wrap" : "clamp") + ".b32 %d, %a, %b;", WORD, [=](O o) {
                             uint64_t from = wraps ? o.a & 31 : o.a, count = wraps ? o.b & 31 : std::min<uint64_t>(o.b, 32), d = 0;
                             for (uint64_t i = 0; i < count && from + i < 32; i++) d |= 1ull << (from + i);
                             return d;
                         }});
}

static void dots() {
    for (Type x : {u32, s32})
        for (Type y : {u32, s32}) {
            Type x8 = {"", 8, x.is_signed}, y8 = {"", 8, y.is_signed}, x16 = {"", 16, x.is_signed};
            std::string types = std::string(".") + x.name + "." + y.name + " %d, %a, %b, %c;";
            forms.push_back({"dp4a" + types, WORD, [=](O o) {
                                 wide d = o.c;
                                 for (int i = 0; i < 4; i++) d += as(o.a >> 8 * i, x8) * as(o.b >> 8 * i, y8);
                                 return cut(d, 32);
                             }});
            for (int high : {0, 1})
                forms.push_back({std::string("dp2a.") + (high ? "hi" : "lo") + types, WORD, [=](O o) {
                                     wide d = o.c;
                                     for (int i = 0; i < 2; i++) d += as(o.a >> 16 * i, x16) * as(o.b >> (8 * i + 16 * high), y8);
                                     return cut(d, 32);
                                 }});
        }
}

/* Each type; the carry of one goes into the next, and what that leaves is seen by a third. */
static void carries() {
    for (Type t : long_types) {
        int n = t.bits;
        std::string s = std::string(".") + t.name + " ", a = source(t, 'a'), b = source(t, 'b'), c = source(t, 'c'), d = target(n), x = n == 64 ? "%T0" : "%t0", y = n == 64 ? "%T1" : "%t1";
        auto U = [=](uint64_t v) { return (unsigned __int128)cut(v, n); };
        auto push = [=](const std::string &text, std::function<uint64_t(O)> model) { forms.push_back({text, kind_of(n), [=](O o) { return cut(model(o), n); }}); };
        auto carry = [=](O o) { return (uint64_t)((U(o.A) + U(o.B)) >> n); };
        auto borrow = [=](O o) { return (uint64_t)(U(o.A) < U(o.B)); };
        push("add.cc" + s + d + ", " + a + ", " + b + ";", [=](O o) { return o.A + o.B; });
        push("add.cc" + s + x + ", " + a + ", " + b + "; addc" + s + d + ", " + c + ", " + a + ";", [=](O o) { return o.C + o.A + carry(o); });
        push("add.cc" + s + x + ", " + a + ", " + b + "; addc.cc" + s + y + ", " + c + ", " + a + "; addc" + s + d + ", 0, 0;", [=](O o) { return (uint64_t)((U(o.C) + U(o.A) + carry(o)) >> n); });
        push("sub.cc" + s + d + ", " + a + ", " + b + ";", [=](O o) { return o.A - o.B; });
        push("sub.cc" + s + x + ", " + a + ", " + b + "; subc" + s + d + ", " + c + ", " + a + ";", [=](O o) { return o.C - o.A - borrow(o); });
        push("sub.cc" + s + x + ", " + a + ", " + b + "; subc.cc" + s + y + ", " + c + ", " + a + "; subc" + s + d + ", 0, 0;",
             [=](O o) { return 0 - (uint64_t)(U(o.C) < U(o.A) + borrow(o)); });
        auto product = [=](O o, bool high) { /* the half of the product that .lo or .hi names, of the type's sign */
            wide p = t.is_signed ? as(o.A, t) * as(o.B, t) : (wide)(U(o.A) * U(o.B));
            return cut(high ? p >> n : p, n);
        };
        for (bool high : {false, true}) {
            std::string m = high ? ".hi" : ".lo", abc = ", " + a + ", " + b + ", " + c + "; ";
            auto sum_carry = [=](O o) { return (uint64_t)((U(product(o, high)) + U(o.C)) >> n); };
            push("mad" + m + ".cc" + s + d + abc, [=](O o) { return product(o, high) + o.C; });
            push("mad" + m + ".cc" + s + x + abc + "addc" + s + d + ", 0, 0;", sum_carry);
            push("add.cc" + s + x + ", " + a + ", " + b + "; madc" + m + s + d + abc, [=](O o) { return product(o, high) + o.C + carry(o); });
            push("add.cc" + s + x + ", " + a + ", " + b + "; madc" + m + ".cc" + s + x + abc + "addc" + s + d + ", 0, 0;",
                 [=](O o) { return (uint64_t)((U(product(o, high)) + U(o.C) + carry(o)) >> n); });
        }
    }
}

static void logic() {
    for (Type t : {u16, u32, u64}) {
        int n = t.bits;
        std::string b = ".b" + std::to_string(n), s = b + " " + target(n) + ", " + source(t, 'a'), ab = s + ", " + source(t, 'b') + ";";
        auto push = [=](const std::string &text, std::function<uint64_t(O)> model) { forms.push_back({text, kind_of(n), [=](O o) { return cut(model(o), n); }}); };
        push("and" + ab, [](O o) { return o.A & o.B; });
        push("or" + ab, [](O o) { return o.A | o.B; });
        push("xor" + ab, [](O o) { return o.A ^ o.B; });
        push("not" + s + ";", [](O o) { return ~o.A; });
        push("cnot" + s + ";", [=](O o) { return (uint64_t)(cut(o.A, n) == 0); });
        push("shl" + s + ", %b;", [=](O o) { return o.b >= (unsigned)n ? 0 : o.A << o.b; });
        push("shr" + s + ", %b;", [=](O o) { return o.b >= (unsigned)n ? 0 : cut(o.A, n) >> o.b; });
        for (unsigned amount : {0u, (unsigned)n - 1, (unsigned)n, 255u, 0x80000001u})
            push("shl" + s + ", " + std::to_string(amount) + ";", [=](O o) { return amount >= (unsigned)n ? 0 : o.A << amount; });
    }
    for (Type t : all_types)
        forms.push_back({std::string("shr.") + t.name + " " + target(t.bits) + ", " + source(t, 'a') + ", %b;", kind_of(t.bits),
                         [=](O o) { return cut(as(o.A, t) >> std::min<uint32_t>(o.b, 64), t.bits); }});
    forms.push_back({"and.pred %pd, %p, %q;", PREDICATE, [](O o) -> uint64_t { return o.p && o.q; }});
    forms.push_back({"or.pred %pd, %p, %q;", PREDICATE, [](O o) -> uint64_t { return o.p || o.q; }});
    forms.push_back({"xor.pred %pd, %p, %q;", PREDICATE, [](O o) -> uint64_t { return o.p != o.q; }});
    forms.push_back({"not.pred %pd, %p;", PREDICATE, [](O o) -> uint64_t { return !o.p; }});
    auto lop3 = [](O o, unsigned table) {
        uint32_t d = 0;
        for (unsigned i = 0; i < 8; i++)
            if (table >> i & 1) d |= (i & 4 ? o.a : ~o.a) & (i & 2 ? o.b : ~o.b) & (i & 1 ? o.c : ~o.c);
        return d;
    };
    std::string text; /* all tables, in a sum of products */
    for (unsigned table = 0; table < 256; table++)
        text += "lop3.b32 %t0, %a, %b, %c, " + std::to_string(table) + "; mad.lo.u32 %d, %d, 7, %t0;";
    forms.push_back({text, WORD, [=](O o) -> uint64_t {
                         uint32_t d = 0;
                         for (unsigned table = 0; table < 256; table++) d = d * 7 + lop3(o, table);
                         return d;
                     }});
    forms.push_back({"lop3.and.b32 %t0|%pd, %a, %b, %c, 0x1e, %q;", PREDICATE, [=](O o) -> uint64_t { return lop3(o, 0x1e) != 0 && o.q; }});
    forms.push_back({"lop3.or.b32 %d|%pd, %a, %b, %c, 0x1e, !%q;", WORD, [=](O o) -> uint64_t { return lop3(o, 0x1e); }});
    forms.push_back({"lop3.or.b32 _|%pd, %a, %b, %c, 0x1e, !%q;", PREDICATE, [=](O o) -> uint64_t { return lop3(o, 0x1e) != 0 || !o.q; }});
    for (bool left : {false, true})
        for (bool wraps : {false, true})
            forms.push_back({std::string("shf.") + (left ? "l" : "r") + (wraps ? ".wrap" : ".clamp") + ".b32 %d, %a, %b, %c;", WORD, [=](O o) -> uint64_t {
                                 unsigned n = wraps ? o.c & 31 : std::min(o.c, 32u);
                                 uint64_t both = (uint64_t)o.b << 32 | o.a;
                                 return (uint32_t)(left ? n == 32 ? o.a : both << n >> 32 : both >> n);
                             }});
}

/* 9.7.18: parts of the operands, exact arithmetic, saturation to the part of the result, and a second operation or a merge. */
struct Part {
    const char *name;
    int bits, shift;
};
static const Part parts[] = {{"", 32, 0}, {".b0", 8, 0}, {".b1", 8, 8}, {".b2", 8, 16}, {".b3", 8, 24}, {".h0", 16, 0}, {".h1", 16, 16}};

static wide part_of(uint32_t x, Part part, bool is_signed) { return as(x >> part.shift, Type{"", part.bits, is_signed}); }

static uint32_t finish(wide value, bool saturates, Type type, Part part, const std::string &second, uint32_t c) {
    if (saturates) value = clamped(value, Type{"", part.bits, type.is_signed});
    uint32_t d = (uint32_t)value;
    if (part.bits < 32) {
        uint32_t mask = ((1u << part.bits) - 1) << part.shift;
        return (c & ~mask) | (d << part.shift & mask);
    }
    if (second == ".add") return d + c;
    if (second == ".min") return (uint32_t)std::min(as(d, type), as(c, type));
    if (second == ".max") return (uint32_t)std::max(as(d, type), as(c, type));
    return d;
}

static void video() {
    static const char *const names[] = {"vadd", "vsub", "vabsdiff", "vmin", "vmax", "vshl", "vshr", "vset"}, *const seconds[] = {"", ".add", ".min", ".max"};
    static const char *const compares[] = {"eq", "ne", "lt", "le", "gt", "ge"};
    unsigned seed = 1;
    auto next = [&](unsigned n) { return (seed = seed * 1664525u + 1013904223u) >> 16 & 0x7fff ? (seed >> 16) % n : 0u; };
    for (int name = 0; name < 8; name++)
        for (int round = 0; round < 32; round++) {
            bool shifts = name == 5 || name == 6, sets = name == 7, wraps = round & 1;
            Type dt = sets ? u32 : round & 1 ? s32 : u32, at = round & 2 ? s32 : u32, bt = shifts ? u32 : round & 4 ? s32 : u32;
            bool saturates = (round & 8) && !sets;
            Part pa = parts[next(7)], pb = parts[next(7)], pd = parts[round & 16 ? next(7) : 0];
            std::string second = pd.bits < 32 ? "" : seconds[next(4)], compare = compares[next(6)];
            if (shifts) wraps = next(2);
            std::string text = names[name] + std::string(".") + (sets ? "" : dt.name + std::string(".")) + at.name + "." + bt.name + (saturates ? ".sat" : "") +
                               (shifts ? wraps ? ".wrap" : ".clamp" : sets ? "." + compare : "") + second + " %d" + pd.name + ", %a" + pa.name + ", %b" + pb.name +
                               (pd.bits < 32 || !second.empty() ? ", %c;" : ";");
            forms.push_back({text, WORD, [=](O o) -> uint64_t {
                                 wide a = part_of(o.a, pa, at.is_signed), b = part_of(o.b, pb, bt.is_signed), r = 0;
                                 switch (name) {
                                 case 0: r = a + b; break;
                                 case 1: r = a - b; break;
                                 case 2: r = a < b ? b - a : a - b; break;
                                 case 3: r = std::min(a, b); break;
                                 case 4: r = std::max(a, b); break;
                                 case 5: r = a << (int)(wraps ? b & 31 : std::min<wide>(b, 32)); break;
                                 case 6: r = a >> (int)(wraps ? b & 31 : std::min<wide>(b, 32)); break;
                                 default: r = compare == "eq" ? a == b : compare == "ne" ? a != b : compare == "lt" ? a < b : compare == "le" ? a <= b : compare == "gt" ? a > b : a >= b;
                                 }
                                 return finish(r, saturates, dt, pd, second, o.c);
                             }, 0, 0, true});
        }
}

/* Two or four parts at once: each with its own selection among the parts of a and b. */
static void simd_video() {
    static const char *const names[] = {"vadd", "vsub", "vavrg", "vabsdiff", "vmin", "vmax", "vset"}, *const compares[] = {"eq", "ne", "lt", "le", "gt", "ge"};
    unsigned seed = 7;
    auto next = [&](unsigned n) { return (seed = seed * 1664525u + 1013904223u) >> 16 & 0x7fff ? (seed >> 16) % n : 0u; };
    for (int lanes : {2, 4})
        for (int name = 0; name < 7; name++)
            for (int round = 0; round < 16; round++) {
                int bits = 32 / lanes;
                bool sets = name == 6, adds = round & 8, saturates = !sets && !adds && (round & 4);
                Type dt = sets || !(round & 1) ? u32 : s32, at = round & 2 ? s32 : u32, bt = next(2) ? s32 : u32;
                unsigned mask = round % 3 == 0 ? 1 + next((1u << lanes) - 1) : (1u << lanes) - 1;
                bool selects = round % 3 == 1;
                std::string compare = compares[next(6)], dm, am, bm, digits = lanes == 2 ? ".h" : ".b";
                std::vector<int> from_a(lanes), from_b(lanes);
                for (int i = 0; i < lanes; i++) {
                    from_a[i] = selects ? (int)next(2 * lanes) : i;
                    from_b[i] = selects ? (int)next(2 * lanes) : lanes + i;
                }
                if (mask != (1u << lanes) - 1) {
                    dm = digits;
                    for (int i = lanes; i-- > 0;)
                        if (mask >> i & 1) dm += (char)('0' + i);
                }
                if (selects) {
                    am = bm = digits;
                    for (int i = lanes; i-- > 0;) am += (char)('0' + from_a[i]), bm += (char)('0' + from_b[i]);
                }
                std::string text = names[name] + std::to_string(lanes) + "." + (sets ? "" : dt.name + std::string(".")) + at.name + "." + bt.name +
                                   (saturates ? ".sat" : sets ? "." + compare : "") + (adds ? ".add" : "") + " %d" + dm + ", %a" + am + ", %b" + bm + ", %c;";
                forms.push_back({text, WORD, [=](O o) -> uint64_t {
                                     uint64_t both = (uint64_t)o.b << 32 | o.a;
                                     uint32_t d = o.c;
                                     wide sum = o.c;
                                     for (int i = 0; i < lanes; i++) {
                                         if (!(mask >> i & 1)) continue;
                                         wide a = as(both >> bits * from_a[i], Type{"", bits, at.is_signed}), b = as(both >> bits * from_b[i], Type{"", bits, bt.is_signed}), r = 0;
                                         switch (name) {
                                         case 0: r = a + b; break;
                                         case 1: r = a - b; break;
                                         case 2: r = a + b >= 0 ? (a + b + 1) >> 1 : (a + b) >> 1; break;
                                         case 3: r = a < b ? b - a : a - b; break;
                                         case 4: r = std::min(a, b); break;
                                         case 5: r = std::max(a, b); break;
                                         default: r = compare == "eq" ? a == b : compare == "ne" ? a != b : compare == "lt" ? a < b : compare == "le" ? a <= b : compare == "gt" ? a > b : a >= b;
                                         }
                                         if (saturates) r = clamped(r, Type{"", bits, dt.is_signed});
                                         sum += r;
                                         uint32_t field = (uint32_t)((1ull << bits) - 1) << bits * i;
                                         d = (d & ~field) | ((uint32_t)r << bits * i & field);
                                     }
                                     return adds ? (uint32_t)sum : d;
                                 }, 0, 0, true});
            }
}

int main() {
    plain();
    pairs();
    bit_fields();
    dots();
    carries();
    logic();
    video();
    simd_video();
    size_t wrong = check_forms(forms);
    std::fprintf(stderr, "%zu forms\n", forms.size());
    std::printf("%zu wrong\n", wrong);
    return wrong != 0;
}
