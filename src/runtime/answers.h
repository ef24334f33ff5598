/* SPDX-License-Identifier: Apache-2.0 */
/* answers.h: what the runtime tells kernels: enum cw_device_question of cw_backend.h. */
#ifndef CW_RUNTIME_ANSWERS_H
#define CW_RUNTIME_ANSWERS_H

#include <stdint.h>

/* For cw_backend.device_answers; `device` is the struct cw_rt_device. */
int64_t cw_rt_answer(void *device, uint32_t question, int64_t argument);

#endif
