// SPDX-License-Identifier: Apache-2.0
// A launch as the page and its workers see it: one block of 32-bit words in the module's memory.

/** Words of the block. */
export const WORD = {
    sequence: 0, // rises with every launch; workers wait for that
    pending: 1, // workers that have not ended this launch
    error: 2, // CUDA's number of the first fault, 0 without one
    length: 3, // bytes of the message at MESSAGE
    counter: 4, // the next block of the grid
    kernel: 5,
    params: 6, // address of the parameter buffer
    grid: 7, // three words
    block: 10, // three words
    shared: 13, // bytes of dynamic shared memory
    scratch: 16, // a word a worker: where its scratch memory lies
};

export const WORKERS_MAX = 64;
export const MESSAGE = 4 * (WORD.scratch + WORKERS_MAX);
export const MESSAGE_MAX = 1024;
export const JOB_BYTES = MESSAGE + MESSAGE_MAX;

/** What device code reports through imports; the same in the page and in workers. */
export class Reports {
    constructor(memory, print) {
        this.memory = memory;
        this.print = print;
        this.code = 0;
        this.message = "";
        this.where = () => "";
    }

    /** For modules of debug builds: where traps happened in the source. `code`: see lines.js. */
    async explain(module, code) {
        if (!code) return;
        const {place} = await import("./lines.js");
        this.where = (error) => {
            const line = place(error, module, code);
            return line ? ` at ${line}` : "";
        };
    }

    text(at, length) {
        // Decoders don't read shared memory.
        return new TextDecoder().decode(new Uint8Array(this.memory.buffer, at, length).slice());
    }

    imports() {
        return {
            memory: this.memory,
            cw_print: (at, length) => this.print(this.text(at, length)),
            cw_fault: (code, at, length) => {
                this.code = code;
                this.message = this.text(at, length);
            },
            cw_clock: () => BigInt(Math.round(performance.now() * 1e6)),
        };
    }
}

/**
 * Runs the blocks of a launch that nobody has taken yet.
 * @returns {{code: number, message: string}} code 0: none of them faulted
 */
export function runBlocks(exports, reports, words, scratch) {
    const at = (word) => Atomics.load(words, word);
    const stack = exports.__stack_pointer.value;
    reports.code = 0;
    reports.message = "";
    let code;
    try {
        code = exports.cw_launch(at(WORD.kernel), at(WORD.params), at(WORD.grid), at(WORD.grid + 1), at(WORD.grid + 2),
            at(WORD.block), at(WORD.block + 1), at(WORD.block + 2), at(WORD.shared), scratch,
            words.byteOffset + 4 * WORD.counter);
    } catch (error) {
        exports.__stack_pointer.value = stack; // a trap leaves the stack where it was
        if (!(error instanceof WebAssembly.RuntimeError)) throw error;
        code = reports.code || (/out of bounds/.test(error.message) ? 700 : 719);
        reports.message ||= `trap: ${error.message}${reports.where(error)}`;
    }
    return {code, message: reports.message};
}
