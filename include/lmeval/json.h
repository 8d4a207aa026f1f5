/* JSON in and out.
 *
 * Reading is simdjson behind a C face (src/core/json_read.cpp); a reader keeps its buffers between
 * documents, so the hot path allocates from the arena alone. Writing is ours: no library gives
 * shortest round-trip doubles together with Python-compatible layout and escapes, which the hashes
 * of lm_eval's sample files depend on.
 */
#ifndef LMEVAL_JSON_H
#define LMEVAL_JSON_H

#include <lmeval/value.h>

typedef struct lme_json_reader lme_json_reader;

lme_json_reader *lme_json_reader_new(void);
void lme_json_reader_free(lme_json_reader *reader); /* NULL is a no-op */

const char *lme_json_library(void); /* version of simdjson */

/* Reads one JSON document that fills `text` (blanks around it are fine).
 *   reader  may be NULL: a temporary one is used
 *   at      place of the text's first byte for errors, may be NULL
 * Integers outside int64 become doubles. Duplicate keys are kept; lme_value_get sees the last. NaN,
 * Infinity, halves of surrogate pairs and numbers past a double are refused.
 * Errors: LME_ERR_DATA with the line and column of the byte at fault; LME_ERR_LIMIT past
 * LME_LIMIT_DEPTH. */
bool lme_json_read(lme_arena *arena, lme_json_reader *reader, lme_str text, const lme_place *at,
                   lme_value *value, lme_error *err) LME_MUST_CHECK;

enum {
    LME_JSON_PADDING =
        64 /* bytes that may be read behind a text that is skimmed, whatever they are */
};

/* As lme_json_read, for answers of which little is looked at: in lists under the keys `left` each
 * number, list and map stays text, of kind LME_UNREAD. Of those it is only seen that brackets
 * close, that texts are texts and UTF-8 is UTF-8. Much quicker: numbers are most of an answer.
 *   reader  not NULL
 *   text    LME_JSON_PADDING bytes behind it may be read; it must stay as long as the value, which
 *           may point into it
 *   left    names, ending in NULL */
bool lme_json_skim(lme_arena *arena, lme_json_reader *reader, lme_str text, const char *const *left,
                   lme_value *value, lme_error *err) LME_MUST_CHECK;

/* What an LME_UNREAD item says; any other is its own value. Errors: as lme_json_read. */
bool lme_json_open(lme_arena *arena, const lme_value *item, lme_value *value,
                   lme_error *err) LME_MUST_CHECK;

typedef struct lme_json_style {
    int indent;        /* 0: one line; n: n blanks a level, as Python's indent=n */
    bool ensure_ascii; /* escape everything above U+007E, as Python's default does */
    bool compact;      /* "," and ":" without blanks; else Python's ", " and ": " */
    bool nan_as_null;  /* else NaN, Infinity, -Infinity as Python writes them */
} lme_json_style;

/* Byte for byte what Python's json.dumps writes for the same value and style. */
void lme_json_write(lme_builder *out, const lme_value *v, const lme_json_style *style);

/* The text as a JSON string with its quotes. */
void lme_json_write_string(lme_builder *out, lme_str s, bool ensure_ascii);

#endif
