/* Which of a generation's parameters a server takes, learned from what it refuses: OpenAI's
 * reasoning models want max_completion_tokens, a temperature of 1 and no stop texts, others know
 * nothing beside OpenAI's own fields (servers 3.14). What a question is, and so its key in the
 * journal, does not depend on it: the dialect is how the question is put to this server.
 */
#ifndef LMEVAL_ENDPOINT_DIALECT_H
#define LMEVAL_ENDPOINT_DIALECT_H

#include <lmeval/sample.h>

enum {
    LME_DIALECT_STOPS = 4,    /* texts that OpenAI takes at most */
    LME_DIALECT_REFUSALS = 16 /* keys left out at most */
};

typedef struct lme_dialect {
    bool completion_tokens; /* max_tokens is called max_completion_tokens */
    size_t max_stops;       /* stop texts sent at most; the others are cut at here */
    bool fewer_stops;       /* that was learned */
    lme_str refused[LME_DIALECT_REFUSALS];
    size_t n_refused;   /* keys that are left out */
    unsigned n_lessons; /* changes since the start */
} lme_dialect;

/* As lm_eval asks: every stop text of a completion, the first four of a chat. */
lme_dialect lme_dialect_of_completions(void);
lme_dialect lme_dialect_of_chats(void);

bool lme_dialect_refuses(const lme_dialect *dialect, lme_str key);

/* A refusal (status 400 or 422) of a generation. */
typedef struct lme_refused {
    lme_str answer; /* its body */
    const lme_request *request;
    lme_str model; /* the name that was sent */
    bool is_score; /* asked for a score: what goes beside the usual keys tells it, and must stay */
} lme_refused;

/* Takes from it what is to be asked otherwise.
 *   arena  of the dialect
 * False when the refusal is about something else: the question itself. */
bool lme_dialect_learn(lme_arena *arena, lme_dialect *dialect, const lme_refused *refused);

/* What was learned, for people; "" when nothing was. */
lme_str lme_dialect_text(lme_arena *arena, const lme_dialect *dialect);

#endif
