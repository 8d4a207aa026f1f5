/* The command line; the only room that prints and exits. */
#ifndef LMEVAL_CLI_H
#define LMEVAL_CLI_H

/* Runs a command line. Returns the exit code: 0 fine, 1 a gate failed, 2 usage or task error,
 * 3 server unusable, 4 finished with errors above the bound. */
int lme_cli_main(int argc, char **argv);

#endif
