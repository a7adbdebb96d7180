#!/usr/bin/env python3
"""What a record costs in each store, as records grow: processor time of `longhand serve` and time to answer.

For each store and each size, records are written until there are so many, then a number of writes (strokes
that are recognised and recorded), lists (the newest 20) and shows (any one) are measured. The processor
time is the server's alone; Cassandra has its own.

    script/cassandra up 1
    bench/stores.py --sizes 1000,10000 --cassandra 127.0.0.1
    bench/stores.py --sizes 10000,100000,1000000 --cassandra 127.0.0.1 --json > stores.json
"""

import argparse
import http.client
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "http"))

from longhand_server import Server  # noqa: E402

SEVEN = [[[70, 60], [200, 60], [150, 140], [120, 230]]]
BODY = json.dumps({"strokes": SEVEN, "name": "bench"})
HEADERS = {"Authorization": "Bearer a-token-of-the-benchmark", "Content-Type": "application/json"}


class Client:
    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body, HEADERS)
        answer = self.connection.getresponse()
        data = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path} was answered {answer.status}: {data[:300]}")
        return json.loads(data)


def in_parallel(server, clients, count, work):
    """Calls work(client) `count` times from several connections; gives what it gave."""
    given, each = [], count // clients

    def loop():
        client = Client(server)
        for _ in range(each):
            start = time.perf_counter()
            result = work(client)
            given.append((time.perf_counter() - start, result))

    threads = [threading.Thread(target=loop) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(given) != each * clients:
        raise SystemExit("a client failed")
    return given


def write(client):
    return client.ask("POST", "/api/v1/recognitions", BODY)["id"]


def measure(server, options, ids):
    row = {}
    works = {
        "write": write,
        "list": lambda client: client.ask("GET", "/api/v1/recognitions?limit=20"),
        "show": lambda client: client.ask("GET", f"/api/v1/recognitions/{random.choice(ids)}"),
    }
    for name, work in works.items():
        before, start = server.cpu_seconds(), time.perf_counter()
        given = in_parallel(server, options.clients, options.count, work)
        elapsed = time.perf_counter() - start
        row[name] = {"cpu_us": round((server.cpu_seconds() - before) / len(given) * 1e6),
                     "median_ms": round(statistics.median(t for t, _ in given) * 1e3, 2),
                     "per_second": round(len(given) / elapsed)}
        if name == "write":
            ids.extend(result for _, result in given)
    return row


def bench(kind, store, options):
    rows, ids = [], []
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder, options.models, store=store).wait_until_ready(90)
        try:
            for size in options.sizes:
                missing = size - len(ids)
                ids.extend(result for _, result in in_parallel(server, options.clients, missing, write))
                rows.append({"store": kind, "records": len(ids), **measure(server, options, ids)})
                print(rows[-1], file=sys.stderr, flush=True)
        finally:
            server.stop()
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--models", default=ROOT / "models")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[1000, 10000])
    parser.add_argument("--count", type=int, default=1000, help="operations that are measured at each size")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--cassandra", help="a node; without it only SQLite is measured")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["LONGHAND_BIN"] = str(options.bin)

    with tempfile.TemporaryDirectory() as folder:
        rows = bench("sqlite", f"sqlite:{folder}/records.db", options)
    if options.cassandra:
        keyspace = f"bench_{int(time.time())}"
        rows += bench("cassandra", f"cassandra://{options.cassandra}/{keyspace}", options)
    if options.json:
        print(json.dumps(rows, indent=1))
        return
    print("| store | records | " + " | ".join(f"{n}: CPU µs, median ms, /s" for n in ("write", "list", "show")) + " |")
    print("| --- | --- | --- | --- | --- |")
    for row in rows:
        cells = [f"{row[n]['cpu_us']}, {row[n]['median_ms']}, {row[n]['per_second']}" for n in ("write", "list", "show")]
        print(f"| {row['store']} | {row['records']:,} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
