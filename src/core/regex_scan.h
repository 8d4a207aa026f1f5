/* Private to core's regexes: the walk over a Python pattern that writes PCRE2's. */
#ifndef LMEVAL_CORE_REGEX_SCAN_H
#define LMEVAL_CORE_REGEX_SCAN_H

#include "regex_python.h"

#include <lmeval/limits.h>

typedef struct lme_regex_scan {
    lme_str in;
    size_t at;
    lme_builder out;
    lme_regex_translation *result;
    size_t n_groups; /* opened so far */
    size_t depth;
    bool verbose[LME_LIMIT_DEPTH + 1]; /* (?x) holds, by depth */
    lme_error *err;
} lme_regex_scan;

/* The byte that is `ahead` from here; 0 behind the end. */
char lme_regex_peek(const lme_regex_scan *s, size_t ahead);

/* One escape outside of a set, or a whole set [...]; s->at stands on its first byte. */
bool lme_regex_scan_escape(lme_regex_scan *s) LME_MUST_CHECK;
bool lme_regex_scan_set(lme_regex_scan *s) LME_MUST_CHECK;

/* What begins with "(": a group, its flags, a comment. */
bool lme_regex_scan_group(lme_regex_scan *s) LME_MUST_CHECK;

#endif
