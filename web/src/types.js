// SPDX-License-Identifier: Apache-2.0
// Kernels' parameters: which JavaScript values fit which C types, and how they are laid out in memory. The types come from
// `cuda-wasm build --lib` in the form of src/module/ir/signature.c.

/** Typed arrays by what their elements are. Elements of 16-bit floats come as their bits. */
const ARRAYS = {
    float: {2: [Uint16Array], 4: [Float32Array], 8: [Float64Array]},
    int: {1: [Int8Array, Uint8Array, Uint8ClampedArray], 2: [Int16Array], 4: [Int32Array], 8: [BigInt64Array]},
    uint: {1: [Uint8Array, Uint8ClampedArray, Int8Array], 2: [Uint16Array], 4: [Uint32Array], 8: [BigUint64Array]},
    bool: {1: [Uint8Array]},
};

/** C's words, for messages. */
export function spell(type) {
    if (!type) return "void";
    switch (type.kind) {
        case "float": return {2: "half", 4: "float", 8: "double"}[type.size];
        case "bool": return "bool";
        case "int": return {1: "char", 2: "short", 4: "int", 8: "long long"}[type.size];
        case "uint": return `unsigned ${{1: "char", 2: "short", 4: "int", 8: "long long"}[type.size]}`;
        case "pointer": return `${type.const ? "const " : ""}${spell(type.to)} *`;
        case "array": return `${spell(type.of)}[${type.count}]`;
        default: return type.name || "unnamed type";
    }
}

/** The number type that all of `type` is made of (float4 is floats), or undefined. */
function scalar(type) {
    switch (type?.kind) {
        case "float":
        case "int":
        case "uint":
        case "bool": return type;
        case "array": return scalar(type.of);
        case "struct": {
            const first = scalar(type.fields[0]?.type);
            return first && type.fields.every((field) => {
                const other = scalar(field.type);
                return other?.kind === first.kind && other.size === first.size;
            }) ? first : undefined;
        }
        default: return undefined;
    }
}

/** The typed arrays that a pointer to `type` may be given; bytes fit where there is no better answer. */
export function arraysFor(type) {
    const element = scalar(type);
    return (element && ARRAYS[element.kind]?.[element.size]) ?? [Uint8Array, Int8Array, Uint8ClampedArray];
}

class Misfit extends Error {}

const misfit = (value, type, why) => new Misfit(`${describe(value)} is no ${spell(type)}${why ? `: ${why}` : ""}`);

function describe(value) {
    if (value === null) return "null";
    if (typeof value === "object" || typeof value === "function") return `a value of type ${value.constructor?.name ?? "object"}`;
    return typeof value === "string" ? `the string "${value}"` : `${String(value)}${typeof value === "bigint" ? "n" : ""}`;
}

function integer(value, type) {
    const bits = BigInt(type.size * 8);
    if (typeof value === "boolean") value = Number(value);
    if (typeof value === "number" ? !Number.isInteger(value) : typeof value !== "bigint") throw misfit(value, type);
    if (typeof value === "number" && !Number.isSafeInteger(value)) {
        throw misfit(value, type, "numbers this large are not exact; use a BigInt");
    }
    const exact = BigInt(value);
    const [low, high] = type.kind === "int" ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
    if (exact < low || exact > high) throw misfit(value, type, `it is not in ${low} to ${high}`);
    return exact;
}

/** Half-precision bits of a number, rounded to nearest, ties to even (IEEE 754, binary16). */
export function halfBits(value) {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    const sign = (view.getUint8(0) & 0x80) << 8;
    const magnitude = Math.abs(value);
    if (Number.isNaN(value)) return sign | 0x7e00;
    if (magnitude >= 65520) return sign | 0x7c00;
    if (magnitude < 2 ** -14) {
        const steps = magnitude / 2 ** -24;
        const down = Math.floor(steps);
        const rest = steps - down;
        return sign | (rest > 0.5 || (rest === 0.5 && (down & 1)) ? down + 1 : down);
    }
    const exponent = Math.floor(Math.log2(magnitude));
    const scale = magnitude >= 2 ** (exponent + 1) ? exponent + 1 : magnitude < 2 ** exponent ? exponent - 1 : exponent;
    const steps = (magnitude / 2 ** scale - 1) * 1024;
    const down = Math.floor(steps);
    const rest = steps - down;
    const up = rest > 0.5 || (rest === 0.5 && (down & 1)) ? 1 : 0;
    return sign | (((scale + 15) << 10) + down + up);
}

