/* A word is a buffer and a length; a step looks at its end and shortens or rewrites it. A rule's
 * condition speaks of the stem, what is left without the suffix: `measure` counts its
 * vowel-consonant changes. The first rule whose suffix fits decides, even if its condition fails.
 */
#include "porter.h"

#include <string.h>

typedef struct letters {
    char *letters;
    size_t len;
} letters;

typedef struct rule {
    const char *suffix, *replacement;
} rule;

static bool is_vowel_letter(char c)
{
    return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u';
}

/* y is a consonant at the beginning and after a vowel. */
static bool is_consonant(const char *w, size_t i)
{
    bool turned = false;
    while (i > 0 && w[i] == 'y') {
        turned = !turned;
        i--;
    }
    return !is_vowel_letter(w[i]) != turned;
}

static size_t measure(const char *w, size_t len)
{
    size_t n = 0;
    bool consonant = true;
    for (size_t i = 0; i < len; i++) {
        bool before = consonant;
        consonant = w[i] == 'y' ? i == 0 || !before : !is_vowel_letter(w[i]);
        n += i > 0 && !before && consonant ? 1 : 0;
    }
    return n;
}

static bool contains_vowel(const char *w, size_t len)
{
    bool consonant = true;
    for (size_t i = 0; i < len && consonant; i++)
        consonant = w[i] == 'y' ? i == 0 : !is_vowel_letter(w[i]);
    return !consonant;
}

static bool ends_double_consonant(const char *w, size_t len)
{
    return len >= 2 && w[len - 1] == w[len - 2] && is_consonant(w, len - 1);
}

/* Consonant, vowel, consonant but w, x, y; or a word of vowel, consonant. */
static bool ends_cvc(const char *w, size_t len)
{
    if (len == 2)
        return !is_consonant(w, 0) && is_consonant(w, 1);
    return len >= 3 && is_consonant(w, len - 3) && !is_consonant(w, len - 2) &&
           is_consonant(w, len - 1) && strchr("wxy", w[len - 1]) == NULL;
}

static bool ends_with(const letters *w, const char *suffix)
{
    size_t n = strlen(suffix);
    return w->len >= n && memcmp(w->letters + w->len - n, suffix, n) == 0;
}

/* Replaces the last n letters. */
static void replace(letters *w, size_t n, const char *replacement)
{
    size_t len = strlen(replacement);
    memcpy(w->letters + w->len - n, replacement, len);
    w->len += len - n;
}

/* The first rule that fits, if the stem measures more than `above`. */
static void apply(letters *w, const rule *rules, size_t n_rules, size_t above)
{
    for (size_t i = 0; i < n_rules; i++) {
        if (!ends_with(w, rules[i].suffix))
            continue;
        size_t n = strlen(rules[i].suffix);
        if (measure(w->letters, w->len - n) > above)
            replace(w, n, rules[i].replacement);
        return;
    }
}

static void plurals(letters *w)
{
    if (ends_with(w, "ies"))
        replace(w, 3, w->len == 4 ? "ie" : "i");
    else if (ends_with(w, "sses"))
        replace(w, 2, "");
    else if (ends_with(w, "s") && !ends_with(w, "ss"))
        replace(w, 1, "");
}

/* What -ed and -ing leave may want its e back, or its last letter once. */
static void restore_e(letters *w)
{
    bool wants_e = ends_with(w, "at") || ends_with(w, "bl") || ends_with(w, "iz");
    if (!wants_e && ends_double_consonant(w->letters, w->len)) {
        bool stays = strchr("lsz", w->letters[w->len - 1]) != NULL;
        w->len -= stays ? 0 : 1;
        return;
    }
    if (wants_e || (measure(w->letters, w->len) == 1 && ends_cvc(w->letters, w->len)))
        replace(w, 0, "e");
}

static void past_and_participle(letters *w)
{
    if (ends_with(w, "ied")) {
        replace(w, 3, w->len == 4 ? "ie" : "i");
    } else if (ends_with(w, "eed")) {
        if (measure(w->letters, w->len - 3) > 0)
            w->len--;
    } else if (ends_with(w, "ed") && contains_vowel(w->letters, w->len - 2)) {
        w->len -= 2;
        restore_e(w);
    } else if (ends_with(w, "ing") && contains_vowel(w->letters, w->len - 3)) {
        w->len -= 3;
        restore_e(w);
    }
}

