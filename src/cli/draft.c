/* The guesses go by the columns' names first and by their values second: what people call a column
 * is what they mean by it. */
#include "draft.h"

#include <string.h>

#include <lmeval/dataset.h>
#include <lmeval/json.h>
#include <lmeval/share.h>
#include <lmeval/unicode.h>

enum {
    ROWS_READ = 200,
    MOST_CHOICES = 10,
    MOST_RENAMED = MOST_CHOICES + 3,
    SHORT_ANSWER_WORDS = 6
};

/* What a column may be called, the likeliest first. */
static const char *const question_names[] = {"question", "query",       "prompt", "instruction",
                                             "input",    "text",        "ask",    "message",
                                             "context",  "description", NULL};
static const char *const answer_names[] = {
    "answer",   "label", "target",   "gold",     "correct",    "reference", "output",
    "response", "reply", "solution", "expected", "answer_key", "answerkey", NULL};
static const char *const choices_names[] = {"choices", "options", "answers", "endings", NULL};

/* A column per choice: A, B, C or choice_a or option1. */
static const char *const choice_stems[] = {"",        "choice", "choice_", "option",
                                           "option_", "opt",    "answer_"};

typedef struct draft {
    lme_arena *arena;
    lme_value rows;                    /* list of maps */
    lme_value first;                   /* of them */
    lme_str question, answer, choices; /* columns; "" for none */
    lme_str each[MOST_CHOICES];        /* a column a choice; n_each */
    size_t n_each;
    lme_str renamed[MOST_RENAMED]; /* columns that no template can name; n_renamed */
    size_t n_renamed;
    bool choices_in_text; /* choices is {"text": [...], "label": [...]} */
    lme_builder out;
} draft;

static bool read_rows(draft *d, const char *path, lme_error *err)
{
    lme_source source = {.path = lme_str_from(path), .split = LME_STR("test")};
    lme_list_builder rows = {.arena = d->arena};
    lme_dataset *dataset;
    bool end = false;
    if (!lme_dataset_open(d->arena, &source, &dataset, err))
        return false;
    while (!end && rows.len < ROWS_READ) {
        lme_value row;
        if (!lme_dataset_next(d->arena, dataset, &row, &end, err))
            return false;
        if (!end)
            lme_list_add(&rows, row);
    }
    d->rows = lme_list_finish(&rows);
    if (d->rows.list.len == 0)
        return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path}, "the file has no rows");
    d->first = rows.items[0];
    return true;
}

static lme_str find_column(const draft *d, const char *const *names)
{
    for (; *names != NULL; names++) {
        for (size_t i = 0; i < d->first.map.len; i++) {
            lme_str column = d->first.map.pairs[i].key.string;
            if (lme_str_is(lme_lower(d->arena, column), *names))
                return column;
        }
    }
    return LME_STR("");
}

static bool is_list(const lme_value *value)
{
    return value != NULL && value->kind == LME_LIST && value->list.len > 1;
}

/* choices as one column: a list, or the hub's {"text": [...], "label": [...]}. */
static void find_choices(draft *d)
{
    lme_str column = find_column(d, choices_names);
    const lme_value *value = column.len > 0 ? lme_value_get(&d->first, column) : NULL;
    if (is_list(value)) {
        d->choices = column;
    } else if (value != NULL && value->kind == LME_MAP && is_list(lme_value_find(value, "text"))) {
        d->choices = column;
        d->choices_in_text = true;
    }
}

static lme_str numbered_column(const draft *d, const char *stem, size_t i, bool by_letter)
{
    char wanted[32];
    size_t len = strlen(stem);
    memcpy(wanted, stem, len);
    wanted[len] = (char)((by_letter ? 'a' : '1') + (int)i);
    wanted[len + 1] = '\0';
    const char *const names[] = {wanted, NULL};
    return find_column(d, names);
}

