/* A forward proxy for tests: http_proxy URL_FILE LOG_FILE UPSTREAM_PORT [USER:PASSWORD | refuse]
 *
 * Whatever host is asked for, it goes to 127.0.0.1:UPSTREAM_PORT: as a request with an absolute URL
 * or through CONNECT. The request lines it gets are in LOG_FILE, with what Proxy-Authorization
 * said. With USER:PASSWORD (in base64) it answers 407 without it; "refuse" answers 403 to all.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BUFFER = 1 << 16
};

typedef struct proxy {
    unsigned upstream;
    const char *rule; /* NULL: everyone may */
    FILE *log;
} proxy;

typedef struct client {
    proxy *proxy;
    int fd;
} client;

static int connect_upstream(unsigned port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(fd, (const struct sockaddr *)&to, sizeof to) == 0)
        return fd;
    close(fd);
    return -1;
}

static int send_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n <= 0)
            return 0;
        bytes += n;
        len -= (size_t)n;
    }
    return 1;
}

/* Reads up to the end of a head; its length, 0 when the client has gone. */
static size_t read_head(int fd, char *buffer, size_t *len)
{
    for (;;) {
        buffer[*len] = '\0';
        const char *end = strstr(buffer, "\r\n\r\n");
        if (end != NULL)
            return (size_t)(end - buffer) + 4;
        ssize_t n = recv(fd, buffer + *len, BUFFER - 1 - *len, 0);
        if (n <= 0)
            return 0;
        *len += (size_t)n;
    }
}

/* Bytes both ways until one side ends. */
static void relay(int a, int b)
{
    char buffer[BUFFER];
    struct pollfd both[] = {{.fd = a, .events = POLLIN}, {.fd = b, .events = POLLIN}};
    while (poll(both, 2, -1) > 0) {
        for (int i = 0; i < 2; i++) {
            if (both[i].revents == 0)
                continue;
            ssize_t n = recv(both[i].fd, buffer, sizeof buffer, 0);
            if (n <= 0 || !send_all(both[1 - i].fd, buffer, (size_t)n))
                return;
        }
    }
}

static int refused(const client *c, const char *head)
{
    static const char no[] = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    static const char who[] = "HTTP/1.1 407 Proxy Authentication Required\r\n"
                              "Proxy-Authenticate: Basic realm=\"test\"\r\n"
                              "Content-Length: 0\r\n\r\n";
    const char *rule = c->proxy->rule;
    if (rule == NULL || (strcmp(rule, "refuse") != 0 && strstr(head, rule) != NULL))
        return 0;
    const char *answer = strcmp(rule, "refuse") == 0 ? no : who;
    send_all(c->fd, answer, strlen(answer));
    return 1;
}

/* One request with an absolute URL; the connection ends with it, which keeps this short. */
static void forward(const client *c, const char *buffer, size_t len)
{
    const char *url = strchr(buffer, ' ');
    const char *host = url != NULL ? strstr(url, "://") : NULL;
    const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
    const char *line_end = strstr(buffer, "\r\n");
    int up = path != NULL ? connect_upstream(c->proxy->upstream) : -1;
    if (up < 0)
        return;
    size_t method = (size_t)(url - buffer) + 1;
    if (send_all(up, buffer, method) && send_all(up, path, (size_t)(line_end - path)) &&
        send_all(up, "\r\nConnection: close", 19) &&
        send_all(up, line_end, len - (size_t)(line_end - buffer)))
        relay(c->fd, up);
    close(up);
}

static void tunnel(const client *c)
{
    static const char yes[] = "HTTP/1.1 200 Connection established\r\n\r\n";
    int up = connect_upstream(c->proxy->upstream);
    if (up < 0)
        return;
    if (send_all(c->fd, yes, strlen(yes)))
        relay(c->fd, up);
    close(up);
}

static void *serve(void *argument)
{
    client c = *(client *)argument;
    char *buffer = malloc(BUFFER);
    size_t len = 0;
    free(argument);
    while (buffer != NULL && read_head(c.fd, buffer, &len) > 0) {
        fprintf(c.proxy->log, "%.*s\n", (int)strcspn(buffer, "\r"), buffer);
        if (strstr(buffer, "Authorization: Bearer") != NULL)
            fprintf(c.proxy->log, "the server's key was seen\n");
        fflush(c.proxy->log);
        if (refused(&c, buffer)) {
            len = 0;
            continue;
        }
        if (strncmp(buffer, "CONNECT ", 8) == 0)
            tunnel(&c);
        else
            forward(&c, buffer, len);
        break;
    }
    free(buffer);
    close(c.fd);
    return NULL;
}

int main(int argc, char **argv)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    if (argc < 4)
        return 2;
    proxy p = {.upstream = (unsigned)strtoul(argv[3], NULL, 10),
               .rule = argc > 4 ? argv[4] : NULL,
               .log = fopen(argv[2], "w")};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (p.log == NULL || bind(listener, (const struct sockaddr *)&at, len) != 0 ||
        listen(listener, 64) != 0 || getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        return 1;
    FILE *url = fopen(argv[1], "w");
    if (url == NULL)
        return 1;
    fprintf(url, "127.0.0.1:%u\n", ntohs(at.sin_port));
    fclose(url);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        client *c = fd >= 0 ? malloc(sizeof *c) : NULL;
        pthread_t thread;
        if (c == NULL)
            return 1;
        *c = (client){&p, fd};
        if (pthread_create(&thread, NULL, serve, c) != 0) {
            free(c);
            return 1;
        }
        pthread_detach(thread);
    }
}
