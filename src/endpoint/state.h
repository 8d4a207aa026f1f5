/* What an endpoint holds between calls. */
#ifndef LMEVAL_ENDPOINT_STATE_H
#define LMEVAL_ENDPOINT_STATE_H

#include "path.h"
#include "transport.h"
#include "url.h"

struct lme_endpoint {
    lme_arena *arena;
    lme_endpoint_options options; /* texts are copies; api_key is the transport's alone */
    lme_server_url url;
    lme_transport *transport;
    const lme_path *path; /* the one asked for, or the first; the probe decides */
    lme_form form;
    size_t n_unusable; /* answers over HTTP that decode refused */
};

#endif
