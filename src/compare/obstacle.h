/* Why two runs of a task are not the same measurement. */
#ifndef LMEVAL_COMPARE_OBSTACLE_H
#define LMEVAL_COMPARE_OBSTACLE_H

#include "pair.h"

/* A growing list of sentences. */
typedef struct lme_sentences {
    lme_arena *arena;
    lme_str *items;
    size_t n, capacity;
} lme_sentences;

void lme_sentence_add(lme_sentences *list, const char *format, ...) LME_PRINTF(2, 3);

/* What the results files say of the servers: another template, another number of BOS tokens. */
void lme_obstacles_of_runs(lme_sentences *obstacles, const lme_record *base,
                           const lme_record *other);

/* What the results files say of the task. */
void lme_obstacles_of_task(lme_sentences *obstacles, const lme_record_task *base,
                           const lme_record_task *other);

/* What the samples say: other prompts or targets for the same document, nothing in common. */
void lme_obstacles_of_pairing(lme_sentences *obstacles, lme_str task, const lme_pairing *pairing);

#endif
