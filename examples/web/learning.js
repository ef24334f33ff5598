// SPDX-License-Identifier: Apache-2.0
// A neural network that learns while one looks on.

import {animation} from "./animation.js";

const HIDDEN = 16; // as in kernels.cu
const WEIGHTS = HIDDEN * 3 + HIDDEN * (HIDDEN + 1) + HIDDEN + 1;
const POINTS = 384;
const SIDE = 96;
const STEPS_A_FRAME = 10;
const CURVE_MAX = 6000;

/** Two spirals that wind around each other: x, y, class. */
function spirals() {
    const points = new Float32Array(3 * POINTS);
    for (let i = 0; i < POINTS; i++) {
        const second = i % 2, turn = Math.sqrt((i >> 1) / (POINTS / 2)), angle = turn * 9 + second * Math.PI;
        points.set([turn * 0.92 * Math.cos(angle), turn * 0.92 * Math.sin(angle), second], 3 * i);
    }
    return points;
}

export async function learning(kernels, fail) {
    const map = document.getElementById("learning-map").getContext("2d");
    const plot = document.getElementById("learning-loss").getContext("2d");
    const rate = document.getElementById("learning-rate");
    const time = document.getElementById("learning-time");
    const small = Object.assign(document.createElement("canvas"), {width: SIDE, height: SIDE});
    const host = spirals();
    const points = kernels.array(host);
    const answers = kernels.array(Uint8Array, SIDE * SIDE);
    const weights = kernels.array(Float32Array, WEIGHTS), gradient = kernels.array(Float32Array, WEIGHTS);
    const mean = kernels.array(Float32Array, WEIGHTS), square = kernels.array(Float32Array, WEIGHTS);
    const loss = kernels.array(Float32Array, STEPS_A_FRAME);
    let step = 0, curve = [], wanted = true;

    async function begin() {
        const fresh = new Float32Array(WEIGHTS), zeros = new Float32Array(WEIGHTS);
        for (let i = 0; i < WEIGHTS; i++) fresh[i] = (Math.random() * 2 - 1) * (i < HIDDEN * 3 ? 2.5 : 0.5);
        await weights.write(fresh);
        for (const array of [gradient, mean, square]) await array.write(zeros);
        step = 0;
        curve = [];
        wanted = false;
    }

    function paint(answer) {
        const image = new ImageData(SIDE, SIDE), {width, height} = map.canvas;
        answer.forEach((value, i) => {
            const share = value / 255;
            image.data.set([40 + 215 * share, 90 + 60 * Math.abs(share - 0.5), 60 + 195 * (1 - share), 255], 4 * i);
        });
        small.getContext("2d").putImageData(image, 0, 0);
        map.imageSmoothingEnabled = true;
        map.drawImage(small, 0, 0, width, height);
        for (let i = 0; i < POINTS; i++) {
            map.fillStyle = host[3 * i + 2] ? "#fff3e0" : "#10131f";
            map.beginPath();
            map.arc((host[3 * i] + 1) / 2 * width, (host[3 * i + 1] + 1) / 2 * height, 2.6, 0, 7);
            map.fill();
        }
    }

    function paintCurve() {
        const {width, height} = plot.canvas, style = getComputedStyle(document.documentElement), edge = 34;
        const most = 0.8, last = Math.max(curve.length - 1, 1);
        plot.clearRect(0, 0, width, height);
        plot.fillStyle = plot.strokeStyle = style.getPropertyValue("--quiet");
        plot.lineWidth = 1;
        plot.font = "12px system-ui, sans-serif";
        plot.textAlign = "right";
        for (const value of [0, 0.2, 0.4, 0.6, 0.8]) {
            const y = height - edge - (height - 1.5 * edge) * value / most;
            plot.globalAlpha = 0.35;
            plot.strokeRect(edge, y, width - 1.3 * edge, 0);
            plot.globalAlpha = 1;
            plot.fillText(value.toFixed(1), edge - 6, y + 4);
        }
        plot.textAlign = "left";
        plot.fillText("loss", edge, 14);
        plot.textAlign = "right";
        plot.fillText(`step ${step}`, width - 0.3 * edge, height - 12);
        plot.strokeStyle = style.getPropertyValue("--accent");
        plot.lineWidth = 2;
        plot.beginPath();
        curve.forEach((value, i) => {
            plot.lineTo(edge + (width - 1.3 * edge) * i / last, height - edge - (height - 1.5 * edge) * Math.min(value, most) / most);
        });
        plot.stroke();
    }

    async function frame() {
        if (wanted) await begin();
        const began = performance.now(), speed = Number(rate.value);
        await loss.write(new Float32Array(STEPS_A_FRAME));
        for (let i = 0; i < STEPS_A_FRAME; i++) {
            kernels.learn({grid: POINTS / 64, block: 64}, points, POINTS, weights, gradient, loss.address + 4 * i);
            kernels.improve({grid: Math.ceil(WEIGHTS / 64), block: 64}, weights, gradient, mean, square, ++step, speed);
        }
        kernels.answer({grid: [SIDE / 16, SIDE / 8], block: [16, 8]}, weights, answers, SIDE);
        const losses = await loss.read();
        const took = performance.now() - began;
        curve.push(losses[STEPS_A_FRAME - 1]);
        if (curve.length > CURVE_MAX) curve = curve.filter((_, i) => i % 2 === 0);
        paint(await answers.read());
        paintCurve();
        time.textContent = `${(took / STEPS_A_FRAME).toFixed(2)} ms a step over ${POINTS} points; loss ${losses[STEPS_A_FRAME - 1].toFixed(3)}`;
    }

    document.getElementById("learning-reset").addEventListener("click", () => { wanted = true; });
    return animation(document.getElementById("learning-run"), frame, fail);
}
