/* What a filter is given, walked as Python walks it: a list item by item, a text character by
 * character. The second matters: a chain such as take_first > map > take_first hands the one text
 * that take_first left to map, which then looks up its characters. */
#ifndef LMEVAL_FILTER_RESPONSES_H
#define LMEVAL_FILTER_RESPONSES_H

#include <lmeval/filter.h>

/* The responses under way as a list. Errors: LME_ERR_DATA when it is neither list nor text. */
bool lme_filter_responses(lme_arena *arena, const lme_filter_use *use,
                          const lme_filtering *filtering, lme_value *list,
                          lme_error *err) LME_MUST_CHECK;

/* Puts change(text) in the place of every response. Errors: LME_ERR_DATA when one is no text. */
bool lme_filter_texts(lme_arena *arena, const lme_filter_use *use,
                      lme_str (*change)(lme_arena *arena, lme_str text), lme_filtering *filtering,
                      lme_error *err) LME_MUST_CHECK;

/* The complaint that a response is of the wrong kind. Returns false. */
bool lme_filter_not_text(const lme_filter_use *use, const lme_value *response, lme_error *err);

#endif
