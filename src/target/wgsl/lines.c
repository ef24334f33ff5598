/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.c: the lines of a function, and where its variables are declared.
 *
 * Values that need a name are assigned where they are computed; whether such an assignment becomes `let`, `var` or an
 * assignment to a variable declared further out follows from the scopes in which the name is mentioned. That is decided
 * here, on the finished lines, by looking for the names in them: the structured tree may put uses of a value outside of
 * the scope that computes it, and may write a block twice.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "target/wgsl/wgsl.h"

void wgsl_lines_init(struct wgsl_lines *lines, struct cw_arena *arena) {
    *lines = (struct wgsl_lines){.arena = arena, .indent = 1};
    lines->scopes = cw_grow(NULL, 0, &lines->scope_capacity, sizeof *lines->scopes);
    lines->scopes[0] = (struct wgsl_scope){WGSL_NONE, 0, false};
    lines->scope_count = 1;
}

void wgsl_lines_fini(struct wgsl_lines *lines) {
    free(lines->scopes);
    free(lines->lines);
    free(lines->variables);
}

static struct wgsl_line *add(struct wgsl_lines *lines, const char *text) {
    lines->lines = cw_grow(lines->lines, lines->line_count, &lines->line_capacity, sizeof *lines->lines);
    struct wgsl_line *line = &lines->lines[lines->line_count++];
    *line = (struct wgsl_line){text, lines->current, lines->indent, WGSL_NONE, false};
    return line;
}

static const char *format_text(struct wgsl_lines *lines, const char *format, va_list arguments) {
    struct cw_text text = {0};
    cw_text_vprintf(&text, format, arguments);
    const char *copy = cw_arena_strdup(lines->arena, cw_text_string(&text));
    cw_text_fini(&text);
    return copy;
}

void wgsl_line(struct wgsl_lines *lines, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add(lines, format_text(lines, format, arguments));
    va_end(arguments);
}

uint32_t wgsl_variable_add(struct wgsl_lines *lines, const char *name, const char *type) {
    lines->variables = cw_grow(lines->variables, lines->variable_count, &lines->variable_capacity, sizeof *lines->variables);
    lines->variables[lines->variable_count] = (struct wgsl_variable){name, type, false};
    return (uint32_t)lines->variable_count++;
}

void wgsl_assign(struct wgsl_lines *lines, uint32_t variable, const char *text) {
    add(lines, text)->variable = variable;
}

void wgsl_open(struct wgsl_lines *lines, bool loop, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const char *head = format_text(lines, format, arguments);
    va_end(arguments);
    add(lines, head);
    lines->scopes = cw_grow(lines->scopes, lines->scope_count, &lines->scope_capacity, sizeof *lines->scopes);
    lines->scopes[lines->scope_count] = (struct wgsl_scope){lines->current, lines->scopes[lines->current].depth + 1, loop};
    lines->current = (uint32_t)lines->scope_count++;
    lines->indent++;
}

void wgsl_close(struct wgsl_lines *lines, const char *tail) {
    lines->current = lines->scopes[lines->current].parent;
    lines->indent--;
    add(lines, tail);
}

/* ---- Mentions -------------------------------------------------------------------------------------------------- */

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* The next identifier at or after `*at`, NULL at the end. */
static const char *next_word(const char **at, size_t *length) {
    const char *c = *at;
    while (*c) {
        if (isalpha((unsigned char)*c) || *c == '_') {
            const char *start = c;
            while (is_word(*c)) c++;
            *at = c;
            *length = (size_t)(c - start);
            return start;
        }
        if (isdigit((unsigned char)*c)) {
            while (is_word(*c) || *c == '.') c++;
        } else if (*c == '.') {
            /* a member, not a variable */
            c++;
            while (is_word(*c)) c++;
        } else {
            c++;
        }
    }
    return NULL;
}

struct name_slot {
    const char *name;
    uint32_t variable;
};

