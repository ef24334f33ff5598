# SPDX-License-Identifier: Apache-2.0
"""Random CUDA kernels without undefined behaviour, for comparing ways to compile them.

A kernel is made from a seed alone. Its statements have numbers, and any set of them can be left out (for reducing a failure)
without making the rest invalid: all variables are declared at the top, and nothing is decided when text is written.

Three kinds of kernels:
  plain    any control flow, jumps out of everything; the host can run them too, one thread after the other
  warps    collectives: of whole warps where control flow is the same for a warp, of the lanes of a mask inside branches
  blocks   shared memory and barriers where control flow is the same for the block, warp collectives too

What makes races impossible: a thread stores only to elements that its number owns, or by atomics whose order doesn't matter
and whose result isn't used; shared memory is written and read on different sides of a barrier. Loops have small bounds.
Arithmetic goes through the functions of differential.h. Programs are compiled with -fmad=false, since which product a sum
is fused with may be chosen differently each time; fused operations are written as such.
"""
import random

TYPES = ("i32", "u32", "i64", "u64", "f32", "f64")
INTEGERS = ("i32", "u32", "i64", "u64")
MATH = ("expf", "sinf", "cosf", "logf", "exp2f", "tanhf", "rsqrtf")
SHAPES = ((32, 1, 1), (64, 1, 1), (96, 1, 1), (128, 1, 1), (256, 1, 1), (8, 8, 1), (16, 16, 1), (32, 4, 1), (16, 4, 2),
          (4, 4, 4))
RAGGED = ((1, 1, 1), (20, 1, 1), (50, 1, 1), (77, 1, 1), (200, 1, 1), (5, 7, 1), (9, 5, 2), (33, 3, 1))


