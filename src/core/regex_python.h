/* Private to core's regexes: what Python writes, in PCRE2's words. */
#ifndef LMEVAL_CORE_REGEX_PYTHON_H
#define LMEVAL_CORE_REGEX_PYTHON_H

#include <lmeval/str.h>

/* From byte `out` of the translation on stands what begins at byte `in` of the pattern. */
typedef struct lme_regex_shift {
    size_t out, in;
} lme_regex_shift;

typedef struct lme_regex_translation {
    lme_str text;
    bool ignore_case, multiline, dot_all, verbose; /* (?imsx) at its beginning */
    bool looks_ahead;                              /* has a positive lookahead */
    lme_regex_shift *shifts;
    size_t n_shifts;
} lme_regex_translation;

/* Errors: LME_ERR_TASK for what Python refuses, and for the little of it that PCRE2 lacks. */
bool lme_regex_translate(lme_arena *arena, lme_str pattern, lme_regex_translation *translation,
                         lme_error *err) LME_MUST_CHECK;

/* As much of a pattern as messages repeat. */
lme_str lme_regex_shown(lme_str pattern);

/* "bad regular expression PATTERN: WHY (at byte AT)" */
bool lme_regex_refuse(lme_error *err, lme_str pattern, size_t at, const char *format, ...)
    LME_PRINTF(4, 5);

/* Byte of the pattern that a byte of the translation comes from. */
size_t lme_regex_origin(const lme_regex_translation *translation, size_t out);

#endif
