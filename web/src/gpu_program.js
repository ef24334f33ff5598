// SPDX-License-Identifier: Apache-2.0
// A WebGPU device for a whole program: serves the requests that the program leaves in a ring of its memory. The agreement with the
// program is src/wasi/gpu.h; the operations' numbers are its enum's.
import {parseArtifact} from "./gpu_artifact.js";
import {findAdapter} from "./adapter.js";
import {GpuDevice} from "./gpu_device.js";

const BLOCK = {present: 0, threads: 1, block: 2, groups: 5, shared: 6, memory: 7, head: 8, tail: 9, itself: 10, name: 16, ring: 48};
const RING_WORDS = 16384, NAME_BYTES = 128, TIMES = 2048;
const REPLY = {state: 0, status: 1, values: 2, time: 24, text: 32, textBytes: 512};
const CHUNK = 1 << 20; // bytes of a pattern that are written at once

/** A function's own name of what C++ made of it (Itanium C++ ABI, 5.1); other names stay. */
function readable(name) {
    const [head, length] = name.match(/^_Z(\d+)/) ?? [];
    return head ? name.slice(head.length, head.length + Number(length)) : name;
}

/** Why a request can't be met: the program gets it as status 1 and this text. */
class Refused extends Error {}

export class ProgramGpu {
    /**
     * @param {WebAssembly.Memory} memory the program's
     * @param {"auto" | "webgpu"} wanted
     * @param {(text: string) => void} note gets what people should know, once each
     * @returns {Promise<{gpu: ProgramGpu} | {why: string}>}
     */
    static async open(memory, wanted, note) {
        const found = await findAdapter(wanted);
        if (found.why) return found;
        const own = new ProgramGpu();
        try {
            own.device = await GpuDevice.open(found.adapter, (error) => { own.fault ??= error; });
        } catch (error) {
            return {why: error.message};
        }
        Object.assign(own, {memory, note, fault: undefined, ranges: new Map(), mirrors: [], modules: [], kernels: [], pipelines: [], told: new Set(), pending: 0, hostTimes: []});
        return {gpu: own};
    }

    get name() {
        return this.device.name;
    }

    words(address, count) {
        return new Int32Array(this.memory.buffer, address, count);
    }

    bytes(address, size) {
        return new Uint8Array(this.memory.buffer, address, size);
    }

    string(address, size) {
        return new TextDecoder().decode(this.bytes(address, size).slice());
    }

    /** Tells the program of the device. @param {boolean} itself the program's own worker serves */
    begin(block, itself) {
        this.block = block;
        const {limits} = this.device, words = this.words(block, BLOCK.ring);
        words[BLOCK.threads] = limits.maxComputeInvocationsPerWorkgroup;
        words.set([limits.maxComputeWorkgroupSizeX, limits.maxComputeWorkgroupSizeY, limits.maxComputeWorkgroupSizeZ], BLOCK.block);
        words[BLOCK.groups] = limits.maxComputeWorkgroupsPerDimension;
        words[BLOCK.shared] = limits.maxComputeWorkgroupStorageSize;
        words[BLOCK.memory] = this.device.most;
        words[BLOCK.itself] = itself ? 1 : 0;
        this.bytes(block + 4 * BLOCK.name, NAME_BYTES - 1).set(new TextEncoder().encode(this.name).subarray(0, NAME_BYTES - 1));
        words[BLOCK.present] = 1;
    }

    /** Serves what is in the ring. */
    async serve() {
        const words = this.words(this.block, BLOCK.ring + RING_WORDS);
        for (let tail; (tail = Atomics.load(words, BLOCK.tail)) !== Atomics.load(words, BLOCK.head);) {
            const word = (index) => words[BLOCK.ring + ((tail + index) >>> 0) % RING_WORDS] >>> 0;
            const operation = word(0), count = word(1), reply = word(2);
            const record = Uint32Array.from({length: count - 3}, (_, index) => word(3 + index));
            const release = () => {
                Atomics.store(words, BLOCK.tail, (tail + count) | 0);
                Atomics.notify(words, BLOCK.tail);
            };
            if (!reply) release();
            try {
                const work = OPERATIONS[operation].call(this, record);
                const result = work instanceof Promise ? await work : work;
                if (reply) this.answer(reply, 0, result ?? {});
            } catch (error) {
                if (!(error instanceof Refused)) this.fault ??= error;
                if (reply) this.answer(reply, 1, {text: error.message});
            }
            if (reply) release();
        }
        this.device.flush();
    }

