#include "tokenizer.h"

static lme_str keep(lme_arena *scratch, lme_str line)
{
    (void)scratch;
    return line;
}

#define NEEDS_PIECES "needs a SentencePiece model, which lmeval does not read"
#define NEEDS_MECAB  "needs the MeCab analyser and its dictionary"

const lme_tokenizer lme_tokenizers[] = {
    {"13a", lme_separate_13a, NULL},
    {"intl", lme_separate_intl, NULL},
    {"char", lme_separate_char, NULL},
    {"zh", lme_separate_zh, NULL},
    {"none", keep, NULL},
    {"spm", NULL, NEEDS_PIECES},
    {"flores101", NULL, NEEDS_PIECES},
    {"flores200", NULL, NEEDS_PIECES},
    {"spBLEU-1K", NULL, NEEDS_PIECES},
    {"ja-mecab", NULL, NEEDS_MECAB},
    {"ko-mecab", NULL, NEEDS_MECAB},
};

const char *const lme_tokenizer_names[] = {"13a",       "intl",     "char",      "zh",
                                           "none",      "spm",      "flores101", "flores200",
                                           "spBLEU-1K", "ja-mecab", "ko-mecab",  NULL};
