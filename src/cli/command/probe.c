/* lmeval probe: what a server can do, proved by asking it. */
#include "../command.h"
#include "../profile.h"
#include "../server.h"

#include <stddef.h>
#include <string.h>

#include <lmeval/json.h>

typedef struct fields {
    lme_server_flags server;
    const char *format;
} fields;

static const lme_option rows[] = {
    LME_SERVER_OPTIONS(fields),
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORMAT",
     .help = "text or json (text)"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static lme_str profile_json(lme_arena *arena, lme_str base_url, const lme_profile *profile)
{
    const lme_value value = lme_profile_value(arena, base_url, profile);
    const lme_json_style style = {.indent = 2};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &value, &style);
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}

static bool probe(lme_arena *arena, const lme_connection *connection, bool json, lme_error *err)
{
    unsigned all = 1u << LME_REQUEST_LOGLIKELIHOOD | 1u << LME_REQUEST_GENERATE | LME_LOOK_AT_CHAT |
                   LME_LOOK_AT_ALL;
    lme_profile profile = {0};
    bool ok = lme_endpoint_probe(arena, connection->endpoint, all, &profile, err);
    lme_str text = json ? profile_json(arena, connection->base_url, &profile)
                        : lme_profile_text(arena, connection->base_url, &profile);
    if (profile.n_findings > 0 && !lme_print(text, ok ? err : NULL))
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
    bool json = given.format != NULL && strcmp(given.format, "json") == 0;
    if (given.format != NULL && !json && strcmp(given.format, "text") != 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--format is text or json, got \"%s\"",
                        given.format);
    lme_connection connection = {0};
    bool ok =
        lme_connect(arena, &given.server, &connection, err) && probe(arena, &connection, json, err);
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
