// SPDX-License-Identifier: Apache-2.0
// What PTX does with memory and between threads, in every form that there is, made by loops and compared with models: loads and stores of each type, space,
// order and vector (PTX ISA 9.7.9.8 to 9.7.9.11), atomic operations (9.7.13.5, 9.7.13.6), addresses (9.7.9.19, 9.7.9.20), copies (9.7.9.25.3), warps
// (9.7.9.5, 9.7.9.6, 9.7.13.8 to 9.7.13.14), barriers (9.7.13.1, 9.7.13.2), mbarriers (9.7.13.15), calls and branches (9.7.12), hints.
// ENV: CUDA_WASM_VECTOR=0
// EXPECT: 0 wrong
// NVCC: skip it compares with models, which were written from the ISA
#include <algorithm>

#include "ptx_check.h"

typedef const Operands &O;

static std::vector<Form> forms;

/* Every thread has 64 bytes of its own in each space; %x is the address of those. */
static const char *const variables = ".global .align 16 .b8 gm[524288];\n.shared .align 16 .b8 sm[8192];\n.shared .align 16 .b8 cp[2048];\n.shared .align 4 .b8 wm[512];\n.shared .align 4 .b8 am[512];\n.shared .align 8 .b8 mb[1024];\n"
                                     ".const .align 16 .b32 cm[4] = {1, 20, 300, 4000};\n"
                                     ".func (.reg .b32 %r) twice (.reg .b32 %a) { add.u32 %r, %a, %a; ret; }\n"
                                     ".func (.param .b64 r) pair (.param .align 8 .b8 p[16])\n{ .reg .b64 %x, %y; ld.param.b64 %x, [p]; ld.param.b64 %y, [p+8];"
                                     " sub.u64 %x, %x, %y; st.param.b64 [r], %x; ret; }\n"
                                     ".func (.reg .b32 %r) leaves (.reg .b32 %a) { .reg .pred %p; mov.b32 %r, 1; setp.gt.u32 %p, %a, 9; @%p ret; mov.b32 %r, 2; ret.uni; }\n";

static std::string own(const std::string &space) {
    if (space == "global" || space == "") return "mul.lo.u32 %t3, %i, 64; cvt.u64.u32 %T3, %t3; mov.u64 %x, gm; add.u64 %x, %x, %T3; ";
    if (space == "local") return ".local .align 16 .b8 lm[64]; mov.u64 %x, lm; ";
    return "mov.u32 %t3, %tid.x; mul.lo.u32 %t3, %t3, 64; cvt.u64.u32 %T3, %t3; mov.u64 %x, sm; add.u64 %x, %x, %T3; ";
}
static std::string dot(const std::string &word) { return word.empty() ? "" : "." + word; }

struct Type {
    const char *name;
    unsigned bytes;
    bool is_signed;
};
static const Type types[] = {{"b8", 1, false}, {"u8", 1, false}, {"s8", 1, true}, {"b16", 2, false}, {"u16", 2, false}, {"s16", 2, true}, {"b32", 4, false},
                             {"u32", 4, false}, {"s32", 4, true}, {"b64", 8, false}, {"u64", 8, false}, {"s64", 8, false}, {"f32", 4, false}, {"f64", 8, false}};

static uint64_t element(O o, unsigned n, Type t) {
    uint64_t words[4] = {o.A, o.B, o.C, o.A ^ o.C}, x = words[n * t.bytes / 8] >> n * t.bytes % 8 * 8;
    if (t.bytes < 8) x &= (1ull << 8 * t.bytes) - 1;
    return t.is_signed && t.bytes < 8 && x >> (8 * t.bytes - 1) & 1 ? x | ~0ull << 8 * t.bytes : x;
}
static const char *const four_words = "st%s.b64 [%%x], %%A; st%s.b64 [%%x+8], %%B; st%s.b64 [%%x+16], %%C; xor.b64 %%T0, %%A, %%C; st%s.b64 [%%x+24], %%T0; ";

static std::string vector_of(unsigned count, const char *const (&names)[4]) {
    if (count == 1) return names[0];
    std::string text = "{";
    for (unsigned n = 0; n < count; n++) text += std::string(n ? ", " : "") + names[n];
    return text + "}";
}

