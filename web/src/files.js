// SPDX-License-Identifier: Apache-2.0
// A file system in memory for programs in a page: folders are Maps, files grow as they are written.

export class File {
    constructor(bytes = new Uint8Array(0)) {
        this.bytes = bytes; // its storage, which may be longer than the file
        this.size = bytes.length;
        this.changed = Date.now();
    }

    reserve(size) {
        if (size <= this.bytes.length) return;
        const larger = new Uint8Array(Math.max(size, 2 * this.bytes.length, 256));
        larger.set(this.bytes.subarray(0, this.size));
        this.bytes = larger;
    }

    resize(size) {
        this.reserve(size);
        if (size < this.size) this.bytes.fill(0, size, this.size);
        this.size = size;
        this.changed = Date.now();
    }

    read(at, length) {
        return this.bytes.subarray(Math.min(at, this.size), Math.min(at + length, this.size));
    }

    write(at, data) {
        this.reserve(at + data.length);
        this.bytes.set(data, at);
        this.size = Math.max(this.size, at + data.length);
        this.changed = Date.now();
    }

    contents() {
        return this.bytes.slice(0, this.size);
    }
}

export class Folder {
    constructor() {
        this.entries = new Map();
        this.changed = Date.now();
    }

    /** Makes the folders on the way. */
    add(path, bytes) {
        const names = path.split("/").filter((name) => name && name !== ".");
        const last = names.pop();
        let folder = this;
        for (const name of names) {
            if (!folder.entries.has(name)) folder.entries.set(name, new Folder());
            folder = folder.entries.get(name);
        }
        folder.entries.set(last, new File(bytes));
    }
}

/** Every file below `folder` as [path, File]. */
export function* walk(folder, prefix = "") {
    for (const [name, entry] of folder.entries) {
        if (entry instanceof Folder) yield* walk(entry, `${prefix}${name}/`);
        else yield [prefix + name, entry];
    }
}
