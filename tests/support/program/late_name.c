/* Loaded before the C library (LD_PRELOAD): the name late.test does not resolve until the file that
 * $LATE_NAME names is there; then it is 127.0.0.1. Each time that somebody asks for it a byte is
 * added to $LATE_NAME.asked. */
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int resolver(const char *node, const char *service, const struct addrinfo *hints,
                     struct addrinfo **found);

static void count(const char *path)
{
    char asked[4096];
    snprintf(asked, sizeof asked, "%s.asked", path);
    FILE *file = fopen(asked, "ab");
    if (file == NULL)
        return;
    fputc('.', file);
    fclose(file);
}

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): the system's are its own */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    resolver *real;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    const char *path = getenv("LATE_NAME");
    memcpy(&real, &symbol, sizeof real);
    if (node == NULL || path == NULL || strcmp(node, "late.test") != 0)
        return real(node, service, hints, found);
    count(path);
    return access(path, F_OK) == 0 ? real("127.0.0.1", service, hints, found) : EAI_AGAIN;
}
