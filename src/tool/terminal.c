/* SPDX-License-Identifier: Apache-2.0 */
#include "tool/terminal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cw_terminal_colour(int fd) {
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return (!no_colour || !*no_colour) && term && strcmp(term, "dumb") != 0 && isatty(fd);
}

static void say(const char *word, const char *colour, const char *format, va_list arguments) {
    bool colours = cw_terminal_colour(STDERR_FILENO);
    fprintf(stderr, "cuda-wasm: %s%s:%s ", colours ? colour : "", word, colours ? "\033[0m" : "");
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
}

void cw_say_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("error", "\033[1;31m", format, arguments);
    va_end(arguments);
}

void cw_say_note(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("note", "\033[1;36m", format, arguments);
    va_end(arguments);
}

void cw_progress(const char *text) {
    static bool shown;
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    if (text) {
        fprintf(stderr, "\r\033[K%s", text);
    } else if (shown) {
        fputs("\r\033[K", stderr);
    }
    fflush(stderr);
    shown = text != NULL;
}
