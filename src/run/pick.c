#include "pick.h"

#include "request.h"

#include <stdlib.h>

enum {
    MOST_QUESTIONS = 8 /* of a document */
};

typedef struct picked {
    lme_arena *arena; /* of the copies; NULL: free */
    size_t n;
    lme_pick questions[MOST_QUESTIONS];
} picked;

struct lme_picker {
    lme_arena *arena;
    picked *docs; /* n, at most n_wanted */
    size_t n, n_wanted;
    size_t stride; /* every stride-th document is kept */
    size_t n_seen; /* documents */
    size_t doc;    /* the last one */
    picked *open;  /* where its questions go; NULL: it is not kept */
};

lme_picker *lme_picker_new(size_t n_wanted)
{
    if (n_wanted == 0)
        return NULL;
    lme_arena *arena = lme_arena_new();
    lme_picker *picker = LME_NEW(arena, lme_picker);
    *picker = (lme_picker){.arena = arena, .n_wanted = n_wanted, .stride = 1};
    picker->docs = LME_ARRAY(arena, picked, n_wanted);
    return picker;
}

void lme_picker_free(lme_picker *picker)
{
    if (picker == NULL)
        return;
    for (size_t i = 0; i < picker->n_wanted; i++)
        lme_arena_free(picker->docs[i].arena);
    lme_arena_free(picker->arena);
}

/* Every second one goes; their memory is used again. */
static void thin_out(lme_picker *picker)
{
    size_t kept = (picker->n + 1) / 2;
    for (size_t i = 1; i < kept; i++) {
        picked left = picker->docs[i];
        picker->docs[i] = picker->docs[2 * i];
        picker->docs[2 * i] = left;
    }
    picker->n = kept;
    picker->stride *= 2;
}

static picked *open_next(lme_picker *picker)
{
    size_t place = picker->n_seen++;
    if (place % picker->stride != 0)
        return NULL;
    if (picker->n == picker->n_wanted)
        thin_out(picker);
    if (place % picker->stride != 0)
        return NULL;
    picked *next = &picker->docs[picker->n++];
    if (next->arena == NULL)
        next->arena = lme_arena_new();
    lme_arena_reset(next->arena);
    next->n = 0;
    return next;
}

void lme_picker_take(lme_picker *picker, size_t doc, const lme_request *request, lme_str body)
{
    if (picker == NULL)
        return;
    if (picker->n_seen == 0 || doc != picker->doc) {
        picker->open = open_next(picker);
        picker->doc = doc;
    }
    picked *to = picker->open;
    if (to == NULL || to->n == MOST_QUESTIONS)
        return;
    to->questions[to->n++] = (lme_pick){
        .doc = doc,
        .request = lme_request_copy(to->arena, request),
        .body = lme_str_copy(to->arena, body),
    };
}

static size_t common_divisor(size_t a, size_t b)
{
    return b == 0 ? a : common_divisor(b, a % b);
}

/* The golden section: whatever the number of steps, those taken are spread. */
static size_t step_for(size_t n)
{
    size_t step = (n * 618 + 500) / 1000;
    while (step > 1 && common_divisor(step, n) != 1)
        step--;
    return step > 0 ? step : 1;
}

void lme_picker_tell(lme_arena *arena, const lme_picker *picker, const lme_pick **picks, size_t *n)
{
    *picks = NULL;
    *n = 0;
    if (picker == NULL || picker->n == 0)
        return;
    size_t step = step_for(picker->n);
    lme_pick *told = LME_ARRAY(arena, lme_pick, picker->n * MOST_QUESTIONS);
    for (size_t i = 0; i < picker->n; i++) {
        const picked *doc = &picker->docs[i * step % picker->n];
        for (size_t q = 0; q < doc->n; q++)
            told[(*n)++] = (lme_pick){
                .doc = doc->questions[q].doc,
                .request = lme_request_copy(arena, &doc->questions[q].request),
                .body = lme_str_copy(arena, doc->questions[q].body),
            };
    }
    *picks = told;
}
