/* A prompt as turns, before it becomes one text or a list of messages: lm_eval builds both from the
 * same turns (api/utils.py, Message), and so they say the same. */
#ifndef LMEVAL_TASK_CONVERSATION_H
#define LMEVAL_TASK_CONVERSATION_H

#include "output/output.h"

#include <lmeval/task.h>

typedef struct lme_turn {
    const char *role; /* "system", "user" or "assistant" */
    lme_str content;
    lme_str delimiter; /* what follows it where the prompt is a text */
} lme_turn;

/* Zero-initialise with .arena set. */
typedef struct lme_turns {
    lme_arena *arena;
    lme_turn *items;
    size_t n, capacity;
} lme_turns;

void lme_turns_add(lme_turns *turns, lme_turn turn);
void lme_turns_add_all(lme_turns *turns, const lme_turns *more);

/* The prompt, in the arena of the turns. At least one turn.
 *   LME_CHAT_NONE         every turn with its delimiter, one text
 *   LME_CHAT_MULTI_TURN   a message a turn, without delimiters
 *   LME_CHAT_SINGLE_TURN  the system's turn; all others as one text by the user, in which the
 *                         last turn has no delimiter; but a last turn by the assistant stays one */
lme_context lme_turns_finish(const lme_turns *turns, lme_chat_form form);

/* Text joined by the delimiter unless one of them is empty or white space stands at the seam. */
lme_str lme_join(lme_arena *arena, lme_str before, lme_str after, lme_str delimiter);

/* True when two texts, both not empty, meet without white space. */
bool lme_needs_delimiter(lme_str before, lme_str after);

#endif
