/* How often intervals cover and tests err, by simulation: the tables of docs/statistics.md.
 *
 *     stats_coverage            all tables, some minutes
 *     stats_coverage --quick    a small part; exit 1 when a recommended method is off its level
 *
 * Deterministic: the generator is seeded with the table's and row's number.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/arena.h>
#include <lmeval/distribution.h>
#include <lmeval/random.h>
#include <lmeval/stats.h>

enum {
    MAX_ITEMS = 2000,
    CLUSTER_LEN = 5
};

typedef enum kind {
    BINARY,    /* right or wrong */
    GRADED,    /* scores between 0 and 1, as F1 or ROUGE */
    CLUSTERED, /* right or wrong, five questions a passage, hard passages and easy ones */
} kind;

/* Shares of all items. */
typedef struct truth {
    const char *name;
    kind kind;
    double base, lost, gained;
} truth;

typedef struct simulation {
    lme_random random;
    double base[MAX_ITEMS], other[MAX_ITEMS];
    uint32_t of[MAX_ITEMS];
    bool quick;
    bool failed;
} simulation;

/* ---- drawing ----------------------------------------------------------------------------------
 */

static void draw_table(simulation *s, const truth *t, size_t i)
{
    double u = lme_random_unit(&s->random);
    bool lost = u < t->lost, gained = u >= t->base && u < t->base + t->gained;
    s->base[i] = u < t->base ? 1.0 : 0.0;
    s->other[i] = gained || (u < t->base && !lost) ? 1.0 : 0.0;
}

/* base has mean 2/3; a loss takes half of it on average, a gain half of what is missing. */
static void draw_graded(simulation *s, const truth *t, size_t i)
{
    double a = sqrt(lme_random_unit(&s->random)), u = lme_random_unit(&s->random);
    double part = lme_random_unit(&s->random);
    s->base[i] = a;
    s->other[i] = u < t->lost ? a * part : u < t->lost + t->gained ? a + (1.0 - a) * part : a;
}

static lme_pairs draw(simulation *s, const truth *t, size_t n)
{
    truth passage = *t;
    for (size_t i = 0; i < n; i++) {
        if (t->kind == CLUSTERED && i % CLUSTER_LEN == 0) {
            bool hard = lme_random_unit(&s->random) < 0.5;
            passage.base = t->base + (hard ? -0.2 : 0.2);
            passage.lost = hard ? 2.0 * t->lost : 0.0;
        }
        s->of[i] = (uint32_t)(i / CLUSTER_LEN);
        if (t->kind == GRADED)
            draw_graded(s, t, i);
        else
            draw_table(s, &passage, i);
    }
    lme_pairs pairs = {.base = s->base, .other = s->other, .n = n};
    if (t->kind == CLUSTERED)
        pairs.clusters = (lme_clusters){s->of, (n + CLUSTER_LEN - 1) / CLUSTER_LEN};
    return pairs;
}

static double true_base(const truth *t)
{
    return t->kind == GRADED ? 2.0 / 3.0 : t->base;
}

static double true_difference(const truth *t)
{
    return t->kind == GRADED ? t->gained / 6.0 - t->lost / 3.0 : t->gained - t->lost;
}

static double true_recovery(const truth *t)
{
    return 1.0 + true_difference(t) / true_base(t);
}

/* ---- intervals ----------------------------------------------------------------------------------
 */

static lme_interval paired_t(const lme_pairs *pairs)
{
    lme_estimate d = lme_stats_difference(pairs);
    return lme_stats_interval(&d, 0.95);
}

static lme_interval unpaired(const lme_pairs *pairs)
{
    lme_estimate a = lme_stats_mean(pairs->base, pairs->n, &pairs->clusters, LME_CR1);
    lme_estimate b = lme_stats_mean(pairs->other, pairs->n, &pairs->clusters, LME_CR1);
    lme_estimate d = {b.value - a.value, hypot(a.stderr_value, b.stderr_value), (double)INFINITY};
    return lme_stats_interval(&d, 0.95);
}

static lme_interval clusters_ignored(const lme_pairs *pairs)
{
    lme_pairs alone = *pairs;
    alone.clusters = (lme_clusters){0};
    return paired_t(&alone);
}

static lme_interval difference(const lme_pairs *pairs)
{
    return lme_stats_difference_interval(pairs, 0.95);
}

static lme_interval delta_method(const lme_pairs *pairs)
{
    lme_estimate r = lme_stats_recovery(pairs, 0.0);
    return lme_stats_recovery_delta(&r, 0.95);
}

static lme_interval fieller(const lme_pairs *pairs)
{
    return lme_stats_recovery_fieller(pairs, 0.0, 0.95);
}

