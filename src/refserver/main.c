/* lmeval-refserver: the reference server as a program of its own, for tests and trying things out.
 */
#include "options.h"

#include <signal.h>
#include <stdio.h>

#include <lmeval/share.h>

static int fail(const lme_error *err)
{
    char text[2048];
    lme_error_text(err, text, sizeof text);
    fprintf(stderr, "lmeval-refserver: %s\n", text);
    return err->code == LME_ERR_USAGE ? 2 : 1;
}

static bool write_port(const char *path, unsigned port, lme_error *err)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%u\n", port);
    return path == NULL || lme_file_write(path, (lme_str){text, (size_t)len}, err);
}

/* Signals are blocked before any thread starts, so they come here and nowhere else. */
static int serve(const lme_refserver_arguments *arguments)
{
    lme_error err = {0};
    lme_refserver *server;
    sigset_t ending;
    int caught;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ending, NULL);
    if (!lme_refserver_start(&arguments->server, &server, &err))
        return fail(&err);
    printf("listening on %s\n", lme_refserver_address(server));
    fflush(stdout);
    bool ok = write_port(arguments->port_file, lme_refserver_port(server), &err);
    if (ok)
        sigwait(&ending, &caught);
    lme_refserver_stop(server);
    return ok ? 0 : fail(&err);
}

int main(int argc, char **argv)
{
    lme_error err = {0};
    lme_refserver_arguments arguments;
    if (!lme_refserver_arguments_read(argc, argv, &arguments, &err))
        return fail(&err);
    if (arguments.wants_version) {
        puts("lmeval-refserver " LMEVAL_VERSION);
        return 0;
    }
    if (arguments.wants_help) {
        lme_arena *arena = lme_arena_new();
        lme_str help = lme_refserver_help(arena);
        fwrite(help.ptr, 1, help.len, stdout);
        lme_arena_free(arena);
        return 0;
    }
    return serve(&arguments);
}