static void find_each(draft *d)
{
    for (size_t s = 0; s < 2 * (sizeof choice_stems / sizeof choice_stems[0]); s++) {
        const char *stem = choice_stems[s / 2];
        bool by_letter = s % 2 == 0;
        size_t n = 0;
        for (; n < 9; n++) {
            d->each[n] = numbered_column(d, stem, n, by_letter);
            if (d->each[n].len == 0)
                break;
        }
        d->n_each = n >= 2 ? n : 0;
        if (d->n_each > 0)
            return;
    }
}

static bool is_taken(const draft *d, lme_str column)
{
    for (size_t i = 0; i < d->n_each; i++) {
        if (lme_str_equal(d->each[i], column))
            return true;
    }
    return lme_str_equal(column, d->answer) || lme_str_equal(column, d->choices);
}

static void find_question(draft *d)
{
    d->question = find_column(d, question_names);
    for (size_t i = 0; d->question.len == 0 && i < d->first.map.len; i++) {
        const lme_pair *pair = &d->first.map.pairs[i];
        if (pair->value.kind == LME_STRING && !is_taken(d, pair->key.string))
            d->question = pair->key.string;
    }
}

static bool no_column(const draft *d, const char *path, const char *what, lme_error *err)
{
    lme_builder names = {.arena = d->arena};
    for (size_t i = 0; i < d->first.map.len && names.len < 200; i++) {
        lme_str name = lme_value_str(d->arena, &d->first.map.pairs[i].key);
        lme_builder_format(&names, "%s%.*s", i > 0 ? ", " : "", LME_STR_ARG(name));
    }
    lme_str all = lme_builder_finish(&names);
    lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path},
             "none of the columns looks like the %s: %.*s", what, LME_STR_ARG(all));
    return lme_hint(err, "rename one to \"%s\", or write the task by hand: docs/task-format.md",
                    what);
}

/* How an answer names its choice. */
typedef enum naming {
    BY_INDEX,   /* 0, 1, 2 */
    BY_ORDINAL, /* 1, 2, 3 */
    BY_LETTER,
    BY_TEXT,
} naming;

static bool is_letter(const lme_value *value)
{
    return value->kind == LME_STRING && value->string.len == 1 && value->string.ptr[0] >= 'A' &&
           value->string.ptr[0] <= 'J';
}

static naming how_named(const draft *d)
{
    bool letters = true, integers = true, has_zero = false;
    for (size_t i = 0; i < d->rows.list.len; i++) {
        const lme_value *value = lme_value_get(&d->rows.list.items[i], d->answer);
        if (value == NULL)
            continue;
        letters = letters && is_letter(value);
        integers = integers && value->kind == LME_INT;
        has_zero = has_zero || (value->kind == LME_INT && value->integer == 0);
    }
    return letters ? BY_LETTER : !integers ? BY_TEXT : has_zero ? BY_INDEX : BY_ORDINAL;
}

/* A text in YAML's double quotes, which are JSON's; in a comment too, so that a newline in a
 * column's name cannot end it. */
static lme_str quoted(const draft *d, lme_str text)
{
    lme_builder out = {.arena = d->arena};
    lme_json_write_string(&out, text, false);
    return lme_builder_finish(&out);
}

