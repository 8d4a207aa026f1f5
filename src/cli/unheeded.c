#include "unheeded.h"

#include "measuring_state.h"
#include "say.h"

static void say_batch(const lme_measuring *m)
{
    const lme_finding *found = lme_profile_finding(&m->profile, "prompt arrays");
    if (m->given.server.batch > 1 && found != NULL && !found->good)
        lme_say("caution: --batch has no effect: %.*s", LME_STR_ARG(found->detail));
}

/* Letters are read out of chats whatever the tasks ask. */
static void say_thoughts(const lme_measuring *m)
{
    bool asks_chats = m->given.task.chat != LME_CHAT_NONE || m->profile.scoring_caution.len > 0;
    const char *mark = m->given.server.think_end_token;
    if (mark != NULL && mark[0] != '\0' && !asks_chats)
        lme_say("caution: --think-end-token has no effect on texts that are completed\n"
                "  hint: answers of --apply_chat_template are cut by it");
}

void lme_say_unheeded(const lme_measuring *m)
{
    say_batch(m);
    say_thoughts(m);
    if (m->given.server.max_length > 0 && m->given.task.chat != LME_CHAT_NONE)
        lme_say("caution: --max-length has no effect on conversations\n"
                "  hint: what the chat template makes of them is the server's to count: bound its "
                "context");
}
