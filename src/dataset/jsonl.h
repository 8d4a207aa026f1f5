/* The reader of JSON lines, for the .json reader too: such files often hold lines. */
#ifndef LMEVAL_DATASET_JSONL_H
#define LMEVAL_DATASET_JSONL_H

#include "reader.h"

bool lme_jsonl_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                    lme_error *err) LME_MUST_CHECK;
bool lme_jsonl_next(lme_arena *arena, void *state, lme_value *row, bool *end,
                    lme_error *err) LME_MUST_CHECK;
bool lme_jsonl_count(void *state, size_t *n, lme_error *err) LME_MUST_CHECK;
void lme_jsonl_close(void *state);

#endif
