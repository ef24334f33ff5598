/* SPDX-License-Identifier: Apache-2.0 */
/* switch_riscv64.c: contexts on RISC-V, 64 bits with the double-precision ABI. A context keeps ra, s0 to s11 and fs0
 * to fs11, 208 bytes with padding. */
#include "backend/cpu/switch.h"

#include <string.h>
#include <ucontext.h>

__asm__(".text\n"
        ".p2align 2\n"
        ".globl cw_cpu_switch\n"
        ".hidden cw_cpu_switch\n"
        ".type cw_cpu_switch, @function\n"
        "cw_cpu_switch:\n"
        "    addi sp, sp, -208\n"
        "    sd ra, 0(sp)\n"
        "    sd s0, 8(sp)\n"
        "    sd s1, 16(sp)\n"
        "    sd s2, 24(sp)\n"
        "    sd s3, 32(sp)\n"
        "    sd s4, 40(sp)\n"
        "    sd s5, 48(sp)\n"
        "    sd s6, 56(sp)\n"
        "    sd s7, 64(sp)\n"
        "    sd s8, 72(sp)\n"
        "    sd s9, 80(sp)\n"
        "    sd s10, 88(sp)\n"
        "    sd s11, 96(sp)\n"
        "    fsd fs0, 104(sp)\n"
        "    fsd fs1, 112(sp)\n"
        "    fsd fs2, 120(sp)\n"
        "    fsd fs3, 128(sp)\n"
        "    fsd fs4, 136(sp)\n"
        "    fsd fs5, 144(sp)\n"
        "    fsd fs6, 152(sp)\n"
        "    fsd fs7, 160(sp)\n"
        "    fsd fs8, 168(sp)\n"
        "    fsd fs9, 176(sp)\n"
        "    fsd fs10, 184(sp)\n"
        "    fsd fs11, 192(sp)\n"
        "    sd sp, 0(a0)\n"
        "    mv a0, a1\n"
        ".globl cw_cpu_switch_final\n"
        ".hidden cw_cpu_switch_final\n"
        ".type cw_cpu_switch_final, @function\n"
        "cw_cpu_switch_final:\n"
        "    mv sp, a0\n"
        ".globl cw_cpu_switch_resume\n"
        ".hidden cw_cpu_switch_resume\n"
        ".type cw_cpu_switch_resume, @function\n"
        "cw_cpu_switch_resume:\n"
        "    ld ra, 0(sp)\n"
        "    ld s0, 8(sp)\n"
        "    ld s1, 16(sp)\n"
        "    ld s2, 24(sp)\n"
        "    ld s3, 32(sp)\n"
        "    ld s4, 40(sp)\n"
        "    ld s5, 48(sp)\n"
        "    ld s6, 56(sp)\n"
        "    ld s7, 64(sp)\n"
        "    ld s8, 72(sp)\n"
        "    ld s9, 80(sp)\n"
        "    ld s10, 88(sp)\n"
        "    ld s11, 96(sp)\n"
        "    fld fs0, 104(sp)\n"
        "    fld fs1, 112(sp)\n"
        "    fld fs2, 120(sp)\n"
        "    fld fs3, 128(sp)\n"
        "    fld fs4, 136(sp)\n"
        "    fld fs5, 144(sp)\n"
        "    fld fs6, 152(sp)\n"
        "    fld fs7, 160(sp)\n"
        "    fld fs8, 168(sp)\n"
        "    fld fs9, 176(sp)\n"
        "    fld fs10, 184(sp)\n"
        "    fld fs11, 192(sp)\n"
        "    addi sp, sp, 208\n"
        "    jr ra\n"
        ".size cw_cpu_switch_resume, . - cw_cpu_switch_resume\n"
        ".size cw_cpu_switch, . - cw_cpu_switch\n");

extern const char cw_cpu_switch_resume[]; /* a label, not a function of C */

void *cw_cpu_switch_prepare(void *top, void (*entry)(void)) {
    uint64_t *frame = (uint64_t *)top - 26;
    memset(frame, 0, 26 * sizeof *frame);
    frame[0] = (uint64_t)(uintptr_t)entry; /* ra */
    return frame;
}

uintptr_t cw_cpu_signal_pc(const void *context) {
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.__gregs[REG_PC];
}

uintptr_t cw_cpu_signal_sp(const void *context) {
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.__gregs[REG_SP];
}

int cw_cpu_signal_write(const void *context) {
    (void)context; /* the kernel does not hand scause to user space */
    return -1;
}

void cw_cpu_signal_redirect(void *context, void *to) {
    mcontext_t *registers = &((ucontext_t *)context)->uc_mcontext;
    registers->__gregs[REG_SP] = (uintptr_t)to;
    registers->__gregs[REG_PC] = (uintptr_t)cw_cpu_switch_resume;
}
