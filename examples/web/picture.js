// SPDX-License-Identifier: Apache-2.0
// A picture that the user drops, filtered.

const SIDE_MAX = 1200;

/** Something to filter before anybody dropped anything. */
function scene(canvas) {
    const draw = canvas.getContext("2d", {willReadFrequently: true});
    const {width, height} = canvas;
    const sky = draw.createLinearGradient(0, 0, 0, height);
    sky.addColorStop(0, "#17356b");
    sky.addColorStop(0.6, "#f2a65a");
    sky.addColorStop(1, "#772f1a");
    draw.fillStyle = sky;
    draw.fillRect(0, 0, width, height);
    draw.fillStyle = "#ffe8a3";
    draw.beginPath();
    draw.arc(width * 0.68, height * 0.52, height * 0.12, 0, 7);
    draw.fill();
    for (let ridge = 0; ridge < 4; ridge++) {
        draw.fillStyle = ["#5b3a5e", "#42294f", "#2a1b3d", "#140d22"][ridge];
        draw.beginPath();
        draw.moveTo(0, height);
        for (let x = 0; x <= width; x += 4) {
            const wave = Math.sin(x * 0.011 * (ridge + 1) + ridge * 2) * 26 + Math.sin(x * 0.037 + ridge * 5) * 11;
            draw.lineTo(x, height * (0.58 + ridge * 0.1) + wave);
        }
        draw.lineTo(width, height);
        draw.fill();
    }
    draw.fillStyle = "#ffffff";
    for (let star = 0; star < 60; star++) draw.fillRect((star * 197) % width, (star * 89) % (height * 0.35), 2, 2);
    return draw.getImageData(0, 0, width, height);
}

export async function picture(kernels, fail) {
    const panel = document.getElementById("picture");
    const canvas = document.getElementById("picture-canvas");
    const filter = document.getElementById("filter");
    const strength = document.getElementById("strength");
    const time = document.getElementById("picture-time");
    let image = scene(canvas), input, output, busy = false, again = false;

    async function put(next) {
        image = next;
        canvas.width = image.width;
        canvas.height = image.height;
        await input?.free();
        await output?.free();
        input = kernels.array(image.data);
        output = kernels.array(Uint8ClampedArray, image.data.length);
        await render();
    }

    /** One filter at a time; what changed meanwhile is rendered after it. */
    async function render() {
        if (busy) {
            again = true;
            return;
        }
        busy = true;
        try {
            do {
                again = false;
                const {width, height} = image, amount = Number(strength.value);
                const launch = {grid: [Math.ceil(width / 16), Math.ceil(height / 8)], block: [16, 8]};
                const began = performance.now();
                if (filter.value === "blur") await kernels.blur(launch, input, output, width, height, amount);
                else if (filter.value === "edges") await kernels.edges(launch, input, output, width, height, amount / 2);
                else await kernels.paint(launch, input, output, width, height, amount);
                const took = performance.now() - began;
                canvas.getContext("2d").putImageData(new ImageData(await output.read(), width, height), 0, 0);
                time.textContent = `${width} × ${height} elements in ${took.toFixed(1)} ms`;
            } while (again);
        } catch (error) {
            fail(error);
        } finally {
            busy = false;
        }
    }

    async function take(file) {
        if (!file) return;
        let bitmap;
        try {
            bitmap = await createImageBitmap(file);
        } catch {
            time.textContent = `${file.name} is no picture that this browser can read`;
            return;
        }
        const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height));
        const width = Math.max(1, Math.round(bitmap.width * scale)), height = Math.max(1, Math.round(bitmap.height * scale));
        const draw = Object.assign(document.createElement("canvas"), {width, height}).getContext("2d");
        draw.drawImage(bitmap, 0, 0, width, height);
        await put(draw.getImageData(0, 0, width, height)).catch(fail);
    }

    for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
        panel.addEventListener(name, (event) => {
            event.preventDefault();
            panel.classList.toggle("over", name === "dragenter" || name === "dragover");
            if (name === "drop") take(event.dataTransfer.files[0]);
        });
    }
    document.getElementById("file").addEventListener("change", (event) => take(event.target.files[0]));
    filter.addEventListener("change", render);
    strength.addEventListener("input", render);
    await put(image);
    return {show: () => {}};
}
