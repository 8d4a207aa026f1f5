# lmeval in a small image:
#   docker build -t lmeval .
#   docker run --rm -v "$PWD:/work" lmeval --task hellaswag --limit 20 --demo
# The first stage compiles, the second has the package and the libraries that it names.
# packaging/fresh_machine.sh takes these steps in chroots.
FROM debian:12-slim AS build
COPY . /lmeval
RUN cd /lmeval && ./bootstrap.sh package

FROM debian:12-slim
COPY --from=build /lmeval/build-package/packages/lmeval_*.deb /tmp/package/
RUN apt-get update -qq && \
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates /tmp/package/*.deb && \
    rm -rf /tmp/package /var/lib/apt/lists/*
RUN useradd --create-home lmeval && mkdir /work && chown lmeval: /work
USER lmeval
WORKDIR /work
ENTRYPOINT ["lmeval"]
CMD ["--help"]
