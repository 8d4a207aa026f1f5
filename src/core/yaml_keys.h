/* Private to core's YAML: a map under construction that finds a key at once, however many it has.
 */
#ifndef LMEVAL_CORE_YAML_KEYS_H
#define LMEVAL_CORE_YAML_KEYS_H

#include <lmeval/hash.h>
#include <lmeval/value.h>

/* Zero-initialise with .map.arena set. */
typedef struct lme_yaml_keys {
    lme_map_builder map;
    lme_table *names; /* of keys to their pair, once there are more than a few */
} lme_yaml_keys;

/* Adds a pair, or gives an equal key this value. */
void lme_yaml_keys_put(lme_yaml_keys *keys, lme_value key, lme_value value);

#endif
