/* A slot is the time at which it is free again: whoever comes takes the one that is free first. */
#include "load.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct lme_load {
    pthread_mutex_t lock;
    uint64_t *free_at_ms; /* n_slots */
    size_t n_slots;
    size_t capacity;
    lme_moment now;
    FILE *log;
};

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool lme_load_open(lme_arena *arena, const unsigned slots_and_capacity[2], const char *log,
                   lme_load **load, lme_error *err)
{
    lme_load *made = LME_NEW(arena, lme_load);
    *made = (lme_load){.n_slots = slots_and_capacity[0], .capacity = slots_and_capacity[1]};
    made->free_at_ms = LME_ARRAY(arena, uint64_t, made->n_slots + 1);
    memset(made->free_at_ms, 0, (made->n_slots + 1) * sizeof *made->free_at_ms);
    if (log != NULL) {
        made->log = fopen(log, "w");
        if (made->log == NULL)
            return lme_fail(err, LME_ERR_IO, &(lme_place){.file = log}, "cannot write: %s",
                            strerror(errno)); /* NOLINT(concurrency-mt-unsafe): at the start */
    }
    LME_BUG(pthread_mutex_init(&made->lock, NULL) != 0, "no mutex");
    *load = made;
    return true;
}

void lme_load_close(lme_load *load)
{
    if (load == NULL)
        return;
    if (load->log != NULL)
        fclose(load->log);
    pthread_mutex_destroy(&load->lock);
}

bool lme_load_enter(lme_load *load, lme_str path, lme_str body, lme_moment *moment)
{
    pthread_mutex_lock(&load->lock);
    load->now.n_inside++;
    *moment = load->now;
    load->now.n_before++;
    bool fits = load->capacity == 0 || load->now.n_inside <= load->capacity;
    if (load->log != NULL) {
        fprintf(load->log, "%.*s %.*s\n", LME_STR_ARG(path), LME_STR_ARG(body));
        fflush(load->log);
    }
    pthread_mutex_unlock(&load->lock);
    return fits;
}

void lme_load_leave(lme_load *load)
{
    pthread_mutex_lock(&load->lock);
    load->now.n_inside--;
    pthread_mutex_unlock(&load->lock);
}

unsigned lme_load_delay(lme_load *load, unsigned work_ms)
{
    if (load->n_slots == 0)
        return work_ms;
    uint64_t now = now_ms();
    pthread_mutex_lock(&load->lock);
    size_t first = 0;
    for (size_t i = 1; i < load->n_slots; i++)
        first = load->free_at_ms[i] < load->free_at_ms[first] ? i : first;
    uint64_t start = load->free_at_ms[first] > now ? load->free_at_ms[first] : now;
    load->free_at_ms[first] = start + work_ms;
    pthread_mutex_unlock(&load->lock);
    return (unsigned)(start - now) + work_ms;
}
