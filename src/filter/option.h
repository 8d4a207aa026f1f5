/* Reading a filter's options. Each reader leaves *value alone when the key is absent, so that the
 * caller's initial value is the default. Errors: LME_ERR_TASK at the option's place. */
#ifndef LMEVAL_FILTER_OPTION_H
#define LMEVAL_FILTER_OPTION_H

#include <lmeval/filter.h>
#include <lmeval/regex.h>

lme_place lme_filter_place(const char *file, const lme_value *at);

bool lme_filter_option_text(const lme_filter_use *use, const char *key, const char *file,
                            lme_str *value, lme_error *err) LME_MUST_CHECK;
bool lme_filter_option_int(const lme_filter_use *use, const char *key, const char *file,
                           int64_t *value, lme_error *err) LME_MUST_CHECK;
bool lme_filter_option_bool(const lme_filter_use *use, const char *key, const char *file,
                            bool *value, lme_error *err) LME_MUST_CHECK;

/* Compiles a pattern; what is wrong with it is reported at `at` (may be NULL: a default). */
bool lme_filter_compile(lme_arena *arena, lme_str pattern, const char *file, const lme_value *at,
                        lme_regex **regex, lme_error *err) LME_MUST_CHECK;

#endif
