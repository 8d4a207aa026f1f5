/* From argv to an exit code: which command, run it, say what went wrong. */
#include "color.h"
#include "command.h"
#include "say.h"
#include "version.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/cli.h>
#include <lmeval/task.h>

static int exit_code(lme_code code)
{
    switch (code) {
    case LME_OK:
        return 0;
    case LME_ERR_GATE:
        return 1;
    case LME_ERR_NETWORK:
    case LME_ERR_SERVER:
        return 3;
    case LME_ERR_COVERAGE:
        return 4;
    case LME_ERR_STOPPED:
        return 130;
    case LME_ERR_USAGE:
    case LME_ERR_TASK:
    case LME_ERR_TEMPLATE:
    case LME_ERR_DATA:
    case LME_ERR_IO:
    case LME_ERR_LIMIT:
        return 2;
    }
    return 2;
}

bool lme_print(lme_str text, lme_error *err)
{
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len && fflush(stdout) == 0)
        return true;
    return lme_fail(err, LME_ERR_IO, NULL, "cannot write to standard output");
}

bool lme_prints_utf8(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i] != NULL && names[i][0] != '\0')
            return strstr(names[i], "UTF-8") != NULL || strstr(names[i], "utf8") != NULL;
    }
    return true;
}

static bool wants_help(char **argv)
{
    for (size_t i = 1; argv[i] != NULL && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    }
    return false;
}

static bool is_task(lme_arena *arena, const char *word)
{
    lme_index *index;
    return lme_str_ends(lme_str_from(word), LME_STR(".yaml")) ||
           (lme_index_open(arena, NULL, &index, NULL) &&
            lme_index_find(index, lme_str_from(word)) != NULL);
}

static bool fail_command(lme_arena *arena, const char *given, lme_error *err)
{
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(all[i]->name);
    lme_str nearest = lme_str_nearest(lme_str_from(given), names, n);
    lme_fail(err, LME_ERR_USAGE, NULL, "unknown command \"%s\"", given);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean lmeval %.*s?", LME_STR_ARG(nearest));
    if (is_task(arena, given))
        return lme_hint(err, "a task is named with --task: lmeval --task %s", given);
    return lme_hint(err, "lmeval --help shows the commands");
}

/* `lmeval --task x` is `lmeval run --task x`. */
static bool dispatch(lme_arena *arena, int argc, char **argv, lme_error *err)
{
    bool named = argc > 1 && argv[1][0] != '-';
    const lme_command *command = named ? lme_command_find(argv[1]) : lme_command_find("run");
    if (command == NULL)
        return fail_command(arena, argv[1], err);
    if (argc > 1 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
        return lme_print(lme_version_text(arena), err);
    if (argc == 1 || wants_help(argv))
        return lme_print(lme_help(arena, named ? command : NULL), err);
    return command->run(arena, named ? argv + 1 : argv, err);
}

/* "lmeval: MESSAGE", its hint below. */
static void print_error(lme_arena *arena, const lme_error *err)
{
    char text[4096];
    lme_error_text(err, text, sizeof text);
    lme_str lines = lme_said(arena, lme_str_from(text));
    lme_str name = lme_str_slice(lines, 0, sizeof "lmeval:" - 1);
    if (lme_is_colored(stderr))
        name = lme_painted(arena, name, LME_COLOR_BAD);
    fflush(stdout);
    fprintf(stderr, "%.*s%s\n", LME_STR_ARG(name), lines.ptr + sizeof "lmeval:" - 1);
}

int lme_cli_main(int argc, char **argv)
{
    /* A closed connection or pipe is an error to report, not the end of the run. */
    signal(SIGPIPE, SIG_IGN);
    /* So is a file that may not grow any more. */
    signal(SIGXFSZ, SIG_IGN);
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    int code = 0;
    bool ok = lme_color_option(argv, &err);
    for (argc = 0; argv[argc] != NULL;)
        argc++;
    if (!ok || !dispatch(arena, argc, argv, &err)) {
        print_error(arena, &err);
        code = exit_code(err.code);
    }
    lme_arena_free(arena);
    return code;
}
