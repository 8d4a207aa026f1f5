/* zsh: _arguments with a line an option, help included. */
#include "shell.h"

#include <string.h>

static const char head[] =
    "#compdef lmeval\n"
    "# zsh completion for lmeval: made by `lmeval help --completion zsh`\n"
    "_lmeval_tasks() {\n"
    "    local -a names\n"
    "    names=(${(f)\"$(for kind in tasks groups tags; do lmeval list $kind; done 2>/dev/null |\n"
    "        cut -d' ' -f1)\"})\n"
    "    _alternative \"tasks:task:_sequence compadd -a names\" 'files:file:_files -g \"*.yaml\"'\n"
    "}\n"
    "_lmeval_runs() {\n"
    "    local -a runs\n"
    "    runs=(*/results.json(N:h) */*/results.json(N:h))\n"
    "    _alternative \"runs:run:compadd -f -a runs\" 'folders:folder:_files -/'\n"
    "}\n";

static const char *function_of(lme_wanted wanted)
{
    switch (wanted) {
    case LME_WANTED_FILE:
        return "_files";
    case LME_WANTED_FOLDER:
        return "_files -/";
    case LME_WANTED_TASK:
        return "_lmeval_tasks";
    case LME_WANTED_RUN:
        return "_lmeval_runs";
    case LME_WANTED_NOTHING:
    case LME_WANTED_WORD:
        break;
    }
    return " ";
}

/* Inside of '...[...]': quotes, brackets and colons have meanings there. */
static void add_quoted(lme_builder *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            lme_builder_add(out, LME_STR("'\\''"));
        else if (strchr("[]:\\", *text) != NULL)
            lme_builder_format(out, "\\%c", *text);
        else
            lme_builder_char(out, *text);
    }
}

static void add_option(lme_builder *out, const lme_option *option, const char *name)
{
    lme_builder_format(out, " \\\n        '*%s[", name);
    add_quoted(out, option->help);
    lme_builder_char(out, ']');
    if (lme_option_takes_value(option)) {
        lme_builder_char(out, ':');
        add_quoted(out, option->arg);
        if (option->choices != NULL)
            lme_builder_format(out, ":(%s)", option->choices);
        else
            lme_builder_format(out, ":%s", function_of(lme_option_wanted(option)));
    }
    lme_builder_char(out, '\'');
}

static void add_options(lme_builder *out, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const lme_option *option = &table->rows[i];
        char name[64];
        if (!lme_option_is_shown(option))
            continue;
        lme_str full = lme_str_format(out->arena, "--%s", option->name);
        add_option(out, option, full.ptr);
        if (option->letter != 0) {
            name[0] = '-', name[1] = option->letter, name[2] = '\0';
            add_option(out, option, name);
        }
    }
}

static void write_command(lme_builder *out, const lme_command *command)
{
    lme_builder_format(out, "    %s) _arguments", command->name);
    add_options(out, &command->options);
    add_options(out, lme_options_of_all());
    lme_wanted wanted = lme_command_wanted(command);
    if (wanted == LME_WANTED_WORD) {
        lme_str words = lme_command_words(out->arena, command);
        lme_builder_format(out, " \\\n        '*:word:(%.*s)'", LME_STR_ARG(words));
    } else if (wanted != LME_WANTED_NOTHING) {
        lme_builder_format(out, " \\\n        '*:file:%s'", function_of(wanted));
    }
    lme_builder_add(out, LME_STR(" ;;\n"));
}

static void write(lme_builder *out)
{
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_builder_add(out, lme_str_from(head));
    lme_builder_add(out, LME_STR("_lmeval() {\n"
                                 "    local command=run\n"
                                 "    local -a commands\n"
                                 "    commands=(\n"));
    for (size_t i = 0; i < n; i++) {
        lme_builder_format(out, "        '%s:", all[i]->name);
        add_quoted(out, all[i]->summary);
        lme_builder_add(out, LME_STR("'\n"));
    }
    lme_builder_add(out, LME_STR("    )\n"
                                 "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n"
                                 "        _describe command commands\n"
                                 "        return\n"
                                 "    fi\n"
                                 "    if [[ $words[2] != -* ]]; then\n"
                                 "        command=$words[2]\n"
                                 "        shift words\n"
                                 "        (( CURRENT-- ))\n"
                                 "    fi\n"
                                 "    case $command in\n"));
    for (size_t i = 0; i < n; i++)
        write_command(out, all[i]);
    lme_builder_add(out, LME_STR("    esac\n}\n_lmeval \"$@\"\n"));
}

const lme_shell lme_shell_zsh = {.name = "zsh", .write = write};
