#include "write_out.h"

#include "rendering.h"

#include <stdio.h>

#include <lmeval/json.h>

static bool write_first(lme_arena *arena, lme_docs *docs, lme_error *err)
{
    lme_doc doc;
    lme_sample sample = {0};
    lme_builder text = {.arena = arena};
    bool end;
    lme_rendering rendering = {.sample = &sample, .docs = docs};
    if (!lme_docs_next(arena, docs, &doc, &end, err) || end)
        return end;
    if (!lme_task_plan(arena, docs, &doc, &sample, err) ||
        !lme_render_text(arena, &rendering, &text, err))
        return false;
    fwrite(text.ptr, 1, text.len, stderr);
    return true;
}

bool lme_write_out(lme_arena *arena, const lme_task_flags *flags, bool demo, lme_error *err)
{
    lme_task_flags first = *flags;
    lme_opened_tasks opened;
    first.limit = 1;
    first.samples = NULL;
    first.sample = 0;
    first.sample_by = NULL;
    if (!lme_task_flags_open(arena, &first, demo, &opened, err))
        return false;
    for (size_t i = 0; i < opened.n; i++) {
        if (!write_first(arena, opened.docs[i], err))
            return false;
    }
    return true;
}

void lme_show_configs(lme_arena *arena, const lme_opened_tasks *opened)
{
    for (size_t i = 0; i < opened->n; i++) {
        lme_builder text = {.arena = arena};
        lme_json_write(&text, &opened->tasks[i]->config, &(lme_json_style){.indent = 2});
        lme_builder_char(&text, '\n');
        fwrite(text.ptr, 1, text.len, stderr);
    }
}
