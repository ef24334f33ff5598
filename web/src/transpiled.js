// SPDX-License-Identifier: Apache-2.0
// Launches kernels that `cuda-wasm transpile --to wgsl --js` wrote, with typed arrays or buffers. `record` is what the JSON beside the
// WGSL says: bindings, parameters, pipeline constants.

const SET = {
    f32: (view, at, value) => view.setFloat32(at, value, true),
    f64: (view, at, value) => view.setFloat64(at, value, true),
    i64: (view, at, value) => view.setBigInt64(at, BigInt(value), true),
    i32: (view, at, value) => view.setInt32(at, value, true),
    i16: (view, at, value) => view.setInt16(at, value, true),
    i8: (view, at, value) => view.setInt8(at, value),
};
const HEAP_START = 256; // nothing lies at address 0

const threes = (shape) => [...(typeof shape === "number" ? [shape] : shape), 1, 1].slice(0, 3);
const padded = (size) => Math.max(4, Math.ceil(size / 4) * 4);

async function findDevice(record) {
    const adapter = await navigator.gpu?.requestAdapter({powerPreference: "high-performance"});
    if (!adapter) throw new Error("there is no WebGPU adapter here");
    const names = ["maxBufferSize", "maxStorageBufferBindingSize", "maxStorageBuffersPerShaderStage", "maxComputeWorkgroupStorageSize",
        "maxComputeInvocationsPerWorkgroup", "maxComputeWorkgroupSizeX", "maxComputeWorkgroupSizeY", "maxComputeWorkgroupSizeZ"];
    return adapter.requestDevice({
        requiredFeatures: [...new Set(record.kernels.flatMap((kernel) => kernel.features))],
        requiredLimits: Object.fromEntries(names.map((name) => [name, adapter.limits[name]])),
    });
}

/** CUDA's packed parameters: numbers by their types, structs as their bytes; pointers are left to the caller. */
function pack(kernel, values) {
    const bytes = kernel.parameters.reduce((end, one) => Math.max(end, one.offset + one.size), 0);
    const view = new DataView(new ArrayBuffer(Math.ceil(bytes / 16) * 16));
    if (values.length !== kernel.parameters.length) throw new TypeError(`${kernel.entry}: ${values.length} arguments, and the kernel has ${kernel.parameters.length}`);
    kernel.parameters.forEach(({type, offset, size, name}, i) => {
        if (SET[type]) SET[type](view, offset, values[i]);
        else if (type === "bytes") {
            const given = ArrayBuffer.isView(values[i]) ? new Uint8Array(values[i].buffer, values[i].byteOffset, values[i].byteLength) : new Uint8Array(values[i]);
            if (given.length !== size) throw new TypeError(`${kernel.entry}: ${name} has ${size} bytes, not ${given.length}`);
            new Uint8Array(view.buffer, offset).set(given);
        }
    });
    return view;
}

class Module {
    constructor(record, device, shader) {
        Object.assign(this, {record, device, shader, pipelines: new Map(), variables: {}});
    }

    /** A buffer with the values, for arguments that stay on the device. */
    buffer(values, usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST) {
        const buffer = this.device.createBuffer({size: padded(values.byteLength), usage, mappedAtCreation: true});
        new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        buffer.unmap();
        return buffer;
    }

