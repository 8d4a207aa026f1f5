#include <lmeval/cli.h>

int main(int argc, char **argv)
{
    return lme_cli_main(argc, argv);
}
