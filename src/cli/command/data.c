/* lmeval data: the rows in the cache: fetch them, see them, check them, remove them. */
#include "../command.h"
#include "../draft.h"
#include "../hub.h"

#include <string.h>

#include <lmeval/share.h>

typedef struct fields {
    const char *config, *from, *output;
    size_t rows;
} fields;

static const lme_option rows[] = {
    {.name = "config",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, config),
     .arg = "NAME",
     .help = "the data set's config (dataset_name of a task)"},
    {.name = "rows",
     .kind = LME_OPTION_SIZE,
     .offset = offsetof(fields, rows),
     .arg = "N",
     .help = "get: the first N rows (all)",
     .min = 1,
     .max = 1e12},
    {.name = "from",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, from),
     .arg = "FILE",
     .help = "new: the rows a task is drafted for"},
    {.name = "output",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, output),
     .arg = "FILE",
     .help = "new: where the task file goes (stdout)"},
};

static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

/* One word of `lmeval data WORD DATASET SPLIT`. */
typedef struct action {
    const char *word;
    const char *operands; /* for the message when they are missing */
    size_t n_operands;    /* at least; the splits of `get` may be several */
    bool (*run)(lme_arena *arena, const fields *given, const lme_option_list *operands,
                lme_error *err);
} action;

static lme_hub_split named(const fields *given, const char *dataset, const char *split)
{
    return (lme_hub_split){lme_str_from(dataset), lme_str_from(given->config), lme_str_from(split)};
}

static bool get(lme_arena *arena, const fields *given, const lme_option_list *operands,
                lme_error *err)
{
    const lme_hub *hub = lme_hub_from_environment(arena, false);
    lme_builder out = {.arena = arena};
    for (size_t i = 2; i < operands->n; i++) {
        lme_hub_split split = named(given, operands->items[1], operands->items[i]);
        lme_hub_rows fetched;
        if (!lme_hub_fetch(arena, hub, &split, given->rows, &fetched, err))
            return false;
        lme_builder_format(&out, "%zu of %zu rows: %.*s\n", fetched.n_rows,
                           fetched.n_total > 0 ? fetched.n_total : fetched.n_rows,
                           LME_STR_ARG(fetched.file));
    }
    return lme_print(lme_builder_finish(&out), err);
}

static bool list(lme_arena *arena, const fields *given, const lme_option_list *operands,
                 lme_error *err)
{
    (void)given, (void)operands;
    lme_hub_entry *entries;
    size_t n;
    if (!lme_hub_list(arena, lme_hub_cache(arena), &entries, &n, err))
        return false;
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        const lme_hub_entry *e = &entries[i];
        lme_builder_format(&out, "%-36.*s %-14.*s %-12.*s %9zu rows %8.1f MB%s\n",
                           LME_STR_ARG(e->split.dataset), LME_STR_ARG(e->split.config),
                           LME_STR_ARG(e->split.split), e->rows.n_rows, (double)e->size_bytes / 1e6,
                           e->rows.n_rows < e->rows.n_total ? " (a part)" : "");
    }
    if (n == 0)
        lme_builder_format(&out, "nothing is in the cache\n");
    return lme_print(lme_builder_finish(&out), err);
}

static bool verify(lme_arena *arena, const fields *given, const lme_option_list *operands,
                   lme_error *err)
{
    (void)given, (void)operands;
    lme_hub_entry *entries;
    size_t n;
    if (!lme_hub_list(arena, lme_hub_cache(arena), &entries, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!lme_hub_verify(&entries[i], err))
            return false;
    }
    if (n == 0)
        return lme_print(LME_STR("nothing is in the cache\n"), err);
    return lme_print(
        lme_str_format(arena, "%zu split%s, all as the hub gave them\n", n, n == 1 ? "" : "s"),
        err);
}

static bool rm(lme_arena *arena, const fields *given, const lme_option_list *operands,
               lme_error *err)
{
    lme_hub_entry *entries;
    size_t n, n_removed = 0;
    lme_str cache = lme_hub_cache(arena);
    if (!lme_hub_list(arena, cache, &entries, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const lme_hub_split *split = &entries[i].split;
        bool is_meant = lme_str_is(split->dataset, operands->items[1]) &&
                        (given->config == NULL || lme_str_is(split->config, given->config)) &&
                        (operands->n < 3 || lme_str_is(split->split, operands->items[2]));
        if (is_meant && !lme_hub_remove(arena, cache, split, err))
            return false;
        n_removed += is_meant;
    }
    if (n_removed > 0)
        return lme_print(
            lme_str_format(arena, "removed %zu split%s\n", n_removed, n_removed == 1 ? "" : "s"),
            err);
    lme_fail(err, LME_ERR_USAGE, NULL, "the cache has nothing of %s", operands->items[1]);
    return lme_hint(err, "lmeval data list shows what it has");
}

static bool path(lme_arena *arena, const fields *given, const lme_option_list *operands,
                 lme_error *err)
{
    (void)given, (void)operands;
    return lme_print(lme_str_concat(arena, lme_hub_cache(arena), LME_STR("\n")), err);
}

static bool new_task(lme_arena *arena, const fields *given, const lme_option_list *operands,
                     lme_error *err)
{
    (void)operands;
    lme_str text;
    if (given->from == NULL) {
        lme_fail(err, LME_ERR_USAGE, NULL, "data new wants --from FILE");
        return lme_hint(err, "lmeval data new --from my.csv --output my_task.yaml");
    }
    if (!lme_draft_task(arena, given->from, given->output, &text, err))
        return false;
    if (given->output == NULL)
        return lme_print(text, err);
    if (lme_file_exists(given->output)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "%s is there already", given->output);
        return lme_hint(err, "name another file, or remove it first");
    }
    return lme_file_write(given->output, text, err) &&
           lme_print(lme_str_format(arena,
                                    "%s: read it, then look at the prompts: lmeval render --task "
                                    "%s --limit 3\n",
                                    given->output, given->output),
                     err);
}

static const action actions[] = {
    {"get", "DATASET SPLIT...", 3, get}, {"list", "", 1, list},
    {"verify", "", 1, verify},           {"new", "", 1, new_task},
    {"rm", "DATASET [SPLIT]", 2, rm},    {"path", "", 1, path},
};

static bool run_data(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {0};
    lme_option_list operands = {0};
    if (!lme_options_read(arena, &options, &given, argv, &operands, err))
        return false;
    const char *word = operands.n > 0 ? operands.items[0] : "";
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(word, actions[i].word) != 0)
            continue;
        if (operands.n >= actions[i].n_operands)
            return actions[i].run(arena, &given, &operands, err);
        lme_fail(err, LME_ERR_USAGE, NULL, "data %s wants %s", word, actions[i].operands);
        return lme_hint(err, "lmeval data get Rowan/hellaswag validation");
    }
    const char *wanted = "data wants one of get, list, verify, rm, path, new";
    return operands.n == 0 ? lme_fail(err, LME_ERR_USAGE, NULL, "%s", wanted)
                           : lme_fail(err, LME_ERR_USAGE, NULL, "%s, got \"%s\"", wanted, word);
}

const lme_command lme_command_data = {
    .name = "data",
    .summary = "fetch, list, check and remove data sets; draft a task",
    .usage = "get DATASET SPLIT...|list|verify|rm DATASET [SPLIT]|path|new",
    .example = "  lmeval data get Rowan/hellaswag train validation\n"
               "  lmeval data get openai/gsm8k test --config main --rows 100\n"
               "  lmeval data list\n"
               "  lmeval data new --from my.csv --output my_task.yaml\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_data,
};
