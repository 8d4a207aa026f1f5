/* Drawing faults. What is kept of a request is a hash and two counters. */
#include "fault.h"

#include "trait.h"

#include <pthread.h>
#include <stdlib.h>

#include <lmeval/refserver.h>

#define MAX_RULES       16u
#define MAX_ARGUMENT    86400000 /* a day in ms */
#define DEFAULT_STALL   60000u
#define DEFAULT_LATENCY 100u

typedef struct fault_rule {
    enum lme_fault fault;
    double share;
    bool is_sticky;
    int64_t argument; /* -1: none */
} fault_rule;

/* What is known of one request text; hash 0 marks a free slot. */
typedef struct request_history {
    uint64_t hash;
    uint32_t n_seen, n_failed_in_a_row;
} request_history;

struct lme_faults {
    fault_rule rules[MAX_RULES];
    size_t n_rules;
    uint64_t seed;
    pthread_mutex_t lock;
    request_history *seen; /* open addressing */
    size_t n_seen, n_slots;
};

static const lme_refserver_row faults_table[] = {
#define TRAIT(id, name, meaning)
#define FAULT(id, name, meaning) {name, meaning},
#include "list.h"
#undef TRAIT
#undef FAULT
    {NULL, NULL}};

const lme_refserver_row *lme_refserver_faults(void)
{
    return faults_table;
}

static bool read_rule(lme_str item, fault_rule *rule, lme_error *err)
{
    size_t index, equals = lme_str_find(item, LME_STR("="), 0);
    lme_str name = lme_str_slice(item, 0, equals);
    if (!lme_row_find(faults_table, "fault", name, &index, err))
        return false;
    lme_str rest = equals == SIZE_MAX ? LME_STR("") : lme_str_slice(item, equals + 1, item.len);
    size_t colon = lme_str_find(rest, LME_STR(":"), 0);
    lme_str share = lme_str_slice(rest, 0, colon);
    rule->fault = (enum lme_fault)index;
    rule->argument = -1;
    rule->is_sticky = lme_str_is(share, "always");
    rule->share = 1.0;
    if (!rule->is_sticky &&
        (!lme_str_to_double(share, &rule->share) || !(rule->share >= 0.0 && rule->share <= 1.0))) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "fault %s: got \"%.*s\" as its share, expected a number from 0 to 1, or always",
                 faults_table[index].name, LME_STR_ARG(share));
        return lme_hint(err, "write NAME=SHARE or NAME=SHARE:ARG, as in %s=0.05",
                        faults_table[index].name);
    }
    if (colon == SIZE_MAX)
        return true;
    lme_str argument = lme_str_slice(rest, colon + 1, rest.len);
    if (!lme_str_to_int(argument, &rule->argument) || rule->argument < 0 ||
        rule->argument > MAX_ARGUMENT)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "fault %s: got \"%.*s\" as its argument, expected a number from 0 to %d",
                        faults_table[index].name, LME_STR_ARG(argument), MAX_ARGUMENT);
    return true;
}

bool lme_faults_new(lme_arena *arena, const char *list, uint64_t seed, lme_faults **faults,
                    lme_error *err)
{
    lme_str rest = lme_str_from(list), item;
    lme_faults *made = LME_NEW(arena, lme_faults);
    *faults = NULL;
    while (lme_list_next(&rest, &item)) {
        if (made->n_rules == MAX_RULES)
            return lme_fail(err, LME_ERR_USAGE, NULL, "more than %u faults", MAX_RULES);
        if (!read_rule(item, &made->rules[made->n_rules++], err))
            return false;
    }
    if (made->n_rules == 0)
        return true;
    made->seed = seed;
    LME_BUG(pthread_mutex_init(&made->lock, NULL) != 0, "no mutex");
    *faults = made;
    return true;
}

void lme_faults_free(lme_faults *faults)
{
    if (faults == NULL)
        return;
    pthread_mutex_destroy(&faults->lock);
    free(faults->seen);
}

/* SplitMix64's finalizer: spreads every bit over all. */
static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t hash_text(uint64_t hash, lme_str text)
{
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 0x100000001B3u;
    return hash;
}

static request_history *slot_of(request_history *slots, size_t n_slots, uint64_t hash)
{
    size_t at = (size_t)mixed(hash) & (n_slots - 1);
    while (slots[at].hash != 0 && slots[at].hash != hash)
        at = (at + 1) & (n_slots - 1);
    return &slots[at];
}

static request_history *history_of(lme_faults *faults, uint64_t hash)
{
    if (2 * faults->n_seen >= faults->n_slots) {
        size_t n = faults->n_slots == 0 ? 256 : 2 * faults->n_slots;
        request_history *slots = calloc(n, sizeof *slots);
        LME_BUG(slots == NULL, "out of memory");
        for (size_t i = 0; i < faults->n_slots; i++) {
            if (faults->seen[i].hash != 0)
                *slot_of(slots, n, faults->seen[i].hash) = faults->seen[i];
        }
        free(faults->seen);
        faults->seen = slots;
        faults->n_slots = n;
    }
    request_history *found = slot_of(faults->seen, faults->n_slots, hash);
    if (found->hash == 0) {
        found->hash = hash;
        faults->n_seen++;
    }
    return found;
}

static bool is_hit(const lme_faults *faults, const fault_rule *rule, uint64_t hash, uint32_t n_seen)
{
    uint64_t drawn = mixed(faults->seed + 0x9E3779B97F4A7C15u * (n_seen + 1));
    drawn = mixed(drawn ^ hash);
    drawn = mixed(drawn + (uint64_t)rule->fault);
    return rule->is_sticky || (double)(drawn >> 11) * 0x1.0p-53 < rule->share;
}

static unsigned milliseconds(const fault_rule *rule, unsigned otherwise)
{
    return rule->argument < 0 ? otherwise : (unsigned)rule->argument;
}

static lme_mishap draw(const lme_faults *faults, uint64_t hash, const request_history *history)
{
    lme_mishap mishap = {.fault = LME_FAULT_NONE, .argument = -1};
    for (size_t i = 0; i < faults->n_rules; i++) {
        const fault_rule *rule = &faults->rules[i];
        bool is_delay = rule->fault == LME_FAULT_LATENCY;
        if (!is_delay && (mishap.fault != LME_FAULT_NONE ||
                          (!rule->is_sticky && history->n_failed_in_a_row >= LME_FAULTS_IN_A_ROW)))
            continue;
        if (!is_hit(faults, rule, hash, history->n_seen))
            continue;
        if (is_delay) {
            mishap.delay_ms += milliseconds(rule, DEFAULT_LATENCY);
            continue;
        }
        mishap.fault = rule->fault;
        mishap.argument = rule->argument;
        if (rule->fault == LME_FAULT_STALL)
            mishap.delay_ms += milliseconds(rule, DEFAULT_STALL);
    }
    return mishap;
}

lme_mishap lme_faults_draw(lme_faults *faults, lme_str path, lme_str body)
{
    uint64_t hash = hash_text(hash_text(0xCBF29CE484222325u, path), body);
    if (hash == 0)
        hash = 1;
    pthread_mutex_lock(&faults->lock);
    request_history *history = history_of(faults, hash);
    lme_mishap mishap = draw(faults, hash, history);
    history->n_seen++;
    history->n_failed_in_a_row =
        mishap.fault == LME_FAULT_NONE ? 0 : history->n_failed_in_a_row + 1;
    pthread_mutex_unlock(&faults->lock);
    return mishap;
}
