# Stands in the place of cassandra:5.0, where the stack is about where things run and not about what
# they store: it is healthy and does nothing. The replicas keep their records in SQLite meanwhile.
FROM debian:bookworm-slim
RUN printf '#!/bin/sh\nexit 0\n' > /usr/local/bin/cqlsh && chmod +x /usr/local/bin/cqlsh
CMD ["sleep", "infinity"]
