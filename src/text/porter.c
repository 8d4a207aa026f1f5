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
    size_t n; /* letters of the suffix */
} rule;

#define RULE(suffix, replacement)                                                                  \
    {                                                                                              \
        suffix, replacement, sizeof suffix - 1                                                     \
    }

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

/* The last letter is compared first: it settles nine cases of ten. */
static inline bool ends(const letters *w, const char *suffix, size_t n)
{
    return w->len >= n && w->letters[w->len - 1] == suffix[n - 1] &&
           memcmp(w->letters + w->len - n, suffix, n) == 0;
}

static inline bool ends_with(const letters *w, const char *suffix)
{
    return ends(w, suffix, strlen(suffix));
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
        size_t n = rules[i].n;
        if (!ends(w, rules[i].suffix, n))
            continue;
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
    RULE("ational", "ate"), RULE("tional", "tion"), RULE("enci", "ence"),   RULE("anci", "ance"),
    RULE("izer", "ize"),    RULE("bli", "ble"),     RULE("alli", "al"),     RULE("entli", "ent"),
    RULE("eli", "e"),       RULE("ousli", "ous"),   RULE("ization", "ize"), RULE("ation", "ate"),
    RULE("ator", "ate"),    RULE("alism", "al"),    RULE("iveness", "ive"), RULE("fulness", "ful"),
    RULE("ousness", "ous"), RULE("aliti", "al"),    RULE("iviti", "ive"),   RULE("biliti", "ble"),
    RULE("fulli", "ful"),
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
    RULE("icate", "ic"), RULE("ative", ""), RULE("alize", "al"), RULE("iciti", "ic"),
    RULE("ical", "ic"),  RULE("ful", ""),   RULE("ness", ""),
};

static const rule step_4[] = {
    RULE("al", ""),   RULE("ance", ""), RULE("ence", ""), RULE("er", ""),    RULE("ic", ""),
    RULE("able", ""), RULE("ible", ""), RULE("ant", ""),  RULE("ement", ""), RULE("ment", ""),
    RULE("ent", ""),  RULE("ion", ""),  RULE("ou", ""),   RULE("ism", ""),   RULE("ate", ""),
    RULE("iti", ""),  RULE("ous", ""),  RULE("ive", ""),  RULE("ize", ""),
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
        RULE("sky", "sky"),         RULE("skies", "sky"),        RULE("dying", "die"),
        RULE("lying", "lie"),       RULE("tying", "tie"),        RULE("news", "news"),
        RULE("innings", "inning"),  RULE("inning", "inning"),    RULE("outings", "outing"),
        RULE("outing", "outing"),   RULE("cannings", "canning"), RULE("canning", "canning"),
        RULE("howe", "howe"),       RULE("proceed", "proceed"),  RULE("exceed", "exceed"),
        RULE("succeed", "succeed"),
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (word.len == forms[i].n && memcmp(word.ptr, forms[i].suffix, word.len) == 0)
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
