// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import {test} from "node:test";
import {Heap} from "../src/memory.js";

function heap(maximum = 64) {
    return new Heap(new WebAssembly.Memory({initial: 1, maximum}), 1000, maximum);
}

test("allocations are aligned, apart, and grow the memory", () => {
    const h = heap();
    const a = h.allocate(1), b = h.allocate(100000), c = h.allocate(0);
    for (const at of [a, b, c]) assert.equal(at % 256, 0);
    assert.ok(a >= 1000 && b >= a + 256 && c >= b + 100000);
    assert.ok(h.memory.buffer.byteLength >= c + 256);
});

test("what is freed is joined and given out again", () => {
    const h = heap();
    const pieces = [1, 2, 3, 4].map(() => h.allocate(1000));
    h.release(pieces[1]);
    h.release(pieces[3]);
    h.release(pieces[2]);
    assert.equal(h.free.length, 1);
    assert.equal(h.allocate(3000), pieces[1]);
    h.release(pieces[0]);
    assert.equal(h.allocate(10), pieces[0]);
});

test("freeing twice and running out are CUDA's errors", () => {
    const h = heap(4);
    const a = h.allocate(10);
    h.release(a);
    assert.throws(() => h.release(a), {cudaName: "cudaErrorInvalidValue"});
    assert.throws(() => h.allocate(10 << 20), {cudaName: "cudaErrorMemoryAllocation", message: /10485760 bytes don't fit/});
    assert.equal(h.allocate(10), a); // and it goes on
});

test("random use keeps pieces apart and loses none", () => {
    const h = heap(1024);
    const live = new Map();
    let seed = 7;
    const random = (n) => (seed = (seed * 16807) % 2147483647) % n;
    for (let i = 0; i < 5000; i++) {
        if (live.size > 40 || (live.size && random(2))) {
            const at = [...live.keys()][random(live.size)];
            live.delete(at);
            h.release(at);
        } else {
            const size = 1 + random(5000), at = h.allocate(size);
            for (const [other, length] of live) assert.ok(at + size <= other || other + length <= at);
            live.set(at, size);
        }
    }
    for (const at of live.keys()) h.release(at);
    assert.equal(h.bytes, 0);
    assert.deepEqual(h.free.length, 1);
});
