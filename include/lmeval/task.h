/* Task files: loading, documents, prompts.
 *
 *     lme_task *task;            lme_task_load(arena, "tasks/hellaswag.yaml", NULL, &task, err)
 *     lme_docs *docs;            lme_docs_open(arena, task, &options, &docs, err)
 *     lme_docs_next(arena, docs, &doc, &end, err)        documents with their few-shot examples
 *     lme_task_plan(arena, docs, &doc, &sample, err)     its prompts and requests
 *
 * Format: docs/task-format.md. Rules: lm_eval 0.4.13 config/task.py, api/task.py.
 */
#ifndef LMEVAL_TASK_H
#define LMEVAL_TASK_H

#include <lmeval/filter.h>
#include <lmeval/metric.h>
#include <lmeval/sample.h>

/* How prompts are written. lm_eval: --apply_chat_template, --fewshot_as_multiturn. */
typedef enum lme_chat_form {
    LME_CHAT_NONE,        /* as one text */
    LME_CHAT_MULTI_TURN,  /* as messages, one a question and one an answer */
    LME_CHAT_SINGLE_TURN, /* as messages, the examples and the question in one */
} lme_chat_form;

/* What the command line changes in a task; zero-initialise for "as the file says". */
typedef struct lme_task_options {
    const char *const *include_paths; /* more folders to find tasks by name; n_include_paths */
    size_t n_include_paths;
    bool has_num_fewshot;
    size_t num_fewshot;   /* replaces the task's, unless the task says 0 */
    lme_value gen_kwargs; /* map laid over generation_kwargs; null for none */
    lme_chat_form chat;
    lme_str system_instruction; /* before the task's description; "" for none */
    lme_value metadata;         /* map laid over metadata; null for none */
    bool predict_only;          /* no metrics: answers are filtered and kept, not scored */
} lme_task_options;

/* A task after includes are resolved and every name in it is checked. Read-only after load. */
typedef struct lme_task {
    lme_str name;
    lme_str alias;
    lme_str file;      /* the task file */
    lme_value version; /* metadata.version */
    lme_output_kind output;
    lme_chat_form chat;
    lme_value config; /* map: resolved keys with defaults, in lm_eval's order */
    size_t num_fewshot;
    size_t repeats;
    const lme_metric_use *metrics;
    size_t n_metrics;
    const lme_str *left_out; /* n_left_out metrics that cannot score the output type */
    size_t n_left_out;
    const lme_pipeline *pipelines;
    size_t n_pipelines;
    const struct lme_task_details *details; /* private to the room: templates, splits ... */
} lme_task;

/* Leaves to left_out what lettered answers cannot be scored by (lme_metric's takes_letters).
 * Errors: LME_ERR_TASK when no metric is left. */
bool lme_task_take_letters(lme_arena *arena, lme_task *task, lme_error *err) LME_MUST_CHECK;

/* True when it is known to ask for continuations without a context: for a metric, or because
 * doc_to_text is "" and there are no examples. */
bool lme_task_asks_unconditional(const lme_task *task);

/* What a name stands for. */
typedef enum lme_entry_kind {
    LME_ENTRY_TASK,
    LME_ENTRY_CLASS, /* a task that is a Python class: known, and not run */
    LME_ENTRY_GROUP, /* tasks, tags and groups under one name, perhaps with one score */
    LME_ENTRY_TAG,   /* tasks that say so themselves */
} lme_entry_kind;

const char *lme_entry_kind_name(lme_entry_kind kind); /* "task", "class", "group", "tag" */

typedef struct lme_entry {
    lme_str name;
    lme_entry_kind kind;
    lme_str file;     /* that defines it; "" for a tag */
    size_t variant;   /* which of the file's variants, from 1; 0: the file is one task or group */
    lme_str summary;  /* for people: "multiple_choice, Rowan/hellaswag" */
    lme_str *members; /* n_members names: tasks of a tag, sorted; what a group's file names */
    size_t n_members;
    bool needs_python; /* it calls functions: known, and not run */
} lme_entry;