/* Registers of 64 bits for all but floats, so that extension is seen. */
static void accesses() {
    static const char *const longs[4] = {"%T0", "%T1", "%T2", "%T3"}, *const floats[4] = {"%f0", "%f1", "%f2", "%f3"}, *const doubles[4] = {"%g0", "%g1", "%g2", "%g3"};
    static const struct {
        const char *space, *modifiers, *stores;
    } ways[] = {{"global", "", ""}, {"global", ".cg", ".cg"}, {"global", ".cs", ".wt"}, {"global", ".lu", ".wb"}, {"global", ".cv", ".cs"}, {"", "", ""}, {"shared", "", ""},
                {"shared::cta", "", ""}, {"local", "", ""}, {"global", "volatile", "volatile"}, {"shared", "volatile", "volatile"}, {"", "volatile", "volatile"},
                {"global", "relaxed.gpu", "relaxed.cta"}, {"global", "acquire.sys", "release.sys"}, {"shared", "relaxed.cta", "release.gpu"}, {"", "acquire.cluster", "relaxed.cluster"},
                {"global", "weak", "weak"}, {"global", ".nc", ""}, {"global", ".ca.nc", ""}, {"global", ".L1::evict_last", ".L1::evict_first"},
                {"global", ".L1::no_allocate.L2::128B", ".L1::no_allocate"}, {"global", "mmio.relaxed.sys", "mmio.relaxed.sys"}, {"global", "ldu", ""}};
    for (auto &way : ways)
        for (Type t : types)
            for (unsigned count = 1; count <= 4; count *= 2) {
                if (count * t.bytes > 16) continue;
                std::string modifiers = way.modifiers;
                bool first = !modifiers.empty() && modifiers[0] != '.' && modifiers != "ldu", mmio = modifiers.compare(0, 4, "mmio") == 0, f = t.name[0] == 'f';
                if (mmio && count > 1) continue;
                if (&way - ways > 8 && count == 2) continue; /* kinds of access by the ends of what there is */
                std::string vector = count == 1 ? "" : ".v" + std::to_string(count);
                std::string load = modifiers == "ldu" ? "ldu.global" : first ? "ld." + modifiers + dot(way.space) : "ld" + dot(way.space) + modifiers;
                std::string store = first ? std::string("st.") + way.stores + dot(way.space) : "st" + dot(way.space) + way.stores;
                const char *const(&names)[4] = !f ? longs : t.bytes == 4 ? floats : doubles;
                char filled[256], s[32];
                std::snprintf(s, sizeof s, "%s", dot(way.space).c_str());
                std::snprintf(filled, sizeof filled, four_words, s, s, s, s);
                std::string text = ".reg .f32 %f<4>; .reg .f64 %g<4>; " + own(way.space) + filled + load + vector + "." + t.name + " " + vector_of(count, names) + ", [%x];";
                for (unsigned n = 0; n < count; n++) {
                    if (f) text += std::string(" mov.b") + (t.bytes == 4 ? "32 %t0, " : "64 %T3, ") + names[n] + ";" + (t.bytes == 4 ? " cvt.u64.u32 %T3, %t0;" : "");
                    text += std::string(" mad.lo.u64 %D, %D, 31, ") + (f ? "%T3" : names[n]) + ";";
                }
                /* and back to the other half, whose bytes are seen */
                std::string back = store + vector + "." + t.name + " [%x+32], " + vector_of(count, names) + "; ";
                text += " st" + dot(way.space) + ".b64 [%x+32], 0; st" + dot(way.space) + ".b64 [%x+40], 0; " + back + "ld" + dot(way.space) + ".b64 %T0, [%x+32]; ld" + dot(way.space) +
                        ".b64 %T1, [%x+40]; mad.lo.u64 %D, %D, 31, %T0; mad.lo.u64 %D, %D, 31, %T1;";
                forms.push_back({text, LONG, [=](O o) {
                                     uint64_t d = 0, low = 0, high = 0;
                                     for (unsigned n = 0; n < count; n++) {
                                         uint64_t x = element(o, n, t), bits = t.bytes < 8 ? x & ((1ull << 8 * t.bytes) - 1) : x;
                                         d = d * 31 + x;
                                         (n * t.bytes < 8 ? low : high) |= bits << n * t.bytes % 8 * 8;
                                     }
                                     return (d * 31 + low) * 31 + high;
                                 }});
            }
    forms.push_back({own("global") + ".reg .b128 %q; st.global.b64 [%x], %A; st.global.b64 [%x+8], %B; ld.global.b128 %q, [%x]; st.global.b128 [%x+16], %q; mov.b128 {%T0, %T1}, %q; ld.global.b64 %T2, [%x+24]; xor.b64 %T0, %T0, %T2; xor.b64 %D, %T0, %T1;",
                     LONG, [](O o) { return o.A; }});
    forms.push_back({"and.b32 %t0, %a, 3; shl.b32 %t0, %t0, 2; cvt.u64.u32 %T0, %t0; mov.u64 %x, cm; add.u64 %x, %x, %T0; ld.const.u32 %d, [%x];", WORD, [](O o) -> uint64_t {
                         static const unsigned table[] = {1, 20, 300, 4000};
                         return table[o.a & 3];
                     }});
    forms.push_back({".reg .b32 %v<4>; mov.v4.u32 {%v0, %v1, %v2, %v3}, {%a, %b, %c, %a}; mov.v2.b64 {%T0, %T1}, {%A, %B}; xor.b32 %d, %v0, %v1; xor.b32 %d, %d, %v2; xor.b32 %d, %d, %v3;", WORD,
                     [](O o) -> uint64_t { return o.b ^ o.c; }});
}

/* ---- Atomic operations: what was there, and what is there then ---- */

