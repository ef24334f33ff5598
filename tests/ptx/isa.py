#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the compiler against tests/ptx/isa.txt: what shall compile does, all of it in one module; what shall be refused is, with its words, at its line;
and every opcode of instructions.def and every special register is among them. docs/ptx.md is made of the same file.

usage: isa.py CUDA-WASM SOURCE-FOLDER [--write]     --write: writes docs/ptx.md instead of comparing it"""
import os
import re
import subprocess
import sys
import tempfile

HEAD = ".version 8.8\n.target sm_90a\n.address_size 64\n.global .align 16 .b8 gl[64];\n.shared .align 16 .b8 sm[64];\n" \
       ".func (.reg .b32 %r) helper (.reg .b32 %a) { mov.b32 %r, %a; ret; }\n"
REGISTERS = ".reg .pred %p<5>; .reg .b16 %h<5>; .reg .b32 %r<9>; .reg .b64 %rd<5>; .reg .f32 %f<9>; .reg .f64 %fd<5>; .reg .b128 %q<3>;"


def read(path):
    """[(title of the chapter, [(section and name, [(refusal or None, text)])])]"""
    chapters = []
    for line in open(path).read().splitlines():
        if not line or line.startswith("#"):
            continue
        if line.startswith("= "):
            chapters.append((line[2:], []))
        elif line.startswith("@ "):
            chapters[-1][1].append((line[2:], []))
        else:
            refusal, text = re.fullmatch(r"(?:!(.+?)!)?(.+)", line).groups()
            chapters[-1][1][-1][1].append((refusal, text))
    return chapters


def code(text):
    return "`" + text.rstrip(";").replace("|", "\\|") + "`"


def page(chapters):
    lines = ["# PTX: what compiles", "",
             "The instructions of the PTX ISA 8.8 by its sections, each with forms that are tried: `tests/ptx/isa.txt`, from which this page is made",
             "(`tests/ptx/isa.py BUILD/bin/cuda-wasm . --write`). What is refused is refused with these words, at its line. What each section of chapters 9.7 and",
             "11 forbids has a test named by the section, `tests/ptx/constraint`; `tests/ptx/sections.txt` lists them, and none may be missing.",
             "`tests/ptx/exercised.txt` says which program runs each form and looks at what it gives.", "",
             "Clusters of several blocks run on CPUs and in WebAssembly; elsewhere a block is a cluster of its own, and larger ones are refused where they are asked for (`.reqnctapercluster`, launch attributes).", "",
             "`CUDA_WASM_VIA_PTX=1` sends a program's kernels through PTX and back (`tests/programs/run --via-ptx`; what differs stands in",
             "`tests/programs/via-ptx.txt`, program by program). What differs then, rightly: faults name lines of the PTX; kernels that launch",
             "kernels, and managed variables of several units, can't be said in PTX; a grid's barrier is memory that is polled, so that a block which never comes",
             "hangs the launch, as on hardware, and a plain launch of it ends in a trap without our words; an arrival at a block's barrier apart from the wait counts",
             "when the thread waits, which CUDA leaves open; `.local` memory has no volatile accesses (9.7.9.8), so that a runaway recursion may become a loop.", ""]
    for title, sections in chapters:
        lines += [f"## {title}", "", "| section | compiles | refused |", "|---|---|---|"]
        for name, items in sections:
            good = "<br>".join(code(text) for refusal, text in items if refusal is None)
            bad = "<br>".join(f"{code(text)}: {refusal}" for refusal, text in items if refusal is not None)
            lines.append(f"| {name} | {good} | {bad} |")
        lines.append("")
    return "\n".join(lines)


def compile_text(tool, text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "isa.ptx")
        with open(path, "w") as file:
            file.write(text)
        done = subprocess.run([tool, "transpile", "--to", "llvm", path, "-o", os.path.join(folder, "isa.ll")], capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr


def main():
    tool, source = sys.argv[1], sys.argv[2]
    chapters = read(os.path.join(source, "tests/ptx/isa.txt"))
    items = [item for _, sections in chapters for _, items in sections for item in items]
    good = [text for refusal, text in items if refusal is None]
    bad = [(refusal, text) for refusal, text in items if refusal is not None]
    page_path = os.path.join(source, "docs/ptx.md")
    if "--write" in sys.argv:
        with open(page_path, "w") as file:
            file.write(page(chapters))
        return 0
    wrong = []
    if open(page_path).read() != page(chapters):
        wrong.append("docs/ptx.md is not what tests/ptx/isa.txt says: run tests/ptx/isa.py with --write")
    status, log = compile_text(tool, HEAD + "".join(f".visible .entry k{i}() {{ {REGISTERS} {text} ret; }}\n" for i, text in enumerate(good)))
    if status != 0:
        wrong.append("what shall compile does not:\n" + log)
    # A file shows so many errors, and what the parser refuses is never lowered: again, as long as some are met.
    missing, before = dict(enumerate(bad)), None
    while missing and len(missing) != before:
        before, left = len(missing), list(missing.items())
        text = HEAD + "".join(f".visible .entry k{i}() {{ {REGISTERS} {text} ret; }}\n" for i, (_, text) in left)
        status, log = compile_text(tool, text)
        first = HEAD.count("\n") + 1
        for place, (i, (refusal, _)) in enumerate(left):
            if any(f":{first + place}:" in line and refusal in line for line in log.splitlines()):
                del missing[i]
    for refusal, text in missing.values():
        wrong.append(f"not refused with '{refusal}': {text}")
    table = open(os.path.join(source, "src/frontend/ptx/instructions.def")).read()
    words = {match for _, text in items for match in re.findall(r"(?:^|[;{}:] *|@!?%p\d )([a-z]\w*)", text)}
    for opcode in re.findall(r'^CW_PTX_OPCODE\(\w+, "(\w+)"\)', table, re.M):
        if opcode not in words:
            wrong.append(f"the instruction {opcode} is not in isa.txt")
    table = open(os.path.join(source, "src/frontend/ptx/specials.def")).read()
    for name in re.findall(r'^CW_PTX_SPECIAL\(\w+, "(%\w+?)(?:\d_64)?"', table, re.M):
        if not any(name in text for _, text in items):
            wrong.append(f"the special register {name} is not in isa.txt")
    table = open(os.path.join(source, "src/frontend/ptx/instructions.def")).read()
    forms = dict(re.findall(r'^CW_PTX_FORM\((\w+), (\w+),', table, re.M))
    texts = dict(re.findall(r'^CW_PTX_OPCODE\((\w+), "(\w+)"\)', table, re.M))
    lines = [line.split() for line in open(os.path.join(source, "tests/ptx/exercised.txt")) if not line.startswith("#")]
    run = {form: program for _, form, program in lines}
    wrong += [f"tests/ptx/exercised.txt does not say which program runs {form}" for form in forms if form not in run]
    wrong += [f"tests/ptx/exercised.txt has {form}, which is no form" for form in run if form not in forms]
    for form, program in run.items():
        path = os.path.join(source, "tests/programs", program + ".cu")
        if form in forms and program != "-" and (not os.path.exists(path) or re.sub(r"(?<=^v)(\w+)[24]$", r"\1", texts[forms[form]]) not in open(path).read()):
            wrong.append(f"tests/ptx/exercised.txt: {program} does not run {texts[forms[form]]}")
    print("\n".join(wrong) if wrong else f"{len(good)} forms compile, {len(bad)} are refused by name")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
