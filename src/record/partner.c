#include <stdlib.h>

#include <lmeval/partner.h>

static int by_hash(const void *a, const void *b)
{
    const lme_record_document *x = *(const lme_record_document *const *)a;
    const lme_record_document *y = *(const lme_record_document *const *)b;
    int order = lme_str_compare(x->lines[0]->doc_hash, y->lines[0]->doc_hash);
    return order != 0 ? order : (x->id > y->id) - (x->id < y->id);
}

void lme_partners_sort(lme_arena *arena, const lme_record_task *task, lme_partners *partners)
{
    partners->n = task->n_documents;
    partners->documents = LME_ARRAY(arena, const lme_record_document *, partners->n);
    for (size_t i = 0; i < partners->n; i++)
        partners->documents[i] = &task->documents[i];
    qsort(partners->documents, partners->n, sizeof(const lme_record_document *), by_hash);
}

const lme_record_document *lme_partners_find(const lme_partners *partners,
                                             const lme_record_document *document)
{
    lme_str hash = document->lines[0]->doc_hash;
    size_t from = 0, to = partners->n;
    while (from < to) { /* the first that is not below the hash */
        size_t middle = from + (to - from) / 2;
        if (lme_str_compare(partners->documents[middle]->lines[0]->doc_hash, hash) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    const lme_record_document *first = NULL;
    for (size_t i = from; i < partners->n; i++) {
        const lme_record_document *other = partners->documents[i];
        if (!lme_str_equal(other->lines[0]->doc_hash, hash))
            break;
        if (other->id == document->id)
            return other;
        first = first == NULL ? other : first;
    }
    return first;
}
