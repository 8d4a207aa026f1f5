#include "profile.h"

#include "block.h"
#include "rows.h"
#include "wrap.h"

#include <stdio.h>

#include <lmeval/hash.h>
#include <lmeval/unicode.h>

enum {
    MARK = 5,  /* columns of "ok" and "NO" */
    LEFT = 27, /* of what was asked */
    RIGHT = MARK + LEFT + 1
};

static const char *const parts[] = {"server", "scoring", "texts", "chats"};

/* ---- for people ---- */

static lme_row task_row(lme_arena *arena, bool works, const char *task, lme_str why)
{
    return (lme_row){lme_str_format(arena, "%-4s %s", works ? "yes" : "NO", task), why};
}

static bool is_good(const lme_profile *p, const char *name)
{
    const lme_finding *finding = lme_profile_finding(p, name);
    return finding != NULL && finding->good;
}

/* What scores, and what there is instead. */
static lme_str scored_by(lme_arena *arena, const lme_profile *p)
{
    if (p->scoring_path.len > 0)
        return lme_str_format(arena, "scored by %.*s", LME_STR_ARG(p->scoring_path));
    if (is_good(p, "letters"))
        return LME_STR("no scoring path works; --scoring letters asks for the letter of a choice: "
                       "another measure");
    if (p->chats)
        return LME_STR("no scoring path works; --scoring generated_letters reads which letter of a "
                       "choice is answered: another measure");
    return LME_STR("no scoring path works");
}

/* Whether anything was asked but who it is: without a key, or a model's name, nothing is. */
static bool was_asked(const lme_profile *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_findings; i++)
        n += p->findings[i].part != LME_PART_SERVER;
    return n > 0;
}

/* What a person came for. */
static void write_tasks(lme_arena *arena, lme_builder *out, const lme_profile *p)
{
    bool scores = p->scoring_path.len > 0;
    lme_str by = scored_by(arena, p);
    lme_str measure =
        p->scoring_caution.len > 0
            ? lme_str_format(arena, "%.*s: %.*s", LME_STR_ARG(by), LME_STR_ARG(p->scoring_caution))
            : by;
    lme_str alone = p->scoring_caution.len > 0 ? LME_STR("letters are of choices alone")
                    : scores                   ? by
                                               : LME_STR("no scoring path works");
    lme_str rolling = scores && !p->rolls ? LME_STR("a text's first token has no number") : alone;
    const lme_row rows[] = {
        task_row(arena, scores, "multiple_choice", measure),
        task_row(arena, scores && p->scoring_caution.len == 0, "loglikelihood", alone),
        task_row(arena, p->rolls, "loglikelihood_rolling", rolling),
        task_row(arena, p->generates, "generate_until",
                 p->generates ? LME_STR("texts are completed") : LME_STR("no texts come")),
        task_row(arena, p->chats, "generate_until --apply_chat_template",
                 p->chats ? LME_STR("chats are answered") : LME_STR("no chats are answered")),
    };
    lme_builder_add(out, LME_STR("\nTasks that it can be asked\n"));
    lme_rows_write(out, rows, sizeof rows / sizeof rows[0], &(lme_rows_style){0});
}

/* Takes a line of at most `max` columns from the text; a word that is wider is taken whole. */
static lme_str take_line(lme_str *text, size_t max)
{
    size_t end = 0;
    for (size_t at = 0; at <= text->len; at++) {
        if (at < text->len && text->ptr[at] != ' ')
            continue;
        if (end > 0 && lme_display_width(lme_str_slice(*text, 0, at)) > max)
            break;
        end = at;
    }
    lme_str line = lme_str_slice(*text, 0, end);
    *text = lme_lstrip(lme_str_slice(*text, end, SIZE_MAX));
    return line;
}

static lme_str take_folded(lme_str *text)
{
    size_t end = lme_str_find(*text, LME_STR("\n"), 0);
    lme_str line = lme_lstrip(lme_str_slice(*text, 0, end));
    *text = end < text->len ? lme_str_slice(*text, end + 1, SIZE_MAX) : LME_STR("");
    return line;
}

/* Two columns beside each other: what was asked; what was found, and what it means. */
static void write_finding(lme_arena *arena, lme_builder *out, const lme_finding *f)
{
    lme_builder folded = {.arena = arena};
    lme_fold(&folded, f->detail, RIGHT);
    if (f->means.len > 0)
        lme_fold(&folded, lme_str_format(arena, "-> %.*s", LME_STR_ARG(f->means)), RIGHT);
    lme_str right = lme_builder_finish(&folded);
    lme_str left = lme_str_format(arena, "%.*s: %.*s", LME_STR_ARG(f->name), LME_STR_ARG(f->asked));
    const char *mark = f->good ? "ok" : "NO";
    while (left.len > 0 || right.len > 0) {
        lme_str asked = take_line(&left, LEFT - 1);
        lme_str found = take_folded(&right);
        size_t width = lme_display_width(asked);
        lme_builder_format(out, "%-*s%.*s", found.len > 0 || asked.len > 0 ? MARK : 0, mark,
                           LME_STR_ARG(asked));
        if (found.len > 0)
            lme_builder_format(out, "%*s%.*s", (int)(LEFT + 1 - (width > LEFT ? LEFT : width)), "",
                               LME_STR_ARG(found));
        lme_builder_char(out, '\n');
        mark = "";
    }
}