/**
 * Writes `value` as `type` at `at` of `view`.
 * @param {(value: unknown, type: object) => number} address the address that stands for a pointer's argument
 */
function store(view, at, type, value, address) {
    switch (type.kind) {
        case "float":
            if (typeof value !== "number") throw misfit(value, type);
            if (type.size === 4) view.setFloat32(at, value, true);
            else if (type.size === 8) view.setFloat64(at, value, true);
            else view.setUint16(at, halfBits(value), true);
            return;
        case "bool":
            if (typeof value !== "boolean" && value !== 0 && value !== 1) throw misfit(value, type);
            view.setUint8(at, value ? 1 : 0);
            return;
        case "int":
        case "uint": {
            const exact = BigInt.asUintN(type.size * 8, integer(value, type));
            if (type.size === 8) view.setBigUint64(at, exact, true);
            else if (type.size === 4) view.setUint32(at, Number(exact), true);
            else if (type.size === 2) view.setUint16(at, Number(exact), true);
            else view.setUint8(at, Number(exact));
            return;
        }
        case "pointer":
            view.setUint32(at, address(value, type), true);
            return;
        case "array":
            if (typeof value !== "object" || value === null || value.length !== type.count) {
                throw misfit(value, type, `${type.count} values are needed`);
            }
            for (let i = 0; i < type.count; i++) store(view, at + i * type.of.size, type.of, value[i], address);
            return;
        case "struct":
            if (typeof value !== "object" || value === null) throw misfit(value, type, "give an object with its fields");
            for (const key of Object.keys(value)) {
                if (!type.fields.some((field) => field.name === key)) throw misfit(value, type, `it has no field ${key}`);
            }
            for (const field of type.fields) {
                if (!(field.name in value)) throw misfit(value, type, `the field ${field.name} is missing`);
                store(view, at + field.offset, field.type, value[field.name], address);
            }
            return;
        default:
            if (!(value instanceof Uint8Array) || value.length !== type.size) {
                throw misfit(value, type, `give its ${type.size} bytes as a Uint8Array`);
            }
            new Uint8Array(view.buffer, view.byteOffset + at, type.size).set(value);
    }
}

/**
 * A kernel's arguments as its parameter buffer.
 * @returns {string | undefined} what is wrong with them, or undefined
 */
export function pack(view, parameters, values, address) {
    if (values.length !== parameters.length) {
        return `${values.length} arguments, and it takes ${parameters.length} (${parameters.map((p) => `${spell(p.type)} ${p.name}`).join(", ")})`;
    }
    for (const [i, parameter] of parameters.entries()) {
        try {
            store(view, parameter.offset, parameter.type, values[i], address);
        } catch (error) {
            if (!(error instanceof Misfit)) throw error;
            return `argument ${i + 1} (${parameter.name}): ${error.message}`;
        }
    }
    return undefined;
}

export const noFit = misfit;

/** Three dimensions from a number, an array of up to three, or {x, y, z}. */
export function dimensions(value, what) {
    const list = typeof value === "number" ? [value] : Array.isArray(value) ? value : value?.x !== undefined && [value.x, value.y, value.z];
    if (!list || list.length < 1 || list.length > 3) return `${what}: give a number, [x, y, z] or {x, y, z}`;
    const three = [list[0] ?? 1, list[1] ?? 1, list[2] ?? 1];
    const bad = three.find((n) => !Number.isInteger(n) || n < 1);
    return bad === undefined ? three : `${what}: ${bad} is no number of ${what === "grid" ? "blocks" : "threads"}`;
}