static bool is_name_char(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

/* A column as a template names it. One that is no name ("Right answer") gets one, by a rename. */
static lme_str reference(draft *d, lme_str column)
{
    lme_builder name = {.arena = d->arena};
    for (size_t i = 0; i < column.len; i++) {
        char c = column.ptr[i];
        if (i == 0 && !is_name_char(c, true))
            lme_builder_char(&name, '_');
        if (is_name_char(c, false) || name.len == 0 || name.ptr[name.len - 1] != '_')
            lme_builder_char(&name, is_name_char(c, false) ? c : '_');
    }
    lme_str safe = lme_builder_finish(&name);
    if (lme_str_equal(safe, column))
        return column;
    for (size_t i = 0; i < d->n_renamed; i++) {
        if (lme_str_equal(d->renamed[i], column))
            return safe;
    }
    LME_BUG(d->n_renamed == MOST_RENAMED, "more columns are used than a draft has places for");
    d->renamed[d->n_renamed++] = column;
    return safe;
}

/* process_docs comes last: by then it is known what needs another name. */
static void write_renames(draft *d)
{
    if (d->n_renamed == 0)
        return;
    lme_builder_format(&d->out, "# Templates name columns, so these need names without blanks.\n"
                                "process_docs:\n");
    for (size_t i = 0; i < d->n_renamed; i++) {
        lme_str old = quoted(d, d->renamed[i]);
        lme_str name = reference(d, d->renamed[i]);
        lme_builder_format(&d->out, "  - rename: {%.*s: %.*s}\n", LME_STR_ARG(old),
                           LME_STR_ARG(name));
    }
}

static void write_choices(draft *d)
{
    static const char *const why[] = {
        [BY_INDEX] = "counts the choices from 0",
        [BY_ORDINAL] = "counts the choices from 1",
        [BY_LETTER] = "is a letter",
        [BY_TEXT] = "is the text of a choice",
    };
    lme_builder *out = &d->out;
    naming how = how_named(d);
    lme_str answer = reference(d, d->answer), choices = reference(d, d->choices);
    lme_str answer_name = quoted(d, d->answer);
    lme_builder_format(out, "# The model reads the question; the likeliest of the choices is its "
                            "answer.\noutput_type: multiple_choice\n");
    if (d->choices.len > 0) {
        lme_builder_format(out, "doc_to_choice: \"{{%.*s%s}}\"\n", LME_STR_ARG(choices),
                           d->choices_in_text ? ".text" : "");
    } else {
        lme_builder_format(out, "# One column a choice.\ndoc_to_choice: \"{{[");
        for (size_t i = 0; i < d->n_each; i++) {
            lme_str one = reference(d, d->each[i]);
            lme_builder_format(out, "%s%.*s", i > 0 ? ", " : "", LME_STR_ARG(one));
        }
        lme_builder_format(out, "]}}\"\n");
    }
    lme_builder_format(out, "# The column %.*s %s.\n", LME_STR_ARG(answer_name), why[how]);
    switch (how) {
    case BY_INDEX:
    case BY_TEXT:
        lme_builder_format(out, "doc_to_target: \"{{%.*s}}\"\n", LME_STR_ARG(answer));
        break;
    case BY_ORDINAL:
        lme_builder_format(out, "doc_to_target: \"{{%.*s - 1}}\"\n", LME_STR_ARG(answer));
        break;
    case BY_LETTER:
        lme_builder_format(out, "doc_to_target: \"{{'ABCDEFGHIJ'.index(%.*s)}}\"\n",
                           LME_STR_ARG(answer));
        break;
    }
    lme_builder_format(
        out, "# acc takes the choice as it is, acc_norm divides by its length: long choices are "
             "unlikelier.\nmetric_list:\n  - metric: acc\n  - metric: acc_norm\n");
}

static size_t count_words(lme_str text)
{
    size_t n = 0;
    bool in_word = false;
    for (size_t at = 0; at < text.len;) {
        bool is_space = lme_is_space(lme_codepoint_next(text, &at));
        n += !is_space && !in_word;
        in_word = !is_space;
    }
    return n;
}

static bool has_short_answers(const draft *d)
{
    size_t n = 0, n_words = 0;
    for (size_t i = 0; i < d->rows.list.len; i++) {
        const lme_value *value = lme_value_get(&d->rows.list.items[i], d->answer);
        if (value == NULL)
            continue;
        n++;
        n_words += count_words(lme_value_str(d->arena, value));
    }
    return n_words <= n * SHORT_ANSWER_WORDS;
}

static void write_generation(draft *d)
{
    lme_builder *out = &d->out;
    bool is_short = has_short_answers(d);
    lme_str answer = reference(d, d->answer);
    lme_builder_format(out,
                       "# There are no choices: the model writes an answer.\n"
                       "output_type: generate_until\n"
                       "doc_to_target: \"{{%.*s}}\"\n",
                       LME_STR_ARG(answer));
    lme_builder_format(out,
                       "generation_kwargs:\n"
                       "  until: [\"%s\"]    # where an answer ends\n"
                       "  max_gen_toks: %d\n"
                       "  temperature: 0\n",
                       is_short ? "\\n" : "\\n\\n", is_short ? 32 : 256);
    if (is_short)
        lme_builder_format(out, "# The answers are short, so they can be compared as they are.\n"
                                "metric_list:\n  - metric: exact_match\n    ignore_case: true\n"
                                "    ignore_punctuation: true\n");
    else
        lme_builder_format(out, "# The answers are long: rougeL tells how much of them was said.\n"
                                "metric_list:\n  - metric: rougeL\n  - metric: exact_match\n");
    lme_builder_format(out, "filter_list:\n  - name: stripped\n    filter:\n"
                            "      - function: remove_whitespace\n      - function: take_first\n");
}

/* File name without endings, as a task's name. */
static lme_str task_name(const draft *d, const char *path)
{
    lme_str name = lme_path_name(lme_str_from(path));
    size_t dot = lme_str_find(name, LME_STR("."), 1);
    lme_builder out = {.arena = d->arena};
    name = lme_str_slice(name, 0, dot);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool fine =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        lme_builder_char(&out, fine ? c : '_');
    }
    return lme_builder_finish(&out);
}

