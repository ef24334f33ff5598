// SPDX-License-Identifier: Apache-2.0
// A module's kernels on WebGPU, with WebAssembly behind: a kernel that WGSL or the adapter can't express runs there, and the
// memory moves. Addresses are the same on both sides: the heap's buffer is as the module's memory, from where its own data ends.
//
// Everything happens in the order of the calls. As long as nothing has to be waited for (pipelines are there, the memory is on the
// GPU), launches are recorded at once; else they queue up behind what is waited for.
import {CudaError} from "./errors.js";
import {parseArtifact} from "./gpu_artifact.js";
import {ARGUMENTS, GpuDevice} from "./gpu_device.js";
import {Heap} from "./memory.js";

/** The heap of a module that has a GPU: its memory follows where arrays are used. */
class GpuHeap extends Heap {
    constructor(gpu, ...rest) {
        super(...rest);
        this.gpu = gpu;
        this.maximum = Math.min(this.maximum, gpu.device.most);
    }

    grow(end) {
        return this.gpu.device.reserve(end) && (this.gpu.onGpu || super.grow(end));
    }

    growMemory() {
        return super.grow(this.end);
    }
}

async function readBytes(source) {
    if (source instanceof Uint8Array) return source;
    if (source instanceof ArrayBuffer) return new Uint8Array(source);
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${source}: ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
}

/** @returns {Promise<{gpu: Gpu} | {why: string}>} the module's side on WebGPU, or why there is none */
export async function openGpu(owner, adapter, source, say) {
    try {
        const artifact = parseArtifact(await readBytes(source));
        const gpu = new Gpu(owner, artifact, say);
        gpu.device = await GpuDevice.open(adapter, (error) => { gpu.fault ??= error; });
        return {gpu};
    } catch (error) {
        return {why: error.message};
    }
}

class Gpu {
    constructor(owner, artifact, say) {
        this.owner = owner;
        this.artifact = artifact;
        this.say = say;
        this.onGpu = true; // where the memory's contents are
        this.waiting = 0;
        this.order = Promise.resolve();
        this.ranges = new Map(); // what users have allocated
        this.told = new Set();
        this.pipelines = new Map();
        this.fault = undefined;
    }

    /** Once the heap is there: the block of variables. */
    start(heap) {
        const {globals, relocations} = this.artifact;
        this.globals = globals.length ? heap.allocate(globals.length) : 0;
        const view = new DataView(globals.buffer, globals.byteOffset, globals.byteLength);
        for (const [at, target] of relocations) view.setUint32(at, this.globals + target, true);
        const padded = new Uint8Array(Math.ceil(globals.length / 4) * 4);
        padded.set(globals);
        if (padded.length) this.device.write(this.globals, padded);
    }

    heap(memory, base, maximum) {
        return new GpuHeap(this, memory, base, maximum);
    }

    variable(name) {
        return this.globals + this.artifact.variables.find((variable) => variable.name === name).offset;
    }

    /** Does `work` after what was asked for before; at once where nothing is waited for. */
    after(work) {
        this.waiting++;
        const done = this.order.then(() => {
            if (this.fault) throw this.fault;
            return work();
        }).finally(() => this.waiting--);
        this.order = done.catch((error) => { this.fault ??= error; });
        return done;
    }

    /** Resolves when every launch so far is done; rejects after a fault. */
    async idle() {
        await this.order;
        await this.device.finish();
        if (this.fault) throw this.fault;
    }

    // ---- Launches ------------------------------------------------------------------------------------------------------------

    launch(kernel, launch, parameters) {
        const key = `${kernel.index} ${launch.block} ${launch.shared}`;
        const pipeline = this.pipelines.get(key);
        if (this.fault) return Promise.reject(this.fault);
        if (pipeline && this.onGpu && !this.waiting) return this.record(pipeline, launch, parameters);
        const recorded = this.after(async () => {
            const plan = this.pipelines.get(key) ?? await this.plan(kernel, launch);
            if (plan.why) {
                await this.runElsewhere(kernel, launch, parameters, plan.why);
                return undefined;
            }
            this.pipelines.set(key, plan);
            await this.toGpu();
            return {done: this.record(plan, launch, parameters)};
        });
        return recorded.then((result) => result?.done);
    }

    record(plan, launch, parameters) {
        return this.device.record(plan.pipeline, this.device.fold(launch.grid), launch.grid, this.globals, parameters).then(() => {
            if (this.fault) throw this.fault;
        });
    }

