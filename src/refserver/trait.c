/* Names of traits, and reading comma lists of names. */
#include "trait.h"

#include <lmeval/refserver.h>

static const lme_refserver_row traits_table[] = {
#define TRAIT(id, name, meaning) {name, meaning},
#define FAULT(id, name, meaning)
#include "list.h"
#undef TRAIT
#undef FAULT
    {NULL, NULL}};
_Static_assert(LME_TRAITS <= 128, "lme_traits has a bit for each trait");

const lme_refserver_row *lme_refserver_traits(void)
{
    return traits_table;
}

static bool is_dash(char c)
{
    return c == '-' || c == '_';
}

static bool is_same_name(lme_str a, lme_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (a.ptr[i] != b.ptr[i] && !(is_dash(a.ptr[i]) && is_dash(b.ptr[i])))
            return false;
    }
    return true;
}

bool lme_row_find(const lme_refserver_row *rows, const char *what, lme_str name, size_t *index,
                  lme_error *err)
{
    lme_str names[128];
    size_t n = 0;
    for (; n < sizeof names / sizeof *names && rows[n].name != NULL; n++) {
        names[n] = lme_str_from(rows[n].name);
        if (is_same_name(names[n], name)) {
            *index = n;
            return true;
        }
    }
    lme_fail(err, LME_ERR_USAGE, NULL, "unknown %s \"%.*s\"", what, LME_STR_ARG(name));
    lme_str near = lme_str_nearest(name, names, n);
    if (near.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(near));
    return lme_hint(err, "lmeval-refserver --help lists every %s", what);
}

bool lme_list_next(lme_str *rest, lme_str *item)
{
    while (rest->len > 0) {
        size_t comma = lme_str_find(*rest, LME_STR(","), 0);
        *item = lme_str_slice(*rest, 0, comma);
        *rest = comma == SIZE_MAX ? LME_STR("") : lme_str_slice(*rest, comma + 1, rest->len);
        while (item->len > 0 && item->ptr[0] == ' ')
            *item = lme_str_slice(*item, 1, item->len);
        while (item->len > 0 && item->ptr[item->len - 1] == ' ')
            *item = lme_str_slice(*item, 0, item->len - 1);
        if (item->len > 0)
            return true;
    }
    return false;
}

bool lme_traits_read(const char *list, lme_traits *traits, lme_error *err)
{
    lme_str rest = lme_str_from(list), item;
    *traits = (lme_traits){{0}};
    while (lme_list_next(&rest, &item)) {
        size_t index = 0;
        if (!lme_row_find(traits_table, "impersonation", item, &index, err))
            return false;
        traits->words[index / 64] |= (uint64_t)1 << index % 64;
    }
    return true;
}
