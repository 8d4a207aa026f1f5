/* Every bound on input, with its reason. Reaching one is an LME_ERR_LIMIT, never a crash. */
#ifndef LMEVAL_LIMITS_H
#define LMEVAL_LIMITS_H

#define LME_LIMIT_DEPTH           200          /* nesting of YAML, JSON, templates: our stack */
#define LME_LIMIT_INCLUDE_DEPTH   20           /* task files; lm_eval's corpus goes to 2 */
#define LME_LIMIT_GROUP_MEMBERS   20000u       /* of groups in groups; lm_eval's go to 2,500 */
#define LME_LIMIT_TASK_FILE       (16u << 20)  /* bytes; lm_eval's largest is below 1 MB */
#define LME_LIMIT_YAML_NODES      2000000u     /* alias bombs; aliases count as what they repeat */
#define LME_LIMIT_VARIANTS        (512u << 20) /* bytes a file's variants make; usual: a few MB */
#define LME_LIMIT_ROW             (256u << 20) /* bytes of one dataset row */
#define LME_LIMIT_SAMPLE_LINE     (256u << 20) /* bytes: a row, its prompts and what was answered */
#define LME_LIMIT_SAMPLE_LINES    5000000u     /* of a samples file; MMLU has 14,042 */
#define LME_LIMIT_SAMPLE_METRICS  256u         /* of a filter; usual: one to four */
#define LME_LIMIT_SAMPLE_REQUESTS 10000u       /* of a document; usual: one a choice */
#define LME_LIMIT_DATA_FILE       (4ull << 30) /* bytes of a .json file, which is read whole */
#define LME_LIMIT_PARQUET_FOOTER  (64u << 20)  /* bytes; a hub data set's is a few MB at most */
#define LME_LIMIT_PARQUET_COLUMNS 20000u       /* leaves and groups; memory of the schema */
#define LME_LIMIT_PARQUET_NAME    1024u        /* bytes of one column's name */
#define LME_LIMIT_PARQUET_HEADER  (16u << 20)  /* bytes of a page's header: it holds statistics */
#define LME_LIMIT_PARQUET_ROWS    (1ll << 27)  /* of a file: nulls take no bytes, but each a row */
#define LME_LIMIT_PARQUET_VALUES  (1 << 24)    /* of a page; writers put some 20,000 into one */
#define LME_LIMIT_PARQUET_PAGE    (256u << 20) /* bytes of a page, unpacked; writers make 1 MB */
#define LME_LIMIT_TEMPLATE_STEPS  10000000u    /* evaluated nodes of one rendering */
#define LME_LIMIT_TEMPLATE_OUTPUT (64u << 20)  /* bytes of one rendering, and of any value in it */
#define LME_LIMIT_REGEX_MATCH     10000000u    /* PCRE2 match steps: catastrophic patterns end */
#define LME_LIMIT_REGEX_HEAP      (64u << 10)  /* KiB that one match may use */
#define LME_LIMIT_RESPONSE        (256u << 20) /* bytes of one HTTP answer: 8,192 tokens, top 20 */
#define LME_LIMIT_RESPONSE_HEAD   (300u << 10) /* bytes of its headers; libcurl's bound */
#define LME_LIMIT_CHUNK_LINE      (16u << 10)  /* bytes before a chunk: a number, extensions */
#define LME_LIMIT_RETRY_AFTER_MS  600000u      /* a server may not park us longer than this */
#define LME_LIMIT_CONCURRENCY     4096u        /* open requests: file descriptors */

#endif
