#include "bits.h"

#include "thrift.h"

uint64_t lme_little_endian(const unsigned char *at, size_t n)
{
    uint64_t value = 0;
    for (size_t i = n; i > 0; i--)
        value = value << 8 | at[i - 1];
    return value;
}

bool lme_unpack(lme_bytes bytes, uint64_t from, unsigned width, uint64_t *value)
{
    uint64_t n = (uint64_t)(bytes.end - bytes.at);
    *value = 0;
    if (width == 0)
        return true;
    uint64_t first = from / 8, last = (from + width - 1) / 8;
    if (last >= n)
        return false;
    unsigned shift = (unsigned)(from % 8);
    size_t n_low = last - first + 1 > 8 ? 8 : (size_t)(last - first + 1);
    *value = lme_little_endian(bytes.at + first, n_low) >> shift;
    if (last - first == 8) /* nine bytes: the last one's low bits go on top */
        *value |= (uint64_t)bytes.at[last] << (64 - shift);
    if (width < 64)
        *value &= ((uint64_t)1 << width) - 1;
    return true;
}

unsigned lme_bit_width(uint64_t max)
{
    unsigned width = 0;
    while (max >> width != 0)
        width++;
    return width;
}

static bool varint(lme_bytes *bytes, uint64_t *value)
{
    lme_thrift t = {.at = bytes->at, .end = bytes->end};
    *value = lme_thrift_varint(&t);
    bytes->at = t.at;
    return !t.broken;
}

static bool start_run(lme_hybrid *h)
{
    uint64_t head;
    if (!varint(&h->rest, &head) || head >> 1 == 0)
        return false;
    uint64_t n_bytes = (uint64_t)(h->rest.end - h->rest.at);
    h->packed = (lme_bytes){0};
    if ((head & 1) != 0) {
        uint64_t groups = head >> 1;
        /* A last group may be cut short by its writer; its missing numbers are never asked for. */
        bool is_cut = h->width > 0 && groups > n_bytes / h->width;
        uint64_t size = is_cut ? n_bytes : groups * h->width;
        h->left = groups > UINT64_MAX / 8 ? UINT64_MAX : groups * 8;
        h->packed = (lme_bytes){h->rest.at, h->rest.at + size};
        h->bit = 0;
        h->rest.at += size;
        return true;
    }
    size_t size = (h->width + 7) / 8;
    if (size > n_bytes)
        return false;
    h->left = head >> 1;
    h->value = (uint32_t)lme_little_endian(h->rest.at, size);
    h->rest.at += size;
    return true;
}

bool lme_hybrid_next(lme_hybrid *h, uint32_t *value)
{
    if (h->left == 0 && !start_run(h))
        return false;
    h->left--;
    *value = h->value;
    if (h->packed.at == NULL)
        return true;
    uint64_t number;
    if (!lme_unpack(h->packed, h->bit, h->width, &number))
        return false;
    h->bit += h->width;
    *value = (uint32_t)number;
    return true;
}

bool lme_delta_start(lme_delta *d, lme_bytes bytes)
{
    uint64_t block_size, first;
    *d = (lme_delta){.rest = bytes, .is_first = true};
    if (!varint(&d->rest, &block_size) || !varint(&d->rest, &d->n_minis) ||
        !varint(&d->rest, &d->left) || !varint(&d->rest, &first))
        return false;
    d->value = (uint64_t)lme_zigzag(first);
    if (d->n_minis == 0 || block_size > UINT32_MAX || block_size % d->n_minis != 0)
        return false;
    d->n_per_mini = block_size / d->n_minis;
    d->mini = d->n_minis;
    return d->n_per_mini > 0 && d->n_per_mini % 8 == 0;
}

static bool start_block(lme_delta *d)
{
    uint64_t least;
    if (!varint(&d->rest, &least) || d->n_minis > (uint64_t)(d->rest.end - d->rest.at))
        return false;
    d->least = (uint64_t)lme_zigzag(least);
    d->widths = d->rest.at;
    d->rest.at += d->n_minis;
    d->mini = 0;
    return true;
}

static bool start_mini(lme_delta *d)
{
    if (d->mini == d->n_minis && !start_block(d))
        return false;
    uint64_t size = d->n_per_mini / 8 * d->widths[d->mini];
    if (d->widths[d->mini] > 64 || size > (uint64_t)(d->rest.end - d->rest.at))
        return false;
    d->packed = (lme_bytes){d->rest.at, d->rest.at + size};
    d->rest.at += size;
    d->bit = 0;
    d->left_in_mini = d->n_per_mini;
    d->mini++;
    return true;
}

/* The number after the first: the one before it plus its delta. */
static bool step(lme_delta *d)
{
    uint64_t delta;
    if (d->left_in_mini == 0 && !start_mini(d))
        return false;
    unsigned width = d->widths[d->mini - 1];
    if (!lme_unpack(d->packed, d->bit, width, &delta))
        return false;
    d->bit += width;
    d->left_in_mini--;
    d->value += d->least + delta;
    return true;
}

bool lme_delta_next(lme_delta *d, int64_t *value)
{
    if (d->left == 0 || (!d->is_first && !step(d)))
        return false;
    d->left--;
    d->is_first = false;
    *value = (int64_t)d->value;
    return true;
}

bool lme_delta_end(lme_delta d, uint64_t most, lme_bytes *behind)
{
    int64_t value;
    if (d.left > most)
        return false;
    while (d.left > 0) {
        if (!lme_delta_next(&d, &value))
            return false;
    }
    *behind = d.rest;
    return true;
}