static lme_interval recovery(const lme_pairs *pairs)
{
    return lme_stats_recovery_interval(pairs, 0.0, 0.95);
}

static lme_interval bca(const lme_pairs *pairs)
{
    return lme_stats_recovery_bootstrap(pairs, 0.0, 1000, 1, 0.95).bca;
}

typedef struct method {
    const char *name;
    lme_interval (*make)(const lme_pairs *pairs);
    unsigned kinds;   /* bits (1u << kind) */
    bool is_slow;     /* a quarter of the draws; not in --quick */
    bool recommended; /* --quick holds it to its level */
} method;

#define ALL_KINDS (1u << BINARY | 1u << GRADED | 1u << CLUSTERED)

static const method difference_methods[] = {
    {"used here", difference, ALL_KINDS, false, true},
    {"paired t", paired_t, ALL_KINDS, false, false},
    {"unpaired", unpaired, ALL_KINDS, false, false},
    {"clusters ignored", clusters_ignored, 1u << CLUSTERED, false, false},
};

static const method recovery_methods[] = {
    {"used here", recovery, ALL_KINDS, false, true},
    {"delta (log)", delta_method, ALL_KINDS, false, false},
    {"Fieller", fieller, ALL_KINDS, false, false},
    {"BCa bootstrap", bca, ALL_KINDS, true, false},
};

static const truth truths[] = {
    {"75 %, 3 lost, 2 gained", BINARY, 0.75, 0.03, 0.02},
    {"75 %, 5 lost, 5 gained", BINARY, 0.75, 0.05, 0.05},
    {"75 %, 15 lost, 3 gained", BINARY, 0.75, 0.15, 0.03},
    {"45 %, 12 lost, 8 gained", BINARY, 0.45, 0.12, 0.08},
    {"95 %, 1.5 lost, 0.5 gained", BINARY, 0.95, 0.015, 0.005},
    {"graded 0.67, 20 lower, 15 higher", GRADED, 0.0, 0.20, 0.15},
    {"graded 0.67, 60 lower, 30 higher", GRADED, 0.0, 0.60, 0.30},
    {"clusters, 75 %, 10 lost, 3 gained", CLUSTERED, 0.75, 0.10, 0.03},
};

static const size_t sizes[] = {20, 200, 2000};

enum {
    N_TRUTHS = sizeof truths / sizeof truths[0],
    N_SIZES = sizeof sizes / sizeof sizes[0],
    MAX_METHODS = 4
};

typedef struct count {
    size_t drawn, covered, none;
} count;

static void count_one(count *c, lme_interval i, double value)
{
    c->drawn++;
    c->none += isnan(i.low) || isnan(i.high) ? 1 : 0;
    /* an end that equals the value up to rounding covers it */
    c->covered += i.low <= value + 1e-9 && i.high >= value - 1e-9;
}

static void print_count(const count *c)
{
    if (c->drawn == 0) {
        printf(" | ");
        return;
    }
    double defined = (double)(c->drawn - c->none);
    printf(" | %.1f", 100.0 * (double)c->covered / defined);
    if (c->none > 0)
        printf(" (%.1f %% none)", 100.0 * (double)c->none / (double)c->drawn);
}

static void cover_row(simulation *s, const truth *t, size_t n, const method *methods,
                      size_t n_methods, double value)
{
    size_t draws = s->quick ? 1000 : 4000;
    count counts[MAX_METHODS] = {{0}};
    for (size_t r = 0; r < draws; r++) {
        lme_pairs pairs = draw(s, t, n);
        for (size_t m = 0; m < n_methods; m++) {
            bool skip = methods[m].is_slow && (s->quick || r % 4 != 0);
            if ((methods[m].kinds >> t->kind & 1u) != 0 && !skip)
                count_one(&counts[m], methods[m].make(&pairs), value);
        }
    }
    printf("| %s | %zu", t->name, n);
    for (size_t m = 0; m < n_methods; m++) {
        print_count(&counts[m]);
        double covered = (double)counts[m].covered / (double)(counts[m].drawn - counts[m].none);
        if (methods[m].recommended && counts[m].drawn > 0 && covered < 0.925)
            s->failed = true;
    }
    printf(" |\n");
    fflush(stdout);
}

static void header(const char *first, const method *methods, size_t n_methods)
{
    printf("| %s | n", first);
    for (size_t m = 0; m < n_methods; m++)
        printf(" | %s", methods[m].name);
    printf(" |\n|---|---");
    for (size_t m = 0; m < n_methods; m++)
        printf("|---");
    printf("|\n");
}

