// SPDX-License-Identifier: Apache-2.0
// What is said of engines that lack something: this one is made to.
import assert from "node:assert/strict";
import test from "node:test";
import {EVERYTHING, LIBRARY, PROGRAM, compileProgram, missing} from "../src/engine.js";

test("this engine has everything", async () => {
    assert.equal(missing(EVERYTHING), "");
    assert.equal(await compileProgram(async () => "module"), "module");
});

test("what is missing is named", async () => {
    const {validate} = WebAssembly;
    try {
        WebAssembly.validate = (bytes) => !bytes.includes(254) && validate(bytes); // atomic instructions
        assert.equal(missing(LIBRARY), "");
        assert.equal(missing(PROGRAM), "this engine's WebAssembly lacks shared memory and atomic instructions");
        await assert.rejects(compileProgram(async () => "module"), /lacks shared memory/);
        WebAssembly.validate = (bytes) => !(bytes.includes(25) && !bytes.includes(253)) && validate(bytes); // catch_all
        await assert.rejects(compileProgram(async () => { throw new WebAssembly.CompileError("byte 25"); }), /lacks exceptions/);
    } finally {
        WebAssembly.validate = validate;
    }
    await assert.rejects(compileProgram(async () => { throw new WebAssembly.CompileError("byte 7"); }), /byte 7/);
    await assert.rejects(compileProgram(async () => { throw new TypeError("no such file"); }), TypeError);
});
