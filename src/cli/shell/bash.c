/* bash: one function, which looks at the word before and at the command. Lists with commas are
 * completed behind their last comma. */
#include "shell.h"

static const char head[] =
    "# bash completion for lmeval: made by `lmeval help --completion bash`\n"
    "_lmeval_tasks() {\n"
    "    local before=\n"
    "    [[ $cur != *,* ]] || before=${cur%,*},\n"
    "    if [[ $cur == */* ]]; then\n"
    "        compopt -o filenames\n"
    "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
    "        return\n"
    "    fi\n"
    "    local names=$(for kind in tasks groups tags; do lmeval list $kind; done 2>/dev/null |\n"
    "        cut -d' ' -f1)\n"
    "    COMPREPLY=($(compgen -P \"$before\" -W \"$names\" -- \"${cur##*,}\"))\n"
    "    COMPREPLY+=($(compgen -f -X '!*.yaml' -- \"$cur\"))\n"
    "}\n"
    "_lmeval_runs() {\n"
    "    local folder\n"
    "    compopt -o filenames\n"
    "    for folder in $(compgen -d -- \"$cur\"); do\n"
    "        [[ ! -e $folder/results.json ]] && ! compgen -G \"$folder/*/results.json\" >/dev/null "
    "||\n"
    "            COMPREPLY+=(\"$folder\")\n"
    "    done\n"
    "}\n"
    "_lmeval_paths() {\n"
    "    compopt -o filenames\n"
    "    COMPREPLY=($(compgen \"$1\" -- \"$cur\"))\n"
    "}\n"
    "_lmeval() {\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=run\n"
    "    COMPREPLY=()\n";

static const char *function_of(lme_wanted wanted)
{
    switch (wanted) {
    case LME_WANTED_FILE:
        return "_lmeval_paths -f";
    case LME_WANTED_FOLDER:
        return "_lmeval_paths -d";
    case LME_WANTED_TASK:
        return "_lmeval_tasks";
    case LME_WANTED_RUN:
        return "_lmeval_runs";
    case LME_WANTED_NOTHING:
    case LME_WANTED_WORD:
        break;
    }
    return ":";
}

/* What stands behind an option, by command: --metric is another thing in each.
 *   command  its name; "*" for any */
static void write_values(lme_builder *out, const char *command, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const lme_option *option = &table->rows[i];
        if (!lme_option_is_shown(option) || !lme_option_takes_value(option))
            continue;
        lme_builder_format(out, "    %s:--%s", command, option->name);
        if (option->letter != 0)
            lme_builder_format(out, "|%s:-%c", command, option->letter);
        if (option->choices != NULL)
            lme_builder_format(out, ") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n",
                               option->choices);
        else
            lme_builder_format(out, ") %s; return ;;\n", function_of(lme_option_wanted(option)));
    }
}

static void write_names(lme_builder *out, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        if (lme_option_is_shown(&table->rows[i]))
            lme_builder_format(out, "--%s ", table->rows[i].name);
    }
}

static void write_options(lme_builder *out, const lme_command *command)
{
    lme_builder_format(out, "    %s:-*) words='", command->name);
    write_names(out, &command->options);
    write_names(out, lme_options_of_all());
    lme_builder_add(out, LME_STR("' ;;\n"));
    lme_wanted wanted = lme_command_wanted(command);
    if (wanted == LME_WANTED_WORD) {
        lme_str words = lme_command_words(out->arena, command);
        lme_builder_format(out, "    %s:*) words='%.*s' ;;\n", command->name, LME_STR_ARG(words));
    } else {
        lme_builder_format(out, "    %s:*) %s; return ;;\n", command->name, function_of(wanted));
    }
}

static void write(lme_builder *out)
{
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_builder_add(out, lme_str_from(head));
    lme_builder_add(out, LME_STR("    case ${COMP_WORDS[1]} in\n    "));
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "%s%s", i > 0 ? "|" : "", all[i]->name);
    lme_builder_add(out, LME_STR(") command=${COMP_WORDS[1]} ;;\n    esac\n"
                                 "    case $command:$prev in\n"));
    for (size_t i = 0; i < n; i++)
        write_values(out, all[i]->name, &all[i]->options);
    write_values(out, "*", lme_options_of_all());
    lme_builder_add(out, LME_STR("    esac\n"
                                 "    local words=\n"
                                 "    if [[ $COMP_CWORD == 1 && $cur != -* ]]; then\n"
                                 "        words='"));
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "%s%s", i > 0 ? " " : "", all[i]->name);
    lme_builder_add(out, LME_STR("'\n    else\n    case $command:$cur in\n"));
    for (size_t i = 0; i < n; i++)
        write_options(out, all[i]);
    lme_builder_add(out, LME_STR("    esac\n    fi\n"
                                 "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
                                 "}\n"
                                 "complete -F _lmeval lmeval\n"));
}

const lme_shell lme_shell_bash = {.name = "bash", .write = write};
