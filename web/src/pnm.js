// SPDX-License-Identifier: Apache-2.0
// Pictures as programs like to write them: PBM, PGM and PPM, plain and binary (netpbm's pages pbm(5), pgm(5), ppm(5)).

/** An ImageData, or undefined for what is no such picture or cut short. */
export function decodePnm(bytes) {
    let at = 0;
    const space = (c) => c === 32 || (c >= 9 && c <= 13);
    function word() {
        for (;;) {
            while (at < bytes.length && space(bytes[at])) at++;
            if (bytes[at] !== 35) break; // a comment, to the end of its line
            while (at < bytes.length && bytes[at] !== 10) at++;
        }
        let text = "";
        while (at < bytes.length && !space(bytes[at])) text += String.fromCharCode(bytes[at++]);
        return text;
    }
    const magic = word();
    if (!/^P[1-6]$/.test(magic)) return undefined;
    const kind = Number(magic[1]), channels = kind % 3 === 0 ? 3 : 1, bits = kind % 3 === 1;
    const width = Number(word()), height = Number(word()), most = bits ? 1 : Number(word());
    if (!(width > 0 && height > 0 && width * height <= 1 << 28 && most > 0 && most < 65536)) return undefined;
    at++; // one space before binary values
    const wide = most > 255 ? 2 : 1;
    if (kind > 3 && bytes.length - at < (bits ? Math.ceil(width / 8) * height : width * height * channels * wide)) return undefined;
    if (kind <= 3) at--;
    const row = Math.ceil(width / 8);
    const value = (i, x, y) => {
        if (kind <= 3) return bits ? Number(digit()) : Number(word());
        if (bits) return (bytes[at + y * row + (x >> 3)] >> (7 - (x & 7))) & 1;
        return wide === 2 ? bytes[at + 2 * i] * 256 + bytes[at + 2 * i + 1] : bytes[at + i];
    };
    function digit() {
        while (at < bytes.length && space(bytes[at])) at++;
        return String.fromCharCode(bytes[at++]);
    }
    const image = new ImageData(width, height);
    for (let y = 0, i = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
            const to = 4 * (y * width + x);
            for (let c = 0; c < channels; c++, i++) {
                const v = value(i, x, y);
                image.data[to + c] = bits ? (v ? 0 : 255) : (255 * v) / most;
            }
            if (channels === 1) image.data[to + 1] = image.data[to + 2] = image.data[to];
            image.data[to + 3] = 255;
        }
    }
    return image;
}