lme_str lme_profile_text(lme_arena *arena, lme_str base_url, const lme_profile *profile)
{
    static const char *const titles[] = {"Server", "Scoring", "Texts", "Chats"};
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "server   %.*s%s%.*s%s\n", LME_STR_ARG(base_url),
                       profile->server.len > 0 ? " (" : "", LME_STR_ARG(profile->server),
                       profile->server.len > 0 ? ")" : "");
    lme_builder_format(&out, "model    %.*s\n",
                       LME_STR_ARG(profile->model.len > 0 ? profile->model : LME_STR("unknown")));
    if (was_asked(profile))
        write_tasks(arena, &out, profile);
    for (lme_finding_part part = LME_PART_SERVER; part < LME_PARTS; part++) {
        bool begun = false;
        for (size_t i = 0; i < profile->n_findings; i++) {
            if (profile->findings[i].part != part)
                continue;
            if (!begun)
                lme_builder_format(&out, "\n%-*sfound, and what it means\n", RIGHT, titles[part]);
            begun = true;
            write_finding(arena, &out, &profile->findings[i]);
        }
    }
    return lme_builder_finish(&out);
}

/* ---- for programs ---- */

static lme_value findings_value(lme_arena *arena, const lme_profile *profile)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < profile->n_findings; i++) {
        const lme_finding *f = &profile->findings[i];
        lme_map_builder map = {.arena = arena};
        lme_map_add(&map, LME_STR("name"), lme_string(f->name));
        lme_map_add(&map, LME_STR("part"), lme_string(lme_str_from(parts[f->part])));
        lme_map_add(&map, LME_STR("asked"), lme_string(f->asked));
        lme_map_add(&map, LME_STR("good"), lme_bool(f->good));
        lme_map_add(&map, LME_STR("detail"), lme_string(f->detail));
        lme_map_add(&map, LME_STR("means"), lme_string(f->means));
        lme_list_add(&list, lme_map_finish(&map));
    }
    return lme_list_finish(&list);
}

/* A number that may not be known. */
static lme_value known(bool is_known, int64_t number)
{
    return is_known ? lme_int(number) : lme_null();
}

/* A template is long and the same for all runs of a model: its hash tells them apart. */
static lme_value template_value(lme_arena *arena, lme_str template)
{
    return template.len > 0 ? lme_string(lme_sha256_hex(arena, template)) : lme_null();
}

lme_value lme_profile_value(lme_arena *arena, lme_str base_url, const lme_profile *p)
{
    lme_map_builder map = {.arena = arena};
    if (p->n_findings == 0)
        return lme_null();
    lme_map_add(&map, LME_STR("base_url"), lme_string(base_url));
    lme_map_add(&map, LME_STR("server"), lme_string(p->server));
    lme_map_add(&map, LME_STR("model"), lme_string(p->model));
    lme_map_add(&map, LME_STR("context"), known(p->context > 0, (int64_t)p->context));
    lme_map_add(&map, LME_STR("scoring_path"), lme_string(p->scoring_path));
    lme_map_add(&map, LME_STR("scoring_caution"), lme_string(p->scoring_caution));
    lme_map_add(&map, LME_STR("rolls"), lme_bool(p->rolls));
    lme_map_add(&map, LME_STR("generates"), lme_bool(p->generates));
    lme_map_add(&map, LME_STR("chats"), lme_bool(p->chats));
    lme_map_add(&map, LME_STR("bos_tokens"), known(p->n_bos >= 0, p->n_bos));
    lme_map_add(&map, LME_STR("doubles_bos"), lme_bool(p->doubles_bos));
    lme_map_add(&map, LME_STR("prefix_token"), known(p->prefix_token >= 0, p->prefix_token));
    lme_map_add(&map, LME_STR("max_length"), known(p->max_length > 0, (int64_t)p->max_length));
    lme_map_add(&map, LME_STR("truncates"), lme_bool(p->truncates));
    lme_map_add(&map, LME_STR("chat_template_sha256"), template_value(arena, p->chat_template));
    lme_map_add(&map, LME_STR("findings"), findings_value(arena, p));
    return lme_map_finish(&map);
}