/* Every name in the program's tasks/ and in the include paths: of two definitions in one folder the
 * first one counts (files sorted by path), a later folder wins over an earlier. Files that do not
 * load are left out. It looks at each file once: 14,000 of them take about a second. */
typedef struct lme_index lme_index;

/* Errors: LME_ERR_IO when a folder cannot be read. */
bool lme_index_open(lme_arena *arena, const lme_task_options *options, lme_index **index,
                    lme_error *err) LME_MUST_CHECK;

/* All of them, sorted by name. */
const lme_entry *lme_index_entries(const lme_index *index, size_t *n);

/* NULL when nothing has the name. */
const lme_entry *lme_index_find(const lme_index *index, lme_str name);

/* Every *.yaml below a folder, sorted by whole paths; hidden folders, __pycache__ and links to
 * folders are passed over.
 * Errors: LME_ERR_IO; LME_ERR_LIMIT when folders nest deeper than LME_LIMIT_DEPTH. */
bool lme_task_files(lme_arena *arena, lme_str folder, lme_str **files, size_t *n,
                    lme_error *err) LME_MUST_CHECK;

/* Loads a task by path (anything with a slash or a .yaml ending) or by its name in the index.
 * Errors: LME_ERR_TASK, LME_ERR_TEMPLATE with file:line:column; for an unknown name or key the
 * nearest known one. */
bool lme_task_load(lme_arena *arena, const char *name_or_path, const lme_task_options *options,
                   lme_task **task, lme_error *err) LME_MUST_CHECK;

/* A group as it is asked for, with its tasks loaded. */
typedef struct lme_group lme_group;

typedef struct lme_member {
    lme_task *task; /* one of the two; the other is NULL */
    const lme_group *group;
} lme_member;

struct lme_group {
    lme_str name; /* "PARENT::NAME" for one that is written out inside of another */
    lme_str alias;
    lme_str file;
    lme_str version;                 /* metadata.version as text; "N/A" when it has none */
    const lme_group_metric *metrics; /* n_metrics: its aggregate_metric_list */
    size_t n_metrics;
    const lme_member *members; /* n_members, each name once, in the file's order */
    size_t n_members;
};

/* What a list of names stands for. */
typedef struct lme_task_set {
    lme_task **tasks; /* n_tasks, each name once, in order; those of groups included */
    size_t n_tasks;
    const lme_group **groups; /* n_groups, each name once, a group before the groups in it */
    size_t n_groups;
} lme_task_set;

/* Loads all that the names stand for, by lm_eval's rules. A name is one of the index (task, group,
 * tag), a pattern over them (* ? [...]), a path or pattern of task files (with a slash or a .yaml
 * ending; all tasks of a file with variants), or a folder with task files.
 * Errors: those of lme_task_load and lme_index_open; LME_ERR_TASK for a name that stands for
 * nothing, with the nearest one, and for a task that two of the names have; LME_ERR_LIMIT. */
bool lme_task_set_load(lme_arena *arena, const char *const *names, size_t n,
                       const lme_task_options *options, lme_task_set *set,
                       lme_error *err) LME_MUST_CHECK;

/* The numbers of a set's groups, in the set's order.
 *   results  n_results of the set's tasks that have been run, each with its task's name
 *   groups   set->n_groups to fill */
void lme_task_set_summarize(lme_arena *arena, const lme_task_set *set, const lme_result *results,
                            size_t n_results, lme_group_result *groups);

typedef enum lme_file_state {
    LME_FILE_OK,
    LME_FILE_SKIPPED, /* it defines nothing: others include it */
    LME_FILE_PYTHON,  /* it, or a member of the group, calls Python */
    LME_FILE_ERROR,
    LME_FILE_STATES
} lme_file_state;

/* What lme_task_file_check found. */
typedef struct lme_file_check {
    lme_file_state state;
    lme_entry_kind kind;
    const lme_str *names; /* n_names: the tasks, or the group, that it defines */
    size_t n_names;
    lme_str python;         /* functions, or the group's members that call some; "" */
    const lme_group *group; /* its tree; tasks as they are in their files have only their name */
    lme_value settings;     /* map: the keys after includes; null when it cannot be read */
} lme_file_check;

