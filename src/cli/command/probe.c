/* lmeval probe: what a server can do, proved by asking it. */
#include "../command.h"
#include "../server.h"

#include <stddef.h>

typedef struct fields {
    lme_server_flags server;
} fields;

static const lme_option rows[] = {LME_SERVER_OPTIONS(fields)};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static lme_str profile_text(lme_arena *arena, lme_str base_url, const lme_profile *profile)
{
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "server   %.*s%s%.*s%s\n", LME_STR_ARG(base_url),
                       profile->server.len > 0 ? " (" : "", LME_STR_ARG(profile->server),
                       profile->server.len > 0 ? ")" : "");
    lme_builder_format(&out, "model    %.*s\n",
                       LME_STR_ARG(profile->model.len > 0 ? profile->model : LME_STR("unknown")));
    lme_builder_format(
        &out, "scoring  %.*s\n",
        LME_STR_ARG(profile->scoring_path.len > 0 ? profile->scoring_path : LME_STR("none works")));
    lme_builder_format(&out, "text     %s%s%s\n\n", profile->generates ? "completes texts" : "",
                       profile->generates && profile->chats ? ", " : "",
                       profile->chats       ? "answers chats"
                       : profile->generates ? ""
                                            : "none");
    for (size_t i = 0; i < profile->n_findings; i++) {
        const lme_finding *finding = &profile->findings[i];
        lme_builder_format(&out, "%-4s %-20.*s %.*s\n", finding->good ? "ok" : "NO",
                           LME_STR_ARG(finding->name), LME_STR_ARG(finding->detail));
    }
    return lme_builder_finish(&out);
}

static bool probe(lme_arena *arena, const lme_connection *connection, lme_error *err)
{
    unsigned all = 1u << LME_REQUEST_LOGLIKELIHOOD | 1u << LME_REQUEST_GENERATE | LME_LOOK_AT_CHAT;
    lme_profile profile = {0};
    bool ok = lme_endpoint_probe(arena, connection->endpoint, all, &profile, err);
    if (profile.n_findings > 0 &&
        !lme_print(profile_text(arena, connection->base_url, &profile), ok ? err : NULL))
        return false;
    return ok;
}

static bool run_probe(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {.server = LME_SERVER_DEFAULTS};
    lme_option_list operands = {0};
    if (!lme_options_read(arena, &options, &given, argv, &operands, err))
        return false;
    if (operands.n > 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "probe takes no operand, got \"%s\"",
                        operands.items[0]);
    lme_connection connection = {0};
    bool ok = lme_connect(arena, &given.server, &connection, err) && probe(arena, &connection, err);
    lme_disconnect(&connection);
    return ok;
}

const lme_command lme_command_probe = {
    .name = "probe",
    .summary = "what a server can do, proved by a few tiny requests",
    .usage = "[--base-url URL]",
    .example = "  lmeval probe --base-url http://localhost:8000\n  lmeval probe --demo\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_probe,
};
