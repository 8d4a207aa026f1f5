/* The shells in the order of help, and what their scripts read out of the rows. */
#include "../topic.h"
#include "shell.h"

#include <string.h>

#define SHELL(name) extern const lme_shell lme_shell_##name;
#include "list.h"
#undef SHELL

#define SHELL(name) &lme_shell_##name,
static const lme_shell *const shells[] = {
#include "list.h"
};
#undef SHELL

const lme_shell *const *lme_shell_all(size_t *n)
{
    *n = sizeof shells / sizeof shells[0];
    return shells;
}

const lme_shell *lme_shell_find(const char *name)
{
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i]->name, name) == 0)
            return shells[i];
    }
    return NULL;
}

bool lme_option_is_shown(const lme_option *option)
{
    return !option->is_alias && option->instead == NULL;
}

bool lme_option_takes_value(const lme_option *option)
{
    return option->kind != LME_OPTION_FLAG && option->arg != NULL;
}

/* The word that help shows for a value says what it is. */
lme_wanted lme_option_wanted(const lme_option *option)
{
    static const struct {
        const char *arg;
        lme_wanted wanted;
    } words[] = {
        {"FILE", LME_WANTED_FILE}, {"DIR", LME_WANTED_FOLDER}, {"TASK", LME_WANTED_TASK},
        {"RUN", LME_WANTED_RUN},   {"OTHER", LME_WANTED_RUN},  {"PATH", LME_WANTED_FILE},
    };
    if (!lme_option_takes_value(option))
        return LME_WANTED_NOTHING;
    if (option->choices != NULL)
        return LME_WANTED_WORD;
    if (strcmp(option->name, "task") == 0)
        return LME_WANTED_TASK;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(option->arg, words[i].arg) == 0)
            return words[i].wanted;
    }
    return LME_WANTED_NOTHING;
}

static size_t end_of_word(lme_str usage)
{
    size_t end = 0;
    while (end < usage.len && usage.ptr[end] >= 'a' && usage.ptr[end] <= 'z')
        end++;
    return end;
}

lme_wanted lme_command_wanted(const lme_command *command)
{
    lme_str usage = lme_str_from(command->usage);
    if (end_of_word(usage) > 0 || strcmp(command->name, "help") == 0)
        return LME_WANTED_WORD;
    if (lme_str_starts(usage, LME_STR("RUN")) || lme_str_starts(usage, LME_STR("BASE")))
        return LME_WANTED_RUN;
    return lme_str_starts(usage, LME_STR("PATH")) ? LME_WANTED_FILE : LME_WANTED_NOTHING;
}

/* Without the pages there are no topics to complete. */
static void add_topics(lme_builder *out)
{
    lme_str *names;
    size_t n;
    lme_error why = {0};
    if (!lme_topic_names(out->arena, &names, &n, &why))
        return;
    lme_builder_add(out, LME_STR(" topics"));
    for (size_t i = 0; i < n; i++) {
        /* A command of that name is what help shows. */
        if (lme_command_find(lme_str_cstr(out->arena, names[i])) == NULL)
            lme_builder_format(out, " %.*s", LME_STR_ARG(names[i]));
    }
}

static lme_str help_words(lme_arena *arena)
{
    lme_builder out = {.arena = arena};
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&out, "%s%s", i > 0 ? " " : "", all[i]->name);
    add_topics(&out);
    return lme_builder_finish(&out);
}

lme_str lme_command_words(lme_arena *arena, const lme_command *command)
{
    if (strcmp(command->name, "help") == 0)
        return help_words(arena);
    lme_builder out = {.arena = arena};
    lme_str rest = lme_str_from(command->usage);
    while (end_of_word(rest) > 0) {
        lme_builder_format(&out, "%s%.*s", out.len > 0 ? " " : "", (int)end_of_word(rest),
                           rest.ptr);
        size_t bar = lme_str_find(rest, LME_STR("|"), 0);
        rest = lme_str_slice(rest, bar == SIZE_MAX ? rest.len : bar + 1, rest.len);
    }
    return lme_builder_finish(&out);
}