/* Checks a file of tasks or a group as loading would, without its data.
 *   index  where a group's members are; members as they are in their own files are not checked anew
 * Returns false for LME_FILE_ERROR, with the error. */
bool lme_task_file_check(lme_arena *arena, const lme_index *index, lme_str file,
                         lme_file_check *check, lme_error *err) LME_MUST_CHECK;

typedef struct lme_docs_options {
    lme_str data_dir;          /* mirror; "" for none */
    bool samples;              /* this project's sample rows */
    double limit;              /* 0: all; < 1: that share, rounded up; else that many */
    int64_t fewshot_seed;      /* lm_eval's default is 1234 */
    const struct lme_hub *hub; /* where rows are fetched that are not here; NULL: nowhere */
} lme_docs_options;

/* The evaluated documents of a task, one by one, with their few-shot draws. */
typedef struct lme_docs lme_docs;

/* Opens the evaluated split, loads the few-shot pool when examples are wanted, and reads the first
 * document to see which columns there are: a missing one is an error here, before anything is sent.
 * Errors: LME_ERR_DATA, LME_ERR_TASK, LME_ERR_TEMPLATE. */
bool lme_docs_open(lme_arena *arena, const lme_task *task, const lme_docs_options *options,
                   lme_docs **docs, lme_error *err) LME_MUST_CHECK;

/* Only these documents, by their places in the split; before the first lme_docs_next. They come in
 * the split's order, each once, whatever the order of `ids`, and keep their places as ids. (lm_eval
 * takes them in the same order, but numbers them by the order of `ids`.)
 * Errors: LME_ERR_USAGE for a place that the split has not, or when there is none. */
bool lme_docs_select(lme_arena *arena, lme_docs *docs, const size_t *ids, size_t n,
                     lme_error *err) LME_MUST_CHECK;

/* The same documents with the same draws once more, for who goes through them twice; before the
 * first lme_docs_next. They live as long as `arena`, and no longer than `docs`.
 * Errors: as lme_docs_open's of the data. */
bool lme_docs_again(lme_arena *arena, const lme_docs *docs, lme_docs **again,
                    lme_error *err) LME_MUST_CHECK;

/* The places selected, ascending; NULL when the first lme_docs_planned documents are evaluated. */
const size_t *lme_docs_selected(const lme_docs *docs);

/* Which documents have the same value in a column, for draws by its shares; one pass over the data.
 *   labels    lme_docs_total numbers to fill: equal for equal values, from 0 by first appearance
 *   n_labels  how many different ones
 * Errors: LME_ERR_DATA: no such column, or more values than are of use (1,000); reading errors. */
bool lme_docs_labels(const lme_docs *docs, lme_str column, size_t *labels, size_t *n_labels,
                     lme_error *err) LME_MUST_CHECK;

/* Next document, in `arena` (the few-shot rows are the pool's own).
 *   end  set when there are no more */
bool lme_docs_next(lme_arena *arena, lme_docs *docs, lme_doc *doc, bool *end,
                   lme_error *err) LME_MUST_CHECK;

size_t lme_docs_total(const lme_docs *docs);   /* documents in the split after process_docs */
size_t lme_docs_planned(const lme_docs *docs); /* of these, within the limit */
lme_str lme_docs_name(lme_arena *arena, const lme_docs *docs); /* "Rowan/hellaswag (validation)" */
bool lme_docs_is_sample(const lme_docs *docs);

/* Prompts, requests, target and choices of one document; responses are made, all MISSING.
 * Errors: LME_ERR_TEMPLATE, LME_ERR_DATA: this document cannot be asked. */
bool lme_task_plan(lme_arena *arena, const lme_docs *docs, const lme_doc *doc, lme_sample *sample,
                   lme_error *err) LME_MUST_CHECK;

/* A generation's settings from the map that samples files show (lme_generation.as_written).
 * Errors: LME_ERR_DATA, LME_ERR_TASK for a key of the wrong kind. */
bool lme_generation_of(lme_arena *arena, const lme_value *as_written, lme_generation *generation,
                       lme_error *err) LME_MUST_CHECK;

#endif
