/* A JSON object a line and document, in ASCII: it may be looked at on a terminal, too; metrics
 * under lm_eval's keys, "acc,none". */
#include "cells.h"

#include <lmeval/json.h>

static lme_value text_or_null(lme_str text)
{
    return text.len > 0 ? lme_string(text) : lme_null();
}

/*   before  of each key: "" or "other." */
static void add_run(lme_map_builder *map, const lme_look_item *item,
                    const lme_recorded_sample *sample, const char *before)
{
    lme_arena *arena = map->arena;
    for (size_t i = 0; i < sample->n_answers; i++) {
        const lme_recorded_answer *answer = &sample->answers[i];
        for (size_t k = 0; k < answer->n_scores; k++)
            lme_map_add(map,
                        lme_str_format(arena, "%s%.*s,%.*s", before,
                                       LME_STR_ARG(answer->scores[k].metric),
                                       LME_STR_ARG(answer->pipeline)),
                        answer->scores[k].item);
    }
    lme_look_cells cells = lme_look_cells_of(arena, item, sample);
    lme_map_add(map, lme_str_format(arena, "%spick", before), cells.pick);
    lme_map_add(map, lme_str_format(arena, "%sanswer", before), cells.answer);
    lme_map_add(map, lme_str_format(arena, "%sfailure", before), text_or_null(sample->failure));
}

static void write(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    (void)view;
    const lme_recorded_sample *sample = item->sample;
    lme_map_builder map = {.arena = out->arena};
    lme_map_add(&map, LME_STR("task"), lme_string(item->task->name));
    lme_map_add(&map, LME_STR("doc_id"), lme_int(sample->doc_id));
    lme_map_add(&map, LME_STR("doc_hash"), text_or_null(sample->doc_hash));
    lme_map_add(&map, LME_STR("target"), lme_string(sample->target));
    add_run(&map, item, sample, "");
    if (item->other != NULL) {
        lme_map_add(&map, LME_STR("flip"), lme_string(lme_str_from(lme_flip_name(item->flip))));
        add_run(&map, item, item->other, "other.");
    }
    lme_value line = lme_map_finish(&map);
    lme_json_write(out, &line, &(lme_json_style){.nan_as_null = true, .ensure_ascii = true});
    lme_builder_char(out, '\n');
}

const lme_look_form lme_look_form_jsonl = {
    .name = "jsonl",
    .meaning = "a JSON object a line",
    .write = write,
};
