#include "ids.h"

void lme_ids_write(lme_builder *out, const lme_ids *ids)
{
    lme_builder_char(out, '[');
    for (size_t i = 0; i < ids->n; i++) {
        lme_builder_add(out, i > 0 ? LME_STR(", ") : LME_STR(""));
        lme_builder_int(out, ids->ids[i]);
    }
    lme_builder_char(out, ']');
}
