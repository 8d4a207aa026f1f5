#include "thrift.h"

#include <lmeval/limits.h>

static void truncate(lme_thrift *t)
{
    t->broken = t->truncated = true;
    t->at = t->end;
}

static void refuse(lme_thrift *t)
{
    t->broken = true;
    t->at = t->end;
}

static unsigned byte(lme_thrift *t)
{
    if (t->at == t->end) {
        truncate(t);
        return 0;
    }
    return *t->at++;
}

uint64_t lme_thrift_varint(lme_thrift *t)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        unsigned b = byte(t);
        value |= (uint64_t)(b & 0x7f) << shift;
        if ((b & 0x80) == 0)
            return t->broken ? 0 : value;
    }
    refuse(t);
    return 0;
}

int64_t lme_zigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

bool lme_thrift_next(lme_thrift *t, lme_thrift_field *field)
{
    unsigned head = byte(t);
    field->type = head & 0x0f;
    if (t->broken || field->type == LME_THRIFT_STOP)
        return false;
    int64_t id =
        head >> 4 != 0 ? field->id + (int64_t)(head >> 4) : lme_zigzag(lme_thrift_varint(t));
    if (id < -32768 || id > 32767 || field->type > LME_THRIFT_STRUCT)
        refuse(t);
    field->id = (int)id;
    return !t->broken;
}

int64_t lme_thrift_int(lme_thrift *t, const lme_thrift_field *field)
{
    if (field->type == LME_THRIFT_BYTE)
        return (signed char)byte(t);
    if (field->type >= LME_THRIFT_I16 && field->type <= LME_THRIFT_I64)
        return lme_zigzag(lme_thrift_varint(t));
    refuse(t);
    return 0;
}

bool lme_thrift_take(lme_thrift *t, const lme_thrift_field *field, const lme_thrift_slot *slots,
                     size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (slots[i].id != field->id)
            continue;
        *slots[i].to = lme_thrift_int(t, field);
        return true;
    }
    return false;
}

bool lme_thrift_bool(lme_thrift *t, const lme_thrift_field *field)
{
    if (field->type != LME_THRIFT_TRUE && field->type != LME_THRIFT_FALSE)
        refuse(t);
    return field->type == LME_THRIFT_TRUE;
}

static lme_str bytes(lme_thrift *t)
{
    uint64_t len = lme_thrift_varint(t);
    if (t->broken || len > (uint64_t)(t->end - t->at)) {
        truncate(t);
        return LME_STR("");
    }
    lme_str text = {(const char *)t->at, (size_t)len};
    t->at += len;
    return text;
}

lme_str lme_thrift_binary(lme_thrift *t, const lme_thrift_field *field)
{
    if (field->type == LME_THRIFT_BINARY)
        return bytes(t);
    refuse(t);
    return LME_STR("");
}

bool lme_thrift_struct(lme_thrift *t, const lme_thrift_field *field)
{
    if (field->type != LME_THRIFT_STRUCT)
        refuse(t);
    return !t->broken;
}

static size_t list_head(lme_thrift *t, unsigned *element)
{
    unsigned head = byte(t);
    uint64_t n = head >> 4 == 15 ? lme_thrift_varint(t) : head >> 4;
    *element = head & 0x0f;
    if (n > (uint64_t)(t->end - t->at)) {
        truncate(t);
        return 0;
    }
    return t->broken ? 0 : (size_t)n;
}

size_t lme_thrift_list(lme_thrift *t, const lme_thrift_field *field, unsigned element)
{
    unsigned found = 0;
    if (field->type != LME_THRIFT_LIST) {
        refuse(t);
        return 0;
    }
    size_t n = list_head(t, &found);
    if (n > 0 && found != element) {
        refuse(t);
        return 0;
    }
    return n;
}

static void skip_value(lme_thrift *t, unsigned type);

static void skip_struct(lme_thrift *t)
{
    for (lme_thrift_field field = {0}; lme_thrift_next(t, &field);)
        lme_thrift_skip(t, &field);
}

static void skip_list(lme_thrift *t)
{
    unsigned element;
    size_t n = list_head(t, &element);
    for (size_t i = 0; i < n && !t->broken; i++)
        skip_value(t, element);
}

static void skip_map(lme_thrift *t)
{
    uint64_t n = lme_thrift_varint(t);
    unsigned kinds = n > 0 ? byte(t) : 0;
    for (uint64_t i = 0; i < n && !t->broken; i++) {
        skip_value(t, kinds >> 4);
        skip_value(t, kinds & 0x0f);
    }
}

static void skip_nested(lme_thrift *t, unsigned type)
{
    if (++t->depth > LME_LIMIT_DEPTH)
        refuse(t);
    else if (type == LME_THRIFT_STRUCT)
        skip_struct(t);
    else if (type == LME_THRIFT_MAP)
        skip_map(t);
    else
        skip_list(t);
    t->depth--;
}

static void skip_value(lme_thrift *t, unsigned type)
{
    /* A truth value takes a byte as an element; as a field it is in the type. */
    if (type >= LME_THRIFT_TRUE && type <= LME_THRIFT_BYTE) {
        byte(t);
    } else if (type >= LME_THRIFT_I16 && type <= LME_THRIFT_I64) {
        lme_thrift_varint(t);
    } else if (type == LME_THRIFT_DOUBLE) {
        for (int i = 0; i < 8; i++)
            byte(t);
    } else if (type == LME_THRIFT_BINARY) {
        bytes(t);
    } else if (type >= LME_THRIFT_LIST && type <= LME_THRIFT_STRUCT) {
        skip_nested(t, type);
    } else {
        refuse(t);
    }
}

void lme_thrift_skip(lme_thrift *t, const lme_thrift_field *field)
{
    if (field->type != LME_THRIFT_TRUE && field->type != LME_THRIFT_FALSE)
        skip_value(t, field->type);
}
