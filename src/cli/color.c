#include "color.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <lmeval/compare.h>

static const char variable[] = "LMEVAL_COLOR";

static bool is_when(const char *word)
{
    return strcmp(word, "auto") == 0 || strcmp(word, "always") == 0 || strcmp(word, "never") == 0;
}

bool lme_color_option(char **argv, lme_error *err)
{
    for (size_t i = 1; argv[0] != NULL && argv[i] != NULL && strcmp(argv[i], "--") != 0; i++) {
        size_t n_words = 1;
        const char *when;
        if (strncmp(argv[i], "--color=", 8) == 0) {
            when = argv[i] + 8;
        } else if (strcmp(argv[i], "--color") == 0) {
            when = argv[i + 1] != NULL ? argv[i + 1] : "";
            n_words = argv[i + 1] != NULL ? 2 : 1;
        } else {
            continue;
        }
        if (!is_when(when))
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "--color wants one of auto, always, never, got \"%s\"", when);
        /* Programs that are started, a pager, see it too. */
        (void)setenv(variable, when, 1); /* NOLINT(concurrency-mt-unsafe): no thread runs yet */
        for (size_t k = i; argv[k] != NULL; k++)
            argv[k] = argv[k + n_words - 1] == NULL ? NULL : argv[k + n_words];
        i--;
    }
    return true;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return value != NULL ? value : "";
}

bool lme_is_colored(FILE *to)
{
    const char *when = environment(variable);
    if (strcmp(when, "always") == 0)
        return true;
    if (strcmp(when, "never") == 0 || environment("NO_COLOR")[0] != '\0' ||
        strcmp(environment("TERM"), "dumb") == 0)
        return false;
    return isatty(fileno(to)) == 1;
}

lme_str lme_painted(lme_arena *arena, lme_str text, lme_color color)
{
    static const char *const codes[] = {
        [LME_COLOR_GOOD] = "32",
        [LME_COLOR_BAD] = "31",
        [LME_COLOR_UNSURE] = "33",
    };
    return lme_str_format(arena, "\033[%sm%.*s\033[0m", codes[color], LME_STR_ARG(text));
}

static lme_str line_painted(lme_arena *arena, lme_str line)
{
    static const struct {
        lme_verdict verdict;
        lme_color color;
    } verdicts[] = {
        {LME_VERDICT_RECOVERED, LME_COLOR_GOOD},
        {LME_VERDICT_DEGRADED, LME_COLOR_BAD},
        {LME_VERDICT_UNCLEAR, LME_COLOR_UNSURE},
    };
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
        lme_str word = lme_str_from(lme_verdict_name(verdicts[i].verdict));
        lme_str cell = lme_str_format(arena, "  %.*s", LME_STR_ARG(word));
        if (!lme_str_ends(line, cell))
            continue;
        lme_str before = lme_str_slice(line, 0, line.len - word.len);
        return lme_str_concat(arena, before, lme_painted(arena, word, verdicts[i].color));
    }
    return line;
}

lme_str lme_verdicts_painted(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t from = 0; from < text.len;) {
        size_t to = lme_str_find(text, LME_STR("\n"), from);
        to = to == SIZE_MAX ? text.len : to;
        lme_builder_add(&out, line_painted(arena, lme_str_slice(text, from, to)));
        if (to < text.len)
            lme_builder_char(&out, '\n');
        from = to + 1;
    }
    return lme_builder_finish(&out);
}