static void cover_table(simulation *s, const char *title, const method *methods, size_t n_methods,
                        double (*value)(const truth *t))
{
    printf("\n%s\n\n", title);
    header("truth", methods, n_methods);
    for (size_t t = 0; t < N_TRUTHS; t++) {
        for (size_t i = 0; i < N_SIZES; i++) {
            if (s->quick && sizes[i] > 200)
                continue;
            lme_random_seed(&s->random, (int64_t)(100 * t + i + 1));
            cover_row(s, &truths[t], sizes[i], methods, n_methods, value(&truths[t]));
        }
    }
}

/* ---- non-inferiority
 * ----------------------------------------------------------------------------- */

typedef struct question {
    truth truth;
    double theta;
    bool at_bound; /* recovery is theta: what is refused is an error */
} question;

static const question questions[] = {
    {{"99.0 %, 1 % flips", BINARY, 0.75, 0.00875, 0.00125}, 0.99, true},
    {{"99.0 %, 5 % flips", BINARY, 0.75, 0.02875, 0.02125}, 0.99, true},
    {{"99.0 %, 15 % flips", BINARY, 0.75, 0.07875, 0.07125}, 0.99, true},
    {{"95.0 %, 5 % flips", BINARY, 0.75, 0.04375, 0.00625}, 0.95, true},
    {{"99.0 %, graded", GRADED, 0.0, 0.12, 0.20}, 0.99, true},
    {{"95.0 %, clusters", CLUSTERED, 0.75, 0.0475, 0.01}, 0.95, true},
    {{"100 %, 1 % flips", BINARY, 0.75, 0.005, 0.005}, 0.99, false},
    {{"100 %, 5 % flips", BINARY, 0.75, 0.025, 0.025}, 0.99, false},
    {{"100 %, 5 % flips", BINARY, 0.75, 0.025, 0.025}, 0.95, false},
    {{"100 %, 15 % flips", BINARY, 0.75, 0.075, 0.075}, 0.95, false},
};

static double plain_t(const lme_pairs *pairs, double theta)
{
    lme_arena *arena = lme_arena_new();
    double *d = LME_ARRAY(arena, double, pairs->n);
    for (size_t i = 0; i < pairs->n; i++)
        d[i] = pairs->other[i] - theta * pairs->base[i];
    lme_estimate e = lme_stats_mean(d, pairs->n, &pairs->clusters, LME_CR1);
    lme_arena_free(arena);
    return lme_t_sf(e.value / e.stderr_value, e.df);
}

static void ask(simulation *s, const question *q, size_t n)
{
    size_t draws = s->quick ? 1000 : 10000, said = 0, plain = 0, point = 0;
    for (size_t r = 0; r < draws; r++) {
        lme_pairs pairs = draw(s, &q->truth, n);
        said += lme_stats_noninferiority(&pairs, q->theta, 0.0).p < 0.05;
        plain += plain_t(&pairs, q->theta) < 0.05;
        point += lme_stats_recovery(&pairs, 0.0).value >= q->theta;
    }
    double percent = 100.0 / (double)draws;
    printf("| %s | %.0f %% | %zu | %s | %.1f | %.1f | %.1f |\n", q->truth.name, 100.0 * q->theta, n,
           q->at_bound ? "error" : "power", percent * (double)said, percent * (double)plain,
           percent * (double)point);
    fflush(stdout);
    if (q->at_bound && (double)said > 0.075 * (double)draws)
        s->failed = true;
}

static void noninferiority_table(simulation *s)
{
    printf("\n\"Recovered\" at 95 %% confidence, in %% of the draws\n\n");
    printf("| true recovery | asked | n | is | test | plain paired t | point estimate |\n");
    printf("|---|---|---|---|---|---|---|\n");
    for (size_t q = 0; q < sizeof questions / sizeof questions[0]; q++) {
        for (size_t i = 0; i < N_SIZES; i++) {
            if (s->quick && sizes[i] > 200)
                continue;
            lme_random_seed(&s->random, (int64_t)(10000 + 100 * q + i));
            ask(s, &questions[q], sizes[i]);
        }
    }
}

/* ---- looking early
 * -------------------------------------------------------------------------------- */

enum {
    N_LOOKS = 10
};

typedef struct early {
    size_t recovered, degraded;
    double items;
} early;

/* One run of n items, looked at ten times; stops at the first look past its bound. */
static void look(const lme_pairs *all, double theta, const double *bounds, early *e)
{
    for (size_t k = 1; k <= N_LOOKS; k++) {
        lme_pairs seen = *all;
        seen.n = all->n * k / N_LOOKS;
        double z = lme_stats_noninferiority(&seen, theta, 0.0).statistic;
        bool up = z > bounds[k - 1], down = z < -bounds[k - 1];
        if (!up && !down && k < N_LOOKS)
            continue;
        e->recovered += up;
        e->degraded += down;
        e->items += (double)seen.n;
        return;
    }
}

