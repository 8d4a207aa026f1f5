/* Private to core's regexes: a compiled one. */
#ifndef LMEVAL_CORE_REGEX_INTERNAL_H
#define LMEVAL_CORE_REGEX_INTERNAL_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <lmeval/regex.h>

struct lme_regex {
    lme_str pattern; /* for messages, its end may lack */
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    size_t n_groups; /* capture groups + 1 */
};

/* Subjects must be UTF-8: to be asked once before the matches below. */
bool lme_regex_check_subject(const lme_regex *regex, lme_str subject,
                             lme_error *err) LME_MUST_CHECK;

/* One match at or after `from` with PCRE2's options; found is false when there is none. The offsets
 * are in regex->data until the next match. */
bool lme_regex_match_at(const lme_regex *regex, lme_str subject, size_t from, uint32_t options,
                        bool *found, lme_error *err) LME_MUST_CHECK;

/* Walks over the matches as Python's scanner does: after an empty match, one that is not empty is
 * tried at the same place before going on. */
typedef struct lme_regex_walk {
    const lme_regex *regex;
    lme_str subject;
    size_t at;
    bool after_empty;
    bool over;
    size_t start, end; /* of the match just found */
} lme_regex_walk;

bool lme_regex_next(lme_regex_walk *walk, bool *found, lme_error *err) LME_MUST_CHECK;

/* Text of a group of the match just found; "" when it took no part. */
lme_str lme_regex_group(const lme_regex *regex, lme_str subject, size_t group);

#endif
