// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import {test} from "node:test";

globalThis.ImageData ??= class {
    constructor(width, height) {
        Object.assign(this, {width, height, data: new Uint8ClampedArray(4 * width * height)});
    }
};
const {decodePnm} = await import("../src/pnm.js");
const bytes = (text, ...rest) => new Uint8Array([...new TextEncoder().encode(text), ...rest]);

test("binary and plain pictures", () => {
    assert.deepEqual([...decodePnm(bytes("P6\n# made by hand\n2 1\n255\n", 1, 2, 3, 4, 5, 6)).data], [1, 2, 3, 255, 4, 5, 6, 255]);
    assert.deepEqual([...decodePnm(bytes("P5 1 2 100\n", 50, 100)).data], [128, 128, 128, 255, 255, 255, 255, 255]);
    assert.deepEqual([...decodePnm(bytes("P3\n1 1\n255\n7 8 9\n")).data], [7, 8, 9, 255]);
    assert.deepEqual([...decodePnm(bytes("P2 2 1 255 0 255")).data], [0, 0, 0, 255, 255, 255, 255, 255]);
    assert.deepEqual([...decodePnm(bytes("P4 9 1\n", 0x80, 0x80)).data].filter((_, i) => i % 4 === 0), [0, 255, 255, 255, 255, 255, 255, 255, 0]);
    assert.deepEqual([...decodePnm(bytes("P1 3 1\n101")).data].filter((_, i) => i % 4 === 0), [0, 255, 0]);
    assert.deepEqual([...decodePnm(bytes("P6 1 1 65535\n", 255, 255, 128, 0, 0, 0)).data], [255, 128, 0, 255]);
});

test("what is no picture, or cut short, is none", () => {
    for (const wrong of [bytes(""), bytes("P7 1 1 255\n"), bytes("P6 2 2 255\n", 1), bytes("P6 0 1 255\n"), bytes("GIF89a"), bytes("P6 x y z\n")]) {
        assert.equal(decodePnm(wrong), undefined);
    }
});
