// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import {test} from "node:test";
import {arraysFor, dimensions, halfBits, pack, spell} from "../src/types.js";

const F32 = {kind: "float", size: 4}, F64 = {kind: "float", size: 8}, I32 = {kind: "int", size: 4}, U8 = {kind: "uint", size: 1};
const U64 = {kind: "uint", size: 8}, I64 = {kind: "int", size: 8}, BOOL = {kind: "bool", size: 1}, F16 = {kind: "float", size: 2};
const FLOAT2 = {kind: "struct", size: 8, name: "float2", fields: [{name: "x", offset: 0, type: F32}, {name: "y", offset: 4, type: F32}]};
const PAIR = {
    kind: "struct", size: 24, name: "Pair",
    fields: [{name: "d", offset: 0, type: F64}, {name: "k", offset: 8, type: {kind: "array", size: 12, count: 3, of: I32}}],
};
const POINTER = {kind: "pointer", size: 4, const: true, to: F32};

function packed(type, value, address = () => assert.fail("no pointer here")) {
    const view = new DataView(new ArrayBuffer(64));
    const wrong = pack(view, [{name: "p", offset: 8, type}], [value], address);
    if (wrong) throw new Error(wrong);
    return view;
}

test("numbers are stored little-endian in their place", () => {
    assert.equal(packed(F32, 1.5).getFloat32(8, true), 1.5);
    assert.equal(packed(F64, 0.1).getFloat64(8, true), 0.1);
    assert.equal(packed(I32, -2).getInt32(8, true), -2);
    assert.equal(packed(U8, 255).getUint8(8), 255);
    assert.equal(packed(U64, 2n ** 64n - 1n).getBigUint64(8, true), 2n ** 64n - 1n);
    assert.equal(packed(I64, Number.MIN_SAFE_INTEGER).getBigInt64(8, true), BigInt(Number.MIN_SAFE_INTEGER));
    assert.equal(packed(BOOL, true).getUint8(8), 1);
    assert.equal(packed(F32, NaN).getUint32(8, true) & 0x7f800000, 0x7f800000);
});

test("structs and arrays by their fields", () => {
    const view = packed(PAIR, {d: 2.5, k: [1, 2, 3]});
    assert.deepEqual([view.getFloat64(8, true), view.getInt32(16, true), view.getInt32(24, true)], [2.5, 1, 3]);
    assert.throws(() => packed(PAIR, {d: 1}), /the field k is missing/);
    assert.throws(() => packed(PAIR, {d: 1, k: [1, 2, 3], z: 0}), /it has no field z/);
    assert.throws(() => packed(PAIR, {d: 1, k: [1, 2]}), /3 values are needed/);
});

test("pointers go by the address they stand for", () => {
    assert.equal(packed(POINTER, "the array", (value, type) => (assert.equal(type, POINTER), 4096)).getUint32(8, true), 4096);
});

test("what does not fit is named, with the reason", () => {
    assert.throws(() => packed(I32, 2 ** 31), /argument 1 \(p\): 2147483648 is no int: it is not in -2147483648 to 2147483647/);
    assert.throws(() => packed(I32, 1.5), /1\.5 is no int/);
    assert.throws(() => packed(U8, -1), /not in 0 to 255/);
    assert.throws(() => packed(I64, 2 ** 53), /use a BigInt/);
    assert.throws(() => packed(F32, "1"), /the string "1" is no float/);
    assert.throws(() => packed(F32, 1n), /1n is no float/);
    assert.throws(() => packed(BOOL, 2), /2 is no bool/);
    assert.throws(() => packed(I32, undefined), /undefined is no int/);
    assert.match(pack(new DataView(new ArrayBuffer(8)), [{name: "a", offset: 0, type: POINTER}], [], () => 0),
        /0 arguments, and it takes 1 \(const float \* a\)/);
});

test("which typed arrays a pointer takes", () => {
    assert.deepEqual(arraysFor(F32), [Float32Array]);
    assert.deepEqual(arraysFor(FLOAT2), [Float32Array]);
    assert.deepEqual(arraysFor(U8), [Uint8Array, Uint8ClampedArray, Int8Array]);
    assert.deepEqual(arraysFor(PAIR), [Uint8Array, Int8Array, Uint8ClampedArray]);
    assert.deepEqual(arraysFor(U64), [BigUint64Array]);
});

test("C's words", () => {
    assert.equal(spell({...POINTER, to: FLOAT2}), "const float2 *");
    assert.equal(spell({kind: "pointer", const: false}), "void *");
    assert.equal(spell(U64), "unsigned long long");
});

test("halves are rounded to nearest, ties to even", () => {
    for (const [value, bits] of [[0, 0], [-0, 0x8000], [1, 0x3c00], [-2, 0xc000], [65504, 0x7bff], [65519, 0x7bff], [65520, 0x7c00],
        [Infinity, 0x7c00], [-Infinity, 0xfc00], [2 ** -24, 1], [2 ** -25, 0], [1.5 * 2 ** -24, 2], [2 ** -14, 0x0400],
        [2 ** -14 - 2 ** -26, 0x0400], [1 + 2 ** -11, 0x3c00], [1 + 3 * 2 ** -11, 0x3c02], [2049, 0x6800], [0.1, 0x2e66]]) {
        assert.equal(halfBits(value), bits, String(value));
    }
    assert.equal(halfBits(NaN) & 0x7e00, 0x7e00);
    // Every half comes back as itself.
    for (let bits = 0; bits < 0x7c00; bits++) {
        const exponent = bits >> 10, fraction = bits & 1023;
        const value = exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : fraction * 2 ** -24;
        assert.equal(halfBits(value), bits);
        assert.equal(halfBits(-value), bits | 0x8000);
    }
    assert.equal(packed(F16, 1).getUint16(8, true), 0x3c00);
});

test("dimensions in their three forms", () => {
    assert.deepEqual(dimensions(5, "grid"), [5, 1, 1]);
    assert.deepEqual(dimensions([2, 3], "grid"), [2, 3, 1]);
    assert.deepEqual(dimensions({x: 2, z: 4}, "block"), [2, 1, 4]);
    assert.match(dimensions(0, "grid"), /grid: 0 is no number of blocks/);
    assert.match(dimensions([1.5], "block"), /1\.5 is no number of threads/);
    assert.match(dimensions(undefined, "grid"), /grid: give a number/);
    assert.match(dimensions("8", "grid"), /give a number|is no number/);
});
