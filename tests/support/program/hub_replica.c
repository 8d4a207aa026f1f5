/* hub_replica ROWS FILE: serves the hub's replica until it is killed; its address is in FILE. */
#include "hub_replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmeval/share.h>

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    test_replica *replica =
        test_replica_start(&(test_replica_options){.n_rows = strtoul(argv[1], NULL, 10)});
    if (!lme_file_write(argv[2], lme_str_from(test_replica_url(replica)), NULL))
        return 1;
    for (;;)
        pause();
}
