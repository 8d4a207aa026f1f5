/* The one tree that YAML, JSON rows and templates share: an immutable value.
 *
 * Copying an lme_value copies the handle; what it points to lives in the arena that it was made in.
 * Equality, text and repr are Python's, because prompts and hashes must equal lm_eval's.
 */
#ifndef LMEVAL_VALUE_H
#define LMEVAL_VALUE_H

#include <lmeval/str.h>

typedef enum lme_kind {
    LME_NULL,
    LME_BOOL,
    LME_INT,
    LME_FLOAT,
    LME_STRING,
    LME_LIST,
    LME_TUPLE,     /* templates only; prints with parentheses */
    LME_MAP,       /* keeps the order of insertion */
    LME_FUNCTION,  /* YAML's `!function module.name`: the text after the tag */
    LME_UNDEFINED, /* templates only: string holds the name that was looked up */
    LME_OPAQUE,    /* templates only: macro, namespace, loop, range ...; owned by that room */
    LME_UNREAD,    /* servers' answers only: JSON that lme_json_skim left as text */
} lme_kind;

typedef struct lme_value lme_value;
typedef struct lme_pair lme_pair;

struct lme_value {
    lme_kind kind;
    uint32_t line; /* where it stands in its YAML file, from 1; 0: nowhere */
    uint32_t column;
    union {
        bool boolean;
        int64_t integer;
        double number;
        lme_str string; /* STRING, FUNCTION, UNDEFINED, UNREAD */
        struct {
            const lme_value *items;
            size_t len;
        } list; /* LIST, TUPLE */
        struct {
            const lme_pair *pairs;
            size_t len;
        } map;
        struct {
            const void *ptr;
            size_t tag; /* which kind of thing, by the owning room's numbering */
        } opaque;
    };
};

struct lme_pair {
    lme_value key; /* any scalar: YAML and templates have integer keys too */
    lme_value value;
};

lme_value lme_null(void);
lme_value lme_bool(bool value);
lme_value lme_int(int64_t value);
lme_value lme_float(double value);
lme_value lme_string(lme_str value); /* borrows the text */

/* Value of a string key; NULL when v is no map or lacks it. With duplicates: the last. */
const lme_value *lme_value_get(const lme_value *v, lme_str key);
const lme_value *lme_value_find(const lme_value *v, const char *key);

/* The text there; "" when there is none. Borrowed. */
lme_str lme_value_text(const lme_value *v, const char *key);

/* A map like `map` with key set to value: in place when it was there, else at the end. */
lme_value lme_value_with(lme_arena *arena, const lme_value *map, lme_str key, lme_value value);

/* Copies the tree, texts included, into the arena. */
lme_value lme_value_copy(lme_arena *arena, const lme_value *v);

/* "list", "text", "true or false", ...: for messages to people. */
const char *lme_kind_name(lme_kind kind);

/* Python's ==: 1 == 1.0 == True, NaN differs from itself, maps ignore order. */
bool lme_value_equal(const lme_value *a, const lme_value *b);

/* Python's bool(). UNDEFINED and NULL are false. */
bool lme_value_truth(const lme_value *v);

/* Python's str() and repr(): True, None, 1.0, ['a', "it's"], {'k': 1}. A few shared lists can stand
 * for an endless text: it stops soon after LME_LIMIT_TEMPLATE_OUTPUT bytes, longer than that limit.
 * str of a STRING borrows its text. */
lme_str lme_value_str(lme_arena *arena, const lme_value *v);
lme_str lme_value_repr(lme_arena *arena, const lme_value *v);

/* Python's repr(float): shortest text that reads back to the same double; inf, nan, 1e+16. */
lme_str lme_double_repr(lme_arena *arena, double value);

/* Python's float(text): blanks around, a sign, single underscores between digits, decimal digits of
 * any script, inf and nan. False when the text is no number, or has more than 1,024 characters. */
bool lme_python_float(lme_str text, double *value) LME_MUST_CHECK;

/* Builders: zero-initialise with .arena set, add, finish. */
typedef struct lme_list_builder {
    lme_arena *arena;
    lme_value *items;
    size_t len, capacity;
} lme_list_builder;

void lme_list_add(lme_list_builder *b, lme_value item);
lme_value lme_list_finish(lme_list_builder *b);

typedef struct lme_map_builder {
    lme_arena *arena;
    lme_pair *pairs;
    size_t len, capacity;
} lme_map_builder;

void lme_map_add(lme_map_builder *b, lme_str key, lme_value value); /* no duplicate check */
void lme_map_add_pair(lme_map_builder *b, lme_value key, lme_value value);
lme_value lme_map_finish(lme_map_builder *b);

#endif
