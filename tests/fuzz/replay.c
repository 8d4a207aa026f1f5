/* Replays a fuzz target's corpus without a fuzzer: one call for each file of
 * the folders (or files) named. A target says that something is wrong by
 * aborting. */
#include <stdint.h>
#include <stdio.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay_file(lme_arena *arena, const char *path, lme_error *err)
{
    lme_str text;
    if (!lme_file_read(arena, path, LME_LIMIT_TASK_FILE, &text, err))
        return false;
    (void)LLVMFuzzerTestOneInput((const uint8_t *)text.ptr, text.len);
    return true;
}

static bool replay_folder(lme_arena *arena, const char *folder, lme_error *err)
{
    lme_str *names;
    size_t n;
    if (!lme_folder_list(arena, folder, LME_STR(""), &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        lme_str path = lme_path_join(arena, lme_str_from(folder), names[i]);
        if (!lme_folder_exists(path.ptr) && !replay_file(arena, path.ptr, err))
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    bool ok = true;
    for (int i = 1; i < argc && ok; i++)
        ok = lme_folder_exists(argv[i]) ? replay_folder(arena, argv[i], &err)
                                        : replay_file(arena, argv[i], &err);
    if (!ok) {
        char text[2048];
        lme_error_text(&err, text, sizeof text);
        fprintf(stderr, "%s\n", text);
    }
    lme_arena_free(arena);
    return ok ? 0 : 1;
}
