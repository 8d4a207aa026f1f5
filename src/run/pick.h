/* Documents spread over a task whose length is not known yet, with their new questions: every
 * first, second, fourth, ... one is kept, so that there are never more than wanted. */
#ifndef LMEVAL_RUN_PICK_H
#define LMEVAL_RUN_PICK_H

#include <lmeval/preflight.h>

typedef struct lme_picker lme_picker;

/*   n_wanted  documents, at most; 0: nothing is kept, and NULL is returned */
lme_picker *lme_picker_new(size_t n_wanted);
void lme_picker_free(lme_picker *picker); /* NULL is a no-op */

/* Takes in a question; those of one document come one after the other. */
void lme_picker_take(lme_picker *picker, size_t doc, const lme_request *request, lme_str body);

/* Those kept, in arena; NULL: none. */
void lme_picker_tell(lme_arena *arena, const lme_picker *picker, const lme_pick **picks, size_t *n);

#endif
