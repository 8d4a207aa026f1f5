#include "dispatch.h"

#include "say.h"

#include <math.h>
#include <stdio.h>
#include <sys/resource.h>

/* Above this share of the time a faster server would not have made the run faster, and shorter runs
 * than this say nothing. */
static const double bottleneck = 0.8, shortest_s = 1;

static lme_value count(size_t n)
{
    return lme_int((int64_t)n);
}

/* To one part of `parts`. */
static lme_value rounded(double value, double parts)
{
    return lme_float(round(value * parts) / parts);
}

static lme_value step_value(lme_arena *arena, const lme_course_step *step)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("seconds"), rounded(step->seconds, 1000));
    lme_map_add(&map, LME_STR("limit"), count(step->limit));
    lme_map_add(&map, LME_STR("requests_per_second"), rounded(step->requests_per_second, 10));
    lme_map_add(&map, LME_STR("why"), lme_string(lme_str_from(step->why)));
    return lme_map_finish(&map);
}

lme_value lme_dispatch_concurrency(lme_arena *arena, const lme_run_record *record)
{
    const lme_course *course = record->course;
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("mode"),
                lme_string(course != NULL ? LME_STR("auto") : LME_STR("fixed")));
    lme_map_add(&map, LME_STR("limit"), count(record->concurrency));
    if (course == NULL)
        return lme_map_finish(&map);
    lme_list_builder steps = {.arena = arena};
    for (size_t i = 0; i < course->n; i++)
        lme_list_add(&steps, step_value(arena, &course->steps[i]));
    lme_map_add(&map, LME_STR("first"), count(course->first));
    lme_map_add(&map, LME_STR("highest"), count(course->highest));
    lme_map_add(&map, LME_STR("cuts"), count(course->n_cuts));
    lme_map_add(&map, LME_STR("course"), lme_list_finish(&steps));
    return lme_map_finish(&map);
}

lme_value lme_dispatch_servers(lme_arena *arena, const lme_run_record *record)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < record->n_servers; i++) {
        const lme_server_traffic *server = &record->servers[i];
        lme_map_builder map = {.arena = arena};
        lme_map_add(&map, LME_STR("url"), lme_string(server->url));
        lme_map_add(&map, LME_STR("requests_sent"), count(server->n_sent));
        lme_map_add(&map, LME_STR("answers"), count(server->n_answered));
        lme_map_add(&map, LME_STR("failed"), count(server->n_failed));
        lme_map_add(&map, LME_STR("rests"), count(server->n_rests));
        lme_list_add(&list, lme_map_finish(&map));
    }
    return lme_list_finish(&list);
}

static double share_of(const lme_client_time *client)
{
    return client->seconds > 0 ? client->worked / client->seconds : 0;
}

static bool is_bottleneck(const lme_client_time *client)
{
    return client->seconds >= shortest_s && share_of(client) >= bottleneck;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

lme_value lme_dispatch_client(lme_arena *arena, const lme_run_record *record)
{
    const lme_client_time *client = &record->client;
    lme_map_builder map = {.arena = arena}, lag = {.arena = arena};
    struct rusage used = {0};
    getrusage(RUSAGE_SELF, &used);
    lme_map_add(&lag, LME_STR("p50"), rounded(client->lag_p50_ms, 1000));
    lme_map_add(&lag, LME_STR("p99"), rounded(client->lag_p99_ms, 1000));
    lme_map_add(&lag, LME_STR("max"), rounded(client->lag_max_ms, 1000));
    lme_map_add(&map, LME_STR("seconds"), rounded(client->seconds, 1000));
    lme_map_add(&map, LME_STR("worked_share"), rounded(share_of(client), 1000));
    lme_map_add(&map, LME_STR("was_bottleneck"), lme_bool(is_bottleneck(client)));
    lme_map_add(&map, LME_STR("send_lag_ms"), lme_map_finish(&lag));
    lme_map_add(&map, LME_STR("longest_stall_ms"), rounded(client->longest_ms, 1000));
    lme_map_add(&map, LME_STR("processor_seconds"),
                rounded(seconds_of(used.ru_utime) + seconds_of(used.ru_stime), 1000));
    lme_map_add(&map, LME_STR("peak_memory_mb"), rounded((double)used.ru_maxrss / 1024, 10));
    return lme_map_finish(&map);
}

static void say_client(const lme_client_time *client)
{
    if (is_bottleneck(client))
        lme_say("the server waited for lmeval, which worked %.0f %% of the time: scores are right, "
                "but the speed is this machine's; --batch asks more in one request",
                100 * share_of(client));
}

lme_value lme_dispatch_fingerprints(lme_arena *arena, const lme_run_record *record)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < record->n_fingerprints; i++) {
        const lme_system_fingerprint *print = &record->fingerprints[i];
        lme_map_builder map = {.arena = arena};
        if (print->server < record->n_servers)
            lme_map_add(&map, LME_STR("url"), lme_string(record->servers[print->server].url));
        lme_map_add(&map, LME_STR("system_fingerprint"), lme_string(print->text));
        lme_map_add(&map, LME_STR("answers"), count(print->n_answers));
        lme_list_add(&list, lme_map_finish(&map));
    }
    return lme_list_finish(&list);
}