    /** A pipeline, or why there can't be one. */
    async plan(kernel, {block, shared, grid}) {
        const {limits, subgroups} = this.device;
        const known = this.artifact.kernels[kernel.index];
        const text = known.texts.findLast((one) => subgroups || !one.subgroups);
        if (!text) return {why: known.refused.findLast((one) => subgroups || !one.subgroups)?.why ?? "WGSL can't express it"};
        const threads = block[0] * block[1] * block[2];
        const most = [limits.maxComputeWorkgroupSizeX, limits.maxComputeWorkgroupSizeY, limits.maxComputeWorkgroupSizeZ];
        if (threads > limits.maxComputeInvocationsPerWorkgroup || block.some((count, i) => count > most[i])) return {why: `the adapter's groups have at most ${limits.maxComputeInvocationsPerWorkgroup} threads`};
        if (text.shared + shared > limits.maxComputeWorkgroupStorageSize) return {why: `the adapter has ${limits.maxComputeWorkgroupStorageSize} bytes of shared memory a block`};
        if (kernel.parameterBytes > ARGUMENTS) return {why: `it has more than ${ARGUMENTS} bytes of parameters`};
        if (!this.device.fold(grid)) return {why: "the grid has too many blocks for WebGPU"};
        try {
            return {pipeline: await this.device.pipeline(text, block, Math.ceil(shared / 4))};
        } catch (error) {
            return {why: `the browser's compiler refuses it: ${error.message}`};
        }
    }

    /** As WebAssembly, with the memory there. */
    async runElsewhere(kernel, launch, parameters, why) {
        if (!this.told.has(kernel.name)) this.say(`${kernel.name} runs as WebAssembly, not on the GPU: ${why}`);
        this.told.add(kernel.name);
        await this.toMemory();
        await this.owner.openPool();
        await this.owner.run(kernel, launch, parameters);
    }

    // ---- Memory ----------------------------------------------------------------------------------------------------------------

    /** Variables that both sides have: where they lie on the GPU, and in the module's memory. */
    *variables() {
        for (const {name, size, index} of this.owner.table.variables) {
            const own = this.artifact.variables.find((variable) => variable.name === name);
            // What holds addresses of other variables is another value there.
            if (own && !this.artifact.relocations.some(([at]) => at >= own.offset && at < own.offset + own.size)) {
                yield {from: this.globals + own.offset, to: this.owner.exports.cw_variable(index) >>> 0, size};
            }
        }
    }

    async toMemory() {
        if (!this.onGpu) return;
        const {owner, device} = this;
        this.onGpu = false;
        if (!owner.heap.growMemory()) throw new CudaError(2, "the memory of WebAssembly can't hold what is on the GPU");
        for (const [start, size] of this.ranges) new Uint8Array(owner.memory.buffer, start, size).set(await device.read(start, size));
        for (const {from, to, size} of this.variables()) new Uint8Array(owner.memory.buffer, to, size).set(await device.read(from, size));
    }

    async toGpu() {
        if (this.onGpu) return;
        const {owner, device} = this;
        this.onGpu = true;
        for (const [start, size] of this.ranges) device.write(start, new Uint8Array(owner.memory.buffer, start, size));
        for (const {from, to, size} of this.variables()) await device.write(from, new Uint8Array(owner.memory.buffer, to, size).slice());
    }

    allocate(size) {
        const address = this.owner.heap.allocate(size);
        this.ranges.set(address, Math.ceil(Math.max(size, 1) / 4) * 4);
        return address;
    }

    release(address) {
        this.ranges.delete(address);
        this.owner.heap.release(address);
    }

    read(Type, address, length) {
        return this.after(async () => {
            const size = length * Type.BYTES_PER_ELEMENT;
            const bytes = this.onGpu ? await this.device.read(address, size) : new Uint8Array(this.owner.memory.buffer, address, size).slice();
            if (this.fault) throw this.fault;
            return new Type(bytes.buffer, 0, length);
        });
    }

    /** @param {ArrayBufferView} values which are copied at once */
    write(address, values) {
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        if (this.onGpu && !this.waiting && bytes.byteLength % 4 === 0) {
            this.device.write(address, bytes);
            return Promise.resolve();
        }
        const copy = bytes.slice();
        return this.after(async () => {
            if (this.onGpu) await this.device.write(address, copy);
            else new Uint8Array(this.owner.memory.buffer, address, copy.length).set(copy);
        });
    }

    // ---- Time ------------------------------------------------------------------------------------------------------------------

    /** Milliseconds that the device needs for what `work` launches; undefined where it doesn't tell. */
    async time(work) {
        await this.idle();
        if (!this.device.timestamps) return undefined;
        this.device.mark(0);
        await work();
        await this.order;
        this.device.mark(1);
        await this.idle();
        return this.device.elapsed();
    }

    close() {
        this.device.close();
    }
}
