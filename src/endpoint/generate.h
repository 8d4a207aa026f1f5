/* Asking for text, and reading it: completions of a text (/v1/completions), answers in a
 * conversation (/v1/chat/completions). The request's messages say which. */
#ifndef LMEVAL_ENDPOINT_GENERATE_H
#define LMEVAL_ENDPOINT_GENERATE_H

#include "dialect.h"
#include "path.h"

/* True for a request whose context is a conversation. */
bool lme_is_chat(const lme_request *request);
/* And its last message, by the assistant, is the beginning of the answer. */
bool lme_is_begun(const lme_request *request);

/* As lme_path's encode, in form->dialect. */
lme_str lme_generate_encode(lme_arena *arena, const lme_form *form, const lme_request *request);

/* The text of a completion as the server sent it; of a chat, what follows form->think_end, where
 * there is such a mark. Stop texts that were not sent are applied.
 * Errors: LME_ERR_SERVER: what the answer lacks. */
bool lme_generate_decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                         const lme_value *answer, lme_response *response,
                         lme_error *err) LME_MUST_CHECK;

/* lm_eval's postprocess_generated_text: what follows the last mark, without leading white space;
 * all of it when there is none. */
lme_str lme_behind_thoughts(lme_str text, lme_str mark);

/* One of each, for generate.c. */
void lme_chat_add_messages(lme_map_builder *map, const lme_form *form, const lme_request *request);
bool lme_chat_read_text(lme_arena *arena, const lme_value *choice, lme_str *text,
                        lme_error *err) LME_MUST_CHECK;

#endif
