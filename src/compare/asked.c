/* What the user asks for by name: is it there? A mistyped name would be a comparison of something
 * else. */
#include <lmeval/compare.h>

static bool holds(const lme_str *names, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(names[i], name))
            return true;
    }
    return false;
}

static bool fail_name(const char *what, lme_str name, const lme_str *known, size_t n,
                      lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "the base has no %s %.*s", what, LME_STR_ARG(name));
    lme_str nearest = lme_str_nearest(name, known, n);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    char text[400]; /* of a hint's 512 bytes */
    size_t len = 0;
    for (size_t i = 0; i < n && len + known[i].len + 2 < sizeof text; i++) {
        if (holds(known, i, known[i]))
            continue;
        for (size_t k = 0; len > 0 && k < 2; k++)
            text[len++] = ", "[k];
        for (size_t k = 0; k < known[i].len; k++)
            text[len++] = known[i].ptr[k];
    }
    return len > 0 ? lme_hint(err, "it has %.*s", (int)len, text) : false;
}

static bool want_tasks(lme_arena *arena, const lme_record *base, const lme_compare_options *options,
                       lme_error *err)
{
    lme_str *known = LME_ARRAY(arena, lme_str, base->n_tasks);
    for (size_t i = 0; i < base->n_tasks; i++)
        known[i] = base->tasks[i].name;
    for (size_t i = 0; i < options->n_tasks; i++) {
        if (!holds(known, base->n_tasks, options->tasks[i]))
            return fail_name("task", options->tasks[i], known, base->n_tasks, err);
    }
    return true;
}

static bool is_asked(const lme_compare_options *options, lme_str task)
{
    return options->n_tasks == 0 || holds(options->tasks, options->n_tasks, task);
}

static bool want_metrics(lme_arena *arena, const lme_record *base,
                         const lme_compare_options *options, lme_error *err)
{
    size_t most = 0, n = 0;
    for (size_t i = 0; i < base->n_tasks; i++)
        most += base->tasks[i].n_scores;
    lme_str *known = LME_ARRAY(arena, lme_str, most);
    for (size_t i = 0; i < base->n_tasks; i++) {
        const lme_record_task *task = &base->tasks[i];
        for (size_t j = 0; is_asked(options, task->name) && j < task->n_scores; j++)
            known[n++] = task->scores[j].metric;
    }
    for (size_t i = 0; i < options->n_metrics; i++) {
        if (!holds(known, n, options->metrics[i]))
            return fail_name("metric", options->metrics[i], known, n, err);
    }
    return true;
}

static bool want_clusters(const lme_record *base, const lme_compare_options *options,
                          lme_error *err)
{
    for (size_t i = 0; i < base->n_tasks; i++) {
        const lme_record_task *task = &base->tasks[i];
        if (task->n_unclustered == 0 || !is_asked(options, task->name))
            continue;
        lme_place at = {.file = task->samples_path, .line = (uint32_t)task->unclustered_line};
        lme_fail(err, LME_ERR_DATA, &at,
                 "%zu documents of %.*s have nothing in the column \"%s\", which is to say what "
                 "belongs together",
                 task->n_unclustered, LME_STR_ARG(task->name), task->cluster);
        if (task->nearest_column.len > 0)
            return lme_hint(err, "did you mean --cluster %.*s?", LME_STR_ARG(task->nearest_column));
        return lme_hint(err, "--task compares only tasks that have it");
    }
    return true;
}

bool lme_compare_asked(lme_arena *arena, const lme_record *base, const lme_compare_options *options,
                       lme_error *err)
{
    return want_tasks(arena, base, options, err) && want_metrics(arena, base, options, err) &&
           want_clusters(base, options, err);
}