static void atomics() {
    static const struct {
        const char *op;
        std::vector<const char *> types;
    } list[] = {{"and", {"b32", "b64"}}, {"or", {"b32", "b64"}}, {"xor", {"b32", "b64"}}, {"exch", {"b32", "b64"}}, {"add", {"u32", "s32", "u64", "s64", "f32", "f64"}},
                {"inc", {"u32"}}, {"dec", {"u32"}}, {"min", {"u32", "s32", "u64", "s64"}}, {"max", {"u32", "s32", "u64", "s64"}}};
    static const char *const ways[][2] = {{"", "global"}, {"relaxed.cta", "shared"}, {"acq_rel.gpu", ""}, {"release.sys", "global"}, {"acquire.cluster", "shared::cta"}};
    for (auto &way : ways)
        for (auto &item : list)
            for (const char *type : item.types) {
                std::string op = item.op, t = type, space = dot(way[1]), order = dot(way[0]);
                unsigned bits = t[1] == '3' ? 32 : 64;
                bool f = t[0] == 'f', s = t[0] == 's';
                std::string d = f ? bits == 32 ? "%fd" : "%dd" : bits == 32 ? "%d" : "%D", b = f ? bits == 32 ? "%fb" : "%db" : bits == 32 ? "%b" : "%B";
                auto after = [=](O o) -> uint64_t {
                    uint64_t x = bits == 32 ? o.a : o.A, y = bits == 32 ? o.b : o.B;
                    int64_t sx = bits == 32 ? (int32_t)x : (int64_t)x, sy = bits == 32 ? (int32_t)y : (int64_t)y;
                    if (op == "and") return x & y;
                    if (op == "or") return x | y;
                    if (op == "xor") return x ^ y;
                    if (op == "exch") return y;
                    if (op == "inc") return x >= y ? 0 : x + 1;
                    if (op == "dec") return x == 0 || x > y ? y : x - 1;
                    if (op == "add" && f) return bits == 32 ? of(o.fa + o.fb) : of(o.da + o.db);
                    if (op == "add") return bits == 32 ? (uint32_t)(x + y) : x + y;
                    bool less = s ? sx < sy : x < y;
                    return (op == "min") == less ? x : y;
                };
                std::string fill = own(way[1]) + "st" + space + (bits == 32 ? ".b32 [%x], %a; " : ".b64 [%x], %A; "), load = "ld" + space + "." + t + " " + d + ", [%x];";
                Kind kind = f ? bits == 32 ? FLOAT : DOUBLE : bits == 32 ? WORD : LONG;
                forms.push_back({fill + "atom" + order + space + "." + op + "." + t + " " + d + ", [%x], " + b + ";", kind, [=](O o) { return bits == 32 ? o.a : o.A; }});
                forms.push_back({fill + "atom" + order + space + "." + op + "." + t + " _, [%x], " + b + "; " + load, kind, after});
                if (op == "exch" || order == ".acq_rel.gpu" || order == ".acquire.cluster") continue; /* red is relaxed or releases */
                forms.push_back({fill + "red" + order + space + "." + op + "." + t + " [%x], " + b + "; " + load, kind, after});
            }
    for (auto &way : ways)
        for (unsigned bits : {16u, 32u, 64u}) {
            std::string space = dot(way[1]), t = ".b" + std::to_string(bits), p = bits == 16 ? "%h" : "%", w = bits == 64 ? "ABCD" : "abcd";
            std::string a = p + w[0], b = p + w[1], c = p + w[2], d = p + w[3];
            Kind kind = bits == 16 ? HALFWORD : bits == 32 ? WORD : LONG;
            uint64_t mask = bits == 64 ? ~0ull : (1ull << bits) - 1;
            std::string fill = own(way[1]) + "st" + space + t + " [%x], " + a + "; ", cas = "atom" + dot(way[0]) + space + ".cas" + t + " " + d + ", [%x], ";
            forms.push_back({fill + cas + b + ", " + c + ";", kind, [=](O o) { return o.A & mask; }});
            forms.push_back({fill + cas + b + ", " + c + "; ld" + space + t + " " + d + ", [%x];", kind, [=](O o) { return ((o.A & mask) == (o.B & mask) ? o.C : o.A) & mask; }});
            forms.push_back({fill + cas + a + ", " + c + "; ld" + space + t + " " + d + ", [%x];", kind, [=](O o) { return o.C & mask; }});
        }
}