/* The path as the task file, in its own folder, has to spell it. */
static lme_str rows_path(const draft *d, const char *path, const char *output)
{
    lme_str file = lme_str_from(path);
    lme_str folder = output != NULL ? lme_path_folder(lme_str_from(output)) : LME_STR("");
    if (folder.len == 0 || path[0] == '/')
        return file;
    lme_str prefix = lme_str_concat(d->arena, folder, LME_STR("/"));
    return lme_str_starts(file, prefix) ? lme_str_slice(file, prefix.len, file.len) : file;
}

static void write_head(draft *d, const char *path, const char *output)
{
    lme_str name = task_name(d, path), rows = quoted(d, rows_path(d, path, output));
    lme_str question = reference(d, d->question), question_name = quoted(d, d->question);
    lme_builder_format(&d->out,
                       "# Drafted by lmeval data new from the first %zu rows: read it and change "
                       "what is not meant.\n"
                       "# docs/task-format.md explains every key.\n"
                       "task: %.*s\n"
                       "dataset_path: %.*s\n"
                       "test_split: test    # a file serves every split\n"
                       "num_fewshot: 0\n"
                       "# What the model reads; the column %.*s is the question.\n"
                       "doc_to_text: \"Question: {{%.*s}}\\nAnswer:\"\n",
                       d->rows.list.len, LME_STR_ARG(name), LME_STR_ARG(rows),
                       LME_STR_ARG(question_name), LME_STR_ARG(question));
}

bool lme_draft_task(lme_arena *arena, const char *path, const char *output, lme_str *text,
                    lme_error *err)
{
    draft d = {.arena = arena, .out = {.arena = arena}};
    if (!read_rows(&d, path, err))
        return false;
    find_choices(&d);
    if (d.choices.len == 0)
        find_each(&d);
    d.answer = find_column(&d, answer_names);
    find_question(&d);
    if (d.question.len == 0)
        return no_column(&d, path, "question", err);
    if (d.answer.len == 0 || lme_str_equal(d.answer, d.question))
        return no_column(&d, path, "answer", err);
    write_head(&d, path, output);
    if (d.choices.len > 0 || d.n_each > 0)
        write_choices(&d);
    else
        write_generation(&d);
    write_renames(&d);
    lme_builder_format(&d.out, "metadata:\n  version: 1.0\n");
    *text = lme_builder_finish(&d.out);
    return true;
}
