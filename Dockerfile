# Two stages: what builds is not shipped. The steps are those of packaging/fresh_machine.sh.
#   docker build -t lmeval .
#   docker run --rm --network host -v "$PWD/runs:/runs" lmeval --task hellaswag --base-url http://localhost:8000
FROM debian:bookworm-slim AS build
COPY . /lmeval
WORKDIR /lmeval
RUN ./bootstrap.sh demo && packaging/deb.sh /packages

FROM debian:bookworm-slim
COPY --from=build /packages/lmeval_*.deb /tmp/
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates /tmp/lmeval_*.deb && \
    rm -rf /tmp/lmeval_*.deb /var/lib/apt/lists/* && \
    useradd --create-home lmeval && install -d -o lmeval /runs
USER lmeval
WORKDIR /
ENTRYPOINT ["lmeval"]
CMD ["--help"]
