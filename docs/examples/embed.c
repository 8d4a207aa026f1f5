/* Measures a task on a server with liblmeval and prints its first score:
 *     embed TASK.yaml http://localhost:8000
 * The whole way: task, documents, server, proof, run. */
#include <stdio.h>

#include <lmeval/lmeval.h>

static bool measure(lme_arena *arena, char **argv, lme_endpoint **endpoint, lme_run **run,
                    lme_error *err)
{
    lme_task *task;
    lme_docs *docs;
    lme_profile profile;
    lme_result result = {0};
    lme_docs_options all = {.fewshot_seed = 1234};
    lme_endpoint_options server = {
        .base_url = lme_str_from(argv[2]),
        .concurrency = 8,
        .connect_ms = 10000,
        .timeout_ms = 300000,
        .max_retries = 5,
        .backoff_ms = 500,
        .scoring = LME_STR("auto"),
    };
    if (!lme_task_load(arena, argv[1], NULL, &task, err) ||
        !lme_docs_open(arena, task, &all, &docs, err) ||
        !lme_endpoint_open(&server, endpoint, err) ||
        !lme_endpoint_probe(arena, *endpoint, lme_run_needs(task), &profile, err))
        return false;
    lme_run_options options = {.scoring_path = profile.scoring_path, .bootstrap_iters = 1000};
    if (!lme_run_open(&options, *endpoint, run, err) ||
        !lme_run_task(arena, *run, task, docs, &result, err))
        return false;
    const lme_summary *first = &result.summaries[0];
    printf("%.*s %.*s: %.4f +- %.4f over %zu documents\n", LME_STR_ARG(result.task),
           LME_STR_ARG(first->metric), first->value, first->stderr_value, first->n_docs);
    return true;
}

int main(int argc, char **argv)
{
    lme_arena *arena = lme_arena_new();
    lme_endpoint *endpoint = NULL;
    lme_run *run = NULL;
    lme_error err = {0};
    char text[4096];
    bool ok = argc == 3 && measure(arena, argv, &endpoint, &run, &err);
    if (!ok && lme_error_text(&err, text, sizeof text) > 0)
        fprintf(stderr, "%s\n", text);
    lme_endpoint_close(endpoint);
    lme_run_close(run);
    lme_arena_free(arena);
    return ok ? 0 : 1;
}