    /** Fills `target` with what the buffer holds from `offset` on. */
    async read(buffer, target, offset = 0) {
        const size = padded(target.byteLength);
        const mapped = this.device.createBuffer({size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST});
        const encoder = this.device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, offset, mapped, 0, size);
        this.device.queue.submit([encoder.finish()]);
        await mapped.mapAsync(GPUMapMode.READ);
        new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(new Uint8Array(mapped.getMappedRange()).subarray(0, target.byteLength));
        mapped.destroy();
        return target;
    }

    async pipeline(kernel, block, shared) {
        const key = `${kernel.entry} ${block} ${shared}`;
        if (!this.pipelines.has(key)) {
            const constants = {block_dim_x: block[0], block_dim_y: block[1], block_dim_z: block[2]};
            if (kernel.overrides.includes("dynamic_shared_words")) constants.dynamic_shared_words = Math.max(1, Math.ceil(shared / 4));
            this.pipelines.set(key, await this.device.createComputePipelineAsync({layout: "auto", compute: {module: this.shader, entryPoint: kernel.entry, constants}}));
        }
        return this.pipelines.get(key);
    }

    /** The buffer of a __device__ or __constant__ variable, with its initial value. */
    variable(binding) {
        return this.variables[binding.variable] ??= this.buffer(new Uint32Array(binding.initial ?? Math.ceil(binding.bytes / 4)));
    }

    /** Buffers by binding, and arrays that get contents back: a buffer for each pointer. */
    typed(kernel, values, packed) {
        const entries = [], back = [];
        for (const binding of kernel.bindings) {
            const at = kernel.parameters.findIndex((one) => one.buffer === binding.binding), value = values[at];
            let buffer = binding.variable ? this.variable(binding) : value;
            if (ArrayBuffer.isView(value)) {
                buffer = this.buffer(value);
                back.push({buffer, value, offset: 0, changes: binding.access === "read_write"});
            } else if (!(buffer instanceof GPUBuffer)) {
                throw new TypeError(`${kernel.entry}: ${kernel.parameters[at]?.name} takes a typed array or a GPUBuffer`);
            }
            entries.push({binding: binding.binding, resource: {buffer}});
        }
        if (kernel.paramsBinding !== undefined) {
            const view = new DataView(new ArrayBuffer(Math.max(16, Math.ceil(kernel.paramsBytes / 16) * 16)));
            if (kernel.paramsWords) new Uint8Array(view.buffer).set(new Uint8Array(packed.buffer));
            for (const field of kernel.fields) {
                for (let byte = 0; byte < (field.type === "vec2<u32>" ? 8 : 4) && field.source + byte < packed.byteLength; byte++) view.setUint8(field.offset + byte, packed.getUint8(field.source + byte));
            }
            entries.push({binding: kernel.paramsBinding, resource: {buffer: this.buffer(view, GPUBufferUsage.UNIFORM)}});
        }
        return {entries, back};
    }

    /** The same where all pointers are offsets in one buffer. */
    heap(kernel, values, packed, grid) {
        const back = [], places = new Map();
        let end = HEAP_START;
        if (kernel.globals) throw new Error(`${kernel.entry}: variables of a kernel with one heap buffer have no place here; use cuda-wasm build --lib`);
        kernel.parameters.forEach(({type, offset, size, name}, i) => {
            if (type !== "pointer") return;
            if (values[i] !== null && !ArrayBuffer.isView(values[i])) throw new TypeError(`${kernel.entry}: ${name} takes a typed array or null`);
            if (values[i] && !places.has(values[i])) {
                places.set(values[i], end);
                end += Math.ceil(values[i].byteLength / 256) * 256;
            }
            packed.setUint32(offset, values[i] ? places.get(values[i]) : 0, true);
            if (size === 8) packed.setUint32(offset + 4, 0, true);
        });
        const heap = this.buffer(new Uint8Array(end));
        for (const [value, offset] of places) {
            const bytes = new Uint8Array(padded(value.byteLength));
            bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
            this.device.queue.writeBuffer(heap, offset, bytes);
            back.push({buffer: heap, value, offset, changes: true});
        }
        const launch = new Uint32Array(8);
        launch.set(grid);
        const entries = [{binding: 0, resource: {buffer: heap}}, {binding: 1, resource: {buffer: this.buffer(packed, GPUBufferUsage.UNIFORM)}},
            {binding: 2, resource: {buffer: this.buffer(launch, GPUBufferUsage.UNIFORM)}}];
        return {entries: entries.filter(({binding}) => binding === 2 || (binding === 0 && kernel.bindings.length) || (binding === 1 && kernel.paramsBinding !== undefined)), back};
    }

    async launch(kernel, {grid, block, shared = 0}, values) {
        const {subgroupMinSize, subgroupMaxSize} = this.device.adapterInfo ?? {};
        if (kernel.subgroupSize && (subgroupMinSize !== kernel.subgroupSize || subgroupMaxSize !== kernel.subgroupSize)) {
            throw new Error(`${kernel.entry}: its warps are subgroups of ${kernel.subgroupSize} lanes, and this adapter's are not (build --lib has another way)`);
        }
        const packed = pack(kernel, values), groups = threes(grid);
        const pipeline = await this.pipeline(kernel, threes(block), shared);
        const {entries, back} = kernel.mode === "heap" ? this.heap(kernel, values, packed, groups) : this.typed(kernel, values, packed);
        const encoder = this.device.createCommandEncoder(), pass = encoder.beginComputePass();
        pass.setPipeline(pipeline);
        if (entries.length) pass.setBindGroup(0, this.device.createBindGroup({layout: pipeline.getBindGroupLayout(0), entries}));
        pass.dispatchWorkgroups(...groups);
        pass.end();
        this.device.queue.submit([encoder.finish()]);
        for (const {buffer, value, offset, changes} of back) if (changes) await this.read(buffer, value, offset);
        for (const {buffer} of back) buffer.destroy();
        if (!back.some(({changes}) => changes)) await this.device.queue.onSubmittedWorkDone();
    }
}

/**
 * Compiles the WGSL. Kernels are functions of what it returns: kernel({grid, block, shared}, ...arguments), resolved when they are done.
 * Pointers take typed arrays, which the kernel's results are written back to, or buffers (made by .buffer()), which stay.
 * @param {{device?: GPUDevice}} [options]
 */
export async function loadTranspiled(record, url, options = {}) {
    const device = options.device ?? await findDevice(record);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    const shader = device.createShaderModule({code: await response.text()});
    const error = (await shader.getCompilationInfo()).messages.find(({type}) => type === "error");
    if (error) throw new Error(`${url}:${error.lineNum}: ${error.message}`);
    const module = new Module(record, device, shader);
    for (const kernel of record.kernels) module[kernel.entry] = (launch, ...values) => module.launch(kernel, launch, values);
    return module;
}
