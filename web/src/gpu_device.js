// SPDX-License-Identifier: Apache-2.0
// A WebGPU device as kernels see one: a heap, which is one buffer whose offsets are addresses, and a queue of launches. Launches are
// recorded, and submitted together when the page's code that makes them returns, or somebody wants a result.
import {CudaError} from "./errors.js";

const SLOT = 256; // alignment of dynamic offsets that every device takes
const RING = 1 << 20; // bytes of arguments on their way
export const ARGUMENTS = 16384; // of one launch
const BATCH = 64; // launches that are submitted together at most
const ALIGN = 4; // of copies
const BETWEEN = 1 << 22; // bytes of a copy within the heap at once

const round = (size) => Math.ceil(size / ALIGN) * ALIGN;

export class GpuDevice {
    /** @param {GPUAdapter} adapter @param {(error: CudaError) => void} onFault gets what goes wrong while kernels run */
    static async open(adapter, onFault) {
        const own = new GpuDevice();
        const names = ["maxBufferSize", "maxStorageBufferBindingSize", "maxComputeWorkgroupStorageSize", "maxComputeInvocationsPerWorkgroup",
            "maxComputeWorkgroupSizeX", "maxComputeWorkgroupSizeY", "maxComputeWorkgroupSizeZ", "maxComputeWorkgroupsPerDimension"];
        const info = adapter.info ?? {};
        // Lanes are counted as warps are only where a subgroup always is one.
        own.subgroups = adapter.features.has("subgroups") && info.subgroupMinSize === 32 && info.subgroupMaxSize === 32;
        own.timestamps = adapter.features.has("timestamp-query");
        const features = [...(own.subgroups ? ["subgroups"] : []), ...(own.timestamps ? ["timestamp-query"] : [])];
        own.gpu = await adapter.requestDevice({requiredFeatures: features, requiredLimits: Object.fromEntries(names.map((name) => [name, adapter.limits[name]]))});
        own.limits = own.gpu.limits;
        own.name = info.description || [info.vendor, info.architecture].filter(Boolean).join(" ") || "unnamed adapter";
        own.most = Math.min(own.limits.maxBufferSize, own.limits.maxStorageBufferBindingSize, 2 ** 32 - 2 ** 20);
        own.gpu.addEventListener("uncapturederror", ({error}) => onFault(new CudaError(719, error.message)));
        own.gpu.lost.then(({reason, message}) => reason !== "destroyed" && onFault(new CudaError(719, `the WebGPU device is lost: ${message}`)));
        own.start();
        return own;
    }

    start() {
        const entry = (binding, type) => ({binding, visibility: GPUShaderStage.COMPUTE, buffer: {type, hasDynamicOffset: binding > 0}});
        this.groupLayout = this.gpu.createBindGroupLayout({entries: [entry(0, "storage"), entry(1, "uniform"), entry(2, "uniform")]});
        this.layout = this.gpu.createPipelineLayout({bindGroupLayouts: [this.groupLayout]});
        this.ring = this.gpu.createBuffer({size: RING + ARGUMENTS, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST});
        this.ringData = new Uint8Array(RING + ARGUMENTS);
        this.ringStart = this.ringEnd = 0;
        this.capacity = 0;
        this.recorded = 0;
        this.staging = undefined;
        this.between = undefined;
    }

    /** The heap has at least `size` bytes afterwards, with what was in it. False when it can't. */
    reserve(size) {
        if (size > this.most) return false;
        if (size > this.capacity) this.take(this.makeHeap(size));
        return true;
    }

    /** The same, and false too when the adapter has no memory for it: what was there stays then. */
    async grow(size) {
        if (size > this.most) return false;
        if (size <= this.capacity) return true;
        this.gpu.pushErrorScope("out-of-memory");
        const heap = this.makeHeap(size);
        if (await this.gpu.popErrorScope()) {
            heap.buffer.destroy();
            return false;
        }
        this.take(heap);
        return true;
    }

    makeHeap(size) {
        const capacity = Math.floor(Math.min(this.most, Math.max(round(size), 2 * this.capacity, 1 << 24)) / 4) * 4;
        const buffer = this.gpu.createBuffer({size: capacity, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST});
        return {buffer, capacity};
    }

    take({buffer, capacity}) {
        this.flush();
        const old = this.heap;
        this.heap = buffer;
        if (old) {
            const encoder = this.gpu.createCommandEncoder();
            encoder.copyBufferToBuffer(old, 0, this.heap, 0, this.capacity);
            this.gpu.queue.submit([encoder.finish()]);
            old.destroy();
        }
        this.capacity = capacity;
        this.group = this.gpu.createBindGroup({layout: this.groupLayout, entries: [
            {binding: 0, resource: {buffer: this.heap}},
            {binding: 1, resource: {buffer: this.ring, size: ARGUMENTS}},
            {binding: 2, resource: {buffer: this.ring, size: 32}},
        ]});
    }

    /** Copies within the heap, which WebGPU does through another buffer. */
    move(to, from, size) {
        this.between ??= this.gpu.createBuffer({size: BETWEEN, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST});
        this.flush();
        const encoder = this.gpu.createCommandEncoder();
        for (let at = 0; at < size; at += BETWEEN) {
            const part = Math.min(BETWEEN, size - at);
            encoder.copyBufferToBuffer(this.heap, from + at, this.between, 0, part);
            encoder.copyBufferToBuffer(this.between, 0, this.heap, to + at, part);
        }
        this.gpu.queue.submit([encoder.finish()]);
    }

