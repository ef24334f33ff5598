/* SPDX-License-Identifier: Apache-2.0 */
/* The syntax: "target: a b \<newline> c", with "\ " for a blank, "\#" for '#', "$$" for '$' inside a name. lld writes further
 * rules without prerequisites ("a:"), which end the list. */
#include "frontend/cuda/dependencies.h"

#include <string.h>

#include "base/file.h"

/* Reads one name at `at` into `name`; returns behind it. */
static const char *read_name(const char *at, struct cw_text *name) {
    cw_text_clear(name);
    while (*at && *at != ' ' && *at != '\n' && *at != '\t') {
        if (*at == '\\' && (at[1] == ' ' || at[1] == '#' || at[1] == '\\')) {
            at++;
        } else if (*at == '\\' && at[1] == '\n') {
            break;
        } else if (*at == '$' && at[1] == '$') {
            at++;
        }
        cw_text_append(name, at, 1);
        at++;
    }
    return at;
}

cw_status cw_dependencies_read(const char *path, struct cw_strings *list) {
    struct cw_text text = {0};
    cw_status status = cw_file_read(path, &text);
    if (status != CW_OK) {
        goto out;
    }
    const char *at = strstr(cw_text_string(&text), ": ");
    if (!at) {
        status = CW_ERROR_IO;
        goto out;
    }
    at += 2;
    struct cw_text name = {0};
    while (*at) {
        if (*at == '\\' && at[1] == '\n') {
            at += 2;
        } else if (*at == ' ' || *at == '\t') {
            at++;
        } else if (*at == '\n') {
            break;
        } else {
            at = read_name(at, &name);
            cw_strings_add(list, cw_text_string(&name));
        }
    }
    cw_text_fini(&name);
out:
    cw_text_fini(&text);
    return status;
}
