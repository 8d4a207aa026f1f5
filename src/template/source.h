/* The text of a template and where it stands, for messages. */
#ifndef LMEVAL_TEMPLATE_SOURCE_H
#define LMEVAL_TEMPLATE_SOURCE_H

#include <lmeval/str.h>

typedef struct lme_source {
    lme_str text;        /* valid UTF-8, line ends are \n */
    const lme_place *at; /* place of its first byte in a task file; NULL: unknown */
} lme_source;

/* An error at a byte of the source: the file's place, the template's line and column, the text
 * that stands there, then the message. Returns false. */
bool lme_source_fail(const lme_source *source, size_t offset, lme_code code, lme_error *err,
                     const char *format, ...) LME_PRINTF(5, 6);

/* The text, cut for a message when it is long. */
lme_str lme_shown(lme_str text);

#endif