struct mentions {
    struct name_slot *slots;
    size_t mask;
    uint32_t *scope;      /* by variable: the innermost scope around every mention */
    uint32_t *first;      /* by variable: the first line that mentions it */
    uint32_t *assigned;   /* by variable: how many lines assign it */
    uint32_t *last;       /* by variable: the last line that mentions it */
};

static size_t hash_name(const char *name, size_t length) {
    size_t hash = 14695981039346656037ull;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * 1099511628211ull;
    return hash ^ (hash >> 29);
}

static uint32_t find_variable(const struct mentions *m, const char *name, size_t length) {
    for (size_t slot = hash_name(name, length) & m->mask; m->slots[slot].name; slot = (slot + 1) & m->mask)
        if (strncmp(m->slots[slot].name, name, length) == 0 && !m->slots[slot].name[length]) return m->slots[slot].variable;
    return WGSL_NONE;
}

static uint32_t common_scope(const struct wgsl_lines *lines, uint32_t a, uint32_t b) {
    while (a != b) {
        if (lines->scopes[a].depth >= lines->scopes[b].depth) a = lines->scopes[a].parent;
        else b = lines->scopes[b].parent;
    }
    return a;
}

static void mention(const struct wgsl_lines *lines, struct mentions *m, uint32_t variable, uint32_t line) {
    uint32_t scope = lines->lines[line].scope;
    if (m->scope[variable] == WGSL_NONE) {
        m->scope[variable] = scope;
        m->first[variable] = line;
    } else {
        m->scope[variable] = common_scope(lines, m->scope[variable], scope);
    }
    m->last[variable] = line;
}

static void find_mentions(const struct wgsl_lines *lines, struct mentions *m) {
    size_t capacity = 16;
    while (capacity < lines->variable_count * 2) capacity *= 2;
    m->slots = cw_alloc_array(capacity, sizeof *m->slots);
    m->mask = capacity - 1;
    m->scope = cw_alloc_array(lines->variable_count + 1, sizeof *m->scope);
    m->first = cw_alloc_array(lines->variable_count + 1, sizeof *m->first);
    m->last = cw_alloc_array(lines->variable_count + 1, sizeof *m->last);
    m->assigned = cw_alloc_array(lines->variable_count + 1, sizeof *m->assigned);
    for (uint32_t v = 0; v < lines->variable_count; v++) {
        const char *name = lines->variables[v].name;
        size_t slot = hash_name(name, strlen(name)) & m->mask;
        while (m->slots[slot].name) slot = (slot + 1) & m->mask;
        m->slots[slot] = (struct name_slot){name, v};
        m->scope[v] = m->first[v] = WGSL_NONE;
    }
    for (uint32_t l = 0; l < lines->line_count; l++) {
        const struct wgsl_line *line = &lines->lines[l];
        if (line->dropped) continue;
        const char *at = line->text, *word;
        size_t length;
        while ((word = next_word(&at, &length))) {
            uint32_t variable = find_variable(m, word, length);
            if (variable != WGSL_NONE) mention(lines, m, variable, l);
        }
        if (line->variable != WGSL_NONE) {
            m->assigned[line->variable]++;
            mention(lines, m, line->variable, l);
        }
    }
}

static void mentions_fini(struct mentions *m) {
    free(m->slots);
    free(m->scope);
    free(m->first);
    free(m->last);
    free(m->assigned);
}

/* ---- Loops as people write them -------------------------------------------------------------------------------- */

static bool mentions_word(const char *text, const char *name) {
    const char *word;
    size_t length;
    while ((word = next_word(&text, &length)))
        if (strncmp(word, name, length) == 0 && !name[length]) return true;
    return false;
}

static bool inside(const struct wgsl_lines *lines, uint32_t scope, uint32_t around) {
    while (scope != around && scope != WGSL_NONE) scope = lines->scopes[scope].parent;
    return scope == around;
}

