// SPDX-License-Identifier: Apache-2.0
// Loads the kernels, and shows the example whose tab is chosen; the others rest.
import {load} from "./kernels/kernels.js";
import {bodies} from "./bodies.js";
import {learning} from "./learning.js";
import {picture} from "./picture.js";

const machine = document.getElementById("machine");
const tabs = [...document.querySelectorAll("[role=tab]")];
const examples = {};

function choose(tab) {
    for (const other of tabs) {
        const chosen = other === tab;
        const name = other.getAttribute("aria-controls");
        other.setAttribute("aria-selected", String(chosen));
        other.tabIndex = chosen ? 0 : -1;
        document.getElementById(name).hidden = !chosen;
        examples[name]?.show(chosen);
    }
    history.replaceState(null, "", `#${tab.getAttribute("aria-controls")}`);
}

export function fail(error) {
    machine.textContent = String(error.message ?? error);
    machine.classList.add("error");
    throw error;
}

tabs.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
        const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
        const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : step && (i + step + tabs.length) % tabs.length;
        if (next === undefined) return;
        event.preventDefault();
        tabs[next].focus();
        choose(tabs[next]);
    });
});

try {
    const began = performance.now();
    const asked = new URLSearchParams(location.search).get("device") ?? "auto";
    const kernels = await load({device: asked});
    const took = performance.now() - began;
    const onGpu = kernels.device.kind === "webgpu";
    machine.textContent = `Kernels ready in ${took.toFixed(0)} ms, ` + (onGpu ? `on the GPU through WebGPU (${kernels.device.name}). ` : "as WebAssembly on " +
        (kernels.threads > 1 ? `${kernels.threads} threads. ` : "one thread" + (crossOriginIsolated ? ". " : " (this page is not cross-origin isolated). ")));
    if (onGpu || await navigator.gpu?.requestAdapter()) {
        const other = document.createElement("a");
        other.href = `?device=${onGpu ? "cpu" : "webgpu"}`;
        other.textContent = onGpu ? "Run as WebAssembly instead" : "Run on WebGPU instead";
        machine.append(other);
    }
    examples.picture = await picture(kernels, fail);
    examples.bodies = await bodies(kernels, fail);
    examples.learning = await learning(kernels, fail);
    choose(tabs.find((tab) => `#${tab.getAttribute("aria-controls")}` === location.hash) ?? tabs[0]);
} catch (error) {
    fail(error);
}
