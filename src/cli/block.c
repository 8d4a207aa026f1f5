#include "block.h"

#include "wrap.h"

#include <lmeval/unicode.h>

enum {
    BLOCK_COLUMNS = LME_WIDTH - 4 /* two blanks and the bar before a line, a bar behind it */
};

/* Nothing is seen of it, or it changes the order in which others are seen. */
static bool hides(uint32_t codepoint)
{
    if (codepoint == 0x200c || codepoint == 0x200d) /* the joiners shape what is seen */
        return false;
    return (codepoint >= 0x200b && codepoint <= 0x200f) ||
           (codepoint >= 0x2028 && codepoint <= 0x202e) ||
           (codepoint >= 0x2060 && codepoint <= 0x206f) || codepoint == 0x61c ||
           codepoint == 0xfeff || (codepoint >= 0xe0000 && codepoint <= 0xe007f);
}

/* The code point at byte *at, as it is or as an escape; moves *at behind it. */
static lme_str shown(lme_arena *arena, lme_str text, size_t *at)
{
    size_t from = *at;
    uint32_t codepoint = lme_codepoint_next(text, at);
    if (codepoint == '\t')
        return LME_STR("\\t");
    if (codepoint == '\n')
        return LME_STR("\\n");
    if (codepoint == '\r')
        return LME_STR("\\r");
    if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0))
        return lme_str_format(arena, "\\x%02x", (unsigned)codepoint);
    if (hides(codepoint))
        return lme_str_format(arena, codepoint > 0xffff ? "\\U%08x" : "\\u%04x",
                              (unsigned)codepoint);
    if (codepoint == 0xfffd) /* a bad byte, or the sign for one */
        return LME_STR("\xEF\xBF\xBD");
    return lme_str_slice(text, from, *at);
}

lme_str lme_visible(lme_arena *arena, lme_str text)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < text.len;)
        lme_builder_add(&out, shown(arena, text, &at));
    lme_str made = lme_builder_finish(&out);
    return lme_str_equal(made, text) ? text : made;
}

/* A line of a text under way. */
typedef struct line {
    lme_builder *out;
    lme_builder shown;
    size_t columns, max;          /* taken so far, and at most */
    size_t fold, columns_at_fold; /* behind its last blank; 0: it has none */
    lme_str next;                 /* what a line begins with that goes on */
    bool trims;                   /* the blanks it is folded at are not written */
} line;

/* Ends the line behind its last blank, and begins the next with what stood behind that. */
static void fold_line(line *l)
{
    size_t cut = l->fold > 0 ? l->fold : l->shown.len;
    lme_str rest = {l->shown.ptr + cut, l->shown.len - cut};
    lme_builder next = {.arena = l->out->arena};
    lme_str line_text = {l->shown.ptr, cut};
    lme_builder_add(l->out, l->trims ? lme_rstrip(line_text) : line_text);
    lme_builder_add(l->out, l->next);
    lme_builder_add(&next, rest);
    l->shown = next;
    l->columns -= l->fold > 0 ? l->columns_at_fold : l->columns;
    l->fold = 0;
}

static void add_piece(line *l, lme_str piece)
{
    size_t width = lme_display_width(piece);
    if (l->columns + width > l->max && l->columns > 0)
        fold_line(l);
    lme_builder_add(&l->shown, piece);
    l->columns += width;
    if (lme_str_is(piece, " ")) {
        l->fold = l->shown.len;
        l->columns_at_fold = l->columns;
    }
}

static void end_line(line *l, const char *next)
{
    lme_builder_add(l->out, lme_builder_finish(&l->shown));
    lme_builder_add(l->out, lme_str_from(next));
    l->shown = (lme_builder){.arena = l->out->arena};
    l->columns = l->fold = 0;
}

void lme_block_write(lme_builder *out, lme_str text)
{
    line l = {
        .out = out,
        .shown = {.arena = out->arena},
        .max = BLOCK_COLUMNS,
        .next = LME_STR("\n  :"),
    };
    lme_builder_add(out, LME_STR("  |"));
    for (size_t at = 0; at < text.len;) {
        if (text.ptr[at] != '\n') {
            add_piece(&l, shown(out->arena, text, &at));
            continue;
        }
        at++;
        end_line(&l, "\n  |");
    }
    end_line(&l, "|\n");
}

void lme_fold(lme_builder *out, lme_str text, size_t indent)
{
    line l = {
        .out = out,
        .shown = {.arena = out->arena},
        .max = LME_WIDTH - indent,
        .next = lme_str_format(out->arena, "\n%*s", (int)indent, ""),
        .trims = true,
    };
    for (size_t at = 0; at < text.len;)
        add_piece(&l, shown(out->arena, text, &at));
    end_line(&l, "\n");
}
