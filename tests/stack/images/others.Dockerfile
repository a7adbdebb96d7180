# Stand-ins for what the stack names and no registry gives here: the same programs from Debian.
FROM debian:bookworm-slim AS others
RUN apt-get update -q \
  && apt-get install -y -q --no-install-recommends \
    redis-server haproxy python3-minimal libpython3-stdlib \
  && rm -rf /var/lib/apt/lists/*

# redis:7.4, which is Debian's 7.0
FROM others AS redis
WORKDIR /data
CMD ["redis-server"]

# haproxy:2.8, which is Debian's 2.6 and reads the same configuration
FROM others AS haproxy
USER haproxy
CMD ["haproxy", "-W", "-db", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]

# dockersamples/visualizer: nodes and tasks from the Docker socket
FROM others AS visualizer
COPY visualizer.py /
CMD ["python3", "-u", "/visualizer.py"]

# cassandra:5.0: one small node, from the jars that script/cassandra fetches. Its cqlsh only asks
# whether the node answers.
FROM others AS cassandra
RUN apt-get update -q \
  && apt-get install -y -q --no-install-recommends openjdk-17-jre-headless \
  && rm -rf /var/lib/apt/lists/*
COPY cassandra /cassandra
COPY cqlsh /usr/local/bin/
VOLUME /var/lib/cassandra
ENV CASSANDRA_DIR=/var/lib/cassandra
CMD ["bash", "-c", "set -- $(hostname -i); CASSANDRA_ADDRESS=$1 exec /cassandra/script/cassandra run 1"]
