/* Which config a task means that names none, and what there is instead of what is not. */
#include "api.h"

#include <lmeval/json.h>

typedef struct listing {
    lme_str *configs, *splits; /* n of each, as pairs */
    size_t n;
} listing;

lme_str lme_hub_address(const lme_fetching *f, const char *endpoint)
{
    lme_str dataset = lme_hub_escape(f->arena, f->split.dataset);
    lme_builder url = {.arena = f->arena};
    lme_builder_format(&url, "%.*s/%s?dataset=%.*s", LME_STR_ARG(f->hub->rows_url), endpoint,
                       LME_STR_ARG(dataset));
    if (f->split.config.len > 0) {
        lme_str config = lme_hub_escape(f->arena, f->split.config);
        lme_str split = lme_hub_escape(f->arena, f->split.split);
        lme_builder_format(&url, "&config=%.*s&split=%.*s", LME_STR_ARG(config),
                           LME_STR_ARG(split));
    }
    return lme_builder_finish(&url);
}

static bool list(const lme_fetching *f, listing *l)
{
    lme_fetching all = *f;
    all.split.config = LME_STR("");
    lme_str url = lme_hub_address(&all, "splits");
    lme_hub_answer answer;
    lme_value body;
    if (!lme_hub_get(f->arena, f->hub, &url, 1, &answer, f->err))
        return false;
    if (answer.status != 200)
        return lme_hub_refused(f->arena, f->hub, &f->split, &answer, f->err);
    const lme_value *rows = NULL;
    if (lme_json_read(f->arena, NULL, answer.body, NULL, &body, NULL))
        rows = lme_value_find(&body, "splits");
    if (rows == NULL || rows->kind != LME_LIST)
        return lme_fail(f->err, LME_ERR_NETWORK, NULL,
                        "the hub's list of splits of %.*s cannot be read",
                        LME_STR_ARG(f->split.dataset));
    l->configs = LME_ARRAY(f->arena, lme_str, rows->list.len);
    l->splits = LME_ARRAY(f->arena, lme_str, rows->list.len);
    l->n = rows->list.len;
    for (size_t i = 0; i < l->n; i++) {
        l->configs[i] = lme_value_text(&rows->list.items[i], "config");
        l->splits[i] = lme_value_text(&rows->list.items[i], "split");
    }
    return true;
}

/* "main, socratic", each once. */
static lme_str join(const lme_fetching *f, const lme_str *names, size_t n)
{
    lme_builder out = {.arena = f->arena};
    for (size_t i = 0; i < n; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && !lme_str_equal(names[k], names[i]);
        if (is_new && out.len < 300)
            lme_builder_format(&out, "%s%.*s", out.len > 0 ? ", " : "", LME_STR_ARG(names[i]));
    }
    return lme_builder_finish(&out);
}

static size_t count_configs(const listing *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        bool is_new = true;
        for (size_t k = 0; k < i; k++)
            is_new = is_new && !lme_str_equal(l->configs[k], l->configs[i]);
        n += is_new;
    }
    return n;
}

static bool choose_config(lme_fetching *f, const listing *l)
{
    lme_str all = join(f, l->configs, l->n);
    for (size_t i = 0; i < l->n && f->split.config.len == 0; i++) {
        if (lme_str_is(l->configs[i], "default"))
            f->split.config = l->configs[i];
    }
    if (f->split.config.len == 0 && count_configs(l) == 1)
        f->split.config = l->configs[0];
    if (f->split.config.len > 0)
        return true;
    lme_fail(f->err, LME_ERR_DATA, NULL, "%.*s has several configs and the task names none",
             LME_STR_ARG(f->split.dataset));
    return lme_hint(f->err, "dataset_name is one of: %.*s", LME_STR_ARG(all));
}

bool lme_hub_resolve(lme_fetching *f)
{
    listing l = {0};
    if (!list(f, &l) || !choose_config(f, &l))
        return false;
    size_t n = 0;
    lme_str *splits = LME_ARRAY(f->arena, lme_str, l.n);
    for (size_t i = 0; i < l.n; i++) {
        if (!lme_str_equal(l.configs[i], f->split.config))
            continue;
        splits[n++] = l.splits[i];
        if (lme_str_equal(l.splits[i], f->split.split))
            return true;
    }
    lme_str names = n > 0 ? join(f, splits, n) : join(f, l.configs, l.n);
    lme_fail(f->err, LME_ERR_DATA, NULL, "%.*s has no %s \"%.*s\"", LME_STR_ARG(f->split.dataset),
             n > 0 ? "split" : "config", LME_STR_ARG(n > 0 ? f->split.split : f->split.config));
    return lme_hint(f->err, "there are: %.*s", LME_STR_ARG(names));
}
