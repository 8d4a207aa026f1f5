/* One thread, a list of waiting connections, and the time of the next. */
#include "timer.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

typedef struct waiting {
    struct MHD_Connection *connection;
    struct timespec due;
} waiting;

struct lme_timer {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    waiting *items;
    size_t len, capacity;
    bool is_stopped;
};

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* Resumes what is due; returns the earliest of the rest, NULL when there is none. */
static const struct timespec *resume_due(lme_timer *timer)
{
    const struct timespec *next = NULL;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (size_t i = 0; i < timer->len;) {
        waiting *item = &timer->items[i];
        if (timer->is_stopped || !is_before(now, item->due)) {
            MHD_resume_connection(item->connection);
            *item = timer->items[--timer->len];
            continue;
        }
        if (next == NULL || is_before(item->due, *next))
            next = &item->due;
        i++;
    }
    return next;
}

static void *run(void *context)
{
    lme_timer *timer = context;
    pthread_mutex_lock(&timer->lock);
    for (;;) {
        const struct timespec *next = resume_due(timer);
        if (timer->is_stopped)
            break;
        if (next == NULL) {
            pthread_cond_wait(&timer->changed, &timer->lock);
        } else {
            struct timespec until = *next;
            pthread_cond_timedwait(&timer->changed, &timer->lock, &until);
        }
    }
    pthread_mutex_unlock(&timer->lock);
    return NULL;
}

lme_timer *lme_timer_start(lme_arena *arena)
{
    lme_timer *timer = LME_NEW(arena, lme_timer);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    LME_BUG(pthread_mutex_init(&timer->lock, NULL) != 0, "no mutex");
    LME_BUG(pthread_cond_init(&timer->changed, &monotonic) != 0, "no condition");
    pthread_condattr_destroy(&monotonic);
    LME_BUG(pthread_create(&timer->thread, NULL, run, timer) != 0, "no thread");
    return timer;
}

void lme_timer_stop(lme_timer *timer)
{
    if (timer == NULL)
        return;
    pthread_mutex_lock(&timer->lock);
    timer->is_stopped = true;
    pthread_cond_signal(&timer->changed);
    pthread_mutex_unlock(&timer->lock);
    pthread_join(timer->thread, NULL);
    pthread_cond_destroy(&timer->changed);
    free(timer->items);
    timer->items = NULL;
}

bool lme_timer_wait(lme_timer *timer, struct MHD_Connection *connection, unsigned delay_ms)
{
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    due.tv_sec += delay_ms / 1000;
    due.tv_nsec += (long)(delay_ms % 1000) * 1000000;
    if (due.tv_nsec >= 1000000000) {
        due.tv_sec++;
        due.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&timer->lock);
    bool waits = !timer->is_stopped;
    if (waits) {
        if (timer->len == timer->capacity) {
            timer->capacity = timer->capacity == 0 ? 64 : 2 * timer->capacity;
            timer->items = realloc(timer->items, timer->capacity * sizeof *timer->items);
            LME_BUG(timer->items == NULL, "out of memory");
        }
        MHD_suspend_connection(connection);
        timer->items[timer->len++] = (waiting){connection, due};
        pthread_cond_signal(&timer->changed);
    }
    pthread_mutex_unlock(&timer->lock);
    return waits;
}
