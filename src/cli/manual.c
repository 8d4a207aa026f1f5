#include "manual.h"

/* In roff a backslash begins an escape, a hyphen is a hyphen and not a minus, and a dot or quote at
 * the beginning of a line is a command. */
static void add_text(lme_builder *out, lme_str text)
{
    bool at_start = out->len == 0 || out->ptr[out->len - 1] == '\n';
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (at_start && (c == '.' || c == '\''))
            lme_builder_add(out, LME_STR("\\&"));
        if (c == '\\')
            lme_builder_add(out, LME_STR("\\e"));
        else if (c == '-')
            lme_builder_add(out, LME_STR("\\-"));
        else
            lme_builder_char(out, c);
        at_start = c == '\n';
    }
}

static void add(lme_builder *out, const char *text)
{
    add_text(out, lme_str_from(text));
}

static void begin(lme_builder *out, const char *name, const char *summary)
{
    lme_builder_format(out, ".TH %s 1 \"\" \"lmeval %s\" \"User Commands\"\n.SH NAME\n", name,
                       LMEVAL_VERSION);
    add(out, name);
    lme_builder_add(out, LME_STR(" \\- "));
    add(out, summary);
    lme_builder_add(out, LME_STR("\n.SH SYNOPSIS\n"));
}

static void add_options(lme_builder *out, const lme_option_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const lme_option *option = &table->rows[i];
        if (option->is_alias || option->instead != NULL)
            continue;
        lme_builder_add(out, LME_STR(".TP\n"));
        if (option->letter != 0)
            lme_builder_format(out, "\\fB\\-%c\\fR, ", option->letter);
        lme_builder_add(out, LME_STR("\\fB"));
        add(out, "--");
        add(out, option->name);
        lme_builder_add(out, LME_STR("\\fR"));
        if (option->arg != NULL) {
            lme_builder_add(out, LME_STR(" \\fI"));
            add(out, option->arg);
            lme_builder_add(out, LME_STR("\\fR"));
        }
        lme_builder_char(out, '\n');
        add(out, option->help);
        lme_builder_char(out, '\n');
    }
}

static void add_examples(lme_builder *out, const char *example)
{
    lme_builder_add(out, LME_STR(".SH EXAMPLES\n.nf\n"));
    add(out, example);
    lme_builder_add(out, LME_STR(".fi\n"));
}

static void end(lme_builder *out)
{
    lme_builder_add(
        out,
        LME_STR(".SH EXIT STATUS\n"
                "0 fine, 1 a gate failed, 2 usage or task error, 3 server unusable, 4 finished "
                "with more failed documents than \\-\\-max\\-errors allows.\n"));
}

static lme_str manual_of_program(lme_arena *arena)
{
    lme_builder out = {.arena = arena};
    begin(&out, "lmeval", "measure a language model behind an OpenAI-compatible server");
    lme_builder_add(&out, LME_STR("\\fBlmeval\\fR [\\fIcommand\\fR] [\\fIoptions\\fR]\n"
                                  ".SH DESCRIPTION\n"));
    add(&out, "Reads task files, asks the server, and prints scores with their standard errors; "
              "compares two runs and says whether the second one kept the quality of the first. "
              "Without a command, run is meant.\n");
    lme_builder_add(&out, LME_STR(".SH COMMANDS\n"));
    size_t n;
    const lme_command *const *all = lme_command_all(&n);
    for (size_t i = 0; i < n; i++) {
        lme_builder_format(&out, ".TP\n\\fB%s\\fR\n", all[i]->name);
        add(&out, all[i]->summary);
        lme_builder_format(&out, "; \\fBlmeval\\-%s\\fR(1)\n", all[i]->name);
    }
    lme_builder_add(&out, LME_STR(".SH ENVIRONMENT\n"));
    static const char *const variables[][2] = {
        {"LMEVAL_BASE_URL, OPENAI_BASE_URL", "the server, where --base-url names none"},
        {"LMEVAL_API_KEY, OPENAI_API_KEY", "its key"},
        {"LMEVAL_DATA_DIR", "dataset mirror, where --data-dir names none"},
        {"XDG_CACHE_HOME", "fetched data sets are below it, in lmeval/"},
        {"HF_TOKEN", "for gated data sets of the hub"},
        {"LMEVAL_COLOR", "auto, always or never; what --color says of any command"},
        {"NO_COLOR", "not empty: no colours"},
        {"LMEVAL_PAGER, PAGER", "what long output goes through on a terminal"},
        {"LMEVAL_SHARE", "folder with tasks/ and datasets/, where they are elsewhere"},
    };
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        lme_builder_format(&out, ".TP\n\\fB%s\\fR\n", variables[i][0]);
        add(&out, variables[i][1]);
        lme_builder_char(&out, '\n');
    }
    end(&out);
    lme_builder_add(&out, LME_STR(".SH SEE ALSO\n\\fBlmeval help topics\\fR\n"));
    return lme_builder_finish(&out);
}

lme_str lme_manual(lme_arena *arena, const lme_command *command)
{
    if (command == NULL)
        return manual_of_program(arena);
    lme_builder out = {.arena = arena};
    lme_str name = lme_str_format(arena, "lmeval-%s", command->name);
    begin(&out, name.ptr, command->summary);
    lme_builder_format(&out, "\\fBlmeval %s\\fR ", command->name);
    add(&out, command->usage);
    lme_builder_char(&out, '\n');
    lme_builder_add(&out, LME_STR(".SH OPTIONS\n"));
    add_options(&out, &command->options);
    add_options(&out, lme_options_of_all());
    if (command->example != NULL)
        add_examples(&out, command->example);
    end(&out);
    lme_builder_add(&out, LME_STR(".SH SEE ALSO\n\\fBlmeval\\fR(1)\n"));
    return lme_builder_finish(&out);
}
