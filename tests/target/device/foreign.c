/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled for the host, so that the compiler must say that it is no device code. */
int answer(void);

int answer(void) {
    return 42;
}
