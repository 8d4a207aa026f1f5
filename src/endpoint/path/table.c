/* The scoring paths in the order in which `auto` tries them. */
#include "../path.h"

#define PATH(name) extern const lme_path lme_path_##name;
#include "list.h"
#undef PATH

#define PATH(name) &lme_path_##name,
static const lme_path *const paths[] = {
#include "list.h"
};
#undef PATH

const char *lme_url_of_completions(const lme_server_url *url, const lme_request *request)
{
    (void)request;
    return url->completions;
}

const char *lme_url_of_openai(const lme_server_url *url, const lme_request *request)
{
    return request->n_messages > 0 ? url->chat : url->completions;
}

const lme_path *const *lme_path_all(size_t *n)
{
    *n = sizeof paths / sizeof paths[0];
    return paths;
}

const lme_path *lme_path_find(lme_str name)
{
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        if (lme_str_is(name, paths[i]->name))
            return paths[i];
    }
    return NULL;
}
