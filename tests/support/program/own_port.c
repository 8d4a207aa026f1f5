/* A port for one test alone: own_port PORT_FILE
 *
 * Takes a free port of 127.0.0.1, writes it to PORT_FILE and keeps it until the program is ended.
 * It is bound, so the kernel gives it to nobody who asks for any port, and not listened on: a
 * connection is refused as long as no server of the test listens there, which one may, by its
 * number.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    int shared = 1; /* with the test's own server, which asks for the same */
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (argc != 2 || fd < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &shared, sizeof shared) != 0 ||
        bind(fd, (const struct sockaddr *)&at, len) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        fputs("own_port: no port to be had\n", stderr);
        return 1;
    }
    FILE *file = fopen(argv[1], "w");
    if (file == NULL || fprintf(file, "%u\n", (unsigned)ntohs(at.sin_port)) < 0 ||
        fclose(file) != 0) {
        fprintf(stderr, "own_port: cannot write %s\n", argv[1]);
        return 1;
    }
    for (;;)
        pause();
}
