// SPDX-License-Identifier: Apache-2.0
// Frame after frame, while its panel is shown and its button does not say pause.

/**
 * @param {HTMLElement} button pauses, and goes on
 * @param {() => Promise<void>} frame computes and paints one frame
 * @param {(error: unknown) => void} fail told of what goes wrong, which ends the animation
 */
export function animation(button, frame, fail) {
    let visible = false, running = true, looping = false;

    async function loop() {
        if (looping) return;
        looping = true;
        try {
            while (visible && running) {
                await frame();
                await new Promise(requestAnimationFrame);
            }
        } catch (error) {
            fail(error);
        } finally {
            looping = false;
        }
    }

    button.addEventListener("click", () => {
        running = !running;
        button.textContent = running ? "Pause" : "Go on";
        button.setAttribute("aria-pressed", String(running));
        loop();
    });
    return {
        show(now) {
            visible = now;
            loop();
        },
    };
}