    /** A worker's life: serves for ever. */
    async serveForever() {
        const words = this.words(this.block, BLOCK.ring);
        for (;;) {
            const head = Atomics.load(words, BLOCK.head);
            await this.serve();
            if (Atomics.load(words, BLOCK.head) !== head) continue;
            if (Atomics.waitAsync) await Atomics.waitAsync(words, BLOCK.head, head).value;
            else await new Promise((done) => setTimeout(done, 0));
        }
    }

    answer(reply, status, {values = [], time = 0, text = ""}) {
        const words = this.words(reply, 6);
        words[REPLY.status] = status;
        words.set(values, REPLY.values);
        new DataView(this.memory.buffer).setFloat64(reply + REPLY.time, time, true);
        const room = this.bytes(reply + REPLY.text, REPLY.textBytes), bytes = new TextEncoder().encode(text).subarray(0, REPLY.textBytes - 1);
        room.set(bytes);
        room[bytes.length] = 0;
        Atomics.store(words, REPLY.state, 1);
        Atomics.notify(words, REPLY.state);
    }

    // ---- Bytes: WebGPU copies whole words ----------------------------------------------------------------------------------------

    async read(address, size) {
        const start = address & ~3, skip = address - (start >>> 0);
        return (await this.device.read(start >>> 0, skip + size)).subarray(skip);
    }

    /** @param {Uint8Array} bytes which may be in shared memory */
    write(address, bytes) {
        if (((address | bytes.length) & 3) === 0) return this.device.write(address, bytes);
        return this.writeParts(address, bytes.slice());
    }

    async writeParts(address, bytes) {
        const start = (address & ~3) >>> 0, skip = address - start, end = address + bytes.length;
        const words = new Uint8Array(Math.ceil((skip + bytes.length) / 4) * 4);
        if (skip) words.set(await this.device.read(start, 4));
        if (end & 3) words.set(await this.device.read((end & ~3) >>> 0, 4), words.length - 4);
        words.set(bytes, skip);
        this.device.write(start, words);
    }

    async fill(address, pattern, size, count) {
        const total = size * count, part = new Uint8Array(Math.min(total, CHUNK));
        for (let at = 0; at < part.length; at++) part[at] = pattern >>> (8 * (at % size));
        for (let at = 0; at < total; at += CHUNK) await this.write(address + at, part.subarray(0, Math.min(CHUNK, total - at)));
    }

    async move(to, from, size) {
        if (((to | from | size) & 3) === 0) this.device.move(to, from, size);
        else await this.write(to, (await this.read(from, size)).slice());
    }

    // ---- Where contents are --------------------------------------------------------------------------------------------------------

    async toMemory() {
        for (const [start, size] of this.ranges) this.bytes(start, size).set(await this.read(start, size));
        for (const {gpu, own, size} of this.mirrors) this.bytes(own, size).set(await this.read(gpu, size));
    }

    async toGpu() {
        for (const [start, size] of this.ranges) await this.write(start, this.bytes(start, size));
        for (const {gpu, own, size} of this.mirrors) await this.write(gpu, this.bytes(own, size));
    }

    async finish() {
        await this.device.finish();
        if (this.fault) throw this.fault;
    }

    // ---- Kernels -------------------------------------------------------------------------------------------------------------------

    loadModule([address, size]) {
        try {
            const artifact = parseArtifact(this.bytes(address, size).slice());
            return {values: [this.modules.push({artifact}) - 1, artifact.globals.length]};
        } catch (error) {
            throw new Refused(error.message);
        }
    }

