/* A body that came over HTTP: JSON, or what people need to read of it. */
#ifndef LMEVAL_ENDPOINT_ANSWER_H
#define LMEVAL_ENDPOINT_ANSWER_H

#include "retry.h"
#include "secret.h"

#include <lmeval/json.h>

/* The body of a status 200: OK with its value, NOT_JSON, TOO_LARGE or ERROR. The value is null
 * unless the body is JSON.
 *   left  as lme_json_skim's, with its padding behind the body; NULL: all of it is read */
lme_outcome lme_answer_read(lme_arena *arena, lme_json_reader *reader, lme_str body,
                            const char *const *left, lme_value *value);

/* What a server says went wrong, as one line of at most a few hundred characters: from
 * {"error": {"message"}}, {"error": "text"}, {"object": "error", "message"}, {"detail"}, plain
 * text or HTML. "an empty body" when there is nothing.
 *   secrets  are hidden wherever they stand; NULL: none */
lme_str lme_answer_error(lme_arena *arena, lme_json_reader *reader, lme_str body,
                         const lme_secrets *secrets);

/* A text of the server's as one line: blanks and control characters become one blank, bad UTF-8 is
 * repaired, at most `max` code points. */
lme_str lme_one_line(lme_arena *arena, lme_str text, size_t max);

#endif
