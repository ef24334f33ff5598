// SPDX-License-Identifier: Apache-2.0
// A program of the form with threads, in Node and in pages: what its first thread and its workers have in common. The agreement
// with the program is src/wasi/threads.h.
import {place} from "./lines.js";

const ILLEGAL_ADDRESS = 700, STACK_ERROR = 714, LAUNCH_FAILURE = 719; // cudaError_t
const FRAMES = 40;

/** Why a kernel trapped, to follow its name, and CUDA's error. Engines have words of their own. */
export function explainTrap(error, module, code) {
    const words = error.message ?? String(error);
    const where = place(error, module, code);
    const at = where ? ` at ${where}` : "";
    if (/out of bounds|out-of-bounds/i.test(words) && !/table/i.test(words)) return {code: ILLEGAL_ADDRESS, text: `read or wrote an illegal address${at}`};
    if (/unaligned/i.test(words)) return {code: 716, text: `read or wrote a misaligned address in an atomic operation${at}`};
    if (/divide by zero|division by zero/i.test(words)) return {code: LAUNCH_FAILURE, text: `divided an integer by zero${at}`};
    if (error instanceof RangeError) return {code: STACK_ERROR, text: `overflowed the stack (runaway recursion or too much local memory)${at}`};
    return {code: LAUNCH_FAILURE, text: `trapped (${words})${at}`};
}

/**
 * What such a program imports beside WASI. `code`: see lines.js. `more(index)` starts another worker, where that can be done.
 * `serve` is for programs that are suspended while their own worker serves the GPU (gpu_program.js).
 */
export function imports({memory, module, code}, instance, more = () => 0, serve = () => { throw new Error("there is no GPU here"); }) {
    const write = (words, text, size) => {
        const bytes = new TextEncoder().encode(words).subarray(0, size - 1);
        const room = new Uint8Array(memory.buffer, text, bytes.length + 1);
        room.set(bytes);
        room[bytes.length] = 0;
        return bytes.length;
    };
    return {
        memory,
        cw_more: more,
        cw_gpu_serve: serve,
        cw_guard(target, argument, text, size) {
            const {exports} = instance();
            const stack = exports.__stack_pointer.value;
            try {
                exports.__indirect_function_table.get(target)(argument);
                return 0;
            } catch (error) {
                if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
                exports.__stack_pointer.value = stack; // a trap leaves it where it was
                const why = explainTrap(error, module, code);
                write(why.text, text, size);
                return why.code;
            }
        },
        cw_where(text, size) {
            const limit = Error.stackTraceLimit; // V8's, of frames; the runtime's own come before the kernel's
            Error.stackTraceLimit = FRAMES;
            const error = new Error();
            Error.stackTraceLimit = limit;
            return write(place(error, module, code), text, size);
        },
    };
}

/** A worker's life: `start` is {module, memory, code, index, stack}, `wasi` what it imports of WASI; `ready` gets its exports. */
export async function serve(start, wasi, ready, more) {
    const instance = await WebAssembly.instantiate(start.module, {wasi_snapshot_preview1: wasi, env: imports(start, () => instance, more)});
    const {exports} = instance;
    exports.__stack_pointer.value = start.stack;
    exports.__wasm_init_tls(start.stack);
    ready(exports);
    exports.cw_thread_serve(start.index);
}
