#!/usr/bin/env python3
"""What a record costs in each store, as records grow: processor time of `longhand serve` and time to answer.

For each kind of store and each size one store is filled. Then, store by store and round by round, so that all sizes
meet the same machine, a number of writes (strokes that are recognised and recorded), lists (the newest 20) and shows
(any one) are measured; the table has the median of the rounds. The processor time is the server's alone; Cassandra
has its own.

    script/cassandra up 1
    bench/stores.py --sizes 1000,10000 --cassandra 127.0.0.1
    bench/stores.py --sizes 10000,100000,1000000 --cassandra 127.0.0.1 --ask --svg docs/images/stores.svg
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

import stores_plot  # noqa: E402
from longhand_server import Server  # noqa: E402

SEVEN = [[[70, 60], [200, 60], [150, 140], [120, 230]]]
BODY = json.dumps({"strokes": SEVEN, "name": "bench"})
HEADERS = {"Authorization": "Bearer a-token-of-the-benchmark", "Content-Type": "application/json"}


class Client:
    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(self, method, path, body=None):
        for _ in range(60):
            self.connection.request(method, path, body, HEADERS)
            answer = self.connection.getresponse()
            data = answer.read()
            if answer.status != 503:
                break
            time.sleep(1)  # a machine that is busy with other things
        if answer.status not in (200, 201):
            raise SystemExit(f"{method} {path} was answered {answer.status}: {data[:300]}")
        return json.loads(data)


def in_parallel(server, clients, count, work):
    """Calls work(client) `count` times from several connections; gives what it gave."""
    given, each = [], count // clients

    def loop():
        client = Client(server)
        try:
            for _ in range(each):
                start = time.perf_counter()
                result = work(client)
                given.append((time.perf_counter() - start, result))
        except (Exception, SystemExit) as error:  # what a thread leaves with, nobody hears
            print(f"a client failed: {error!r}", file=sys.stderr, flush=True)

    threads = [threading.Thread(target=loop) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(given) != each * clients:
        raise SystemExit(f"{each * clients - len(given)} of {each * clients} requests failed")
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


class Store:
    """One store with so many records."""

    def __init__(self, kind, url, size):
        self.kind, self.url, self.size, self.ids, self.rows = kind, url, size, [], []

    def serve(self, options, work):
        with tempfile.TemporaryDirectory() as folder:
            server = Server(folder, options.models, store=self.url).wait_until_ready(90)
            try:
                work(server)
            finally:
                server.stop()

    def fill(self, options):
        def work(server):
            while len(self.ids) < self.size:
                some = min(20_000, self.size - len(self.ids))
                self.ids.extend(result for _, result in in_parallel(server, options.clients, some, write))
                print(f"{self.kind}: {len(self.ids):,} of {self.size:,} records", file=sys.stderr, flush=True)
        self.serve(options, work)

    def measure(self, options):
        def work(server):
            in_parallel(server, options.clients, 20 * options.clients, write)  # the first ones pay for more
            self.rows.append(measure(server, options, self.ids))
            print(self.kind, f"{self.size:,}", self.rows[-1], file=sys.stderr, flush=True)
        self.serve(options, work)

    def row(self):
        """The median of the rounds, of each figure by itself."""
        works = {name: {figure: statistics.median(row[name][figure] for row in self.rows)
                        for figure in self.rows[0][name]} for name in self.rows[0]}
        return {"store": self.kind, "records": self.size, **works}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--models", default=ROOT / "models")
    parser.add_argument("--sizes", type=lambda text: [int(n) for n in text.split(",")], default=[1000, 10000])
    parser.add_argument("--count", type=int, default=1000, help="operations that are measured at each size")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--cassandra", help="a node; without it only SQLite is measured")
    parser.add_argument("--cassandra-alone", action="store_true", help="no SQLite")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ask", action="store_true", help="wait for Enter between filling and measuring")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--svg", type=pathlib.Path, help="also draw a picture of the processor times into this file")
    options = parser.parse_args()
    os.environ["LONGHAND_BIN"] = str(options.bin)

    with tempfile.TemporaryDirectory() as folder:
        stores = [Store("sqlite", f"sqlite:{folder}/{size}.db", size)
                  for size in options.sizes if not options.cassandra_alone]
        if options.cassandra:
            stores += [Store("cassandra", f"cassandra://{options.cassandra}/bench_{time.time_ns()}_{size}"
                             "?connecting=90s&deadline=30s", size) for size in options.sizes]
        for store in stores:
            store.fill(options)
        if options.ask:
            input("All stores are full. Press Enter to measure, once the machine is quiet. ")
        for _ in range(options.rounds):
            for store in stores:
                store.measure(options)
    rows = [store.row() for store in stores]
    if options.svg:
        options.svg.write_text(stores_plot.svg(rows))
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