/* The condition with which the loop that opens at `head` is left at once, or NULL: "if (c) {", "break;", "}". */
static const char *exit_at_top(const struct wgsl_lines *lines, uint32_t head) {
    if (head + 3 >= lines->line_count) return NULL;
    const struct wgsl_line *at = &lines->lines[head + 1];
    if (strncmp(at[0].text, "if (", 4) != 0 || at[0].variable != WGSL_NONE || strcmp(at[1].text, "break;") != 0 || strcmp(at[2].text, "}") != 0)
        return NULL;
    return at[0].text;
}

static char *negated(struct cw_arena *arena, const char *test) {
    size_t length = strlen(test); /* "if (CONDITION) {" */
    char *condition = cw_arena_strdup(arena, test + 4);
    condition[length - 4 - 3] = 0;
    /* "!(c)" as a whole, or a comparison of integers that was marked so by the writer. */
    size_t inner = strlen(condition);
    if (inner > 3 && condition[0] == '!' && condition[1] == '(' && condition[inner - 1] == ')') {
        int depth = 0;
        bool whole = true;
        for (size_t i = 1; i + 1 < inner && whole; i++) {
            depth += condition[i] == '(' ? 1 : condition[i] == ')' ? -1 : 0;
            whole = depth > 0;
        }
        if (whole) {
            condition[inner - 1] = 0;
            return condition + 2;
        }
    }
    /* "!name" and "!name(...)". */
    if (inner > 1 && condition[0] == '!' && is_word(condition[1])) {
        size_t at = 1;
        int depth = 0;
        while (is_word(condition[at])) at++;
        if (condition[at] == '(')
            do depth += condition[at] == '(' ? 1 : condition[at] == ')' ? -1 : 0;
            while (depth > 0 && condition[++at]);
        if (!condition[at] || !condition[at + 1]) return condition + 1;
    }
    struct cw_text text = {0};
    cw_text_printf(&text, "!(%s)", condition);
    char *copy = cw_arena_strdup(arena, cw_text_string(&text));
    cw_text_fini(&text);
    return copy;
}

