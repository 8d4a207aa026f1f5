/* Help, printed from the rows. */
#include "command.h"
#include "rows.h"

/* One screen: what it is, by example, and where more is. */
static lme_str help_program(lme_arena *arena)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(
        &out,
        LME_STR("lmeval measures how good a language model behind an OpenAI-compatible "
                "server is.\n\n"
                "  lmeval --task hellaswag --limit 20 --demo     without a server\n"
                "  lmeval --task hellaswag --base-url http://localhost:8000\n"
                "  lmeval --task my_task.yaml --output-path runs/base\n"
                "  lmeval compare runs/base runs/w4a16           did quantization hurt?\n\n"));
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_row *names = LME_ARRAY(arena, lme_row, n);
    for (size_t i = 0; i < n; i++)
        names[i] = (lme_row){lme_str_from(all[i]->name), lme_str_from(all[i]->summary)};
    lme_rows_write(&out, names, n, &(lme_rows_style){.indent = 2});
    lme_builder_add(&out, LME_STR("\nlmeval help COMMAND shows its options (run's are those used "
                                  "above),\nlmeval help topics what else there is to read.\n"));
    return lme_builder_finish(&out);
}

lme_str lme_help(lme_arena *arena, const lme_command *command)
{
    if (command == NULL)
        return help_program(arena);
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "lmeval %s %s\n\n%s\n", command->name, command->usage,
                       command->summary);
    lme_builder_add(&out, LME_STR("\nOptions:\n"));
    lme_options_help(&out, &command->options);
    lme_options_help(&out, lme_options_of_all());
    if (command->example != NULL)
        lme_builder_format(&out, "\nExamples:\n%s", command->example);
    return lme_builder_finish(&out);
}