/* Sums of small numbers, which every format has: 3 + 2, and 1 - 2 beside it. */
static void atomics_of_halves_and_vectors() {
    static const struct {
        const char *type;
        unsigned one, two, three, minus_one, five;
    } formats[] = {{"f16", 0x3c00, 0x4000, 0x4200, 0xbc00, 0x4500}, {"bf16", 0x3f80, 0x4000, 0x4040, 0xbf80, 0x40a0}};
    for (auto &f : formats)
        for (const char *space : {"global", "shared", ""}) {
            std::string s = dot(space), t = std::string(".") + f.type, hex = std::to_string(f.three), two = std::to_string(f.two);
            uint32_t five = f.five, three = f.three, pair = f.five | f.minus_one << 16, before = f.three | f.one << 16;
            std::string pair_before = std::to_string(before), addend = std::to_string(f.two | (f.two ^ 0x8000u) << 16);
            std::string fill = own(space) + "st" + s + ".b16 [%x], " + hex + "; mov.b16 %hc, " + two + "; ", fill2 = own(space) + "st" + s + ".b32 [%x], " + pair_before + "; mov.b32 %t0, " + addend + "; ";
            forms.push_back({fill + "atom" + s + ".add.noftz" + t + " %hd, [%x], %hc;", HALFWORD, [=](O) -> uint64_t { return three; }});
            forms.push_back({fill + "red" + s + ".add.noftz" + t + " [%x], %hc; ld" + s + ".b16 %hd, [%x];", HALFWORD, [=](O) -> uint64_t { return five; }});
            forms.push_back({fill2 + "atom.relaxed.gpu" + s + ".add.noftz" + t + "x2 %d, [%x], %t0;", WORD, [=](O) -> uint64_t { return before; }});
            forms.push_back({fill2 + "red" + s + ".add.noftz" + t + "x2 [%x], %t0; ld" + s + ".b32 %d, [%x];", WORD, [=](O) -> uint64_t { return pair; }});
            if (*space == 's') continue;
            std::string fill4 = own(space) + "st" + s + ".v2.b32 [%x], {" + pair_before + ", " + pair_before + "}; mov.b32 %t0, " + addend + "; .reg .b32 %v<2>; .reg .b16 %w<4>; mov.b32 {%w0, %w1}, %t0; ";
            uint64_t twice = (uint64_t)pair << 32 | pair, was = (uint64_t)before << 32 | before;
            uint64_t least = (uint64_t)(f.two | (f.two ^ 0x8000u) << 16), greatest = (uint64_t)(f.three | f.one << 16);
            forms.push_back({fill4 + "atom" + s + ".add.noftz.v2" + t + "x2 {%v0, %v1}, [%x], {%t0, %t0}; mov.b64 %D, {%v0, %v1};", LONG, [=](O) { return was; }});
            forms.push_back({fill4 + "red" + s + ".add.noftz.v2" + t + "x2 [%x], {%t0, %t0}; ld" + s + ".b64 %D, [%x];", LONG, [=](O) { return twice; }});
            forms.push_back({fill4 + "red" + s + ".min.noftz.v4" + t + " [%x], {%w0, %w1, %w0, %w1}; ld" + s + ".b64 %D, [%x];", LONG, [=](O) { return least << 32 | least; }});
            forms.push_back({fill4 + "atom" + s + ".max.noftz.v4" + t + " {%w0, %w1, %w2, %w3}, [%x], {%w0, %w1, %w0, %w1}; ld" + s + ".b64 %D, [%x];", LONG, [=](O) { return greatest << 32 | greatest; }});
        }
    std::string fill = own("global") + ".reg .f32 %v<4>; st.global.v4.f32 [%x], {0f3f800000, 0f40000000, 0f40400000, 0f40800000}; mov.f32 %fc, 0f3f800000; ";
    forms.push_back({fill + "red.global.add.v4.f32 [%x], {%fc, %fc, %fc, %fc}; ld.global.v4.f32 {%v0, %v1, %v2, %v3}, [%x]; mul.f32 %v0, %v0, %v1; mul.f32 %v2, %v2, %v3; mul.f32 %fd, %v0, %v2;", FLOAT,
                     [](O) { return of(120.0f); }});
    forms.push_back({fill + "atom.relaxed.sys.global.add.v2.f32 {%v0, %v1}, [%x], {%fc, %fc}; ld.global.v2.f32 {%v2, %v3}, [%x]; mul.f32 %v0, %v0, %v1; mul.f32 %v2, %v2, %v3; mul.f32 %fd, %v0, %v2;", FLOAT,
                     [](O) { return of(12.0f); }});
}

/* ---- Addresses, copies, hints ---- */

static void addresses() {
    static const char *const spaces[] = {"global", "shared", "local", "const", "param::entry", "shared::cta", "shared::cluster"};
    for (const char *space : {"global", "shared", "local"}) {
        std::string s = space, to_generic = own(space) + "cvta." + s + ".u64 %T0, %x; ";
        forms.push_back({own(space) + "st." + s + ".b64 [%x], %A; cvta." + s + ".u64 %T0, %x; ld.b64 %D, [%T0];", LONG, [](O o) { return o.A; }});
        forms.push_back({to_generic + "st.b64 [%T0], %B; cvta.to." + s + ".u64 %T1, %T0; ld." + s + ".b64 %D, [%T1];", LONG, [](O o) { return o.B; }});
        for (const char *asked : spaces) {
            bool is = s == asked || (s == "shared" && std::strncmp(asked, "shared", 6) == 0);
            forms.push_back({to_generic + "isspacep." + asked + " %pd, %T0;", PREDICATE, [=](O) -> uint64_t { return is; }});
        }
    }
    forms.push_back({"mov.u64 %x, cm; cvta.const.u64 %x, %x; isspacep.const %pd, %x; ld.u32 %t0, [%x+8]; setp.eq.and.u32 %pd, %t0, 300, %pd;", PREDICATE, [](O) -> uint64_t { return 1; }});
    for (unsigned bytes : {4u, 8u, 16u})
        for (unsigned kept : {0u, 3u, 4u, 16u}) {
            if (kept > bytes) continue;
            std::string fill = "" + own("global") + "st.global.b64 [%x], %A; st.global.b64 [%x+8], %B; mov.u32 %t3, %tid.x; mul.lo.u32 %t3, %t3, 16; mov.u32 %t2, cp; add.u32 %t2, %t2, %t3; "
                               "st.shared.b64 [%t2], -1; st.shared.b64 [%t2+8], -1; ";
            std::string copy = std::string("cp.async.") + (bytes == 16 ? "cg" : "ca") + ".shared.global [%t2], [%x], " + std::to_string(bytes) + ", " + std::to_string(kept) + "; ";
            std::string waits = kept == 0 ? "cp.async.wait_all; " : "cp.async.commit_group; cp.async.wait_group 0; ";
            auto byte = [=](O o, unsigned n) -> uint64_t { return n >= bytes ? 0xff : n >= kept ? 0 : (n < 8 ? o.A : o.B) >> n % 8 * 8 & 255; };
            forms.push_back({fill + copy + waits + "ld.shared.b64 %T0, [%t2]; ld.shared.b64 %T1, [%t2+8]; mad.lo.u64 %D, %T0, 31, %T1;", LONG, [=](O o) {
                                 uint64_t low = 0, high = 0;
                                 for (unsigned n = 0; n < 8; n++) low |= byte(o, n) << 8 * n, high |= byte(o, n + 8) << 8 * n;
                                 return low * 31 + high;
                             }});
        }
    for (const char *hint : {"prefetch.global.L1 [%x]", "prefetch.L2 [%x]", "prefetch.global.L2::evict_last [%x]", "prefetch.global.L2::evict_normal [%x]", "prefetchu.L1 [%x]",
                             "applypriority.global.L2::evict_normal [%x], 128", "createpolicy.fractional.L2::evict_first.b64 %T0, 0f3F000000; ld.global.L2::cache_hint.b64 %T1, [%x], %T0",
                             "createpolicy.range.global.L2::evict_last.L2::evict_unchanged.b64 %T0, [%x], 64, 128", "createpolicy.cvt.L2.b64 %T0, 0", "membar.cta", "membar.gl", "membar.sys", "membar.proxy.alias",
                             "fence.sc.cta", "fence.acq_rel.gpu", "fence.acquire.sys", "fence.release.cluster", "fence.proxy.alias", "fence.proxy.async", "fence.proxy.async.shared::cta",
                             "fence.acquire.sync_restrict::shared::cluster.cluster", "fence.mbarrier_init.release.cluster", "pmevent 3", "pmevent.mask 5", "griddepcontrol.launch_dependents", "griddepcontrol.wait",
                             "nanosleep.u32 1", "@!%pd bra OUT; brkpt; OUT:"})
        forms.push_back({own("global") + "st.global.b64 [%x], %A; setp.ne.u32 %pd, 0, 0; " + hint + "; ld.global.b64 %D, [%x];", LONG, [](O o) { return o.A; }});
    forms.push_back({own("global") + "st.global.b64 [%x], %A; and.b64 %T0, %x, -128; @%p discard.global.L2 [%T0], 128; st.global.b64 [%x], %B; ld.global.b64 %D, [%x];", LONG, [](O o) { return o.B; }});
}

