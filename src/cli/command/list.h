COMMAND(run)
COMMAND(probe)
COMMAND(list)
COMMAND(help)