/* The same with an interval for all times. */
static void look_always(const lme_pairs *all, double theta, early *e)
{
    for (size_t k = 1; k <= N_LOOKS; k++) {
        size_t n = all->n * k / N_LOOKS;
        double sum = 0.0, squares = 0.0;
        for (size_t i = 0; i < n; i++) {
            double d = all->other[i] - theta * all->base[i];
            sum += d;
            squares += d * d;
        }
        double mean = sum / (double)n;
        double deviation = sqrt(squares / (double)n - mean * mean);
        double reach =
            lme_stats_confidence_sequence(deviation, (double)n, (double)all->n / 2.0, 0.10);
        bool up = mean > reach, down = mean < -reach;
        if (!up && !down && k < N_LOOKS)
            continue;
        e->recovered += up;
        e->degraded += down;
        e->items += (double)n;
        return;
    }
}

typedef struct rule {
    const char *name;
    const double *bounds; /* NULL: the confidence sequence */
} rule;

static const question early_questions[] = {
    {{"99 %, 5 % flips", BINARY, 0.75, 0.02875, 0.02125}, 0.99, true},
    {{"95 %, 5 % flips", BINARY, 0.75, 0.04375, 0.00625}, 0.95, true},
    {{"95 %, 15 % flips", BINARY, 0.75, 0.09375, 0.05625}, 0.95, true},
    {{"100 %, 5 % flips", BINARY, 0.75, 0.025, 0.025}, 0.95, false},
    {{"100 %, 15 % flips", BINARY, 0.75, 0.075, 0.075}, 0.95, false},
    {{"90 %, 10 % flips", BINARY, 0.75, 0.0875, 0.0125}, 0.95, false},
};

static void early_row(simulation *s, const question *q, const rule *r, int64_t seed)
{
    size_t draws = s->quick ? 300 : 10000;
    early e = {0};
    lme_random_seed(&s->random, seed);
    for (size_t i = 0; i < draws; i++) {
        lme_pairs pairs = draw(s, &q->truth, MAX_ITEMS);
        if (r->bounds != NULL)
            look(&pairs, q->theta, r->bounds, &e);
        else
            look_always(&pairs, q->theta, &e);
    }
    double percent = 100.0 / (double)draws;
    printf("| %s | %.0f %% | %s | %.1f | %.1f | %.0f |\n", q->truth.name, 100.0 * q->theta, r->name,
           percent * (double)e.recovered, percent * (double)e.degraded, e.items / (double)draws);
    fflush(stdout);
}

static void early_table(simulation *s)
{
    double share[N_LOOKS], spending[N_LOOKS], naive[N_LOOKS], once[N_LOOKS];
    for (size_t k = 0; k < N_LOOKS; k++) {
        share[k] = (double)(k + 1) / N_LOOKS;
        naive[k] = lme_normal_quantile(0.95);
        once[k] = k + 1 < N_LOOKS ? (double)INFINITY : naive[k];
    }
    lme_stats_group_sequential(share, N_LOOKS, 0.10, spending);
    const rule rules[] = {
        {"one look at the end", once},
        {"ten looks, bounds", spending},
        {"confidence sequence", NULL},
        {"ten looks, no correction", naive},
    };
    printf("\nTen looks at 2,000 items, 5 %% of error a side, in %% of the draws\n\n");
    printf("| true recovery | asked | rule | recovered | degraded | items used |\n");
    printf("|---|---|---|---|---|---|\n");
    for (size_t q = 0; q < sizeof early_questions / sizeof early_questions[0]; q++) {
        for (size_t r = 0; r < sizeof rules / sizeof rules[0]; r++)
            early_row(s, &early_questions[q], &rules[r], (int64_t)(20000 + q));
    }
}

int main(int argc, char **argv)
{
    lme_arena *arena = lme_arena_new();
    simulation *s = LME_NEW(arena, simulation);
    s->quick = argc > 1 && strcmp(argv[1], "--quick") == 0;
    cover_table(s, "Difference: how many of 100 intervals at 95 % cover", difference_methods,
                sizeof difference_methods / sizeof difference_methods[0], true_difference);
    cover_table(s, "Recovery: how many of 100 intervals at 95 % cover", recovery_methods,
                sizeof recovery_methods / sizeof recovery_methods[0], true_recovery);
    noninferiority_table(s);
    early_table(s);
    int code = s->failed ? 1 : 0;
    if (s->failed)
        fprintf(stderr, "a recommended method is off its level\n");
    lme_arena_free(arena);
    return code;
}
