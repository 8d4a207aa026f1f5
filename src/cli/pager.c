#include "pager.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    NOT_FOUND = 127 /* the shell's exit code for a command that is not there */
};

/* NULL: none is wanted. */
static const char *program(void)
{
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): nothing sets variables */
    const char *names[] = {getenv("LMEVAL_PAGER"), getenv("PAGER"), "less"};
    const char *found = NULL;
    for (size_t i = 0; found == NULL; i++)
        found = names[i];
    return found[0] == '\0' || strcmp(found, "cat") == 0 ? NULL : found;
}

static bool fail_write(lme_error *err)
{
    return lme_fail(err, LME_ERR_IO, NULL, "cannot write to standard output: %s",
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
}

bool lme_pager_open(lme_arena *arena, bool paged, lme_pager *pager, lme_error *err)
{
    *pager = (lme_pager){.out = stdout};
    const char *name = paged && isatty(STDOUT_FILENO) == 1 ? program() : NULL;
    if (name == NULL)
        return true;
    /* As git does: less ends by itself on one screen, leaves it standing, and shows colours. */
    lme_str command =
        lme_str_format(arena, "LESS=\"${LESS-FRX}\" LESSCHARSET=\"${LESSCHARSET-utf-8}\" %s", name);
    fflush(stdout);
    /* NOLINTNEXTLINE(cert-env33-c): running the user's own command is what a pager is */
    FILE *pipe = popen(command.ptr, "w");
    if (pipe == NULL)
        return lme_fail(err, LME_ERR_IO, NULL, "cannot start the pager %s: %s", name,
                        strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
    /* Ctrl-C is the pager's; who leaves it ends this program, too. */
    signal(SIGINT, SIG_IGN);
    *pager = (lme_pager){.out = pipe, .program = name};
    return true;
}

bool lme_pager_shows_colors(const lme_pager *pager)
{
    if (pager->program == NULL)
        return true;
    const char *less = getenv("LESS"); /* NOLINT(concurrency-mt-unsafe): nothing sets variables */
    return strcmp(pager->program, "less") == 0 && (less == NULL || strpbrk(less, "rR") != NULL);
}

bool lme_pager_write(const lme_pager *pager, lme_str text, bool *closed, lme_error *err)
{
    *closed = false;
    if (fwrite(text.ptr, 1, text.len, pager->out) == text.len)
        return true;
    *closed = pager->program != NULL && errno == EPIPE;
    return *closed || fail_write(err);
}

bool lme_pager_close(lme_pager *pager, lme_error *err)
{
    if (pager->out == NULL)
        return true;
    FILE *out = pager->out;
    pager->out = NULL;
    if (pager->program == NULL)
        return fflush(out) == 0 || fail_write(err);
    int status = pclose(out);
    signal(SIGINT, SIG_DFL);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != NOT_FOUND)
        return true;
    lme_fail(err, LME_ERR_IO, NULL, "the pager \"%s\" was not found", pager->program);
    return lme_hint(err, "set PAGER to another one, or to nothing for none");
}

bool lme_page(lme_arena *arena, lme_str text, lme_error *err)
{
    lme_pager pager;
    bool closed = false;
    if (!lme_pager_open(arena, true, &pager, err))
        return false;
    bool ok = lme_pager_write(&pager, text, &closed, err);
    return lme_pager_close(&pager, ok ? err : NULL) && ok;
}
