// SPDX-License-Identifier: Apache-2.0
// Where in the source a trap happened: engines give a byte of the module, the module's DWARF sections (of builds with -g or -G)
// its line. "DWARF for WebAssembly" (yurydelendik.github.io/webassembly-dwarf): addresses count from the code section's contents.
// The line number program: DWARF 5, section 6.2, and DWARF 4's header.

class Reader {
    constructor(buffer, at = 0, end = buffer.byteLength) {
        this.view = new DataView(buffer);
        this.at = at;
        this.end = end;
    }
    u8() { return this.view.getUint8(this.at++); }
    s8() { return this.view.getInt8(this.at++); }
    u16() { this.at += 2; return this.view.getUint16(this.at - 2, true); }
    u32() { this.at += 4; return this.view.getUint32(this.at - 4, true); }
    unsigned() {
        let value = 0, shift = 1, byte;
        do {
            byte = this.u8();
            value += (byte & 0x7f) * shift;
            shift *= 128;
        } while (byte & 0x80);
        return value;
    }
    signed() {
        let value = 0, shift = 1, byte;
        do {
            byte = this.u8();
            value += (byte & 0x7f) * shift;
            shift *= 128;
        } while (byte & 0x80);
        return byte & 0x40 ? value - shift : value;
    }
    string() {
        const from = this.at;
        while (this.u8() !== 0) { /* to its end */ }
        return new TextDecoder().decode(new Uint8Array(this.view.buffer, from, this.at - 1 - from));
    }
}

const FORM = {string: 0x08, udata: 0x0f, data1: 0x0b, data2: 0x05, data4: 0x06, data16: 0x1e, strp: 0x0e, lineStrp: 0x1f, block: 0x09};

/** A table of names in a DWARF 5 header: of each entry its path (content 1) and its folder (content 2). */
function readEntries(reader, strings) {
    const formats = Array.from({length: reader.u8()}, () => [reader.unsigned(), reader.unsigned()]);
    return Array.from({length: reader.unsigned()}, () => {
        const entry = {path: "", folder: 0};
        for (const [content, form] of formats) {
            let value = 0;
            if (form === FORM.string) value = reader.string();
            else if (form === FORM.lineStrp || form === FORM.strp) {
                const section = form === FORM.strp ? strings.plain : strings.line, at = reader.u32();
                value = section ? new Reader(section, at).string() : "";
            } else if (form === FORM.udata) value = reader.unsigned();
            else if (form === FORM.data1) value = reader.u8();
            else if (form === FORM.data2) value = reader.u16();
            else if (form === FORM.data4) value = reader.u32();
            else if (form === FORM.data16) reader.at += 16;
            else if (form === FORM.block) reader.at += reader.unsigned();
            else throw new Error(`DWARF form ${form}`);
            if (content === 1) entry.path = value;
            if (content === 2) entry.folder = value;
        }
        return entry;
    });
}

/** The header of a unit's table: its parameters, and the names of its files by number. */
function readHeader(reader, strings) {
    const version = reader.u16();
    if (version < 2 || version > 5) return undefined;
    if (version === 5) reader.at += 2; // sizes of addresses and of segment selectors
    const length = reader.u32(), program = reader.at + length;
    const header = {program, step: reader.u8()};
    if (version >= 4) reader.u8(); // operations of an instruction
    reader.u8(); // whether rows begin statements
    header.lineBase = reader.s8();
    header.lineRange = reader.u8();
    header.opcodeBase = reader.u8();
    header.lengths = [0, ...Array.from({length: header.opcodeBase - 1}, () => reader.u8())];
    if (version === 5) {
        readEntries(reader, strings);
        header.files = readEntries(reader, strings).map((entry) => entry.path);
        return header;
    }
    while (reader.string()) { /* folders */ }
    header.files = [""];
    for (let name; (name = reader.string());) {
        header.files.push(name);
        for (let i = 0; i < 3; i++) reader.unsigned();
    }
    return header;
}

