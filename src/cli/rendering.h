/* Prompts written out: one document at a time, in one of the forms of `lmeval render`. */
#ifndef LMEVAL_CLI_RENDERING_H
#define LMEVAL_CLI_RENDERING_H

#include <lmeval/endpoint.h>
#include <lmeval/task.h>

/* A planned document. */
typedef struct lme_rendering {
    const lme_sample *sample;
    const lme_docs *docs;
    const lme_endpoint *endpoint; /* how bodies are encoded; NULL: the form needs none */
} lme_rendering;

typedef struct lme_render_form {
    const char *name;
    bool needs_endpoint;
    bool (*write)(lme_arena *arena, const lme_rendering *r, lme_builder *out, lme_error *err);
} lme_render_form;

/* For people, 80 columns: every text stands between bars, "|" where a line begins and where the
 * text ends, ":" where a long line goes on; control characters are shown as \xNN. */
bool lme_render_text(lme_arena *arena, const lme_rendering *r, lme_builder *out,
                     lme_error *err) LME_MUST_CHECK;

/* One line of JSON a document: {task, doc_id, doc_hash, target, requests}, the types those of
 * lm_eval's instances. docs/prompts.md lists the keys. */
bool lme_render_jsonl(lme_arena *arena, const lme_rendering *r, lme_builder *out,
                      lme_error *err) LME_MUST_CHECK;

/* The body of each HTTP request, one a line, byte for byte what a run sends. */
bool lme_render_requests(lme_arena *arena, const lme_rendering *r, lme_builder *out,
                         lme_error *err) LME_MUST_CHECK;

#endif