static void final_y(letters *w)
{
    if (ends_with(w, "y") && w->len > 2 && is_consonant(w->letters, w->len - 2))
        replace(w, 1, "i");
}

static const rule step_2[] = {
    {"ational", "ate"}, {"tional", "tion"}, {"enci", "ence"}, {"anci", "ance"}, {"izer", "ize"},
    {"bli", "ble"},     {"alli", "al"},     {"entli", "ent"}, {"eli", "e"},     {"ousli", "ous"},
    {"ization", "ize"}, {"ation", "ate"},   {"ator", "ate"},  {"alism", "al"},  {"iveness", "ive"},
    {"fulness", "ful"}, {"ousness", "ous"}, {"aliti", "al"},  {"iviti", "ive"}, {"biliti", "ble"},
    {"fulli", "ful"},
};

static void double_suffixes(letters *w)
{
    while (ends_with(w, "alli") && measure(w->letters, w->len - 4) > 0)
        replace(w, 4, "al");
    /* The l of "logi" counts with the stem, so that "geologi" has one that measures. */
    if (ends_with(w, "logi")) {
        if (measure(w->letters, w->len - 3) > 0)
            w->len--;
        return;
    }
    apply(w, step_2, sizeof step_2 / sizeof step_2[0], 0);
}

static const rule step_3[] = {
    {"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"},
    {"ical", "ic"},  {"ful", ""},   {"ness", ""},
};

static const rule step_4[] = {
    {"al", ""},  {"ance", ""},  {"ence", ""}, {"er", ""},  {"ic", ""},  {"able", ""}, {"ible", ""},
    {"ant", ""}, {"ement", ""}, {"ment", ""}, {"ent", ""}, {"ion", ""}, {"ou", ""},   {"ism", ""},
    {"ate", ""}, {"iti", ""},   {"ous", ""},  {"ive", ""}, {"ize", ""},
};

static void single_suffixes(letters *w)
{
    if (ends_with(w, "ion") && !ends_with(w, "sion") && !ends_with(w, "tion"))
        return;
    apply(w, step_4, sizeof step_4 / sizeof step_4[0], 1);
}

static void final_e(letters *w)
{
    if (!ends_with(w, "e"))
        return;
    size_t m = measure(w->letters, w->len - 1);
    if (m > 1 || (m == 1 && !ends_cvc(w->letters, w->len - 1)))
        w->len--;
}

static void final_l(letters *w)
{
    if (ends_with(w, "ll") && measure(w->letters, w->len - 1) > 1)
        w->len--;
}

static lme_str irregular(lme_str word)
{
    static const rule forms[] = {
        {"sky", "sky"},         {"skies", "sky"},        {"dying", "die"},
        {"lying", "lie"},       {"tying", "tie"},        {"news", "news"},
        {"innings", "inning"},  {"inning", "inning"},    {"outings", "outing"},
        {"outing", "outing"},   {"cannings", "canning"}, {"canning", "canning"},
        {"howe", "howe"},       {"proceed", "proceed"},  {"exceed", "exceed"},
        {"succeed", "succeed"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (lme_str_is(word, forms[i].suffix))
            return lme_str_from(forms[i].replacement);
    }
    return (lme_str){0};
}

lme_str lme_porter_stem(lme_arena *scratch, lme_str word)
{
    lme_str form = irregular(word);
    if (form.len > 0)
        return form;
    if (word.len <= 2)
        return word;
    letters w = {.letters = lme_arena_alloc(scratch, word.len + 1), .len = word.len};
    memcpy(w.letters, word.ptr, word.len);
    plurals(&w);
    past_and_participle(&w);
    final_y(&w);
    double_suffixes(&w);
    apply(&w, step_3, sizeof step_3 / sizeof step_3[0], 0);
    single_suffixes(&w);
    final_e(&w);
    final_l(&w);
    return (lme_str){w.letters, w.len};
}
