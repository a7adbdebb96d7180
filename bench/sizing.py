#!/usr/bin/env python3
"""What a record costs: processor time of the server and of Cassandra, bytes on disk, memory. For docs/deployment.md.

Each kind of request is sent to a fresh server with a fresh store, first with ?keep=false, then to be kept. Processor
time is user and system time of the process, so that what else runs on the machine matters little.

    script/cassandra up 1
    bench/sizing.py --cassandra build/cassandra      # without it only SQLite is measured
"""

import argparse
import itertools
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "http"))

import samples  # noqa: E402
from http_bench import processor  # noqa: E402
from longhand_server import Server, cpu_seconds_of  # noqa: E402
from stores import in_parallel  # noqa: E402

URL = "/api/v1/recognitions"
TOKEN = "Bearer a-token-of-the-benchmark"


def strokes(dice):
    """A seven by another hand each time: 40 points, about as many as a pen gives."""
    corners = [(x + dice.uniform(-15, 15), y + dice.uniform(-15, 15)) for x, y in samples.SEVEN[0]]
    legs = list(zip(corners, corners[1:], [13, 13, 14]))
    return [[[round(x + (to_x - x) * i / n + dice.uniform(-1, 1), 1),
              round(y + (to_y - y) * i / n + dice.uniform(-1, 1), 1)]
             for (x, y), (to_x, to_y), n in legs for i in range(n)]]


def works():
    """What is sent, by its name: type and bodies, no two alike, so that a store can't compress them too well."""
    hands = [strokes(random.Random(seed)) for seed in range(50)]
    large = [[[[x * 4, y * 4] for x, y in hand[0]]] for hand in hands]
    return {
        "strokes": ("application/json", [json.dumps({"strokes": hand}).encode() for hand in hands]),
        "PNG, 280x280": ("image/png", [samples.png(hand) for hand in hands]),
        "PNG, 1200x1200": ("image/png", [samples.png(hand, size=1200, width=90) for hand in large]),
    }


def sender(path, kind, bodies):
    turn = itertools.cycle(bodies)

    def send(client):
        client.connection.request("POST", path, next(turn), {"Authorization": TOKEN, "Content-Type": kind})
        answer = client.connection.getresponse()
        text = answer.read()
        if answer.status not in (200, 201):
            raise SystemExit(f"answered {answer.status}: {text[:300]}")
    return send


def peak_mb(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


class Sqlite:
    name = "SQLite"

    def __init__(self, folder):
        self.file = pathlib.Path(folder) / "records.db"
        self.url = f"sqlite:{self.file}"

    def cpu(self):
        return 0

    def bytes(self):
        """After the server has ended: the log is in the file then."""
        return self.file.stat().st_size


class Cassandra:
    name = "Cassandra"

    def __init__(self, home):
        self.keyspace = f"sizing_{time.time_ns()}"
        node = os.environ.get("CASSANDRA_NET", "127.0.0") + ".1"
        self.home, self.url = home, f"cassandra://{node}/{self.keyspace}?connecting=90s&deadline=30s"

    def cpu(self):
        return cpu_seconds_of((self.home / "node1" / "pid").read_text().strip())

    def bytes(self):
        subprocess.run([ROOT / "script" / "cassandra", "flush"], check=True, capture_output=True,
                       env={**os.environ, "CASSANDRA_DIR": str(self.home)})
        files = (self.home / "node1" / "data" / self.keyspace).rglob("*")
        return sum(file.stat().st_size for file in files if file.is_file())


def measure(make_store, what, kind, bodies, options):
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(folder)
        Server(folder, options.models, store=store.url).wait_until_ready(90).stop()
        empty = store.bytes()
        server = Server(folder, options.models, store=store.url).wait_until_ready(90)
        row = {"store": store.name, "what": what, "sent_bytes": round(statistics.mean(map(len, bodies)))}
        for name, path in (("unkept", URL + "?keep=false"), ("kept", URL)):
            send = sender(path, kind, bodies)
            in_parallel(server, options.clients, options.clients, send)  # the first ones pay for more
            before, its = server.cpu_seconds(), store.cpu()
            in_parallel(server, options.clients, options.count, send)
            row[name + "_ms"] = round((server.cpu_seconds() - before) / options.count * 1e3, 2)
            row[name + "_store_ms"] = round((store.cpu() - its) / options.count * 1e3, 2)
        row["memory_mb"] = peak_mb(server)
        server.stop()
        row["disk_bytes"] = round((store.bytes() - empty) / (options.count + options.clients))
    return row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--models", default=ROOT / "models")
    parser.add_argument("--count", type=int, default=1000, help="requests of each kind; a multiple of --clients")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--cassandra", type=pathlib.Path, help="where script/cassandra's node 1 lives (CASSANDRA_DIR)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ["LONGHAND_BIN"] = str(options.bin)

    makers = [Sqlite]
    if options.cassandra:
        makers.append(lambda folder: Cassandra(options.cassandra.resolve()))
    rows = [measure(maker, what, kind, bodies, options)
            for maker in makers for what, (kind, bodies) in works().items()]
    if options.json:
        print(json.dumps({"processor": processor(), "cores": os.cpu_count(), "rows": rows}, indent=1))
        return
    print(f"{processor()}, {os.cpu_count()} cores, {options.count} requests of each kind, {options.clients} clients\n")
    print("| store | request (bytes) | CPU ms, not kept | CPU ms, kept | Cassandra's CPU ms | bytes on disk | "
          "peak memory, MB |\n" + "| --- " * 7 + "|")
    for row in rows:
        print(f"| {row['store']} | {row['what']} ({row['sent_bytes']:,}) | {row['unkept_ms']} | {row['kept_ms']} | "
              f"{row['kept_store_ms'] or '-'} | {row['disk_bytes']:,} | {row['memory_mb']} |")


if __name__ == "__main__":
    main()