/* ---- Control flow ---- */

static void control() {
    forms.push_back({"call (%d), twice, (%a);", WORD, [](O o) -> uint64_t { return 2 * o.a; }});
    forms.push_back({"call.uni (%d), leaves, (%a);", WORD, [](O o) -> uint64_t { return o.a > 9 ? 1 : 2; }});
    forms.push_back({"{ .param .align 8 .b8 p[16]; .param .b64 r; st.param.b64 [p], %A; st.param.b64 [p+8], %B; call (r), pair, (p); ld.param.b64 %D, [r]; }", LONG, [](O o) { return o.A - o.B; }});
    forms.push_back({"proto: .callprototype (.reg .b32 _) _ (.reg .b32 _); mov.u64 %T0, twice; mov.u64 %T1, leaves; selp.b64 %T0, %T0, %T1, %q; call (%d), %T0, (%a), proto;", WORD,
                     [](O o) -> uint64_t { return o.q ? 2 * o.a : o.a > 9 ? 1 : 2; }});
    forms.push_back({"list: .calltargets twice, leaves; mov.u64 %T0, leaves; call (%d), %T0, (%a), list;", WORD, [](O o) -> uint64_t { return o.a > 9 ? 1 : 2; }});
    for (const char *uni : {"", ".uni"})
        forms.push_back({std::string("and.b32 %t0, ") + (*uni ? "5, 2" : "%a, 3") + "; ways: .branchtargets W0, W1, W2, W3; mov.b32 %d, 7; brx.idx" + uni + " %t0, ways; W0: mov.b32 %d, 1; bra W3; W1: add.u32 %d, %d, %b; W2: add.u32 %d, %d, 1; W3:", WORD,
                         [=](O o) -> uint64_t {
                             switch (*uni ? 0 : o.a & 3) {
                             case 0: return 1;
                             case 1: return 8 + o.b;
                             case 2: return 8;
                             default: return 7;
                             }
                         }});
    forms.push_back({"and.b32 %t0, %a, 15; MORE: add.u32 %d, %d, %t0; sub.u32 %t0, %t0, 1; setp.gt.s32 %pd, %t0, 0; @%pd bra MORE;", WORD, [](O o) -> uint64_t {
                         uint32_t d = 0;
                         int n = o.a & 15;
                         do d += (uint32_t)n--;
                         while (n > 0);
                         return d;
                     }});
    forms.push_back({"stacksave.u64 %T0; and.b64 %T1, %A, 7; shl.b64 %T1, %T1, 3; add.u64 %T1, %T1, 8; alloca.u64 %T2, %T1, 16; st.local.u64 [%T2], %B; ld.local.u64 %D, [%T2]; stackrestore.u64 %T0;", LONG, [](O o) { return o.B; }});
}

/* ---- Warps ---- */

static void add_warp(const std::string &text, Kind kind, std::function<uint64_t(const Operands *, unsigned)> model) { forms.push_back({text, kind, nullptr, 0, 0, false, model}); }