    /** The module's variables get their place and their first values. */
    startModule([index, address]) {
        const {globals, relocations} = this.modules[index].artifact;
        const padded = new Uint8Array(Math.ceil(globals.length / 4) * 4), view = new DataView(padded.buffer);
        padded.set(globals);
        for (const [at, target] of relocations) view.setUint32(at, address + target, true);
        if (padded.length) this.device.write(address, padded);
    }

    findKernel([module, name, size]) {
        const wanted = this.string(name, size), {subgroups} = this.device;
        const known = this.modules[module].artifact.kernels.find((kernel) => kernel.name === wanted);
        const text = known?.texts.findLast((one) => subgroups || !one.subgroups);
        if (!text) throw new Refused(known?.refused.findLast((one) => subgroups || !one.subgroups)?.why ?? "WGSL can't express it");
        return {values: [this.kernels.push(text) - 1, text.shared, known.parameterBytes]};
    }

    async makePipeline([kernel, x, y, z, shared]) {
        try {
            return {values: [this.pipelines.push(await this.device.pipeline(this.kernels[kernel], [x, y, z], Math.ceil(shared / 4))) - 1]};
        } catch (error) {
            throw new Refused(`the browser's compiler refuses it: ${error.message}`);
        }
    }

    launch(record) {
        const [pipeline, x, y, z, globals, size] = record, grid = [x, y, z];
        const parameters = new Uint8Array(record.buffer, record.byteOffset + 24, size);
        this.pending++;
        this.device.record(this.pipelines[pipeline], this.device.fold(grid), grid, globals, parameters)
            .catch((error) => { this.fault ??= error; }).finally(() => this.pending--);
    }
}

/** By the numbers of enum cw_gpu_operation. */
const OPERATIONS = {
    async 1([start, size, shared]) {
        if (!await this.device.grow(start + Math.ceil(size / 4) * 4)) throw new Refused(`the adapter's memory can't hold the addresses up to ${start + size}`);
        if (!shared) this.ranges.set(start, size);
    },
    2([start]) { this.ranges.delete(start); },
    3([to, from, size]) { return this.write(to, this.bytes(from, size)); },
    async 4([to, from, size]) {
        const bytes = await this.read(from, size);
        if (this.fault) throw this.fault;
        this.bytes(to, size).set(bytes);
    },
    5([to, from, size]) { return this.move(to, from, size); },
    6([to, pattern, size, count]) { return this.fill(to, pattern, size, count); },
    7(record) { return this.loadModule(record); },
    8(record) { return this.startModule(record); },
    9(record) { return this.findKernel(record); },
    10([module, index]) {
        const variable = this.modules[module].artifact.variables[index];
        if (!variable) throw new Refused("");
        return {values: [variable.offset, variable.size], text: variable.name};
    },
    11([gpu, own, size]) { this.mirrors.push({gpu, own, size}); },
    12(record) { return this.makePipeline(record); },
    13(record) { return this.launch(record); },
    14() { return this.finish(); },
    15() {
        this.device.flush();
        return {values: [this.pending ? 0 : 1]};
    },
    async 16([place]) {
        if (this.device.timestamps) return this.device.mark(place, TIMES);
        await this.device.finish();
        this.hostTimes[place] = performance.now();
        return undefined;
    },
    async 17([from, to]) {
        return {time: this.device.timestamps ? await this.device.elapsed(from, to) : this.hostTimes[to] - this.hostTimes[from]};
    },
    async 18([name, nameBytes, why, whyBytes]) {
        const kernel = readable(this.string(name, nameBytes)), reason = this.string(why, whyBytes);
        if (kernel && !this.told.has(kernel)) this.note(`${kernel} runs as WebAssembly, not on the GPU: ${reason}`);
        this.told.add(kernel);
        await this.toMemory();
    },
    19() { return this.toGpu(); },
};
