/* A loopback replica of the hub's rows API (/splits, /rows, /parquet and the files), with faults.
 * It has one data set, "owner/set": rows {"id": i, "text": "row i of the replica", "label": i % 4}
 * in the splits "test" and "train" of the config "default" (and, when asked for, of "other").
 */
#ifndef LMEVAL_TEST_HUB_REPLICA_H
#define LMEVAL_TEST_HUB_REPLICA_H

#include <lmeval/str.h>

typedef struct test_replica_options {
    size_t n_rows;           /* of each split; 2,500 when Parquet is served */
    const char *parquet;     /* the file that holds these rows; NULL: no Parquet is offered */
    const char *token;       /* a gated set; NULL: open */
    size_t fault_every;      /* every n-th request fails with `fault_status`; 0: none */
    unsigned fault_status;   /* 429 comes with Retry-After: 0 */
    unsigned busy_seconds;   /* after the first request for a file each gets 429, with this wait */
    size_t cut_downloads;    /* bytes after which each of the first two downloads breaks off */
    size_t truncated_from;   /* rows from this one on have a cut cell; 0: none */
    bool always_second;      /* every answer names the second revision */
    size_t revision_changes; /* after so many requests for rows; 0: never */
    bool no_rows;            /* /rows gives 500 */
    bool two_configs, no_default;
    bool has_image;       /* a column of images */
    bool is_partial;      /* the hub has only a part */
    bool files_elsewhere; /* the files are at another host's name */
    size_t file_size;     /* of the test split's file, as the list says; 0: not told */
} test_replica_options;

typedef struct test_replica test_replica;

test_replica *test_replica_start(const test_replica_options *options);
void test_replica_stop(test_replica *replica);

const char *test_replica_url(const test_replica *replica);
size_t test_replica_requests(const test_replica *replica); /* all so far */
size_t test_replica_leaks(const test_replica *replica);    /* tokens that came for a file */
size_t test_replica_pages(const test_replica *replica);    /* answered requests for rows */

#endif
