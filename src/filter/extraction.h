/* What regex and multi_choice_regex share: a pattern, which of its matches counts, and what stands
 * for none. */
#ifndef LMEVAL_FILTER_EXTRACTION_H
#define LMEVAL_FILTER_EXTRACTION_H

#include "option.h"

typedef struct lme_extraction {
    lme_regex *regex;
    int64_t group_select; /* which match, from 0; -1 is the last */
    lme_value fallback;
} lme_extraction;

/* Reads regex_pattern, group_select and fallback. */
bool lme_extraction_read(lme_arena *arena, const lme_filter_use *use, const char *file,
                         lme_extraction *extraction, lme_error *err) LME_MUST_CHECK;

typedef enum lme_pick_kind {
    LME_PICK_NONE,  /* no such match */
    LME_PICK_EMPTY, /* the pattern has several groups, and all of them were empty */
    LME_PICK_FOUND,
} lme_pick_kind;

typedef struct lme_pick {
    lme_pick_kind kind;
    lme_str text; /* "" unless FOUND */
} lme_pick;

/* The match number group_select of re.findall, stripped; of several groups the first that is not
 * empty. */
bool lme_extraction_pick(lme_arena *arena, const lme_regex *regex, int64_t group_select,
                         lme_str text, lme_pick *pick, lme_error *err) LME_MUST_CHECK;

#endif
