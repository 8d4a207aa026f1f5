/* When an answer and a reference are the same text: once both are cleaned as the options say,
 * patterns removed, lower case, no ASCII punctuation, no ASCII digits, in this order and without
 * strip(). With several references one has to match.
 *
 * lm_eval cleans with numpy arrays of fixed-width text, and two traits of these show in the score:
 * NUL characters at the end vanish, and a text that becomes longer in lower case (U+0130) is cut to
 * the widest text of its array. */
#ifndef LMEVAL_METRIC_MATCHING_H
#define LMEVAL_METRIC_MATCHING_H

#include "option.h"

/* Names of its options, for a row's keys. */
#define LME_MATCHING_KEYS "ignore_case", "ignore_punctuation", "ignore_numbers", "regexes_to_ignore"

typedef struct lme_matching {
    lme_regex_list ignored;
    bool ignore_case, ignore_punctuation, ignore_numbers;
} lme_matching;

bool lme_matching_read(lme_arena *arena, const lme_metric_use *use, const char *file,
                       lme_matching *matching, lme_error *err) LME_MUST_CHECK;

/* Cleans one text in place. */
bool lme_matching_clean(lme_arena *arena, const lme_matching *matching, lme_str *text,
                        lme_error *err) LME_MUST_CHECK;

/* Whether an answer is one of the document's accepted ones. */
bool lme_matching_try(lme_arena *arena, const lme_matching *matching, const lme_sample *sample,
                      const lme_value *answer, bool *is_right, lme_error *err) LME_MUST_CHECK;

#endif