    /** @returns {Promise<GPUComputePipeline>} rejects with what the browser's compiler says */
    async pipeline(text, block, dynamicWords) {
        // One layout serves all kernels, those that only read too.
        const code = text.text.replace("var<storage, read> heap", "var<storage, read_write> heap");
        text.module ??= this.gpu.createShaderModule({code});
        const constants = {block_dim_x: block[0], block_dim_y: block[1], block_dim_z: block[2]};
        if (text.dynamic) constants.dynamic_shared_words = Math.max(dynamicWords, 1);
        return this.gpu.createComputePipelineAsync({layout: this.layout, compute: {module: text.module, entryPoint: "main", constants}});
    }

    /** How many groups to dispatch: `folded` of them side by side where the grid has more blocks along an axis than WebGPU allows. */
    fold(grid) {
        const most = this.limits.maxComputeWorkgroupsPerDimension;
        if (grid.every((count) => count <= most)) return {groups: grid, folded: 0};
        const rows = Math.ceil(grid[0] * grid[1] * grid[2] / most);
        return rows > most ? undefined : {groups: [most, rows, 1], folded: most};
    }

    /** Launches after everything before; resolves when it is done. */
    record(pipeline, {groups, folded}, grid, globals, parameters) {
        const wanted = SLOT + Math.ceil(parameters.length / SLOT) * SLOT;
        if (this.ringEnd + wanted > RING) {
            this.flush();
            this.ringStart = this.ringEnd = 0;
        }
        const slot = this.ringEnd;
        this.ringEnd += wanted;
        new Uint32Array(this.ringData.buffer, slot, 6).set([...grid, folded, globals, 0]);
        this.ringData.set(parameters, slot + SLOT);
        if (!this.encoder) {
            this.encoder = this.gpu.createCommandEncoder();
            this.done = new Promise((resolve, reject) => { this.resolveDone = resolve; this.rejectDone = reject; });
            this.done.catch(() => {});
            queueMicrotask(() => this.flush());
        }
        this.pass ??= this.encoder.beginComputePass();
        this.pass.setPipeline(pipeline);
        this.pass.setBindGroup(0, this.group, [slot + SLOT, slot]);
        this.pass.dispatchWorkgroups(...groups);
        const done = this.done;
        if (++this.recorded >= BATCH) this.flush();
        return done;
    }

    flush() {
        if (!this.encoder) return;
        this.pass?.end();
        if (this.ringEnd > this.ringStart) {
            this.gpu.queue.writeBuffer(this.ring, this.ringStart, this.ringData, this.ringStart, this.ringEnd - this.ringStart);
        }
        this.ringStart = this.ringEnd;
        this.gpu.queue.submit([this.encoder.finish()]);
        this.gpu.queue.onSubmittedWorkDone().then(this.resolveDone, this.rejectDone);
        this.encoder = this.pass = undefined;
        this.recorded = 0;
    }

    async finish() {
        this.flush();
        await this.gpu.queue.onSubmittedWorkDone();
    }

    /** Copies bytes to the heap; the last word may be cut, which takes a copy within the device. */
    write(address, bytes) {
        const whole = bytes.byteLength & ~3, rest = bytes.byteLength - whole;
        this.flush();
        if (whole) this.gpu.queue.writeBuffer(this.heap, address, bytes.buffer, bytes.byteOffset, whole);
        if (rest) return this.writeRest(address + whole, bytes.slice(whole));
        return undefined;
    }

    async writeRest(address, bytes) {
        const word = await this.read(address, 4);
        word.set(bytes);
        this.gpu.queue.writeBuffer(this.heap, address, word);
    }

    /** A copy of bytes of the heap. One at a time. */
    async read(address, size) {
        const bytes = round(size);
        this.flush();
        if (bytes === 0) return new Uint8Array();
        if (!this.staging || this.staging.size < bytes) {
            this.staging?.destroy();
            this.staging = this.gpu.createBuffer({size: Math.max(bytes, 1 << 16), usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST});
        }
        const encoder = this.gpu.createCommandEncoder();
        encoder.copyBufferToBuffer(this.heap, address, this.staging, 0, bytes);
        this.gpu.queue.submit([encoder.finish()]);
        await this.staging.mapAsync(GPUMapMode.READ, 0, bytes);
        const copy = new Uint8Array(this.staging.getMappedRange(0, bytes)).slice(0, size);
        this.staging.unmap();
        return copy;
    }

    /** The device takes the time at one of `count` places; `elapsed` reads two of them. */
    mark(index, count = 2) {
        this.times ??= this.gpu.createQuerySet({type: "timestamp", count});
        this.flush();
        const encoder = this.gpu.createCommandEncoder();
        encoder.beginComputePass({timestampWrites: {querySet: this.times, beginningOfPassWriteIndex: index}}).end();
        this.gpu.queue.submit([encoder.finish()]);
    }

    /** Milliseconds between two marks. */
    async elapsed(first = 0, second = 1) {
        this.flush();
        const resolved = this.gpu.createBuffer({size: 512, usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC});
        const mapped = this.gpu.createBuffer({size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST});
        const encoder = this.gpu.createCommandEncoder();
        encoder.resolveQuerySet(this.times, first, 1, resolved, 0);
        encoder.resolveQuerySet(this.times, second, 1, resolved, 256);
        encoder.copyBufferToBuffer(resolved, 0, mapped, 0, 8);
        encoder.copyBufferToBuffer(resolved, 256, mapped, 8, 8);
        this.gpu.queue.submit([encoder.finish()]);
        await mapped.mapAsync(GPUMapMode.READ);
        const [from, to] = new BigUint64Array(mapped.getMappedRange());
        resolved.destroy();
        mapped.destroy();
        return Number(to - from) / 1e6;
    }

    close() {
        this.gpu.destroy();
    }
}
