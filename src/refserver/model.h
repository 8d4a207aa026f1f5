/* The language model that the server serves: vocabulary and n-grams of a folder of texts, and how
 * its tokens are printed. Immutable once trained, so all threads share it.
 */
#ifndef LMEVAL_REFSERVER_MODEL_H
#define LMEVAL_REFSERVER_MODEL_H

#include "ngram.h"

#define LME_MODEL_CONTEXT 8192u /* tokens of prompt and answer together: max_model_len */

/* A token as the API shows it. */
typedef struct lme_print {
    lme_str text;      /* its complete characters: "" for a part of one */
    lme_str json;      /* the same as a JSON string, with quotes */
    lme_str bytes;     /* all its bytes as a JSON list */
    size_t codepoints; /* in text */
    bool is_whole;     /* text is all its bytes */
} lme_print;

typedef struct lme_model {
    lme_vocab *vocab;
    lme_ngram *ngram;
    const lme_print *prints; /* one a token */
    size_t n_texts, n_bytes; /* of the corpus */
    size_t n_tokens;
    double train_ms;
} lme_model;

/* Reads every .txt file of the folder and trains. Documents within a file are separated by a line
 * that holds only LME_END_TEXT.
 *   corpus         NULL: the program's own, datasets/training
 *   quantize_bits  as lme_ngram_train
 * Errors: LME_ERR_IO when the folder cannot be read or holds no text. */
bool lme_model_train(lme_arena *arena, const char *corpus, unsigned quantize_bits,
                     const lme_model **model, lme_error *err) LME_MUST_CHECK;

/* The same from texts in memory. */
const lme_model *lme_model_of_texts(lme_arena *arena, const lme_str *texts, size_t n_texts,
                                    unsigned quantize_bits);

/* Puts bytes together to characters over the borders of tokens; broken ones are left out, as
 * llama-cpp-python does (peer README, echo_split_char). Zero is the initial state. */
typedef struct lme_characters {
    char pending[4];
    size_t n_pending, n_needed;
} lme_characters;

/* Takes the bytes of a token; appends the characters that are complete now to `text` unless it is
 * NULL. Returns how many. */
size_t lme_characters_add(lme_characters *characters, lme_str bytes, lme_builder *text);

#endif
