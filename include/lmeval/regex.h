/* Regular expressions with the meaning they have in Python's re, on PCRE2.
 *
 * Patterns and replacements are Python's: what PCRE2 reads otherwise (\s, \Z, \v, {,n}, octals,
 * sets) is translated, what only PCRE2 has (recursion, \p, verbs ...) is refused as Python does.
 * Not known here: \N{name} and the flag (?a). Wider than Python: lookbehinds of several lengths.
 * (?i) takes neither U+0130 nor U+0131 for i. Positions are bytes. A compiled regex lives as long
 * as its arena. Source: reference corpus of 99 patterns of lm_eval's tasks; Python 3.11 re.
 */
#ifndef LMEVAL_REGEX_H
#define LMEVAL_REGEX_H

#include <lmeval/value.h>

typedef struct lme_regex lme_regex;

/* Errors: LME_ERR_TASK with what PCRE2 says and at which byte of the pattern. */
bool lme_regex_compile(lme_arena *arena, lme_str pattern, lme_regex **regex,
                       lme_error *err) LME_MUST_CHECK;

/* One match: group i (0 is the whole) spans start[i] to end[i]; SIZE_MAX when it took no part. */
typedef struct lme_match {
    size_t n_groups; /* capture groups + 1 */
    const size_t *start, *end;
} lme_match;

/* First match at or after byte `from`, as re.search(pattern, subject, from); n_groups is 0 when
 * there is none. Errors: LME_ERR_LIMIT when the pattern needs more steps than limits.h allows. */
bool lme_regex_search(lme_arena *arena, const lme_regex *regex, lme_str subject, size_t from,
                      lme_match *match, lme_error *err) LME_MUST_CHECK;

/* re.findall: a list of texts (no group: the match; one: the group), or of tuples of texts. */
bool lme_regex_findall(lme_arena *arena, const lme_regex *regex, lme_str subject, lme_value *list,
                       lme_error *err) LME_MUST_CHECK;

/* re.sub(pattern, replacement, subject, count); replacement may use \1, \g<name>, \n, \\.
 *   count  0: all */
bool lme_regex_sub(lme_arena *arena, const lme_regex *regex, lme_str replacement, lme_str subject,
                   size_t count, lme_str *result, lme_error *err) LME_MUST_CHECK;

#endif
