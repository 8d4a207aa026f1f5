#include "task_flags.h"

#include "hub.h"
#include "pairs.h"
#include "selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/unicode.h>

enum {
    N_SEEDS = 4 /* lm_eval's: python, numpy, torch, fewshot */
};

static bool refuse_seed(const char *given, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL,
             "--seed wants a whole number, or four with commas, got \"%s\"", given);
    return lme_hint(err, "the first of four is for --sample, the last for few-shot draws");
}

/* lm_eval's --seed: one number for all of its generators, or one for each; of three the fourth is
 * the default. The first and the last have a use here. */
static bool read_seed(lme_task_flags *flags, lme_error *err)
{
    int64_t seeds[N_SEEDS] = {0, 1234, 1234, 1234};
    size_t n = 0;
    if (flags->seed == NULL)
        return true;
    for (const char *at = flags->seed; at != NULL; n++) {
        const char *comma = strchr(at, ',');
        lme_str part = {at, comma != NULL ? (size_t)(comma - at) : strlen(at)};
        part = lme_strip(part);
        bool is_none = lme_str_is(part, "None") || lme_str_is(part, "none");
        if (is_none && comma == NULL)
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "--seed None: few-shot draws without a seed can't be repeated");
        if (n == N_SEEDS || (!is_none && !lme_str_to_int(part, &seeds[n])))
            return refuse_seed(flags->seed, err);
        at = comma != NULL ? comma + 1 : NULL;
    }
    if (n == 2)
        return refuse_seed(flags->seed, err);
    flags->sample_seed = seeds[0];
    flags->fewshot_seed = n == 1 ? seeds[0] : seeds[N_SEEDS - 1];
    return true;
}

static bool is_one_of(lme_str word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (lme_str_is(word, words[i]))
            return true;
    }
    return false;
}

static bool read_bool(lme_arena *arena, const char *option, const char *given, bool *value,
                      lme_error *err)
{
    static const char *const yes[] = {"true", "1", "yes", NULL};
    static const char *const no[] = {"false", "0", "no", NULL};
    lme_str word = lme_lower(arena, lme_str_from(given));
    *value = is_one_of(word, yes);
    if (*value || is_one_of(word, no))
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL, "--%s wants true or false, got \"%s\"", option,
                    given);
}

/* lm_eval's rules: with a chat template examples are turns of their own unless told otherwise;
 * without one they cannot be. */
static bool read_chat(lme_arena *arena, lme_task_flags *flags, lme_error *err)
{
    bool chat = false, turns;
    const char *given = flags->fewshot_as_multiturn;
    if (flags->apply_chat_template != NULL &&
        !read_bool(arena, "apply-chat-template", flags->apply_chat_template, &chat, err))
        return lme_hint(err, "the server applies the model's own template; another one is chosen "
                             "where the server is started");
    turns = chat;
    if (given != NULL && !read_bool(arena, "fewshot-as-multiturn", given, &turns, err))
        return false;
    if (turns && !chat) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "--fewshot-as-multiturn goes with --apply-chat-template: one text has no turns");
        return lme_hint(err, "add --apply-chat-template");
    }
    flags->chat = !chat ? LME_CHAT_NONE : turns ? LME_CHAT_MULTI_TURN : LME_CHAT_SINGLE_TURN;
    return true;
}

bool lme_task_flags_read(lme_arena *arena, lme_task_flags *flags, lme_error *err)
{
    if (flags->tasks.n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "no task is named");
        return lme_hint(err, "lmeval --task hellaswag; lmeval list tasks shows which there are");
    }
    if (flags->limit > 1 && floor(flags->limit) < flags->limit)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--limit wants %s, got %.15g", LME_LIMIT_WANTED,
                        flags->limit);
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *mirror = flags->data_dir != NULL ? flags->data_dir : getenv("LMEVAL_DATA_DIR");
    flags->data_dir_value = lme_str_from(mirror);
    return read_seed(flags, err) && read_chat(arena, flags, err) &&
           lme_pairs_read(arena, "gen-kwargs", &flags->gen_kwargs, &flags->gen_kwargs_value, err) &&
           lme_pairs_read(arena, "metadata", &flags->metadata, &flags->metadata_value, err);
}

static void add_text(lme_builder *key, const char *text)
{
    lme_builder_format(key, "%s\n", text != NULL ? text : "");
}

lme_str lme_task_flags_key(lme_arena *arena, const lme_task_flags *flags)
{
    lme_builder key = {.arena = arena};
    lme_builder_format(&key, "%.17g %zu %lld %lld %lld\n", flags->limit, flags->sample,
                       (long long)flags->num_fewshot, (long long)flags->fewshot_seed,
                       flags->sample > 0 ? (long long)flags->sample_seed : 0);
    add_text(&key, flags->data_dir);
    add_text(&key, flags->samples);
    add_text(&key, flags->sample_by);
    lme_builder_format(&key, "%d %d\n", (int)flags->chat, (int)flags->predict_only);
    add_text(&key, flags->system_instruction);
    for (size_t i = 0; i < flags->gen_kwargs.n; i++)
        add_text(&key, flags->gen_kwargs.items[i]);
    return lme_builder_finish(&key);
}

bool lme_task_flags_open(lme_arena *arena, const lme_task_flags *flags, bool demo,
                         lme_opened_tasks *opened, lme_error *err)
{
    lme_task_options options = {
        .include_paths = flags->include_paths.items,
        .n_include_paths = flags->include_paths.n,
        .has_num_fewshot = flags->num_fewshot >= 0,
        .num_fewshot = flags->num_fewshot >= 0 ? (size_t)flags->num_fewshot : 0,
        .gen_kwargs = flags->gen_kwargs_value,
        .metadata = flags->metadata_value,
        .chat = flags->chat,
        .system_instruction = lme_str_from(flags->system_instruction),
        .predict_only = flags->predict_only,
    };
    lme_docs_options docs_options = {
        .data_dir = flags->data_dir_value,
        .samples = demo && flags->data_dir_value.len == 0,
        .limit = flags->limit,
        .fewshot_seed = flags->fewshot_seed,
        .hub = lme_hub_from_environment(arena, flags->offline),
    };
    *opened = (lme_opened_tasks){0};
    if (!lme_task_set_load(arena, flags->tasks.items, flags->tasks.n, &options, &opened->set, err))
        return false;
    opened->tasks = opened->set.tasks;
    opened->docs = LME_ARRAY(arena, lme_docs *, opened->set.n_tasks);
    for (size_t i = 0; i < opened->set.n_tasks; i++) {
        const lme_task *task = opened->tasks[i];
        if (!lme_docs_open(arena, task, &docs_options, &opened->docs[i], err))
            return lme_while(err, "opening the data of task %.*s", LME_STR_ARG(task->name));
        opened->n++;
    }
    if (opened->n == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "the group has no tasks");
    return lme_selection_apply(arena, flags, opened, err);
}
