#include "version.h"

#include "rows.h"

#define PCRE2_CODE_UNIT_WIDTH 8

#include <curl/curl.h>
#include <microhttpd.h>
#include <nettle/version.h>
#include <pcre2.h>
#include <sqlite3.h>
#include <utf8proc.h>
#include <yaml.h>
#include <zlib.h>
#include <zstd.h>

#include <lmeval/json.h>

static lme_str pcre2(lme_arena *arena)
{
    char text[64] = "";
    (void)pcre2_config(PCRE2_CONFIG_VERSION, text);
    return lme_str_copy(arena, lme_str_from(text));
}

lme_str lme_version_text(lme_arena *arena)
{
    const lme_row rows[] = {
        {LME_STR("libcurl"), lme_str_from(curl_version_info(CURLVERSION_NOW)->version)},
        {LME_STR("TLS"), lme_str_from(curl_version_info(CURLVERSION_NOW)->ssl_version)},
        {LME_STR("libyaml"), lme_str_from(yaml_get_version_string())},
        {LME_STR("PCRE2"), pcre2(arena)},
        {LME_STR("SQLite"), lme_str_from(sqlite3_libversion())},
        {LME_STR("simdjson"), lme_str_from(lme_json_library())},
        {LME_STR("utf8proc"), lme_str_from(utf8proc_version())},
        {LME_STR("nettle"),
         lme_str_format(arena, "%d.%d", nettle_version_major(), nettle_version_minor())},
        {LME_STR("zlib"), lme_str_from(zlibVersion())},
        {LME_STR("zstd"), lme_str_from(ZSTD_versionString())},
        {LME_STR("libmicrohttpd"), lme_str_from(MHD_get_version())},
    };
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("lmeval " LMEVAL_VERSION "\n"));
    lme_rows_write(&out, rows, sizeof rows / sizeof rows[0], &(lme_rows_style){.indent = 2});
    return lme_builder_finish(&out);
}
