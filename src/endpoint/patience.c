#include "patience.h"

enum {
    /* One may be the question's, two chance. */
    DOUBTED_AFTER = 3,
    FIRST_PAUSE_MS = 500,
    LONGEST_PAUSE_MS = 5000
};

void lme_patience_tried(lme_patience *patience, bool met)
{
    patience->n_missed = met ? 0 : patience->n_missed + 1;
}

void lme_patience_answered(lme_patience *patience)
{
    patience->before_ms = 0;
}

bool lme_patience_doubts(const lme_patience *patience, bool last)
{
    return patience->most_ms > 0 && (last || patience->n_missed >= DOUBTED_AFTER);
}

void lme_patience_begin(lme_patience *patience, uint64_t now_ms)
{
    patience->presence = LME_PRESENCE_DOUBTED;
    patience->since_ms = patience->due_ms = now_ms;
    patience->pause_ms = 0;
}

bool lme_patience_missed(lme_patience *patience, uint64_t now_ms)
{
    bool is_first = patience->presence == LME_PRESENCE_DOUBTED;
    unsigned pause = is_first ? FIRST_PAUSE_MS : 2 * patience->pause_ms;
    patience->presence = LME_PRESENCE_AWAY;
    patience->pause_ms = pause < LONGEST_PAUSE_MS ? pause : LONGEST_PAUSE_MS;
    patience->due_ms = now_ms + patience->pause_ms;
    return is_first;
}

uint64_t lme_patience_met(lme_patience *patience, uint64_t now_ms)
{
    uint64_t waited = patience->presence == LME_PRESENCE_AWAY ? now_ms - patience->since_ms : 0;
    patience->presence = LME_PRESENCE_THERE;
    patience->n_missed = 0;
    patience->before_ms += waited;
    return waited;
}

uint64_t lme_patience_left(const lme_patience *patience, uint64_t now_ms)
{
    uint64_t waited = patience->before_ms + (now_ms - patience->since_ms);
    return waited < patience->most_ms ? patience->most_ms - waited : 0;
}