static void warps(bool with_masks) {
    static const char *const modes[] = {"up", "down", "bfly", "idx"};
    std::string sync = with_masks ? ".sync" : "", all = with_masks ? ", -1;" : ";";
    for (int mode = 0; mode < 4; mode++)
        for (unsigned width : {32u, 8u, 2u})
            for (unsigned distance : {0u, 1u, 5u, 31u}) {
                unsigned segment = 32 - width, c = segment << 8 | (mode == 0 ? 0 : 31);
                auto from = [=](unsigned lane, bool *inside) {
                    unsigned first = lane & segment, last = first | (width - 1);
                    int j = mode == 0 ? (int)lane - (int)distance : mode == 1 ? (int)(lane + distance) : mode == 2 ? (int)(lane ^ distance) : (int)(first | (distance & ~segment));
                    *inside = mode == 0 ? j >= (int)first : j <= (int)last;
                    return *inside ? (unsigned)j : lane;
                };
                std::string text = "shfl" + sync + "." + modes[mode] + ".b32 %d|%pd, %a, " + std::to_string(distance) + ", " + std::to_string(c) + all;
                add_warp(text, WORD, [=](const Operands *w, unsigned lane) -> uint64_t { bool in; return w[from(lane, &in)].a; });
                add_warp(text, PREDICATE, [=](const Operands *, unsigned lane) -> uint64_t { bool in; from(lane, &in); return in; });
            }
    auto ballot = [](const Operands *w) { uint32_t m = 0; for (unsigned i = 0; i < 32; i++) m |= (uint32_t)w[i].p << i; return m; };
    for (bool negated : {false, true}) {
        std::string p = negated ? "!%p" : "%p";
        auto votes = [=](const Operands *w) { return negated ? ~ballot(w) : ballot(w); };
        add_warp("vote" + sync + ".all.pred %pd, " + p + all, PREDICATE, [=](const Operands *w, unsigned) -> uint64_t { return votes(w) == ~0u; });
        add_warp("vote" + sync + ".any.pred %pd, " + p + all, PREDICATE, [=](const Operands *w, unsigned) -> uint64_t { return votes(w) != 0; });
        add_warp("vote" + sync + ".uni.pred %pd, " + p + all, PREDICATE, [=](const Operands *w, unsigned) -> uint64_t { return votes(w) == 0 || votes(w) == ~0u; });
        add_warp("vote" + sync + ".ballot.b32 %d, " + p + all, WORD, [=](const Operands *w, unsigned) -> uint64_t { return votes(w); });
    }
    if (!with_masks) return;
    add_warp("activemask.b32 %d;", WORD, [](const Operands *, unsigned) -> uint64_t { return ~0u; });
    add_warp("elect.sync %d|%pd, -1;", WORD, [](const Operands *, unsigned) -> uint64_t { return 0; });
    add_warp("elect.sync _|%pd, -1;", PREDICATE, [](const Operands *, unsigned lane) -> uint64_t { return lane == 0; });
    add_warp("st.volatile.shared.u32 [%t2], %a; bar.warp.sync -1; ld.volatile.shared.u32 %d, [%t1];", WORD, [](const Operands *w, unsigned lane) -> uint64_t { return w[lane ^ 31].a; });
    forms.back().text = "mov.u32 %t0, %tid.x; shl.b32 %t2, %t0, 2; xor.b32 %t1, %t2, 124; mov.u32 %t0, wm; add.u32 %t2, %t2, %t0; add.u32 %t1, %t1, %t0; " + forms.back().text;
    /* A matrix of 8 x 8 halfwords: a lane has two of row lane / 4; the rows go to memory in the other order. */
    std::string rows = "mov.u32 %t0, %tid.x; and.b32 %t1, %t0, 96; shl.b32 %t1, %t1, 2; mov.u32 %t2, wm; add.u32 %t2, %t2, %t1; and.b32 %t1, %t0, 7; sub.u32 %t1, 7, %t1; shl.b32 %t1, %t1, 4; add.u32 %t1, %t1, %t2;"
                       " and.b32 %t0, %t0, 31; shl.b32 %t0, %t0, 2; add.u32 %t2, %t2, %t0; ";
    add_warp(rows + "stmatrix.sync.aligned.m8n8.x1.shared.b16 [%t1], {%a}; bar.warp.sync -1; ld.shared.u32 %d, [%t2]; bar.warp.sync -1;", WORD,
             [](const Operands *w, unsigned lane) -> uint64_t { return w[(7 - lane / 4) * 4 + lane % 4].a; });
    auto transposed = [](const Operands *w, unsigned row, unsigned column) -> uint32_t { return w[column * 4 + row / 2].a >> row % 2 * 16 & 0xffff; };
    add_warp(rows + "stmatrix.sync.aligned.m8n8.x1.trans.shared.b16 [%t1], {%a}; bar.warp.sync -1; ld.shared.u32 %d, [%t2]; bar.warp.sync -1;", WORD,
             [=](const Operands *w, unsigned lane) -> uint64_t { return transposed(w, 7 - lane / 4, lane % 4 * 2) | transposed(w, 7 - lane / 4, lane % 4 * 2 + 1) << 16; });
    add_warp("movmatrix.sync.aligned.m8n8.trans.b16 %d, %a;", WORD,
             [=](const Operands *w, unsigned lane) -> uint64_t { return transposed(w, lane / 4, lane % 4 * 2) | transposed(w, lane / 4, lane % 4 * 2 + 1) << 16; });
    for (bool wide : {false, true}) {
        std::string b = wide ? ".b64" : ".b32", s = wide ? "%T0" : "%t0", few = wide ? "and.b64 %T0, %A, 3; " : "and.b32 %t0, %a, 3; ", none = wide ? "shr.u64 %T0, %A, 63; sub.u64 %T0, %T0, %T0; " : "sub.u32 %t0, %a, %a; ";
        auto same = [](const Operands *w, unsigned lane) { uint32_t m = 0; for (unsigned i = 0; i < 32; i++) m |= (uint32_t)((w[i].a & 3) == (w[lane].a & 3)) << i; return m; };
        add_warp(few + "match.any.sync" + b + " %d, " + s + ", -1;", WORD, [=](const Operands *w, unsigned lane) -> uint64_t { return same(w, lane); });
        add_warp(few + "match.all.sync" + b + " %d|%pd, " + s + ", -1;", WORD, [=](const Operands *w, unsigned lane) -> uint64_t { return same(w, lane) == ~0u ? ~0u : 0; });
        add_warp(few + "match.all.sync" + b + " _|%pd, " + s + ", -1;", PREDICATE, [=](const Operands *w, unsigned lane) -> uint64_t { return same(w, lane) == ~0u; });
        add_warp(none + "match.all.sync" + b + " %d|%pd, " + s + ", -1;", WORD, [=](const Operands *, unsigned) -> uint64_t { return ~0u; });
    }
    static const struct {
        const char *text;
        uint32_t (*join)(uint32_t, uint32_t);
    } reductions[] = {{"add.u32", [](uint32_t x, uint32_t y) { return x + y; }}, {"add.s32", [](uint32_t x, uint32_t y) { return x + y; }},
                      {"min.u32", [](uint32_t x, uint32_t y) { return std::min(x, y); }}, {"max.u32", [](uint32_t x, uint32_t y) { return std::max(x, y); }},
                      {"min.s32", [](uint32_t x, uint32_t y) { return (int)x < (int)y ? x : y; }}, {"max.s32", [](uint32_t x, uint32_t y) { return (int)x > (int)y ? x : y; }},
                      {"and.b32", [](uint32_t x, uint32_t y) { return x & y; }}, {"or.b32", [](uint32_t x, uint32_t y) { return x | y; }}, {"xor.b32", [](uint32_t x, uint32_t y) { return x ^ y; }}};
    for (auto &r : reductions) {
        auto join = r.join;
        auto over = [=](const Operands *w, unsigned first, unsigned last) { uint32_t d = w[first].a; for (unsigned i = first + 1; i <= last; i++) d = join(d, w[i].a); return d; };
        add_warp(std::string("redux.sync.") + r.text + " %d, %a, -1;", WORD, [=](const Operands *w, unsigned) -> uint64_t { return over(w, 0, 31); });
        /* the halves of the warp, each by itself */
        add_warp(std::string("mov.u32 %t0, %laneid; setp.lt.u32 %pe, %t0, 16; selp.b32 %t1, 0xffff, 0xffff0000, %pe; @%pe redux.sync.") + r.text + " %d, %a, %t1; @!%pe redux.sync." + r.text + " %d, %a, %t1;", WORD,
                 [=](const Operands *w, unsigned lane) -> uint64_t { return lane < 16 ? over(w, 0, 15) : over(w, 16, 31); });
    }
    /* Barriers of the block: 128 threads, of which these see 32 through what the others have, too */
    add_warp("setp.ne.u32 %pe, %a, %a; bar.red.popc.u32 %d, 0, !%pe;", WORD, [](const Operands *, unsigned) -> uint64_t { return 128; });
    add_warp("mov.u32 %t0, %tid.x; setp.lt.u32 %pe, %t0, 5; barrier.red.popc.aligned.u32 %d, 3, 128, %pe;", WORD, [](const Operands *, unsigned) -> uint64_t { return 5; });
    add_warp("mov.u32 %t0, %tid.x; setp.eq.u32 %pe, %t0, 77; bar.red.or.pred %pd, 1, %pe;", PREDICATE, [](const Operands *, unsigned) -> uint64_t { return 1; });
    add_warp("mov.u32 %t0, %tid.x; setp.eq.u32 %pe, %t0, 77; bar.cta.red.and.pred %pd, 1, !%pe;", PREDICATE, [](const Operands *, unsigned) -> uint64_t { return 0; });
    add_warp("mov.u32 %t0, %tid.x; setp.lt.u32 %pe, %t0, 999; barrier.cta.red.and.pred %pd, 2, %pe;", PREDICATE, [](const Operands *, unsigned) -> uint64_t { return 1; });
    /* The first warps bring what the last ones take: arrive and sync. */
    add_warp("mov.u32 %t0, %tid.x; xor.b32 %t1, %t0, 64; shl.b32 %t1, %t1, 2; mov.u32 %t2, am; add.u32 %t1, %t1, %t2; shl.b32 %t3, %t0, 2; add.u32 %t3, %t3, %t2; st.shared.u32 [%t3], 1; bar.sync 0;"
             " setp.lt.u32 %pe, %t0, 64; @%pe st.shared.u32 [%t3], 41; @%pe barrier.cta.arrive 4, 128; @!%pe barrier.cta.sync 4, 128; @!%pe ld.shared.u32 %d, [%t1]; @%pe mov.b32 %d, 41; bar.sync 0;", WORD,
             [](const Operands *, unsigned) -> uint64_t { return 41; });
}

