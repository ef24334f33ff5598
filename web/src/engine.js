// SPDX-License-Identifier: Apache-2.0
// What an engine must have, with a tiny module that needs it.
const FEATURES = {
    "128-bit SIMD": [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
    "bulk memory": [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 3, 1, 0, 1, 10, 14, 1, 12, 0, 65, 0, 65, 0, 65, 0, 252, 10, 0, 0, 11],
    "shared memory and atomic instructions": [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 11, 1, 9, 0, 65, 0, 254, 16, 2, 0, 26, 11],
    "exceptions (their first form)": [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11],
};
const names = Object.keys(FEATURES);

/** What libraries of kernels need; programs with threads; programs that throw, too. */
export const LIBRARY = names.slice(0, 2), PROGRAM = names.slice(0, 3), EVERYTHING = names;

/** What this engine lacks of those, as a sentence; "" if it has them. */
export function missing(features) {
    if (typeof WebAssembly !== "object") return "this engine has no WebAssembly";
    const lacks = features.filter((name) => !WebAssembly.validate(new Uint8Array(FEATURES[name])));
    return lacks.length ? `this engine's WebAssembly lacks ${lacks.join(", ")}` : "";
}

/** Compiles a program by `compile`; if the engine can't, the error names what it lacks. */
export async function compileProgram(compile) {
    const lacks = missing(PROGRAM);
    if (lacks) throw new Error(lacks);
    try {
        return await compile();
    } catch (error) {
        throw error instanceof WebAssembly.CompileError ? new Error(missing(EVERYTHING) || error.message) : error;
    }
}
