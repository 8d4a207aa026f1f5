/* Text into HTML. Whatever comes out of a run goes through here. */
#ifndef LMEVAL_PAGE_MARKUP_H
#define LMEVAL_PAGE_MARKUP_H

#include <lmeval/str.h>
#include <lmeval/value.h>

/* The text as text, also inside of quotes: markup is escaped, control characters that HTML does not
 * know are shown as their pictures (U+2400 ...). */
void lme_page_text(lme_builder *out, lme_str text);

/* Markup of ours with texts in it: each "%" stands for the next text, escaped. */
void lme_page_put(lme_builder *out, const char *markup, const lme_str *texts, size_t n);

#define LME_PUT(out, markup, ...)                                                                  \
    lme_page_put((out), (markup), (const lme_str[]){__VA_ARGS__},                                  \
                 sizeof((const lme_str[]){__VA_ARGS__}) / sizeof(lme_str))

/* JSON that can stand in a script element: ASCII, and "<", ">", "&" escaped too. */
void lme_page_json(lme_builder *out, const lme_value *value);

#endif
