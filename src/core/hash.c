/* SHA-256 by nettle, FNV-1a, and a table with open addressing and linear probing, at most half
 * full.
 *
 * The table's hash takes eight bytes at a time by multiply and xor-shift, starts from the length
 * and ends in splitmix64's mixer (Steele, Lea, Flood 2014). It also starts from the table's
 * address: keys that collide in one run do not in the next, and since the table has no order of
 * its own, nothing that is printed depends on it. Full hashes lie beside the keys, so a probe
 * reads a key's bytes only when it is almost surely the one.
 */
#include <nettle/sha2.h>
#include <nettle/version.h>
#include <string.h>

#include <lmeval/hash.h>

struct lme_sha256 {
    struct sha256_ctx context;
};

lme_sha256 *lme_sha256_new(lme_arena *arena)
{
    lme_sha256 *hash = LME_NEW(arena, lme_sha256);
    sha256_init(&hash->context);
    return hash;
}

void lme_sha256_add(lme_sha256 *hash, lme_str s)
{
    if (s.len > 0)
        sha256_update(&hash->context, s.len, (const uint8_t *)s.ptr);
}

lme_str lme_sha256_finish(lme_arena *arena, lme_sha256 *hash)
{
    uint8_t digest[SHA256_DIGEST_SIZE];
#if NETTLE_VERSION_MAJOR >= 4
    sha256_digest(&hash->context, digest);
#else
    sha256_digest(&hash->context, sizeof digest, digest);
#endif
    static const char hex[] = "0123456789abcdef";
    char text[2 * SHA256_DIGEST_SIZE];
    for (size_t i = 0; i < sizeof digest; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    return lme_str_copy(arena, (lme_str){text, sizeof text});
}

lme_str lme_sha256_hex(lme_arena *arena, lme_str s)
{
    lme_sha256 hash;
    sha256_init(&hash.context);
    lme_sha256_add(&hash, s);
    return lme_sha256_finish(arena, &hash);
}

uint64_t lme_fnv_add(uint64_t hash, lme_str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.ptr[i]) * 0x100000001b3u;
    return hash;
}

typedef struct slot {
    uint64_t hash;
    lme_str key; /* ptr NULL: free */
    size_t value;
} slot;

struct lme_table {
    lme_arena *arena;
    slot *slots;
    size_t capacity; /* a power of two */
    size_t len;
    uint64_t seed;
};

static uint64_t mixed(uint64_t x)
{
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

static uint64_t hash_of(uint64_t seed, lme_str key)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t hash = seed ^ key.len * odd;
    size_t at = 0;
    for (; at + 8 <= key.len; at += 8) {
        uint64_t word;
        memcpy(&word, key.ptr + at, 8);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
    }
    uint64_t rest = 0;
    if (at < key.len)
        memcpy(&rest, key.ptr + at, key.len - at);
    return mixed((hash ^ rest) * odd);
}

/* Where the key is, or the free slot where it would go. */
static size_t slot_of(const lme_table *table, uint64_t hash, lme_str key)
{
    size_t at = hash & (table->capacity - 1);
    while (table->slots[at].key.ptr != NULL) {
        if (table->slots[at].hash == hash && lme_str_equal(table->slots[at].key, key))
            break;
        at = (at + 1) & (table->capacity - 1);
    }
    return at;
}

lme_table *lme_table_new(lme_arena *arena)
{
    lme_table *table = LME_NEW(arena, lme_table);
    table->arena = arena;
    table->capacity = 16;
    table->slots = LME_ARRAY(arena, slot, table->capacity);
    table->seed = mixed((uint64_t)(uintptr_t)table);
    return table;
}

/* An empty key needs an address too: NULL marks the free slots. */
static lme_str addressed(lme_str key)
{
    return key.len == 0 ? LME_STR("") : key;
}

bool lme_table_get(const lme_table *table, lme_str key, size_t *value)
{
    key = addressed(key);
    const slot *found = &table->slots[slot_of(table, hash_of(table->seed, key), key)];
    if (found->key.ptr == NULL)
        return false;
    *value = found->value;
    return true;
}

static void grow(lme_table *table)
{
    slot *old = table->slots;
    size_t n = table->capacity;
    table->capacity *= 2;
    table->slots = LME_ARRAY(table->arena, slot, table->capacity);
    for (size_t i = 0; i < n; i++) {
        if (old[i].key.ptr == NULL)
            continue;
        size_t at = old[i].hash & (table->capacity - 1);
        while (table->slots[at].key.ptr != NULL)
            at = (at + 1) & (table->capacity - 1);
        table->slots[at] = old[i];
    }
}

void lme_table_set(lme_table *table, lme_str key, size_t value)
{
    key = addressed(key);
    uint64_t hash = hash_of(table->seed, key);
    size_t at = slot_of(table, hash, key);
    if (table->slots[at].key.ptr != NULL) {
        table->slots[at].value = value;
        return;
    }
    table->slots[at] = (slot){.hash = hash, .key = key, .value = value};
    table->len++;
    if (table->len * 2 > table->capacity)
        grow(table);
}

size_t lme_table_len(const lme_table *table)
{
    return table->len;
}