/* Two of one server: answers of before and after are of different models or settings. */
static void say_changed(const lme_run_record *record, lme_str whose)
{
    for (size_t i = 1; i < record->n_fingerprints; i++) {
        const lme_system_fingerprint *now = &record->fingerprints[i];
        size_t k = i;
        while (k > 0 && record->fingerprints[k - 1].server != now->server)
            k--;
        if (k == 0)
            continue;
        const lme_system_fingerprint *then = &record->fingerprints[k - 1];
        lme_say("warning: %.*sthe server's system_fingerprint changed, model or settings may be "
                "others since: %.*s (%zu answers), then %.*s (%zu)",
                LME_STR_ARG(whose), LME_STR_ARG(then->text), then->n_answers,
                LME_STR_ARG(now->text), now->n_answers);
    }
}

void lme_say_cautions(const lme_run_record *record, lme_str folder)
{
    lme_arena *arena = lme_arena_new();
    lme_str whose = folder.len > 0 ? lme_str_format(arena, "%.*s: ", LME_STR_ARG(folder)) : folder;
    if (record->reworded.len > 0)
        lme_say("%.*sthe server refused parameters: %.*s", LME_STR_ARG(whose),
                LME_STR_ARG(record->reworded));
    if (record->traffic.n_hidden > 0)
        lme_say("warning: %.*s%zu answer%s the key or a header's value, which was taken out before "
                "it was scored",
                LME_STR_ARG(whose), record->traffic.n_hidden,
                record->traffic.n_hidden == 1 ? " held" : "s held");
    say_changed(record, whose);
    lme_arena_free(arena);
}

void lme_say_crowded(const lme_endpoint *endpoint, lme_progress_view *view, bool *said)
{
    if (*said || lme_endpoint_traffic(endpoint).n_crowded == 0)
        return;
    *said = true;
    lme_progress_end(view);
    lme_say("the server's slots share one context, too small for what is asked at once: it is "
            "asked again, fewer at once\n"
            "  hint: start llama-server with --parallel 1 or a greater --ctx-size, or ask with "
            "--concurrency 1");
}

void lme_say_dispatch(const lme_run_record *record)
{
    const lme_course *course = record->course;
    if (course != NULL)
        lme_say("concurrency: %zu at first, %zu at most, %zu at the end; refused or timed out %zu "
                "times",
                course->first, course->highest, record->concurrency, course->n_cuts);
    for (size_t i = 0; record->n_servers > 1 && i < record->n_servers; i++) {
        const lme_server_traffic *server = &record->servers[i];
        lme_say("%.*s: %zu answers, %zu failures%s", LME_STR_ARG(server->url), server->n_answered,
                server->n_failed, server->n_failed_in_row > 0 ? ", left alone at the end" : "");
    }
    say_client(&record->client);
}
