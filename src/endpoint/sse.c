#include "sse.h"

/* Takes a line, without its end. */
static lme_str take_line(lme_str *rest)
{
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != '\n' && rest->ptr[end] != '\r')
        end++;
    lme_str line = lme_str_slice(*rest, 0, end);
    size_t next = end + (end < rest->len);
    if (next < rest->len && rest->ptr[end] == '\r' && rest->ptr[next] == '\n')
        next++;
    *rest = lme_str_slice(*rest, next, rest->len);
    return line;
}

/* The line's value when it is of that field; one blank behind the colon is not of it. */
static bool is_field(lme_str line, lme_str name, lme_str *value)
{
    if (!lme_str_starts(line, name))
        return false;
    lme_str behind = lme_str_slice(line, name.len, line.len);
    if (behind.len > 0 && behind.ptr[0] != ':')
        return false;
    *value = lme_str_slice(behind, behind.len > 0, behind.len);
    if (value->len > 0 && value->ptr[0] == ' ')
        *value = lme_str_slice(*value, 1, value->len);
    return true;
}

bool lme_sse_next(lme_arena *arena, lme_str *rest, lme_sse_event *event)
{
    lme_builder data = {.arena = arena};
    size_t n_lines = 0;
    lme_str byte_order_mark = LME_STR("\xef\xbb\xbf");
    *event = (lme_sse_event){.data = LME_STR(""), .error = LME_STR("")};
    if (lme_str_starts(*rest, byte_order_mark))
        *rest = lme_str_slice(*rest, byte_order_mark.len, rest->len);
    while (rest->len > 0) {
        lme_str value, line = take_line(rest);
        if (line.len == 0 && (n_lines > 0 || event->error.len > 0))
            break;
        if (is_field(line, LME_STR("error"), &value))
            event->error = value;
        if (!is_field(line, LME_STR("data"), &value))
            continue;
        if (n_lines++ > 0)
            lme_builder_char(&data, '\n');
        lme_builder_add(&data, value);
    }
    event->data = lme_builder_finish(&data);
    return n_lines > 0 || event->error.len > 0;
}