/** Calls `row(address, file, line, end)` for the rows of one unit. */
function runProgram(reader, header, row) {
    let address = 0, file = 1, line = 1;
    const reset = () => { address = 0; file = 1; line = 1; };
    while (reader.at < reader.end) {
        const opcode = reader.u8();
        if (opcode >= header.opcodeBase) {
            const adjusted = opcode - header.opcodeBase;
            address += Math.floor(adjusted / header.lineRange) * header.step;
            line += header.lineBase + adjusted % header.lineRange;
            row(address, header.files[file], line, false);
        } else if (opcode === 0) {
            const length = reader.unsigned(), next = reader.at + length, extended = reader.u8();
            if (extended === 1) {
                row(address, "", line, true);
                reset();
            } else if (extended === 2) address = reader.u32();
            reader.at = next;
        } else if (opcode === 1) row(address, header.files[file], line, false);
        else if (opcode === 2) address += reader.unsigned() * header.step;
        else if (opcode === 3) line += reader.signed();
        else if (opcode === 4) file = reader.unsigned();
        else if (opcode === 8) address += Math.floor((255 - header.opcodeBase) / header.lineRange) * header.step;
        else if (opcode === 9) address += reader.u16();
        else for (let i = 0; i < header.lengths[opcode]; i++) reader.unsigned();
    }
}

/** "file:line" of an address in the code section, "" if the module doesn't say. */
export function lineOf(module, address) {
    const [section] = WebAssembly.Module.customSections(module, ".debug_line");
    if (!section) return "";
    const strings = {
        line: WebAssembly.Module.customSections(module, ".debug_line_str")[0],
        plain: WebAssembly.Module.customSections(module, ".debug_str")[0],
    };
    let best, found = "";
    for (let at = 0; at + 4 < section.byteLength;) {
        const reader = new Reader(section, at), length = reader.u32();
        at = reader.end = reader.at + length;
        const header = readHeader(reader, strings);
        if (!header) continue;
        reader.at = header.program;
        let before;
        runProgram(reader, header, (to, file, line, end) => {
            if (before && before.address <= address && address < to && before.line > 0 && !(best > before.address)) {
                best = before.address;
                found = `${before.file}:${before.line}`;
            }
            // Code that was merged from several lines has line 0: the line before it is near.
            before = end ? undefined : {address: to, file: line ? file : before?.file, line: line || before?.line || 0};
        });
    }
    return found;
}

/** What an error's stack says of WebAssembly functions, innermost first: {name, offset}. V8's and Firefox's words; Safari gives no offsets. */
export function frames(error) {
    return [...(error.stack ?? "").matchAll(/(?:at (.+?) \(|^(.*?)@)[^\n]*?wasm-function\[\d+\]:0x([0-9a-f]+)\)?/gm)]
        .map(([, v8, firefox, offset]) => ({name: v8 ?? firefox, offset: parseInt(offset, 16)}));
}

/** The source line of a trap, "" when it can't be told. `code` is where the contents of the code section begin in the module. */
export function place(error, module, code) {
    if (!code) return "";
    try {
        for (const {offset} of frames(error)) {
            const line = lineOf(module, offset - code);
            if (line && !line.startsWith("<")) return line;
        }
    } catch { /* sections that this reader doesn't know say nothing */ }
    return "";
}

/** "vector_add(float const*) (.lanes)", one of a kernel's entry points, is the kernel's. */
export const kernelName = (name) => name.replace(/ ?\(?\.(lanes|run|all|ragged)[^)]*\)?$/, "");

/** Whether an error is the program's own end: a trap, or an exception of C++ that nothing catches. */
export const isProgramError = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError ||
    (typeof WebAssembly.Exception === "function" && error instanceof WebAssembly.Exception);

/** How host code ended the program, for people. */
export function explainHost(error, module, code) {
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) {
        return "cuda-wasm: the program ended in a C++ exception that nothing catches";
    }
    const [frame] = frames(error), where = place(error, module, code);
    const words = error instanceof RangeError ? "stack overflow" : error.message;
    return `cuda-wasm: the program trapped: ${words}${frame ? `, in \`${kernelName(frame.name)}\`` : ""}${where ? ` at ${where}` : ""}`;
}
