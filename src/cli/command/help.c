#include "../command.h"

static bool run_help(lme_arena *arena, char **argv, lme_error *err)
{
    const lme_command *command = NULL;
    if (argv[1] != NULL) {
        command = lme_command_find(argv[1]);
        if (command == NULL) {
            lme_fail(err, LME_ERR_USAGE, NULL, "no help for \"%s\": there is no such command",
                     argv[1]);
            return lme_hint(err, "lmeval --help lists the commands");
        }
    }
    return lme_print(lme_help(arena, command), err);
}

const lme_command lme_command_help = {
    .name = "help",
    .summary = "what a command does and takes",
    .usage = "[COMMAND]",
    .run = run_help,
};
