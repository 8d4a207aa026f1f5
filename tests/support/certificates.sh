#!/bin/sh
# Certificates for tests, good for a day, into the current folder:
#   ca.pem                  the authority; ca.key
#   server.pem server.key   for 127.0.0.1, ::1 and localhost, signed by it
#   client.pem client.key   a client's, signed by it
#   stranger.pem stranger.key   signed by nobody but itself
set -eu
make() {
    name=$1
    shift
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 \
        -keyout "$name.key" -out "$name.pem" -subj "/CN=lmeval test $name" "$@" 2>openssl.log || {
        cat openssl.log >&2
        exit 1
    }
}
make ca -addext basicConstraints=critical,CA:TRUE
make server -CA ca.pem -CAkey ca.key -addext "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost" \
    -addext basicConstraints=CA:FALSE
make client -CA ca.pem -CAkey ca.key -addext basicConstraints=CA:FALSE
make stranger
rm openssl.log
