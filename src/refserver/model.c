/* From a folder of texts to a model. Everything that training alone needs goes with a scratch
 * arena; what stays is some tens of bytes an n-gram.
 */
#include "model.h"

#include <string.h>
#include <time.h>

#include <lmeval/json.h>
#include <lmeval/share.h>
#include <lmeval/unicode.h>

/* Enough for tokens of about three letters; more makes training slower and n-grams sparser. */
#define N_MERGES   1000u
#define MAX_CORPUS (64u << 20) /* bytes of one file: memory */
#define END_LINE   "\n" LME_END_TEXT "\n"

/* Length of the character that a lead byte begins; 0 when none does. */
static size_t needed_by(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead < 0xE0)
        return 2;
    if (lead >= 0xE0 && lead < 0xF0)
        return 3;
    return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

/* One byte; true when it completes a character, which is then in pending. */
static bool add_byte(lme_characters *characters, unsigned char byte)
{
    if ((byte & 0xC0) != 0x80) {
        characters->n_needed = needed_by(byte);
        characters->n_pending = 0;
    }
    if (characters->n_needed == 0)
        return false;
    characters->pending[characters->n_pending++] = (char)byte;
    if (characters->n_pending < characters->n_needed)
        return false;
    characters->n_needed = 0;
    return lme_utf8_valid((lme_str){characters->pending, characters->n_pending});
}

size_t lme_characters_add(lme_characters *characters, lme_str bytes, lme_builder *text)
{
    size_t n = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        if (!add_byte(characters, (unsigned char)bytes.ptr[i]))
            continue;
        if (text != NULL)
            lme_builder_add(text, (lme_str){characters->pending, characters->n_pending});
        n++;
    }
    return n;
}

static lme_print print_of(lme_arena *arena, lme_str bytes)
{
    lme_print print = {0};
    lme_characters characters = {0};
    lme_builder text = {.arena = arena}, json = {.arena = arena}, list = {.arena = arena};
    print.codepoints = lme_characters_add(&characters, bytes, &text);
    print.text = lme_builder_finish(&text);
    print.is_whole = print.text.len == bytes.len;
    lme_json_write_string(&json, print.text, false);
    print.json = lme_builder_finish(&json);
    for (size_t i = 0; i < bytes.len; i++)
        lme_builder_format(&list, "%s%u", i == 0 ? "[" : ",", (unsigned char)bytes.ptr[i]);
    lme_builder_char(&list, ']');
    print.bytes = lme_builder_finish(&list);
    return print;
}

static const lme_print *prints_of(lme_arena *arena, const lme_vocab *vocab)
{
    lme_print *prints = LME_ARRAY(arena, lme_print, vocab->n);
    for (size_t i = 0; i < vocab->n; i++)
        prints[i] = print_of(arena, vocab->bytes[i]);
    return prints;
}

typedef struct documents {
    lme_arena *arena;
    lme_tokens *items;
    size_t len, capacity;
    size_t n_tokens;
} documents;

static void add_document(documents *d, const lme_vocab *vocab, lme_str text)
{
    if (text.len == 0)
        return;
    if (d->len == d->capacity) {
        size_t capacity = d->capacity == 0 ? 64 : 2 * d->capacity;
        d->items = lme_arena_grow(d->arena, d->items, d->len * sizeof *d->items,
                                  capacity * sizeof *d->items);
        d->capacity = capacity;
    }
    lme_tokens tokens = {.arena = d->arena};
    lme_tokens_add(&tokens, LME_TOKEN_END);
    lme_vocab_encode(vocab, text, &tokens);
    lme_tokens_add(&tokens, LME_TOKEN_END);
    d->items[d->len++] = tokens;
    d->n_tokens += tokens.len;
}

static void add_documents(documents *d, const lme_vocab *vocab, lme_str text)
{
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR(END_LINE), from);
        add_document(d, vocab, lme_str_slice(text, from, end));
        from = end == SIZE_MAX ? text.len : end + sizeof END_LINE - 1;
    }
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

const lme_model *lme_model_of_texts(lme_arena *arena, const lme_str *texts, size_t n_texts,
                                    unsigned quantize_bits)
{
    double start = now_ms();
    lme_model *model = LME_NEW(arena, lme_model);
    documents d = {.arena = lme_arena_new()};
    model->n_texts = n_texts;
    model->vocab = lme_vocab_train(arena, texts, n_texts, N_MERGES);
    for (size_t i = 0; i < n_texts; i++) {
        model->n_bytes += texts[i].len;
        add_documents(&d, model->vocab, texts[i]);
    }
    model->n_tokens = d.n_tokens;
    model->ngram = lme_ngram_train(arena, model->vocab->n, d.items, d.len, quantize_bits);
    model->prints = prints_of(arena, model->vocab);
    lme_arena_free(d.arena);
    model->train_ms = now_ms() - start;
    return model;
}

static bool read_texts(lme_arena *arena, lme_str folder, lme_str **texts, size_t *n, lme_error *err)
{
    lme_str *names;
    const char *path = lme_str_cstr(arena, folder);
    if (!lme_folder_list(arena, path, LME_STR(".txt"), &names, n, err))
        return false;
    if (*n == 0) {
        lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "no .txt file to train on");
        return lme_hint(err, "name a folder of plain texts with --corpus");
    }
    *texts = LME_ARRAY(arena, lme_str, *n);
    for (size_t i = 0; i < *n; i++) {
        const char *file = lme_str_cstr(arena, lme_path_join(arena, folder, names[i]));
        if (!lme_file_read(arena, file, MAX_CORPUS, &(*texts)[i], err))
            return false;
    }
    return true;
}

bool lme_model_train(lme_arena *arena, const char *corpus, unsigned quantize_bits,
                     const lme_model **model, lme_error *err)
{
    lme_arena *scratch = lme_arena_new();
    lme_str *texts = NULL, folder = lme_str_from(corpus);
    size_t n = 0;
    bool ok = corpus != NULL || lme_share_path(scratch, "datasets/training", &folder, err);
    ok = ok && read_texts(scratch, folder, &texts, &n, err);
    if (ok)
        *model = lme_model_of_texts(arena, texts, n, quantize_bits);
    lme_arena_free(scratch);
    return ok;
}