/* Each thread has an mbarrier of its own. */
static void mbarriers() {
    std::string own_barrier = "mov.u32 %t3, %tid.x; shl.b32 %t3, %t3, 3; mov.u32 %t2, mb; add.u32 %t2, %t2, %t3; ";
    auto is = [](uint64_t value) { return [=](O) { return value; }; };
    std::string two = own_barrier + "mbarrier.init.shared::cta.b64 [%t2], 2; ";
    forms.push_back({two + "mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.test_wait.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(0)});
    forms.push_back({two + "mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.arrive.release.cta.shared::cta.b64 %T1, [%t2]; mbarrier.test_wait.acquire.cta.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(1)});
    forms.push_back({two + "mbarrier.arrive.shared.b64 %T0, [%t2], 2; mbarrier.try_wait.shared.b64 %pd, [%t2], %T0, 100; mbarrier.inval.shared.b64 [%t2];", PREDICATE, is(1)});
    forms.push_back({two + "mbarrier.arrive.shared.b64 %T0, [%t2], 2; mbarrier.arrive.shared.b64 %T1, [%t2]; mbarrier.test_wait.shared.b64 %pd, [%t2], %T1;", PREDICATE, is(0)});
    forms.push_back({two + "mbarrier.arrive.noComplete.shared.b64 %T0, [%t2], 1; mbarrier.pending_count.b64 %d, %T0;", WORD, is(2)});
    forms.push_back({two + "mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.pending_count.b64 %d, %T0;", WORD, is(1)});
    forms.push_back({two + "mbarrier.arrive.shared.b64 _, [%t2], 2; mbarrier.test_wait.parity.shared.b64 %pd, [%t2], 0; mbarrier.test_wait.parity.shared.b64 %pe, [%t2], 1; selp.b32 %d, 2, 0, %pd; selp.b32 %t0, 1, 0, %pe; or.b32 %d, %d, %t0;", WORD, is(2)});
    forms.push_back({two + "mbarrier.test_wait.parity.shared.b64 %pd, [%t2], 1; mbarrier.try_wait.parity.shared.b64 %pe, [%t2], 1; selp.b32 %d, 2, 0, %pd; selp.b32 %t0, 1, 0, %pe; or.b32 %d, %d, %t0;", WORD, is(3)});
    /* one leaves: the next phase is of one */
    forms.push_back({two + "mbarrier.arrive_drop.shared.b64 %T0, [%t2]; mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.arrive.shared.b64 %T1, [%t2]; mbarrier.test_wait.shared.b64 %pd, [%t2], %T1;", PREDICATE, is(1)});
    forms.push_back({two + "mbarrier.arrive_drop.noComplete.shared.b64 %T0, [%t2], 1; mbarrier.arrive.shared.b64 %T0, [%t2]; mbarrier.arrive.shared.b64 %T1, [%t2]; mbarrier.test_wait.shared.b64 %pd, [%t2], %T1;", PREDICATE, is(1)});
    /* bytes that are expected hold a phase until they came */
    forms.push_back({two + "mbarrier.expect_tx.relaxed.cta.shared::cta.b64 [%t2], 16; mbarrier.arrive.shared.b64 %T0, [%t2], 2; mbarrier.test_wait.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(0)});
    forms.push_back({two + "mbarrier.arrive.expect_tx.shared::cta.b64 %T0, [%t2], 16; mbarrier.arrive.shared.b64 _, [%t2]; mbarrier.complete_tx.relaxed.cta.shared::cta.b64 [%t2], 16; mbarrier.test_wait.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(1)});
    forms.push_back({two + "mbarrier.arrive_drop.expect_tx.release.cta.shared::cta.b64 %T0, [%t2], 8; mbarrier.arrive.shared.b64 _, [%t2]; mbarrier.complete_tx.shared.b64 [%t2], 8; mbarrier.arrive.shared.b64 %T1, [%t2]; mbarrier.test_wait.shared.b64 %pd, [%t2], %T1;", PREDICATE, is(1)});
    /* a copy of the thread's arrives when it is done */
    forms.push_back({own("global") + two + "cp.async.mbarrier.arrive.noinc.shared.b64 [%t2]; mbarrier.arrive.shared.b64 %T0, [%t2]; cp.async.wait_all; mbarrier.test_wait.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(1)});
    forms.push_back({two + "cp.async.mbarrier.arrive.shared.b64 [%t2]; mbarrier.arrive.shared.b64 %T0, [%t2]; cp.async.wait_all; mbarrier.test_wait.shared.b64 %pd, [%t2], %T0;", PREDICATE, is(0)});
}

int main() {
    module_text = variables;
    accesses();
    atomics();
    atomics_of_halves_and_vectors();
    addresses();
    control();
    warps(true);
    mbarriers();
    size_t wrong = check_forms(forms), count = forms.size();
    forms.clear();
    module_text.clear();
    warps(false);
    wrong += check_forms(forms, false, "sm_60");
    std::fprintf(stderr, "%zu forms\n", count + forms.size());
    std::printf("%zu wrong\n", wrong);
    return wrong != 0;
}