class Kernel:
    def __init__(self, seed, math=True, portable=False, exact=False):
        """`portable`: without what some targets round otherwise (fused operations, division, roots) or refuse (bfloat16, recursion).
        `exact`: also without sums and products of floats, which WGSL may fuse and reassociate."""
        self.random = random.Random(seed)
        self.seed = seed
        self.math = math and not portable
        self.portable = portable or exact
        self.exact = exact
        portable = self.portable
        self.number = 0       # of the next statement
        self.loops = 0        # names of loop counters
        self.counters = []    # loop counters in scope
        self.functions = []   # (name, result type, argument types)
        self.text_of_functions = []
        self.kind = self.random.choice(("plain", "plain", "warps", "blocks"))
        self.ragged = self.random.random() < 0.4
        self.shape = self.random.choice(RAGGED if self.ragged else SHAPES)
        self.threads = self.shape[0] * self.shape[1] * self.shape[2]
        self.blocks = self.random.randint(1, min(7, 2048 // self.threads))
        total = self.threads * self.blocks
        self.count = self.random.choice((total, max(1, total - self.random.randint(0, self.threads)), total))
        self.stride = self.kind == "plain" and self.chance(0.3)
        if self.stride:
            self.count = self.random.randint(1, min(2048, 3 * total))
        # What may keep a whole kernel from being vectorised is rare, so that it doesn't hide the rest.
        self.calls = self.chance(0.15) and not portable
        self.apart = self.chance(0.15)
        # Some threads are gone before the others meet at barriers. Collectives of whole warps don't go with that.
        self.exits = self.kind == "blocks" and self.chance(0.3)
        self.scatter = (self.random.randrange(1, 2048, 2), self.random.randrange(2048))
        self.flat = self.random.random() < 0.5  # the block's shape is used as if it had one dimension
        self.device_only = self.kind != "plain"
        self.in_function = False
        for index in range(self.random.randint(0, 3)):
            self.make_function(index)
        self.variables = {t: [f"{t}_{i}" for i in range(self.random.randint(2, 3))] for t in TYPES}
        self.narrow = [("signed char", "c0"), ("unsigned char", "b0"), ("short", "s0"), ("unsigned short", "w0")]
        self.arrays = [("i32", "ia", 8), ("f32", "fa", 4), ("u64", "la", 4)] if self.chance(0.6) else []
        self.use_pair = self.chance(0.4)
        self.body = self.make_body()

    # ---- small helpers

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *items):
        return self.random.choice(items)

    def constant(self, t):
        r = self.random
        if t in ("f32", "f64"):
            value = self.pick(0.0, 1.0, -1.0, 0.5, 2.0, -3.75, 1e-3, 100.25, r.randint(-1000, 1000) / 8)
            return f"{value!r}f" if t == "f32" else f"{value!r}"
        value = self.pick(0, 1, 2, 3, 5, 7, 31, 255, r.randint(-100, 100), r.randint(-2**31 + 1, 2**31 - 1))
        if t in ("u32", "u64"):
            value &= 0xffffffff
        return f"{t}({value}{'u' if value > 2**31 - 1 else ''})"

    # ---- expressions

    def leaf(self, t):
        choices = [("variable", 6), ("constant", 3), ("place", 2), ("load", 3 if not self.in_function else 0)]
        if t in ("i32", "u32"):
            choices.append(("counter", 3 if self.counters else 0))
        if t == "i32":
            choices += [("narrow", 2 if not self.in_function else 0)]
        if not self.in_function and self.arrays:
            choices.append(("element", 2))
        if not self.in_function and self.use_pair:
            choices.append(("pair", 1))
        if not self.in_function and self.device_only and t == "u32":
            choices.append(("table", 1))
        kind = self.random.choices([c for c, _ in choices], [w for _, w in choices])[0]
        if kind == "variable":
            return self.random.choice(self.variables[t])
        if kind == "constant":
            return self.constant(t)
        if kind == "counter":
            return self.cast("i32", t, self.random.choice(self.counters))
        if kind == "narrow":
            return f"to<i32>({self.random.choice(self.narrow)[1]})"
        if kind == "place":
            if self.in_function:
                return self.random.choice(self.variables[t])
            word = self.pick("at.number", "at.thread", "at.block", "at.x", "at.y", "in.a", "in.b", "at.threads")
            return f"to<{t}>({word})"
        if kind == "table":
            return f"{self.pick('constant_table', 'device_table')}[{self.expression('u32', 1)} & 15]"
        if kind == "element":
            et, name, size = self.random.choice(self.arrays)
            return self.cast(et, t, f"{name}[{self.expression('u32', 1)} & {size - 1}]")
        if kind == "pair":
            ft, field = self.pick(("i32", "first"), ("f32", "second"), ("i64", "wide"), ("i32", "tag"))
            return self.cast(ft, t, f"both.{field}" if field != "tag" else "to<i32>(both.tag)")
        return self.load(t)

    def load(self, t):
        ft, name = self.pick(("i32", "words"), ("f32", "floats"), ("f64", "doubles"), ("i32", "bytes"), ("i32", "shorts"),
                             ("i64", "longs"))
        index = self.pick("at.number", f"at.number + {self.random.randint(0, 40)}",
                          f"at.number * {self.random.randint(2, 9)}", f"{self.random.randint(0, 1023)}", "at.block",
                          f"in.a + {self.random.randint(0, 9)}", None, None)
        if index is None:
            index = self.expression("u32", 1)
        element = f"in.{name}[({index}) & (INPUTS - 1)]"
        return self.cast(ft, t, f"to<i32>({element})" if name in ("bytes", "shorts") else element)

    def cast(self, source, target, text):
        if source == target:
            return text
        if source in ("f32", "f64") and target in INTEGERS:
            return f"convert<{target}>({text})"
        return f"to<{target}>({text})"

    def expression(self, t, depth):
        if depth <= 0 or self.chance(0.15):
            return self.leaf(t)
        e = lambda t2=t: self.expression(t2, depth - 1)
        roll = self.random.random()
        if roll < 0.12:
            return f"({self.condition(depth - 1)} ? {e()} : {e()})"
        if roll < 0.22:
            source = self.random.choice([s for s in TYPES if s != t])
            return self.cast(source, t, e(source))
        callable_functions = [f for f in self.functions if f[1] == t] if not self.in_function else []
        if roll < 0.32 and callable_functions:
            name, _, arguments = self.random.choice(callable_functions)
            return f"{name}({', '.join(e(a) for a in arguments)})"
        return self.floating(t, e) if t in ("f32", "f64") else self.integer(t, e, depth)

    def integer(self, t, e, depth):
        kind = self.pick("add", "add", "sub", "mul", "&", "|", "^", "shl", "shr", "quotient", "remainder_of", "least", "most",
                         "~", "bits", "test", "intrinsic" if t == "u32" and self.device_only and not self.in_function else "add")
        if kind in ("add", "sub", "mul", "quotient", "remainder_of", "least", "most"):
            return f"{kind}({e()}, {e()})"
        if kind in ("&", "|", "^"):
            return f"({e()} {kind} {e()})"
        if kind in ("shl", "shr"):
            return f"{kind}({e()}, {e('u32')})"
        if kind == "intrinsic":
            name, count = self.pick(("__byte_perm", 3), ("__funnelshift_l", 3), ("__funnelshift_r", 3), ("__brev", 1),
                                    ("__umulhi", 2), ("__usad", 3), ("__vaddus4", 2), ("__vmaxu2", 2), ("__dp4a", 3))
            return f"{name}({', '.join(e() for _ in range(count))})"
        if kind == "~":
            return f"to<{t}>(~{e()})"
        if kind == "test":
            return f"to<{t}>({self.condition(depth - 1)})"
        return f"to<{t}>({self.pick('ones', 'leading')}({e('u32')}))" if self.chance(0.6) else \
            f"to<{t}>(high_product({e('u32')}, {e('u32')}))"

    def floating(self, t, e):
        kind = self.pick("+", "+", "-", "*", "*", "/", "fma", "root", "abs", "least", "most", "floor", "half", "math")
        if self.portable and kind in ("/", "fma", "root", "math"):
            kind = "abs"
        if self.exact and t == "f32" and kind in ("+", "-", "*", "half"):
            kind = "least"
        if kind in ("+", "-", "*", "/"):
            return f"({e()} {kind} {e()})"
        suffix = "f" if t == "f32" else ""
        if kind == "fma":
            return f"fma{suffix}({e()}, {e()}, {e()})"
        if kind == "half" and t == "f32" and self.device_only:
            return self.narrow_float(e)
        if kind == "half" and t == "f32":
            return f"{self.pick('half_sum', 'half_product')}({e()}, {e()})"
        if kind in ("least", "most"):
            return f"{kind}({e()}, {e()})"
        if kind == "floor":
            return f"{self.pick('floor', 'rint', 'trunc')}{suffix}({e()})"
        if kind == "math" and t == "f32" and self.math and self.device_only and not self.in_function:
            return f"{self.pick(*MATH)}({e()})"
        if kind == "abs":
            return f"fabs{suffix}({e()})"
        return f"root({e()})"

    def sum_of(self, a, operator, b):
        return f"least({a}, {b})" if self.exact else f"{a} {operator} {b}"

    def narrow_float(self, e):
        """Arithmetic in half precision or bfloat16, alone or in pairs."""
        to_narrow, to_float, pair = self.pick(("__float2half", "__half2float", "__floats2half2_rn"),
                                              ("__float2bfloat16", "__bfloat162float", "__floats2bfloat162_rn"))
        if self.portable:
            to_narrow, to_float, pair = "__float2half", "__half2float", "__floats2half2_rn"
        kind = self.pick("__hadd", "__hsub", "__hmul", "__hfma", "pair", "compare")
        if self.portable and kind == "__hfma":
            kind = "__hadd"
        if kind == "pair":
            half = self.pick("__low2float", "__high2float")
            return f"{half}({self.pick('__hadd2', '__hmul2')}({pair}({e()}, {e()}), {pair}({e()}, {e()})))"
        narrow = [f"{to_narrow}({e()})" for _ in range(3 if kind == "__hfma" else 2)]
        if kind == "compare":
            return f"({self.pick('__hlt', '__hge', '__heq')}({', '.join(narrow)}) ? {e()} : {e()})"
        return f"{to_float}({kind}({', '.join(narrow)}))"

    def condition(self, depth):
        if depth > 0 and self.chance(0.2):
            return f"({self.condition(depth - 1)} {self.pick('&&', '||')} {self.condition(depth - 1)})"
        if depth > 0 and self.chance(0.08):
            return f"(!{self.condition(depth - 1)})"
        if self.chance(0.25):
            return f"(({self.expression('u32', 1)} & {self.pick(1, 2, 3, 4, 7)}) {self.pick('==', '!=')} 0)"
        t = self.random.choice(TYPES)
        return f"({self.expression(t, depth)} {self.pick('<', '<=', '>', '>=', '==', '!=')} {self.expression(t, depth)})"

    def uniform(self):
        """An integer expression with the same value in all threads of the grid."""
        return self.pick("in.a", "in.b", f"(in.a + {self.random.randint(0, 9)})", f"(in.b ^ {self.random.randint(0, 9)})",
                         f"{self.random.randint(0, 9)}u", "u_0", "u_1")

    # ---- statements: (number, text), (number, head, [children], tail)

    def statement(self, *parts):
        self.number += 1
        return (self.number, *parts)

    def block(self, depth, room, jumps):
        """`jumps`: the kinds of jumps that are allowed: of "break", "continue", "return"."""
        return [self.any_statement(depth, room, jumps) for _ in range(self.random.randint(1, 4))]

    def any_statement(self, depth, room, jumps):
        weights = {"assign": 10, "narrow": 2, "output": 3, "element": 3 if self.arrays else 0, "atomic": 2, "own_atomic": 1,
                   "pair": 2 if self.use_pair else 0, "if": 6 if depth else 0, "loop": 4 if depth and room else 0,
                   "while": 2 if depth and room else 0, "switch": 2 if depth else 0, "jump": 3 if jumps else 0,
                   "vector": 1, "wide_load": 1, "read_back": 1, "call": 1 if self.calls else 0, "pointer": 1 if self.arrays else 0}
        kind = self.random.choices(list(weights), list(weights.values()))[0]
        return getattr(self, "make_" + kind)(depth, room, jumps)

    def make_assign(self, *_):
        t = self.random.choice(TYPES)
        return self.statement(f"{self.random.choice(self.variables[t])} = {self.expression(t, 3)};")

    def make_narrow(self, *_):
        t, name = self.random.choice(self.narrow)
        return self.statement(f"{name} = ({t})({self.expression('i32', 2)});")

    def make_vector(self, *_):
        a, b = self.random.sample(range(4), 2)
        fields = "xyzw"
        return self.statement(f"{{ float4 v = make_float4({', '.join(self.expression('f32', 1) for _ in range(4))}); "
                              f"v.{fields[a]} = {self.sum_of(f'v.{fields[b]}', '+', self.expression('f32', 1))}; "
                              f"f32_0 = {self.sum_of('v.x', '-', f'v.{fields[a]}')}; f32_1 = v.w; }}")

    def make_wide_load(self, *_):
        t, field = self.pick(("uint4", "words"), ("float4", "floats"), ("uint2", "words"), ("double2", "doubles"))
        shift = {"uint4": 4, "float4": 4, "uint2": 2, "double2": 2}[t]
        to = {"uint4": "u32", "float4": "f32", "uint2": "u32", "double2": "f64"}[t]
        index = self.pick("at.number", "at.thread", "at.block", self.expression("u32", 1))
        return self.statement(f"{{ const {t} v = reinterpret_cast<const {t} *>(in.{field})[({index}) % (INPUTS / {shift})]; "
                              f"{to}_0 = v.x; {to}_1 = {'v.y' if to != 'u32' else 'add(v.x, v.y)'}; }}")

    def make_read_back(self, *_):
        """What the thread stored before, or what was there at first."""
        return self.statement(self.pick(f"u32_0 = out.slots[at.number * 4 + ({self.expression('u32', 1)} & 3)];",
                                        "b0 = out.bytes[at.number];", "w0 ^= out.shorts[at.number];",
                                        "u64_0 = out.doubles[at.number];"))

    def make_call(self, *_):
        """A call that may have different callees in different threads, or calls itself."""
        if self.chance(0.4):
            return self.statement(f"u32_1 = recurse({self.expression('u32', 1)} & 3, {self.expression('u32', 1)});")
        return self.statement(f"{{ u32 (*callee)(u32, u32) = {self.condition(1)} ? &high_product : &difference; "
                              f"u32_0 = callee({self.expression('u32', 1)}, {self.expression('u32', 1)}); }}")

    def make_pointer(self, *_):
        t, name, size = self.random.choice(self.arrays)
        half = size // 2
        return self.statement(f"{{ {t} *p = {self.condition(1)} ? {name} : {name} + {half}; "
                              f"p += {self.expression('u32', 1)} & {half - 1}; *p = {self.expression(t, 1)}; }}")

    def make_pair(self, *_):
        if self.chance(0.3):
            return self.statement(f"{{ pair other = both; other.first = {self.expression('i32', 1)}; "
                                  f"if {self.condition(1)} both = other; }}")
        t, field = self.pick(("i32", "first"), ("f32", "second"), ("i64", "wide"))
        if self.chance(0.2):
            return self.statement(f"both.tag = (unsigned char)({self.expression('i32', 2)});")
        return self.statement(f"both.{field} = {self.expression(t, 2)};")

    def make_element(self, *_):
        t, name, size = self.random.choice(self.arrays)
        return self.statement(f"{name}[{self.expression('u32', 1)} & {size - 1}] = {self.expression(t, 2)};")

    def make_output(self, *_):
        target, value = self.pick(
            ("out.slots[at.number * 4 + (%s & 3)]" % self.expression("u32", 1), self.expression("u32", 2)),
            ("out.bytes[at.number]", f"(unsigned char)({self.expression('i32', 2)})"),
            ("out.shorts[at.number]", f"(unsigned short)({self.expression('i32', 2)})"),
            ("out.floats[at.number]", f"bits_of({self.expression('f32', 2)})"),
            ("out.doubles[at.number]", f"bits_of({self.expression('f64', 2)})"),
            ("out.scattered[(at.number * %du + %du) & (THREADS_MAX - 1)]" % self.scatter, self.expression("u32", 2)))
        return self.statement(f"{target} = {value};")

    def make_atomic(self, *_):
        name, array, t = self.pick(("atomic_add", "sums", "u32"), ("atomic_add", "long_sums", "u64"),
                                   ("atomic_min", "minima", "i32"), ("retry_max", "maxima", "u32"))
        index = self.pick("0", "at.thread & (SUMS - 1)", f"{self.expression('u32', 1)} & (SUMS - 1)")
        return self.statement(f"{name}(&out.{array}[{index}], {self.expression(t, 2)});")

    def make_own_atomic(self, *_):
        slot = f"&out.slots[at.number * 4 + ({self.expression('u32', 1)} & 3)]"
        e = lambda: self.expression("u32", 1)
        call = self.pick(f"fetch_add({slot}, {e()})", f"exchange_word({slot}, {e()})",
                         f"compare_exchange({slot}, {e()} & 3, {e()})")
        if self.chance(0.5):
            return self.statement(f"u32_1 = {call};")
        return self.statement(f"if (({call} & 3) != 1) {{ u32_0 = {e()}; out.bytes[at.number] = 9; }}")

    def make_if(self, depth, room, jumps):
        head = f"if {self.condition(2)} {{"
        first = self.block(depth - 1, room, jumps)
        if self.chance(0.5):
            return self.statement(head, first, "}")
        return self.statement(head, first, "} else {", self.block(depth - 1, room, jumps), "}")

    def loop_body(self, name, depth, room, jumps):
        self.counters.append(name)
        body = self.block(depth - 1, room - 1, tuple(set(jumps) | {"break", "continue"}))
        self.counters.remove(name)
        return body

    def make_loop(self, depth, room, jumps):
        self.loops += 1
        name = f"k{self.loops}"
        bound = self.pick(f"i32({self.expression('u32', 2)} & 7)", f"{self.random.randint(1, 6)}", f"i32({self.uniform()} & 7)")
        if self.chance(0.3):
            head = f"for (i32 {name} = {bound}; {name} > 0; {name} -= {self.pick(1, 1, 2)}) {{"
        else:
            head = f"for (i32 {name} = 0, n{self.loops} = {bound}; {name} < n{self.loops}; {name}++) {{"
        return self.statement(head, self.loop_body(name, depth, room, jumps), "}")

    def make_while(self, depth, room, jumps):
        self.loops += 1
        name = f"k{self.loops}"
        condition = self.condition(1)
        if self.chance(0.5):
            return self.statement(f"for (i32 {name} = 0; {name} < 6 && {condition}; {name}++) {{",
                                  self.loop_body(name, depth, room, jumps), "}")
        # The counter is raised at the head, so that `continue` doesn't pass it by.
        return self.statement(f"{{ i32 {name} = 0; do {{ {name}++;", self.loop_body(name, depth, room, jumps),
                              f"}} while ({name} < {self.random.randint(2, 6)} && {condition}); }}")

    def make_switch(self, depth, room, jumps):
        parts = [f"switch ({self.expression('u32', 2)} & {self.pick(3, 7)}) {{ {{"]
        jumps = tuple(j for j in jumps if j != "break")
        for value in self.random.sample(range(8), self.random.randint(2, 4)):
            parts[-1] += f" }} case {value}: {{"
            parts.append(self.block(depth - 1, room, jumps))
            parts.append("break;" if self.chance(0.7) else "")
        if self.chance(0.6):
            parts[-1] += " } default: {"
            parts.append(self.block(depth - 1, room, jumps))
            parts.append("")
        parts[-1] += " } }"
        return self.statement(*parts)

    def make_jump(self, depth, room, jumps):
        kind = self.random.choice(sorted(jumps))
        if kind == "return":
            if self.chance(0.6):
                return self.make_assign()
            kind = "{ out.hashes[at.number] = mix(hash, u64(7)); return; }" if not self.in_function else "return result;"
        else:
            kind += ";"
        return self.statement(f"if {self.condition(2)} {kind}")

    # ---- what only whole warps or blocks may do

    def collective(self, mask, whole):
        """Sets a variable by a collective of the lanes in `mask`, which all come here; every lane it reads from is one."""
        variable = self.random.choice(self.variables["u32"])
        e = self.expression("u32", 1)
        kinds = ["ballot", "any", "all", "sum", "or", "minimum", "match", "first"]
        if whole:
            kinds += ["shfl", "shfl", "up", "segment"] + ([] if self.ragged else ["down", "xor", "down", "xor", "float"])
        kind = self.random.choice(kinds)
        distance = self.pick(1, 2, 4, 8, 16, 3)
        texts = {
            "ballot": f"{variable} = __ballot_sync({mask}, {self.condition(1)});",
            "any": f"{variable} += __any_sync({mask}, {self.condition(1)}) ? 5 : 2;",
            "all": f"{variable} += __all_sync({mask}, {self.condition(1)}) ? 5 : 2;",
            "sum": f"{variable} = __reduce_add_sync({mask}, {e});",
            "or": f"{variable} = {self.pick('__reduce_or_sync', '__reduce_xor_sync', '__reduce_and_sync')}({mask}, {e});",
            "minimum": f"{variable} = {self.pick('__reduce_min_sync', '__reduce_max_sync')}({mask}, {e});",
            "match": f"{variable} = __match_any_sync({mask}, {e} & 3);",
            "first": f"{variable} = __shfl_sync({mask}, {e}, __ffs({mask}) - 1);",
            "shfl": f"{variable} = __shfl_sync({mask}, {e}, {self.expression('u32', 1)} % lanes);",
            "up": f"{variable} = __shfl_up_sync({mask}, {e}, {distance});",
            "segment": f"{variable} = __shfl_up_sync({mask}, {e}, {self.pick(1, 2)}, {self.pick(4, 8, 16)});",
            "down": f"{variable} = __shfl_down_sync({mask}, {e}, {distance});",
            "xor": f"{variable} = __shfl_xor_sync({mask}, {e}, {distance});",
            "float": f"f64_0 = __shfl_xor_sync({mask}, {self.expression('f64', 1)}, {distance});",
        }
        return self.statement(texts[kind])

    def masked(self, depth):
        """A branch with collectives of the lanes that take it."""
        self.loops += 1
        mask, taken = f"m{self.loops}", f"t{self.loops}"
        head = f"{{ bool {taken} = {self.condition(2)}; u32 {mask} = __ballot_sync(warp, {taken}); if ({taken}) {{"
        inside = []
        for _ in range(self.random.randint(1, 3)):
            inside.append(self.collective(mask, False) if self.chance(0.6) else self.any_statement(1, 1, ()))
        return self.statement(head, inside, "} __syncwarp(warp); }")

    def shared_step(self):
        self.loops += 1
        other = self.pick(f"(at.thread + {self.random.randint(1, 40)}) % at.threads", "at.threads - 1 - at.thread",
                          f"{self.expression('u32', 1)} % at.threads")
        t, array = self.pick(("u32", "shared_words"), ("f32", "shared_floats"), ("u64", "shared_longs"))
        kind = self.pick("exchange", "exchange", "tree", "atomic", "count", "exchange" if self.exits else "warp")
        if kind == "warp":
            return self.warp_exchange()
        if kind == "count":
            word = self.pick("__syncthreads_count", "__syncthreads_and", "__syncthreads_or")
            return self.statement(f"u32_0 += u32({word}({self.condition(1)}));")
        if kind == "atomic":
            return self.statement(
                f"for (u32 i = at.thread; i < 8; i += at.threads) shared_sums[i] = 0; __syncthreads(); "
                f"if {self.condition(1)} atomicAdd(&shared_sums[{self.expression('u32', 1)} & 7], {self.expression('u32', 1)}); "
                f"__syncthreads(); u32_1 = shared_sums[{self.expression('u32', 1)} & 7]; __syncthreads();")
        if kind == "tree":
            name = f"h{self.loops}"
            return self.statement(
                f"shared_words[at.thread] = {self.expression('u32', 2)}; __syncthreads(); "
                f"for (u32 {name} = 128; {name} > 0; {name} /= 2) {{ "
                f"if (at.thread < {name} && at.thread + {name} < at.threads) shared_words[at.thread] += "
                f"shared_words[at.thread + {name}]; __syncthreads(); }} u32_0 = shared_words[0]; __syncthreads();")
        if self.chance(0.4):
            name = "exchange_apart" if self.apart else "exchange"
            return self.statement(f"{self.random.choice(self.variables[t])} = {name}({array}, {self.expression(t, 2)}, "
                                  f"at.thread, {other});")
        return self.statement(f"{array}[at.thread] = {self.expression(t, 2)}; __syncthreads(); "
                              f"{self.random.choice(self.variables[t])} = {array}[{other}]; __syncthreads();")

    def warp_exchange(self):
        """Through shared memory within a warp: no barrier of the block is needed."""
        lane = self.pick("(at.thread + %d) %% 32" % self.random.randint(1, 31), self.expression("u32", 1), "0")
        t, array = self.pick(("u32", "shared_words"), ("f32", "shared_floats"), ("u64", "shared_longs"))
        return self.statement(f"__syncwarp(warp); {array}[at.thread] = {self.expression(t, 2)}; __syncwarp(warp); "
                              f"{self.random.choice(self.variables[t])} = {array}[at.thread / 32 * 32 + ({lane}) % lanes]; "
                              f"__syncwarp(warp);")

    def uniform_block(self, depth):
        """Statements of a place that all threads of the block reach together."""
        found = []
        for _ in range(self.random.randint(2, 5)):
            roll = self.random.random()
            if roll < 0.25:
                found.append(self.any_statement(2, 2, ()))
            elif roll < 0.5 and self.exits:
                found.append(self.shared_step())
            elif roll < 0.5:
                found.append(self.collective("warp", True))
            elif roll < 0.62 and not self.exits:
                found.append(self.masked(depth))
            elif roll < 0.82 and self.kind == "blocks":
                found.append(self.shared_step())
            elif roll < 0.9 and depth:
                self.loops += 1
                name = f"k{self.loops}"
                self.counters.append(name)
                inside = self.uniform_block(depth - 1)
                self.counters.remove(name)
                found.append(self.statement(f"for (i32 {name} = 0; {name} < i32({self.uniform()} & 3) + 1; {name}++) {{",
                                            inside, "}"))
            elif depth and self.kind == "warps":
                found.append(self.statement(f"if (((at.thread / 32 + {self.uniform()}) & 1) == 0) {{",
                                            self.uniform_block(depth - 1), "}"))
            elif depth:
                found.append(self.statement(f"if (({self.uniform()} & 1) == 0) {{", self.uniform_block(depth - 1), "}"))
            else:
                found.append(self.statement(f"u_{self.pick(0, 1)} = {self.uniform()} * 3u + {self.random.randint(0, 5)};"))
        return found

    # ---- functions and kernels

    def make_function(self, index):
        """A device function over its arguments alone: a loop, branches, early returns."""
        self.in_function = True
        result = self.random.choice(TYPES)
        arguments = [self.random.choice(TYPES) for _ in range(self.random.randint(1, 3))]
        self.variables = {t: [f"{t}_l"] for t in TYPES}
        for number, t in enumerate(arguments):
            self.variables[t].append(f"a{number}")
        saved, self.arrays, self.use_pair, self.narrow = self.number, [], False, []
        lines = [f"    result = {self.expression(result, 2)};"]
        for _ in range(self.random.randint(1, 3)):
            roll = self.random.random()
            if roll < 0.4:
                lines.append(f"    if {self.condition(2)} return {self.expression(result, 2)};")
            elif roll < 0.7:
                lines.append(f"    for (i32 i = 0; i < i32({self.expression('u32', 1)} & 3); i++) "
                             f"{{ result = {self.expression(result, 2)}; i32_l = i; }}")
            else:
                t = self.random.choice(TYPES)
                lines.append(f"    {t}_l = {self.expression(t, 2)};")
        self.number = saved
        name = f"function_{self.seed}_{index}"
        inline = self.pick("", "__noinline__ ", "__forceinline__ ")
        parameters = ", ".join(f"{t} a{i}" for i, t in enumerate(arguments))
        declared = " ".join(f"{t} {t}_l = {t}({'a0' if arguments[0] in INTEGERS else number});"
                            for number, t in enumerate(TYPES))
        self.text_of_functions.append(
            f"{inline}static HD {result} {name}({parameters}) {{\n    {declared}\n    {result} result;\n"
            + "\n".join(lines) + f"\n    return mix(0, u64({'bits_of(result)' if result[0] == 'f' else 'result'})) == 0 ? "
            f"{result}(1) : result;\n}}\n")
        self.functions.append((name, result, arguments))
        self.in_function = False

    def make_body(self):
        if self.kind == "plain":
            small = self.chance(0.4)
            return [self.any_statement(2 if small else 4, 3, ("return",))
                    for _ in range(self.random.randint(1, 3) if small else self.random.randint(3, 7))]
        self.leaving = self.condition(1)
        return self.uniform_block(1) if self.chance(0.3) else self.uniform_block(2) + self.uniform_block(2)

    def declarations(self):
        lines = ["    u64 hash = at.number;"]
        for t in TYPES:
            for number, name in enumerate(self.variables[t]):
                source = {"f32": "in.floats", "f64": "in.doubles", "i64": "in.longs"}.get(t, "in.words")
                where = ("at.number", "at.thread * 3", "at.block + 7")[number % 3]
                lines.append(f"    {t} {name} = {t}({source}[({where}) & (INPUTS - 1)]);")
        for t, name in self.narrow:
            lines.append(f"    {t} {name} = ({t})in.bytes[at.number & (INPUTS - 1)];")
        for t, name, size in self.arrays:
            lines.append(f"    {t} {name}[{size}];")
            lines.append(f"    for (u32 i = 0; i < {size}; i++) {name}[i] = {t}(at.number + i);")
        if self.use_pair:
            lines.append("    pair both = {i32(at.number), f32(at.thread), 3, i64(at.block)};")
        lines.append("    u32 u_0 = in.a, u_1 = in.b;")
        return lines

    def hashing(self):
        lines = []
        for t in TYPES:
            for name in self.variables[t]:
                lines.append(f"    hash = mix(hash, {name if t[0] == 'f' else f'u64({name})'});")
        for _, name in self.narrow:
            lines.append(f"    hash = mix(hash, u64({name}));")
        for t, name, size in self.arrays:
            value = f"{name}[i]" if t[0] == "f" else f"u64({name}[i])"
            lines.append(f"    for (u32 i = 0; i < {size}; i++) hash = mix(hash, {value});")
        if self.use_pair:
            lines.append("    hash = mix(mix(mix(hash, u64(both.first)), both.second), u64(both.wide) + both.tag);")
        lines.append("    out.hashes[at.number] = mix(hash, u64(u_0) ^ u_1);")
        return lines

    def text(self, dropped=frozenset()):
        """The kernel's source, without the statements whose numbers are in `dropped`."""
        lines = list(self.text_of_functions)
        qualifier = "static __device__" if self.device_only else "static HD"
        lines.append(f"{qualifier} void body_{self.seed}(const inputs &in, const outputs &out, const place &at) {{")
        if self.kind != "plain":
            lines.append("    const u32 lanes = least(32u, at.threads - at.thread / 32 * 32);")
            lines.append("    const u32 warp = lanes == 32 ? 0xffffffffu : (1u << lanes) - 1;")
        if self.kind == "blocks":
            lines.append(f"    __shared__ u32 shared_words[{self.threads}], shared_sums[8];")
            lines.append(f"    __shared__ f32 shared_floats[{self.threads}];")
            lines.append(f"    __shared__ u64 shared_longs[{self.threads}];")
        lines += self.declarations()
        if self.exits:
            lines.append("    shared_words[at.thread] = at.thread; shared_floats[at.thread] = 1.5f; shared_longs[at.thread] = 3; "
                         "for (u32 i = at.thread; i < 8; i += at.threads) shared_sums[i] = 0;\n    __syncthreads();")
            lines.append(f"    if {self.leaving} {{ out.hashes[at.number] = 11; return; }}")
        write(lines, self.body, dropped, 1)
        lines += self.hashing() + ["}"]
        lines += [f"__global__ void kernel_{self.seed}(inputs in, outputs out) {{", "    place at = here();"]
        if self.stride:
            lines.append("    for (; at.number < in.count; at.number += at.threads * gridDim.x)\n    ")
        elif self.kind == "plain":
            lines.append("    if (at.number < in.count)\n    ")
        lines += [f"    body_{self.seed}(in, out, at);", "}"]
        return "\n".join(lines) + "\n"

    def uses_math(self):
        text = self.text()
        return any(f"{name}(" in text for name in MATH)

    def launch(self):
        """What main does with the kernel."""
        x, y, z = self.shape
        a, b = (self.seed * 7 + 3) % 97, (self.seed * 13 + 5) % 89
        lines = [f"    arena_fill(memory, {self.seed}u);",
                 f"    kernel_{self.seed}<<<{self.blocks}, dim3({x}, {y}, {z})>>>(inputs_at(memory.device_in, {self.count}u, "
                 f"{a}u, {b}u), outputs_at(memory.device_out));"]
        if self.device_only:
            lines.append(f"    report(memory, {self.seed}u, {{}});")
        else:
            lines.append(f"    run_on_host(memory, body_{self.seed}, {self.blocks}u, {x}u, {y}u, {z}u, {self.count}u, {a}u, {b}u);")
            lines.append(f"    report(memory, {self.seed}u, memory.out);")
        return "\n".join(lines) + "\n"


def write(lines, statements, dropped, depth):
    for number, *parts in statements:
        if number in dropped:
            continue
        for part in parts:
            if isinstance(part, list):
                write(lines, part, dropped, depth + 1)
            elif part:
                lines.append("    " * depth + part)


def numbers_of(statements):
    """The numbers of all statements, outer ones before those inside."""
    for number, *parts in statements:
        yield number
        for part in parts:
            if isinstance(part, list):
                yield from numbers_of(part)


HOST = """
// The kernel's threads, one after the other.
static void run_on_host(arena &memory, void (*body)(const inputs &, const outputs &, const place &), u32 blocks, u32 x, u32 y,
                        u32 z, u32 count, u32 a, u32 b) {
    inputs in = inputs_at(memory.in.data(), count, a, b);
    outputs out = outputs_at(memory.out.data());
    const u32 threads = x * y * z;
    for (u32 number = 0; number < count; number++) {
        u32 thread = number % threads;
        place at = {number, thread, number / threads % blocks, threads, thread % x, thread / x % y, thread / x / y};
        body(in, out, at);
    }
}
"""


def program(kernels, dropped=frozenset()):
    """A whole program; `dropped` only makes sense for one kernel."""
    parts = ["// Generated by tests/differential.\n#include \"differential.h\"\n"]
    parts += [kernel.text(dropped) for kernel in kernels]
    parts.append(HOST)
    parts.append("int main() {\n    arena memory = arena_make();\n    (void)run_on_host;\n")
    parts += [kernel.launch() for kernel in kernels]
    parts.append("    return 0;\n}\n")
    return "\n".join(parts)
