/* SPDX-License-Identifier: Apache-2.0 */
/* report.h: what kernels without a way to the host leave for it in memory: the variable CW_REPORT_VARIABLE of their module, which the
 * backend sets up before the first launch and reads when no kernel runs. report.c writes it, on the device. */
#ifndef CW_LIBRARY_REPORT_REPORT_H
#define CW_LIBRARY_REPORT_REPORT_H

#include <stdint.h>

#define CW_REPORT_VARIABLE "cw.reports"

enum cw_report_kind { CW_REPORT_NOTHING, CW_REPORT_TRAP, CW_REPORT_ASSERT };

/* Addresses are the low 32 bits of the device's. */
struct cw_report {
    uint32_t kind; /* of the first fault; who sets it fills the rest */
    uint32_t line;
    uint32_t block[3], thread[3];
    uint32_t text[3];  /* of an assertion: condition, file, function */
    uint32_t used;     /* bytes of output that were wanted; what lies beyond `size` is lost */
    uint32_t output;   /* address of records */
    uint32_t size;     /* bytes there */
    uint32_t unused[2];
};

/* A record of output: its bytes with these two words, the format's address, then the arguments as vprintf gets them. */
struct cw_report_record {
    uint32_t size, format;
};

#endif
