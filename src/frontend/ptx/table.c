/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.c: reads the patterns of instructions.def into arrays, once a process, and finds words, opcodes and special
 * registers by name. The patterns are our own text: a mistake in one is an assertion, which the unit tests reach.
 */
#include "frontend/ptx/table.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    uint8_t kind;
    uint8_t bits;
} words[CW_PTX_WORD_COUNT] = {
    [CW_PTX_NONE] = {"", CW_PTX_KIND_NONE, 0},
#define CW_PTX_TYPE(name, text, kind, bits) [CW_PTX_##name] = {text, CW_PTX_KIND_##kind, bits},
#define CW_PTX_WORD(name, text) [CW_PTX_##name] = {text, CW_PTX_KIND_NONE, 0},
#include "frontend/ptx/words.def"
};

static const char *const opcodes[CW_PTX_OPCODE_COUNT] = {
#define CW_PTX_OPCODE(name, text) [CW_PTX_OP_##name] = text,
#include "frontend/ptx/instructions.def"
};

static const struct {
    enum cw_ptx_opcode opcode;
    const char *modifiers, *operands, *section;
    uint16_t isa, sm;
} rows[CW_PTX_FORM_COUNT] = {
#define CW_PTX_FORM(name, opcode, modifiers, operands, section, isa, sm)                                               \
    [CW_PTX_FORM_##name] = {CW_PTX_OP_##opcode, modifiers, operands, section, isa, sm},
#include "frontend/ptx/instructions.def"
};

const struct cw_ptx_special_row cw_ptx_specials[CW_PTX_SPECIAL_COUNT] = {
#define CW_PTX_SPECIAL(name, text, type, vector, count, isa, sm)                                                       \
    [CW_PTX_SPECIAL_##name] = {text, CW_PTX_##type, vector, count, isa, sm},
#include "frontend/ptx/specials.def"
};

static const char *const slot_names[CW_PTX_SLOT_COUNT] = {
#define X(name, text) [CW_PTX_SLOT_##name] = text,
    CW_PTX_SLOT_LIST(X)
#undef X
};

static struct cw_ptx_tables tables;
static uint16_t sorted_words[CW_PTX_WORD_COUNT - 1];
static uint16_t sorted_opcodes[CW_PTX_OPCODE_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static int compare_words(const void *a, const void *b) {
    return strcmp(words[*(const uint16_t *)a].text, words[*(const uint16_t *)b].text);
}

static int compare_opcodes(const void *a, const void *b) {
    return strcmp(opcodes[*(const uint16_t *)a], opcodes[*(const uint16_t *)b]);
}

/* strcmp of a stretch of `length` bytes and a string. */
static int compare_text(const char *text, size_t length, const char *string) {
    size_t size = strlen(string);
    int order = memcmp(text, string, length < size ? length : size);
    return order != 0 ? order : (length > size) - (length < size);
}

static enum cw_ptx_word find_word(const char *text, size_t length) {
    size_t low = 0, high = CW_PTX_WORD_COUNT - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_text(text, length, words[sorted_words[middle]].text);
        if (order == 0) {
            return (enum cw_ptx_word)sorted_words[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return CW_PTX_NONE;
}

/* The next part of a pattern up to `separator` or a blank. */
static size_t part_length(const char *text, const char *end, char separator) {
    const char *p = text;
    while (p < end && *p != separator && *p != ' ') {
        p++;
    }
    return (size_t)(p - text);
}

static void read_slot(struct cw_ptx_form_slot *slot, const char *text, const char *end, uint16_t *used) {
    const char *equals = memchr(text, '=', (size_t)(end - text));
    if (equals != NULL) {
        while (slot->slot < CW_PTX_SLOT_COUNT &&
               compare_text(text, (size_t)(equals - text), slot_names[slot->slot]) != 0) {
            slot->slot++;
        }
        assert(slot->slot < CW_PTX_SLOT_COUNT);
        text = equals + 1;
    }
    if (end[-1] == '?') {
        slot->optional = true;
        end--;
    }
    slot->first = *used;
    while (text < end) {
        size_t length = part_length(text, end, '|');
        enum cw_ptx_word word = find_word(text, length);
        assert(word != CW_PTX_NONE && *used < sizeof(tables.words) / sizeof(tables.words[0]));
        tables.words[(*used)++] = (uint16_t)word;
        slot->count++;
        text += length + 1;
    }
    assert(slot->count > 0);
}

static void read_operand(struct cw_ptx_form_operand *operand, const char *text, const char *end) {
    operand->code = *text++;
    operand->type_index = -1;
    if (text < end && *text == 'w') {
        operand->wide = true;
        text++;
    }
    if (text < end && *text >= '0' && *text <= '3') {
        operand->type_index = (int8_t)(*text++ - '0');
    } else if (text < end && *text == ':') {
        const char *stop = ++text;
        while (stop < end && strchr("?_|", *stop) == NULL) {
            stop++;
        }
        operand->type = (uint16_t)find_word(text, (size_t)(stop - text));
        assert(operand->type != CW_PTX_NONE);
        text = stop;
    }
    for (; text < end; text++) {
        operand->optional |= *text == '?';
        operand->sink |= *text == '_';
        operand->second |= *text == '|';
        assert(strchr("?_|", *text) != NULL);
    }
}

static void read_row(unsigned form, uint16_t *used) {
    struct cw_ptx_form_row *row = &tables.forms[form];
    row->opcode = rows[form].opcode;
    row->section = rows[form].section;
    row->isa = rows[form].isa;
    row->sm = rows[form].sm;
    const char *text = rows[form].modifiers, *end = text + strlen(text);
    while (text < end) {
        size_t length = part_length(text, end, ' ');
        assert(length > 0 && row->slot_count < CW_PTX_MODIFIERS_MAX);
        read_slot(&row->slots[row->slot_count++], text, text + length, used);
        text += length + 1;
    }
    text = rows[form].operands;
    end = text + strlen(text);
    while (text < end) {
        size_t length = part_length(text, end, ' ');
        assert(length > 0 && row->operand_count < CW_PTX_OPERANDS_MAX);
        read_operand(&row->operands[row->operand_count++], text, text + length);
        text += length + 1;
    }
    for (unsigned i = 0; i < row->operand_count; i++) {
        row->required_count = (uint8_t)(row->required_count + !row->operands[i].optional);
    }
}

static void build(void) {
    for (uint16_t i = 0; i < CW_PTX_WORD_COUNT - 1; i++) {
        sorted_words[i] = (uint16_t)(i + 1);
    }
    qsort(sorted_words, CW_PTX_WORD_COUNT - 1, sizeof(sorted_words[0]), compare_words);
    for (uint16_t i = 0; i < CW_PTX_OPCODE_COUNT; i++) {
        sorted_opcodes[i] = i;
    }
    qsort(sorted_opcodes, CW_PTX_OPCODE_COUNT, sizeof(sorted_opcodes[0]), compare_opcodes);
    uint16_t used = 0;
    for (unsigned form = 0; form < CW_PTX_FORM_COUNT; form++) {
        read_row(form, &used);
    }
    uint16_t place = 0;
    for (unsigned opcode = 0; opcode < CW_PTX_OPCODE_COUNT; opcode++) {
        tables.opcode_first[opcode] = place;
        for (uint16_t form = 0; form < CW_PTX_FORM_COUNT; form++) {
            if (tables.forms[form].opcode == opcode) {
                tables.by_opcode[place++] = form;
            }
        }
    }
    tables.opcode_first[CW_PTX_OPCODE_COUNT] = place;
}

const struct cw_ptx_tables *cw_ptx_tables(void) {
    pthread_once(&once, build);
    return &tables;
}

enum cw_ptx_type_kind cw_ptx_type_kind(enum cw_ptx_word word) {
    return (enum cw_ptx_type_kind)words[word].kind;
}

unsigned cw_ptx_type_bits(enum cw_ptx_word word) {
    return words[word].bits;
}

const char *cw_ptx_word_text(enum cw_ptx_word word) {
    return words[word].text;
}

enum cw_ptx_word cw_ptx_word_find(const char *text, size_t length) {
    pthread_once(&once, build);
    return find_word(text, length);
}

const char *cw_ptx_opcode_text(enum cw_ptx_opcode opcode) {
    return opcodes[opcode];
}

enum cw_ptx_opcode cw_ptx_opcode_find(const char *text, size_t length) {
    pthread_once(&once, build);
    size_t low = 0, high = CW_PTX_OPCODE_COUNT;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_text(text, length, opcodes[sorted_opcodes[middle]]);
        if (order == 0) {
            return (enum cw_ptx_opcode)sorted_opcodes[middle];
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return CW_PTX_OPCODE_COUNT;
}

enum cw_ptx_special cw_ptx_special_find(const char *text, size_t length, uint16_t *index) {
    *index = 0;
    for (unsigned i = 0; i < CW_PTX_SPECIAL_COUNT; i++) {
        const struct cw_ptx_special_row *row = &cw_ptx_specials[i];
        size_t size = strlen(row->text);
        if (row->count == 0) {
            if (length == size && memcmp(text, row->text, size) == 0) {
                return (enum cw_ptx_special)i;
            }
            continue;
        }
        if (length <= size || length > size + 2 || memcmp(text, row->text, size) != 0) {
            continue;
        }
        unsigned number = 0;
        size_t k = size;
        while (k < length && text[k] >= '0' && text[k] <= '9') {
            number = number * 10 + (unsigned)(text[k++] - '0');
        }
        if (k == length && number < row->count && (text[size] != '0' || length == size + 1)) {
            *index = (uint16_t)number;
            return (enum cw_ptx_special)i;
        }
    }
    return CW_PTX_SPECIAL_COUNT;
}

bool cw_ptx_slot_takes(const struct cw_ptx_form_slot *slot, enum cw_ptx_word word) {
    for (unsigned i = 0; i < slot->count; i++) {
        if (tables.words[slot->first + i] == word) {
            return true;
        }
    }
    return false;
}

unsigned cw_ptx_form_match(const struct cw_ptx_form_row *row, const uint16_t *given, unsigned count, uint8_t *assigned,
                           int *missing) {
    bool filled[CW_PTX_MODIFIERS_MAX] = {false};
    *missing = -1;
    for (unsigned i = 0; i < count; i++) {
        unsigned s = 0;
        unsigned least[CW_PTX_SLOT_COUNT] = {0}; /* slots of a kind are filled in their order: .s32.f32 is not .f32.s32 */
        for (unsigned k = 0; k < row->slot_count; k++) {
            if (filled[k]) {
                least[row->slots[k].slot] = k + 1;
            }
        }
        while (s < row->slot_count && (filled[s] || s < least[row->slots[s].slot] ||
                                       !cw_ptx_slot_takes(&row->slots[s], (enum cw_ptx_word)given[i]))) {
            s++;
        }
        if (s == row->slot_count) {
            return i;
        }
        filled[s] = true;
        assigned[i] = (uint8_t)s;
    }
    for (unsigned s = 0; s < row->slot_count && *missing < 0; s++) {
        if (!filled[s] && !row->slots[s].optional) {
            *missing = (int)s;
        }
    }
    return count;
}

enum cw_ptx_word cw_ptx_modifier(const struct cw_ptx_instruction *instruction, enum cw_ptx_slot slot) {
    for (unsigned i = 0; i < instruction->modifier_count; i++) {
        if (instruction->slots[i] == slot) {
            return (enum cw_ptx_word)instruction->modifiers[i];
        }
    }
    return CW_PTX_NONE;
}

bool cw_ptx_has(const struct cw_ptx_instruction *instruction, enum cw_ptx_word word) {
    for (unsigned i = 0; i < instruction->modifier_count; i++) {
        if (instruction->modifiers[i] == word) {
            return true;
        }
    }
    return false;
}

unsigned cw_ptx_vector_length(const struct cw_ptx_instruction *instruction) {
    switch (cw_ptx_modifier(instruction, CW_PTX_SLOT_VECTOR)) {
    case CW_PTX_V2:
        return 2;
    case CW_PTX_V4:
        return 4;
    case CW_PTX_V8:
        return 8;
    default:
        return 1;
    }
}
