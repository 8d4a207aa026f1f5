/* The files that tests/parity/text_cases.py writes: a header line, then a JSON value a line.
 * Another folder than tests/golden can be given in $LMEVAL_TEXT_GOLDEN: for runs too large to
 * commit. */
#ifndef LMEVAL_TEXT_GOLDEN_FILE_H
#define LMEVAL_TEXT_GOLDEN_FILE_H

#include "support.h"

#include <stdlib.h>

#include <lmeval/json.h>
#include <lmeval/share.h>
#include <lmeval/text.h>

static inline lme_str golden_text(lme_arena *arena, const char *name)
{
    const char *folder = getenv("LMEVAL_TEXT_GOLDEN");
    const char *path = folder != NULL
                           ? lme_str_format(arena, "%s/%s", folder, name).ptr
                           : test_source(arena, lme_str_format(arena, "tests/golden/%s", name).ptr);
    lme_error err = {0};
    lme_str text;
    assert_ok(lme_file_read(arena, path, (size_t)1 << 30, &text, &err), &err);
    return text;
}

/* All lines of a file, the header first. */
static inline const lme_value *golden_lines(lme_arena *arena, const char *name, size_t *n)
{
    lme_str text = golden_text(arena, name);
    lme_list_builder lines = {.arena = arena};
    lme_json_reader *reader = lme_json_reader_new();
    lme_error err = {0};
    for (size_t at = 0; at < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        lme_value line;
        lme_place place = {.file = name, .line = (uint32_t)lines.len + 1, .column = 1};
        assert_ok(lme_json_read(arena, reader, lme_str_slice(text, at, end), &place, &line, &err),
                  &err);
        lme_list_add(&lines, line);
        at = end == SIZE_MAX ? text.len : end + 1;
    }
    lme_json_reader_free(reader);
    *n = lines.len;
    return lines.items;
}

static inline double golden_number(const lme_value *v)
{
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static inline lme_segment golden_segment(lme_arena *arena, const lme_value *pair)
{
    const lme_value *list = &pair->list.items[1];
    lme_str *references = LME_ARRAY(arena, lme_str, list->list.len);
    for (size_t i = 0; i < list->list.len; i++)
        references[i] = list->list.items[i].string;
    return (lme_segment){pair->list.items[0].string, references, list->list.len};
}

/* The settings that a header lists, opened. */
static inline lme_text_use *golden_settings(lme_arena *arena, const lme_value *header)
{
    const lme_value *settings = lme_value_find(header, "settings");
    lme_text_use *uses = LME_ARRAY(arena, lme_text_use, settings->list.len);
    lme_error err = {0};
    for (size_t i = 0; i < settings->list.len; i++) {
        const lme_value *one = &settings->list.items[i];
        assert_ok(lme_text_open(arena, lme_value_find(one, "metric")->string,
                                lme_value_find(one, "options"), NULL, &uses[i], &err),
                  &err);
    }
    return uses;
}

#endif
