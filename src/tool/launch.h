/* SPDX-License-Identifier: Apache-2.0 */
/* launch.h: starting a compiled program. */
#ifndef CW_TOOL_LAUNCH_H
#define CW_TOOL_LAUNCH_H

/* Replaces this process by the program. Returns only when that fails, errno set. */
void cw_launch_replace(const char *path, char *const argv[]);

/* Runs the program as a child, passing on the signals that the user sends; removes `folder`, and then ends this process the
 * way the program ended: same exit status, same signal. Returns only when it can't be started, errno set. */
void cw_launch_and_remove(const char *path, char *const argv[], const char *folder);

#endif
