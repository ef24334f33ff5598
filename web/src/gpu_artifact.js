// SPDX-License-Identifier: Apache-2.0
// What `cuda-wasm build --lib` writes for WebGPU, read: lines of text, some followed by as many bytes as they say
// (src/backend/webgpu/artifact.h has the format).

const MAGIC = "cuda-wasm wgsl 1";

/**
 * @param {Uint8Array} bytes
 * @returns {{kernels: object[], variables: object[], relocations: number[][], globals: Uint8Array}} kernels in the order of the module's
 * table, each with `texts` and the reasons why there may be none
 */
export function parseArtifact(bytes) {
    const decoder = new TextDecoder();
    const result = {kernels: [], variables: [], relocations: [], globals: new Uint8Array()};
    let at = 0;
    const line = () => {
        const end = bytes.indexOf(10, at);
        if (end < 0) throw new Error("the kernels for WebGPU are damaged: build the library again");
        const text = decoder.decode(bytes.subarray(at, end));
        at = end + 1;
        return text;
    };
    const take = (size) => {
        const part = bytes.subarray(at, at + size);
        at += size + 1; // the newline behind them
        return part;
    };
    if (line() !== MAGIC) throw new Error("the kernels for WebGPU are of another version: build the library again");
    for (;;) {
        const [word, ...rest] = line().split(" ");
        const kernel = result.kernels.at(-1);
        switch (word) {
            case "kernel":
                result.kernels.push({name: rest.slice(3).join(" "), parameterBytes: Number(rest[0]), texts: [], refused: []});
                break;
            case "text":
                kernel.texts.push({subgroups: rest[0] === "1", dynamic: rest[3] === "1", shared: Number(rest[4]), text: decoder.decode(take(Number(rest[5])))});
                break;
            case "refused":
                kernel.refused.push({subgroups: rest[0] === "1", why: rest.slice(1).join(" ").replace(/^.*error: /, "")});
                break;
            case "variable":
                result.variables.push({offset: Number(rest[0]), size: Number(rest[1]), name: rest.slice(2).join(" ")});
                break;
            case "relocation":
                result.relocations.push(rest.map(Number));
                break;
            case "refused-variable":
                throw new Error(`the variable ${rest.join(" ")} begins with an address that WGSL can't express`);
            case "globals":
                result.globals = take(Number(rest[0])).slice();
                break;
            case "end": return result;
            default: throw new Error(`the kernels for WebGPU are damaged: ${word}`);
        }
    }
}
