#include "queue.h"

enum {
    /* Whose question brings the server down each time must come to an end. */
    MOST_SPARED = 3
};

static void append(lme_line *line, lme_transfer *t)
{
    t->next = NULL;
    if (line->last != NULL)
        line->last->next = t;
    else
        line->first = t;
    line->last = t;
}

static lme_transfer *take_after(lme_line *line, lme_transfer *before)
{
    lme_transfer *t = before != NULL ? before->next : line->first;
    if (before != NULL)
        before->next = t->next;
    else
        line->first = t->next;
    if (line->last == t)
        line->last = before;
    return t;
}

bool lme_queue_holds(const lme_queue *queue, const lme_transfer *t)
{
    return queue->on_hold && !t->exchange.passes;
}

void lme_queue_put(lme_queue *queue, lme_transfer *t, uint64_t due_ms)
{
    t->due_ms = due_ms;
    append(lme_queue_holds(queue, t) ? &queue->held : &queue->waiting, t);
}

lme_transfer *lme_queue_take(lme_queue *queue, uint64_t now_ms)
{
    lme_transfer *before = NULL;
    for (lme_transfer *t = queue->waiting.first; t != NULL; t = t->next) {
        if (t->due_ms <= now_ms)
            return take_after(&queue->waiting, before);
        before = t;
    }
    return NULL;
}

uint64_t lme_queue_due(const lme_queue *queue, uint64_t end_ms)
{
    for (const lme_transfer *t = queue->waiting.first; t != NULL; t = t->next)
        end_ms = t->due_ms < end_ms ? t->due_ms : end_ms;
    return end_ms;
}

void lme_queue_hold(lme_queue *queue)
{
    lme_line waiting = queue->waiting;
    queue->waiting = (lme_line){0};
    queue->on_hold = true;
    while (waiting.first != NULL) {
        lme_transfer *t = take_after(&waiting, NULL);
        lme_queue_put(queue, t, t->due_ms);
    }
}

void lme_queue_release(lme_queue *queue, bool spared, uint64_t now_ms)
{
    lme_line held = queue->held;
    queue->held = (lme_line){0};
    queue->on_hold = false;
    while (held.first != NULL) {
        lme_transfer *t = take_after(&held, NULL);
        if (spared && t->n_spared < MOST_SPARED) {
            t->n_spared++;
            t->exchange.n_tries = t->exchange.n_failovers = 0;
            t->is_over = false;
        }
        lme_queue_put(queue, t, spared || t->is_over ? now_ms : t->due_ms);
    }
}
