/* The commands in the order of --help. */
#include "../command.h"

#include <string.h>

#define COMMAND(name) extern const lme_command lme_command_##name;
#include "list.h"
#undef COMMAND

#define COMMAND(name) &lme_command_##name,
static const lme_command *const commands[] = {
#include "list.h"
};
#undef COMMAND

const lme_command *const *lme_command_all(size_t *n)
{
    *n = sizeof commands / sizeof commands[0];
    return commands;
}

const lme_command *lme_command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}
