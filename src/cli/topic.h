/* Topics of help: the pages of docs/, shown for a terminal. */
#ifndef LMEVAL_CLI_TOPIC_H
#define LMEVAL_CLI_TOPIC_H

#include <lmeval/str.h>

/* The names alone. Errors: as lme_topics. */
bool lme_topic_names(lme_arena *arena, lme_str **names, size_t *n, lme_error *err) LME_MUST_CHECK;

/* The names, and for each what its page is about (its heading). Errors: LME_ERR_IO when the pages
 * are not there. */
bool lme_topics(lme_arena *arena, lme_builder *out, lme_error *err) LME_MUST_CHECK;

/* A page, no wider than LME_WIDTH but for what stands in code blocks.
 *   found  false when there is no such page; nearest is then the name that may have been meant, or
 *          "" */
bool lme_topic(lme_arena *arena, const char *name, lme_str *text, bool *found, lme_str *nearest,
               lme_error *err) LME_MUST_CHECK;

#endif
