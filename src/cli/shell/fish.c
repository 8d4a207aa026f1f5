/* fish: a line an option, with the condition under which it is meant. */
#include "shell.h"

static const char head[] =
    "# fish completion for lmeval: made by `lmeval help --completion fish`\n"
    "function __lmeval_tasks\n"
    "    for kind in tasks groups tags\n"
    "        lmeval list $kind 2>/dev/null | string replace -r ' +' \\t\n"
    "    end\n"
    "    __fish_complete_suffix .yaml\n"
    "end\n"
    "function __lmeval_runs\n"
    "    for file in */results.json */*/results.json\n"
    "        string replace -r '/results.json$' '' $file\n"
    "    end\n"
    "    __fish_complete_directories\n"
    "end\n"
    "function __lmeval_is\n"
    "    set -l words (commandline -opc)\n"
    "    set -l command run\n"
    "    if test (count $words) -gt 1; and not string match -q -- '-*' $words[2]\n"
    "        set command $words[2]\n"
    "    end\n"
    "    test $command = $argv[1]\n"
    "end\n"
    "complete -c lmeval -f\n";

static void add_quoted(lme_builder *out, const char *text)
{
    lme_builder_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            lme_builder_char(out, '\\');
        lme_builder_char(out, *text);
    }
    lme_builder_char(out, '\'');
}

static const char *arguments_of(lme_wanted wanted)
{
    switch (wanted) {
    case LME_WANTED_FILE:
        return " -F";
    case LME_WANTED_FOLDER:
        return " -a '(__fish_complete_directories)'";
    case LME_WANTED_TASK:
        return " -a '(__lmeval_tasks)'";
    case LME_WANTED_RUN:
        return " -a '(__lmeval_runs)'";
    case LME_WANTED_NOTHING:
    case LME_WANTED_WORD:
        break;
    }
    return "";
}

/* condition: what of a line makes them meant, a fish command; NULL: they always are */
static void write_options(lme_builder *out, const char *condition, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const lme_option *option = &table->rows[i];
        if (!lme_option_is_shown(option))
            continue;
        lme_builder_add(out, LME_STR("complete -c lmeval"));
        if (condition != NULL)
            lme_builder_format(out, " -n '%s'", condition);
        lme_builder_format(out, " -l %s", option->name);
        if (option->letter != 0)
            lme_builder_format(out, " -s %c", option->letter);
        if (option->choices != NULL)
            lme_builder_format(out, " -r -a '%s'", option->choices);
        else if (lme_option_takes_value(option))
            lme_builder_format(out, " -r%s", arguments_of(lme_option_wanted(option)));
        lme_builder_add(out, LME_STR(" -d "));
        add_quoted(out, option->help);
        lme_builder_char(out, '\n');
    }
}

static void write_command(lme_builder *out, const lme_command *command)
{
    lme_builder_format(out, "complete -c lmeval -n __fish_use_subcommand -a %s -d ", command->name);
    add_quoted(out, command->summary);
    lme_builder_char(out, '\n');
    lme_str condition = lme_str_format(out->arena, "__lmeval_is %s", command->name);
    write_options(out, condition.ptr, &command->options);
    lme_wanted wanted = lme_command_wanted(command);
    if (wanted == LME_WANTED_NOTHING)
        return;
    lme_builder_format(out, "complete -c lmeval -n '__lmeval_is %s'", command->name);
    if (wanted == LME_WANTED_WORD) {
        lme_str words = lme_command_words(out->arena, command);
        lme_builder_format(out, " -a '%.*s'\n", LME_STR_ARG(words));
    } else {
        lme_builder_format(out, "%s\n", arguments_of(wanted));
    }
}

static void write(lme_builder *out)
{
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_builder_add(out, lme_str_from(head));
    for (size_t i = 0; i < n; i++)
        write_command(out, all[i]);
    write_options(out, NULL, lme_options_of_all());
}

const lme_shell lme_shell_fish = {.name = "fish", .write = write};
