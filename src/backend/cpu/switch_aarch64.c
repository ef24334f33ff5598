/* SPDX-License-Identifier: Apache-2.0 */
/* switch_aarch64.c: contexts on AArch64, AAPCS64. A context keeps x19 to x30 and d8 to d15, 160 bytes. */
#include "backend/cpu/switch.h"

#include <stddef.h>
#include <string.h>
#include <ucontext.h>

__asm__(".text\n"
        ".p2align 4\n"
        ".globl cw_cpu_switch\n"
        ".hidden cw_cpu_switch\n"
        ".type cw_cpu_switch, %function\n"
        "cw_cpu_switch:\n"
        "    sub sp, sp, #160\n"
        "    stp x19, x20, [sp, #0]\n"
        "    stp x21, x22, [sp, #16]\n"
        "    stp x23, x24, [sp, #32]\n"
        "    stp x25, x26, [sp, #48]\n"
        "    stp x27, x28, [sp, #64]\n"
        "    stp x29, x30, [sp, #80]\n"
        "    stp d8, d9, [sp, #96]\n"
        "    stp d10, d11, [sp, #112]\n"
        "    stp d12, d13, [sp, #128]\n"
        "    stp d14, d15, [sp, #144]\n"
        "    mov x9, sp\n"
        "    str x9, [x0]\n"
        "    mov x0, x1\n"
        ".globl cw_cpu_switch_final\n"
        ".hidden cw_cpu_switch_final\n"
        ".type cw_cpu_switch_final, %function\n"
        "cw_cpu_switch_final:\n"
        "    mov sp, x0\n"
        ".globl cw_cpu_switch_resume\n"
        ".hidden cw_cpu_switch_resume\n"
        ".type cw_cpu_switch_resume, %function\n"
        "cw_cpu_switch_resume:\n"
        "    ldp x19, x20, [sp, #0]\n"
        "    ldp x21, x22, [sp, #16]\n"
        "    ldp x23, x24, [sp, #32]\n"
        "    ldp x25, x26, [sp, #48]\n"
        "    ldp x27, x28, [sp, #64]\n"
        "    ldp x29, x30, [sp, #80]\n"
        "    ldp d8, d9, [sp, #96]\n"
        "    ldp d10, d11, [sp, #112]\n"
        "    ldp d12, d13, [sp, #128]\n"
        "    ldp d14, d15, [sp, #144]\n"
        "    add sp, sp, #160\n"
        "    ret\n"
        ".size cw_cpu_switch_resume, . - cw_cpu_switch_resume\n"
        ".size cw_cpu_switch, . - cw_cpu_switch\n");

extern const char cw_cpu_switch_resume[]; /* a label, not a function of C */

void *cw_cpu_switch_prepare(void *top, void (*entry)(void)) {
    uint64_t *frame = (uint64_t *)top - 20;
    memset(frame, 0, 20 * sizeof *frame); /* a frame pointer of 0 ends back traces */
    frame[11] = (uint64_t)(uintptr_t)entry; /* x30 */
    return frame;
}

uintptr_t cw_cpu_signal_pc(const void *context) {
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
}

uintptr_t cw_cpu_signal_sp(const void *context) {
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.sp;
}

/* Data aborts carry their syndrome in an ESR record behind the general registers; bit 6 says write. */
int cw_cpu_signal_write(const void *context) {
    const unsigned char *record = (const unsigned char *)((const ucontext_t *)context)->uc_mcontext.__reserved;
    const unsigned char *end = record + sizeof ((const ucontext_t *)context)->uc_mcontext.__reserved;
    while (end - record >= 16) {
        uint32_t head[2];
        memcpy(head, record, sizeof head);
        if (head[0] == 0x45535201u) { /* ESR_MAGIC */
            uint64_t syndrome;
            memcpy(&syndrome, record + 8, sizeof syndrome);
            uint64_t class = syndrome >> 26 & 0x3f;
            return class == 0x24 || class == 0x25 ? (int)(syndrome >> 6 & 1) : -1;
        }
        if (head[0] == 0 || head[1] < 8 || head[1] > (size_t)(end - record)) {
            return -1;
        }
        record += head[1];
    }
    return -1;
}

void cw_cpu_signal_redirect(void *context, void *to) {
    mcontext_t *registers = &((ucontext_t *)context)->uc_mcontext;
    registers->sp = (uintptr_t)to;
    registers->pc = (uintptr_t)cw_cpu_switch_resume;
}
