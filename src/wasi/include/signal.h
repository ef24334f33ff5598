/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signal.h: what wasi-libc's emulation of signals leaves out: sets of signals, which block nothing since nothing sends any,
 * and the codes that fault reports of machines with signals tell apart.
 */
#ifndef CW_WASI_SIGNAL_H
#define CW_WASI_SIGNAL_H

#include_next <signal.h>

typedef struct {
    unsigned long bits;
} sigset_t;

#define SIG_SETMASK 2
#define SEGV_MAPERR 1
#define SEGV_ACCERR 2
#define BUS_ADRALN 1
#define FPE_INTDIV 1

static inline int sigfillset(sigset_t *set) {
    set->bits = ~0ul;
    return 0;
}
static inline int sigdelset(sigset_t *set, int number) {
    set->bits &= ~(1ul << number % 32);
    return 0;
}
static inline int pthread_sigmask(int how, const sigset_t *set, sigset_t *old) {
    (void)how, (void)set;
    if (old) {
        old->bits = 0;
    }
    return 0;
}

#endif