static const char *join(struct cw_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
static const char *join(struct cw_arena *arena, const char *format, ...) {
    struct cw_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    cw_text_vprintf(&text, format, arguments);
    va_end(arguments);
    const char *copy = cw_arena_strdup(arena, cw_text_string(&text));
    cw_text_fini(&text);
    return copy;
}

/* "i = i + 1;" as the step of a for loop. */
static const char *step_text(struct cw_arena *arena, const char *name, const char *value) {
    size_t length = strlen(name);
    if (strncmp(value, name, length) == 0 && strncmp(value + length, " + ", 3) == 0) {
        const char *rest = value + length + 3;
        if (strcmp(rest, "1") == 0 || strcmp(rest, "1u") == 0) return join(arena, "%s++", name);
        if (!strpbrk(rest, " ")) return join(arena, "%s += %s", name, rest);
    }
    size_t whole = strlen(value);
    if (whole > length + 3 && strcmp(value + whole - length, name) == 0 && strncmp(value + whole - length - 3, " + ", 3) == 0)
        return join(arena, "%s += %.*s", name, (int)(whole - length - 3), value);
    return join(arena, "%s = %s", name, value);
}

/* loop { if (c) { break; } ... i = step; } to while or for. */
static void tidy_loop(struct wgsl_lines *lines, const struct mentions *m, uint32_t head) {
    const char *test = exit_at_top(lines, head);
    if (!test) return;
    uint32_t scope = lines->lines[head + 1].scope;
    const char *condition = negated(lines->arena, test);
    uint32_t end = head + 1;
    bool continues = false;
    while (end < lines->line_count && inside(lines, lines->lines[end].scope, scope)) {
        if (strcmp(lines->lines[end].text, "continue;") == 0) {
            /* of this loop? */
            uint32_t s = lines->lines[end].scope;
            while (s != scope && !lines->scopes[s].loop) s = lines->scopes[s].parent;
            continues = continues || s == scope;
        }
        end++;
    }
    for (uint32_t l = head + 1; l <= head + 3; l++) lines->lines[l].dropped = true;
    uint32_t before = head;
    while (before > 0 && lines->lines[before - 1].dropped) before--;
    const struct wgsl_line *last = &lines->lines[end - 1];
    uint32_t start = WGSL_NONE;
    if (!continues && last->variable != WGSL_NONE && last->scope == scope && !last->dropped)
        for (uint32_t l = before; l-- > 0 && before - l <= 6;) {
            const struct wgsl_line *line = &lines->lines[l];
            if (line->scope != lines->lines[head].scope || line->variable == WGSL_NONE || line->dropped) break;
            if (line->variable != last->variable) {
                if (mentions_word(line->text, lines->variables[last->variable].name)) break;
                continue;
            }
            start = l;
            break;
        }
    uint32_t v = last->variable;
    bool counts = start != WGSL_NONE && m->assigned[v] == 2 && m->scope[v] == lines->lines[head].scope && m->first[v] == start &&
                  m->last[v] == end - 1;
    if (!counts) {
        lines->lines[head].text = join(lines->arena, "while (%s) {", condition);
        return;
    }
    const struct wgsl_variable *variable = &lines->variables[v];
    lines->lines[head].text = join(lines->arena, "for (var %s: %s = %s; %s; %s) {", variable->name, variable->type, lines->lines[start].text,
                                   condition, step_text(lines->arena, variable->name, last->text));
    lines->lines[start].dropped = true;
    lines->lines[end - 1].dropped = true;
}

/* ---- Writing ----------------------------------------------------------------------------------------------------- */

static void put_indent(struct cw_text *out, uint32_t indent) {
    for (uint32_t i = 0; i < indent; i++) cw_text_add(out, "    ");
}

void wgsl_lines_write(struct wgsl_lines *lines, struct cw_text *out) {
    struct mentions m = {0};
    find_mentions(lines, &m);
    for (uint32_t l = 0; l < lines->line_count; l++)
        if (strcmp(lines->lines[l].text, "loop {") == 0 && lines->lines[l].variable == WGSL_NONE) tidy_loop(lines, &m, l);
    mentions_fini(&m);
    m = (struct mentions){0};
    find_mentions(lines, &m);

    /* Variables whose first mention doesn't declare them are declared where their scope begins. */
    bool *opened = cw_alloc_array(lines->scope_count + 1, sizeof *opened);
    for (uint32_t l = 0; l <= lines->line_count; l++) {
        const struct wgsl_line *line = l < lines->line_count ? &lines->lines[l] : NULL;
        if (!line) break;
        if (!opened[line->scope]) {
            opened[line->scope] = true;
            for (uint32_t v = 0; v < lines->variable_count; v++) {
                if (m.scope[v] != line->scope || !m.assigned[v]) continue;
                const struct wgsl_line *first = &lines->lines[m.first[v]];
                if (first->variable == v && first->scope == m.scope[v] && !mentions_word(first->text, lines->variables[v].name)) continue;
                put_indent(out, line->indent);
                cw_text_printf(out, "var %s: %s;\n", lines->variables[v].name, lines->variables[v].type);
            }
        }
        if (line->dropped) continue;
        put_indent(out, line->indent);
        uint32_t v = line->variable;
        if (v == WGSL_NONE) {
            cw_text_printf(out, "%s\n", line->text);
        } else if (m.first[v] == l && m.scope[v] == line->scope && !mentions_word(line->text, lines->variables[v].name)) {
            if (m.assigned[v] == 1) cw_text_printf(out, "let %s = %s;\n", lines->variables[v].name, line->text);
            else cw_text_printf(out, "var %s: %s = %s;\n", lines->variables[v].name, lines->variables[v].type, line->text);
        } else {
            cw_text_printf(out, "%s = %s;\n", lines->variables[v].name, line->text);
        }
    }
    free(opened);
    mentions_fini(&m);
}
