SHELL(bash)
SHELL(zsh)
SHELL(fish)
