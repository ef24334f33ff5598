/* SPDX-License-Identifier: Apache-2.0 */
#include "frontend/cuda/source_scan.h"

#include <ctype.h>
#include <string.h>

bool cw_source_is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

size_t cw_source_skip_literal(const char *text, size_t size, size_t place) {
    char c = text[place], next = place + 1 < size ? text[place + 1] : '\0';
    size_t end = place;
    if (c == '/' && next == '/') {
        while (end < size && !(text[end] == '\n' && text[end - 1] != '\\')) {
            end++;
        }
    } else if (c == '/' && next == '*') {
        end += 2;
        while (end + 1 < size && !(text[end] == '*' && text[end + 1] == '/')) {
            end++;
        }
        end += 2;
    } else if (c == '"' && place > 0 && text[place - 1] == 'R') {
        char close[24] = ")";
        size_t length = 1;
        for (end++; end < size && text[end] != '(' && length < sizeof close - 2; end++) {
            close[length++] = text[end];
        }
        close[length++] = '"';
        while (end + length <= size && memcmp(text + end, close, length) != 0) {
            end++;
        }
        end += length;
    } else if (c == '"' || (c == '\'' && (place == 0 || !cw_source_is_word(text[place - 1])))) { /* 1'000 is a number */
        for (end++; end < size && text[end] != c && text[end] != '\n'; end++) {
            end += text[end] == '\\';
        }
        end++;
    }
    return end < size ? end : size;
}
