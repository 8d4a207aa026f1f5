#include "hub.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmeval/share.h>
#include <lmeval/unicode.h>

enum {
    RETRIES = 5,
    BACKOFF_MS = 1000,
    TOKEN_SIZE = 4096
};

static const char *variable(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value != NULL ? value : "";
}

/* One line that is written over on a terminal, one at the end elsewhere. */
static void show(void *context, const lme_hub_progress *p)
{
    (void)context;
    bool is_terminal = isatty(STDERR_FILENO) == 1;
    bool is_last = p->total > 0 && p->done >= p->total;
    if (!is_terminal && !is_last)
        return;
    fprintf(stderr, "%slmeval: fetching %.*s (%.*s): ", is_terminal ? "\r" : "",
            LME_STR_ARG(p->dataset), LME_STR_ARG(p->split));
    if (p->is_bytes)
        fprintf(stderr, "%.1f of %.1f MB", (double)p->done / 1e6, (double)p->total / 1e6);
    else
        fprintf(stderr, "%llu of %llu rows", (unsigned long long)p->done,
                (unsigned long long)p->total);
    fprintf(stderr, "%s", is_last || !is_terminal ? "\n" : "");
}

static lme_str token(lme_arena *arena)
{
    lme_str text = lme_strip(lme_str_from(variable("HF_TOKEN")));
    const char *path = variable("HF_TOKEN_PATH");
    if (text.len == 0 && path[0] != '\0' && lme_file_read(arena, path, TOKEN_SIZE, &text, NULL))
        text = lme_strip(text);
    return text;
}

static bool is_forbidden(void)
{
    const char *names[] = {"HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        lme_str value = lme_str_from(variable(names[i]));
        if (value.len > 0 && !lme_str_is(value, "0") && !lme_str_is(value, "false"))
            return true;
    }
    return false;
}

const lme_hub *lme_hub_from_environment(lme_arena *arena, bool offline)
{
    lme_str url = lme_str_from(variable("LMEVAL_HUB_URL"));
    lme_hub *hub = LME_NEW(arena, lme_hub);
    while (lme_str_ends(url, LME_STR("/")))
        url.len--;
    *hub = (lme_hub){
        .rows_url = url.len > 0 ? url : LME_STR(LME_HUB_ROWS_URL),
        .token = token(arena),
        .cache = lme_hub_cache(arena),
        .is_offline = offline || is_forbidden(),
        .max_retries = RETRIES,
        .backoff_ms = BACKOFF_MS,
        .on_progress = show,
    };
    return hub;
}
