#include "../command.h"
#include "../manual.h"
#include "../pager.h"
#include "../shell/shell.h"
#include "../topic.h"

#include <stddef.h>
#include <string.h>

typedef struct fields {
    bool manual;
    const char *completion;
} fields;

static const lme_option rows[] = {
    {.name = "man",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, manual),
     .help = "as a manual page, for man -l -"},
    {.name = "completion",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, completion),
     .arg = "SHELL",
     .help = "the completions of bash, zsh or fish"},
};

static bool write_completion(lme_arena *arena, const char *name, lme_error *err)
{
    const lme_shell *shell = lme_shell_find(name);
    if (shell == NULL) {
        size_t n;
        const lme_shell *const *all = lme_shell_all(&n);
        lme_builder names = {.arena = arena};
        for (size_t i = 0; i < n; i++)
            lme_builder_format(&names, "%s%s", i > 0 ? ", " : "", all[i]->name);
        return lme_fail(err, LME_ERR_USAGE, NULL, "--completion wants one of %s, got \"%s\"",
                        lme_builder_finish(&names).ptr, name);
    }
    lme_builder out = {.arena = arena};
    shell->write(&out);
    return lme_print(lme_builder_finish(&out), err);
}

static bool list_topics(lme_arena *arena, lme_error *err)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("lmeval help TOPIC shows one of these pages:\n\n"));
    return lme_topics(arena, &out, err) && lme_print(lme_builder_finish(&out), err);
}

static lme_str nearest_command(lme_arena *arena, const char *word)
{
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(all[i]->name);
    return lme_str_nearest(lme_str_from(word), names, n);
}

static bool show_topic(lme_arena *arena, const char *name, lme_error *err)
{
    lme_str text, nearest;
    bool found;
    if (!lme_topic(arena, name, &text, &found, &nearest, err))
        return false;
    if (found)
        return lme_page(arena, text, err);
    if (nearest.len == 0)
        nearest = nearest_command(arena, name);
    lme_fail(err, LME_ERR_USAGE, NULL, "no help for \"%s\": there is no such command or topic",
             name);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean lmeval help %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "lmeval --help lists the commands, lmeval help topics the topics");
}

static bool run_help(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {0};
    lme_option_list words = {0};
    const lme_option_table table = {rows, sizeof rows / sizeof rows[0]};
    if (!lme_options_read(arena, &table, &given, argv, &words, err))
        return false;
    if (given.completion != NULL)
        return write_completion(arena, given.completion, err);
    const char *word = words.n > 0 ? words.items[0] : NULL;
    const lme_command *command = word != NULL ? lme_command_find(word) : NULL;
    if (word != NULL && command == NULL && strcmp(word, "topics") == 0)
        return list_topics(arena, err);
    if (word != NULL && command == NULL)
        return show_topic(arena, word, err);
    if (given.manual)
        return lme_print(lme_manual(arena, command), err);
    return lme_print(lme_help(arena, command), err);
}

const lme_command lme_command_help = {
    .name = "help",
    .summary = "what a command does and takes; the topics",
    .usage = "[COMMAND|TOPIC|topics]",
    .example = "  lmeval help compare\n"
               "  lmeval help task-format\n"
               "  lmeval help --completion bash > lmeval.bash\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_help,
};
