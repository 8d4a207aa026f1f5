#include "keys.h"

enum {
    BOOL = 1u << LME_BOOL,
    INT = 1u << LME_INT,
    TEXT = 1u << LME_STRING,
    LIST = 1u << LME_LIST,
    MAP = 1u << LME_MAP
};

static const lme_task_key task_keys[] = {
    {"include", TEXT | LIST, NULL, "file or files whose keys are taken over; own keys win", NULL},
    {"variants", LIST, NULL, "maps of names to words: each makes one task of the file", NULL},
    {"task", TEXT, NULL, "the task's name", NULL},
    {"task_alias", TEXT, NULL, "the name that tables show", NULL},
    {"tag", TEXT | LIST, NULL, "names under which several tasks can be asked for", NULL},
    {"custom_dataset", 0, NULL, "Python that makes the rows", "it is Python code"},
    {"dataset_path", TEXT, NULL, "hub id, builder (json, csv), file or folder", NULL},
    {"dataset_name", TEXT, NULL, "the data set's config", NULL},
    {"dataset_kwargs", MAP, NULL, "options of the builder: data_files ...", NULL},
    {"training_split", TEXT, NULL, "split that few-shot examples may come from", NULL},
    {"validation_split", TEXT, NULL, "split that is evaluated when there is no test_split", NULL},
    {"test_split", TEXT, NULL, "split that is evaluated", NULL},
    {"fewshot_split", TEXT, NULL, "split that few-shot examples come from", NULL},
    {"process_docs", LIST, NULL, "steps that every row goes through first", NULL},
    {"doc_to_text", TEXT | INT, NULL, "the question: template or column", NULL},
    {"doc_to_target", TEXT | INT | LIST, NULL, "the right answer: template or column", NULL},
    {"doc_to_image", 0, NULL, "columns with images", "only text is sent"},
    {"doc_to_audio", 0, NULL, "columns with sound", "only text is sent"},
    {"unsafe_code", BOOL, "false", "lm_eval's mark of tasks that run what the model wrote", NULL},
    {"doc_to_choice", TEXT | LIST | MAP, NULL, "the answers to choose from", NULL},
    {"process_results", 0, NULL, "Python that scores a document", "it is Python code"},
    {"use_prompt", 0, NULL, "a promptsource prompt", "promptsource is not read"},
    {"description", TEXT, "\"\"", "what stands before everything else in the prompt", NULL},
    {"target_delimiter", TEXT, "\" \"", "what stands between question and answer", NULL},
    {"fewshot_delimiter", TEXT, "\"\\n\\n\"", "what stands behind each few-shot example", NULL},
    {"fewshot_config", MAP, NULL, "how few-shot examples are drawn and written", NULL},
    {"num_fewshot", INT, "0", "number of few-shot examples", NULL},
    {"metric_list", LIST, NULL, "metrics with their options; else the output type's own", NULL},
    {"cluster", TEXT, NULL, "column: documents with equal values in it depend on each other", NULL},
    {"output_type", TEXT, "\"generate_until\"", "what is asked of the model", NULL},
    {"generation_kwargs", MAP, NULL, "until, max_gen_toks, temperature, top_p ...", NULL},
    {"repeats", INT, "1", "how often each request is made", NULL},
    {"filter_list", LIST, NULL, "named pipelines from response to answer", NULL},
    {"should_decontaminate", BOOL, "false", "taken and without effect, as in lm_eval", NULL},
    {"doc_to_decontamination_query", TEXT, NULL, "taken and without effect, as in lm_eval", NULL},
    {"gen_prefix", TEXT, NULL, "how the answer starts; part of the prompt", NULL},
    {"metadata", MAP, NULL, "version, and whatever else is worth noting", NULL},
};

static const lme_task_key fewshot_keys[] = {
    {"sampler", TEXT, "\"default\"", "default (drawn at random) or first_n", NULL},
    {"split", TEXT, NULL, "as fewshot_split", NULL},
    {"process_docs", LIST, NULL, "steps for the examples' rows", NULL},
    {"fewshot_indices", LIST, NULL, "taken and without effect, as in lm_eval", NULL},
    {"samples", LIST, NULL, "the examples themselves, a list of rows", NULL},
    {"samples_file", TEXT, NULL, "file that holds them, when they cannot stand here", NULL},
    {"doc_to_text", TEXT | INT, NULL, "the examples' question", NULL},
    {"doc_to_choice", TEXT | LIST | MAP, NULL, "the examples' answers to choose from", NULL},
    {"doc_to_target", TEXT | INT | LIST, NULL, "the examples' answer", NULL},
    {"gen_prefix", TEXT, NULL, "how the examples' answer starts", NULL},
    {"fewshot_delimiter", TEXT, NULL, "what stands behind each example", NULL},
    {"target_delimiter", TEXT, NULL, "what stands between question and answer of an example", NULL},
};

static const lme_task_key pipeline_keys[] = {
    {"name", TEXT, NULL, "the pipeline's name in results", NULL},
    {"filter", LIST, NULL, "filters, one after another", NULL},
};

const lme_task_key *lme_task_keys(size_t *n)
{
    *n = sizeof task_keys / sizeof task_keys[0];
    return task_keys;
}

const lme_task_key *lme_fewshot_keys(size_t *n)
{
    *n = sizeof fewshot_keys / sizeof fewshot_keys[0];
    return fewshot_keys;
}

const lme_task_key *lme_pipeline_keys(size_t *n)
{
    *n = sizeof pipeline_keys / sizeof pipeline_keys[0];
    return pipeline_keys;
}

const lme_task_key *lme_task_key_find(const lme_task_key *keys, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_is(name, keys[i].name))
            return &keys[i];
    }
    return NULL;
}

lme_str lme_task_key_nearest(lme_arena *arena, const lme_task_key *keys, size_t n, lme_str name)
{
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(keys[i].name);
    return lme_str_nearest(name, names, n);
}

lme_str lme_kinds_text(lme_arena *arena, unsigned kinds)
{
    lme_builder text = {.arena = arena};
    for (unsigned kind = 0; kinds >> kind != 0; kind++) {
        if ((kinds & 1u << kind) == 0)
            continue;
        bool last = kinds >> (kind + 1) == 0;
        lme_builder_add(&text, text.len == 0 ? LME_STR("")
                               : last        ? LME_STR(" or ")
                                             : LME_STR(", "));
        lme_builder_add(&text, lme_str_from(lme_kind_name((lme_kind)kind)));
    }
    return lme_builder_finish(&text);
}
