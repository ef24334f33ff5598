// SPDX-License-Identifier: Apache-2.0
// Stars that attract each other, on a canvas.

import {animation} from "./animation.js";

const BLOCK = 64; // attract's launch bounds
const STEP = 0.006;

/** Two discs that turn and pass each other. */
function galaxies(count) {
    const places = new Float32Array(4 * count), velocities = new Float32Array(4 * count);
    let seed = 1;
    const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
    for (let i = 0; i < count; i++) {
        const second = i % 3 === 0, side = second ? 1 : -1;
        const radius = 0.05 + (second ? 0.35 : 0.6) * Math.sqrt(random()), angle = random() * 2 * Math.PI;
        const speed = Math.sqrt((second ? 0.33 : 0.67) * Math.min(1, radius / 0.5) / (radius + 0.05)) * side;
        places.set([side * 0.75 + radius * Math.cos(angle), side * 0.25 + radius * Math.sin(angle), (random() - 0.5) * 0.05,
            1 / count], 4 * i);
        velocities.set([-speed * Math.sin(angle) - side * 0.25, speed * Math.cos(angle), 0, 0], 4 * i);
    }
    return {places, velocities};
}

export async function bodies(kernels, fail) {
    const canvas = document.getElementById("bodies-canvas");
    const draw = canvas.getContext("2d");
    const chosen = document.getElementById("bodies-count");
    const time = document.getElementById("bodies-time");
    let state, smooth = 0;

    async function begin() {
        const count = Number(chosen.value), {places, velocities} = galaxies(count);
        const old = state;
        state = {
            count,
            from: kernels.array(places),
            to: kernels.array(Float32Array, places.length),
            velocities: kernels.array(velocities),
            host: places.slice(),
        };
        if (old) for (const array of [old.from, old.to, old.velocities]) await array.free();
        paint();
    }

    function paint() {
        const {width, height} = canvas, scale = height / 2.6;
        draw.fillStyle = "rgba(5, 6, 14, 0.45)"; // leaves a trail
        draw.fillRect(0, 0, width, height);
        for (let i = 0; i < state.count; i++) {
            const x = width / 2 + scale * state.host[4 * i], y = height / 2 + scale * state.host[4 * i + 1];
            draw.fillStyle = i % 3 === 0 ? "#ffcf8a" : "#9fc4ff";
            draw.fillRect(x, y, 1.6, 1.6);
        }
    }

    async function frame() {
        const now = state, began = performance.now();
        await kernels.attract({grid: Math.ceil(now.count / BLOCK), block: BLOCK}, now.from, now.to, now.velocities, now.count, STEP);
        const took = performance.now() - began;
        [now.from, now.to] = [now.to, now.from];
        if (now === state) {
            await now.from.readInto(now.host);
            paint();
        }
        smooth = smooth ? 0.9 * smooth + 0.1 * took : took;
        const rate = (now.count * now.count) / smooth / 1e3;
        time.textContent = `${smooth.toFixed(1)} ms a step, ${rate.toFixed(0)} million attractions a second`;
    }

    document.getElementById("bodies-reset").addEventListener("click", () => begin().catch(fail));
    chosen.addEventListener("change", () => begin().catch(fail));
    draw.fillStyle = "#05060e";
    draw.fillRect(0, 0, canvas.width, canvas.height);
    await begin();
    return animation(document.getElementById("bodies-run"), frame, fail);
}
